// The part of a long list that a page shows, as metrics/shown/part.py has it.

import { beside } from "./rows.js";
import { amount, say } from "./wording.js";

export const AT_ONCE = 50;
export const LONGEST_FIND = 100;
export const KEPT = ["measure", "state", "zoom", "instead_of", "stay"];
export const WHOLE = { find: "", page: 1, kept: {} };

/** As an address asks for it. */
export function partIn(address) {
  const given = new URL(address).searchParams;
  const page = given.get("page") ?? "";
  return {
    find: (given.get("find") ?? "").trim().slice(0, LONGEST_FIND),
    page: /^[0-9]{1,8}$/.test(page) ? Number(page) : 1,
    kept: Object.fromEntries(KEPT.map((name) => [name, given.get(name)]).filter(([, value]) => value)),
  };
}

/** The records to show, and the line above them; `order`: of their codes, where the reader has sorted them. */
export function partOf(records, subject, links, path, part) {
  const wanted = part.find.toLowerCase();
  const found = sorted(records, subject, part.order).filter((record) => isLike(record, subject, wanted));
  const last = Math.max(1, Math.ceil(found.length / AT_ONCE));
  const page = Math.min(Math.max(1, part.page), last);
  const first = (page - 1) * AT_ONCE;
  const shown = found.slice(first, first + AT_ONCE);
  return [shown, {
    few: part.find || records.length > AT_ONCE ? "" : "hidden",
    count: count(first, shown.length, found.length, records.length, part.find),
    none: records.length && !found.length ? say("none_found", { find: part.find }) : "",
    previous: page > 1 ? link(links, path, part, page - 1) : "",
    next: page < last ? link(links, path, part, page + 1) : "",
    all: part.find ? links.page(path, part.kept) : "",
  }];
}

/** Who has come since stands last. */
function sorted(records, subject, order) {
  if (!order) return records;
  const places = new Map(order.map((code, place) => [code, place]));
  const place = (record) => places.get(record[subject]) ?? order.length;
  return records.toSorted((a, b) => place(a) - place(b));
}

function isLike(record, subject, wanted) {
  const { [subject]: code, name } = record;
  return `${code} ${beside(name, code)}`.toLowerCase().includes(wanted);
}

function count(first, shown, found, whole, find) {
  if (!shown) return whole ? say("part_empty", { whole: amount(whole) }) : "";
  return say(find ? "part_found" : "part", {
    first: amount(first + 1),
    last: amount(first + shown),
    found: amount(found),
    whole: amount(whole),
  });
}

function link(links, path, { find, kept }, page) {
  const more = { ...kept, ...(find ? { find } : {}), ...(page > 1 ? { page: String(page) } : {}) };
  return `${links.page(path, more)}#list`;
}
