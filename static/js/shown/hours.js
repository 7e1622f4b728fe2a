// Hour × workstation, as metrics/shown/hours.py has it.

import { head } from "./head.js";
import { Links } from "./links.js";
import { WHOLE, partOf } from "./part.js";
import { anchor, beside } from "./rows.js";
import { Scene } from "./scene.js";
import { TRUSTED_COVERAGE, counted } from "./trust.js";
import { amount, duration, fixed, percent, say } from "./wording.js";

const HIGHEST = 5;
const FIELDS = { utilization: "utilization_pct", units: "units_per_scheduled_hour", target: "target_attainment_pct" };

/** `measure`: what the cells are coloured by. */
export function present(answer, links, elapsed = 0, measure = "utilization", part = WHOLE) {
  const scene = new Scene(answer, links, elapsed);
  const stations = new Map(byStation(answer).map((records) => [records[0].workstation_id, records]));
  const firsts = [...stations.values()].map(([first]) => first);
  const [listed, about] = partOf(firsts, "workstation_id", links, "hours", part);
  return {
    ...head(scene),
    hours: answer.hours.map((hour) => ({ key: keyOf(hour), clock: hour.hour.slice(0, 2) })),
    rows: listed.map(({ workstation_id: code }) => row(stations.get(code), scene, measure)),
    part: about,
  };
}

function byStation({ hours, results }) {
  const width = hours.length || 1;
  return Array.from({ length: Math.ceil(results.length / width) }, (_, number) => results.slice(number * width, (number + 1) * width));
}

function keyOf(hour) {
  return hour.start ?? hour.hour;
}

function row(records, scene, measure) {
  const [{ workstation_id: code, name }] = records;
  const best = Math.max(...records.map((record) => record[FIELDS[measure]] ?? 0));
  return {
    key: code,
    code,
    id: anchor("workstation", code),
    href: scene.links.workstation(code),
    name: beside(name, code),
    cells: records.map((record) => cell(record, scene, measure, best)),
  };
}

function cell(record, scene, measure, best) {
  const value = record[FIELDS[measure]];
  const kind = kindOf(record);
  return {
    key: keyOf(record),
    kind,
    level: kind || value == null ? "" : level(value, measure, best),
    partial: !kind && 100 * seenMs(record) < TRUSTED_COVERAGE * record.scheduled_ms ? "true" : "",
    text: text(value, kind, measure),
    said: kind === "unseen" ? say("state_unknown") : "",
    to: kind === "off" ? "" : link(record, scene),
    told: kind === "off" ? "" : hint(record, scene, kind),
  };
}

function kindOf(record) {
  if (!record.scheduled_ms) return "off";
  return seenMs(record) || record.units ? "" : "unseen";
}

function seenMs({ working_ms: working, idle_ms: idle, absent_ms: absent }) {
  return working + idle + absent;
}

function level(value, measure, best) {
  const share = measure === "units" ? (best ? (100 * value) / best : 0) : value;
  return String(Math.min(HIGHEST, Math.floor(Number(fixed(share, 0, false)) / 20)));
}

function text(value, kind, measure) {
  if (kind) return "";
  if (measure === "units") return amount(value, value > 0 && value < 10 ? 1 : 0);
  return amount(value);
}

function link({ workstation_id: code, start, end }, { links }) {
  if (!start) return links.workstation(code);
  const [from, to] = [start, end].map(encodeURIComponent);
  return new Links({ base: links.base, query: `?start=${from}&end=${to}` }).workstation(code);
}

function hint(record, scene, kind) {
  const { workstation_id: code, name } = record;
  const who = [code, beside(name, code)].filter(Boolean).join(" ");
  return [
    `${who} · ${when(record, scene)}`,
    kind === "unseen" ? say("state_unknown") : say("utilization_told", { value: percent(record.utilization_pct) }),
    counted("units", record.units) + ofTarget(record),
    say("seen_there", { seen: duration(seenMs(record) / 1000), scheduled: duration(record.scheduled_ms / 1000) }),
  ].join("\n");
}

function when({ start, end, hour }, { clock }) {
  return start ? `${clock.time(start)}–${clock.time(end)}` : say("hour_of_days", { hour });
}

function ofTarget(record) {
  const rate = say("rate_scheduled", { rate: fixed(record.units_per_scheduled_hour ?? 0, 1) });
  if (!record.target_units) return `, ${rate}`;
  return `, ${rate}, ${say("share_of_target", { value: percent(record.target_attainment_pct) })}`;
}
