// Keeps a page of figures fresh: polls, writes what has changed, and says when it can't.
// The page's root names its parts:
//   data-view="figures.units"   is given that part of the view; "." is given all of it
//   data-list="workers"         has a row for each of that part; data-keep-order, data-most: see bindList
//   data-sorts="workers"        a table of that list that the reader sorts
//   data-finding                the page shows a part of its list: see finding.js

import { bind, bindList } from "./binding.js";
import { Finding } from "./finding.js";
import { refreshHint, showHints } from "./hints.js";
import { poll } from "./polling.js";
import { Links } from "./shown/links.js";
import { say } from "./shown/wording.js";
import { sortables } from "./sortables.js";
import { makeSortable } from "./sorting.js";
import { watchFor } from "./wanted.js";

const EVERY = 3_000;
const STALE_AFTER = 10_000;

export const page = document.getElementById("page");
const trouble = document.getElementById("trouble");
const links = new Links(page.dataset);
const finding = page.querySelector("[data-finding]") ? new Finding(page) : null;
const views = [...page.querySelectorAll("[data-view]")];
const lists = [...page.querySelectorAll("[data-list]")];

let asOf = page.dataset.asOf;
let newest = null;
let takenAt = 0; // when its answer came, on the page's own clock
let freshAt = performance.now(); // when an answer came last, or the tab was shown again

/**
 * `present(answer, links, elapsed, part)` is the view of an answer, or of the part of its list that is looked at;
 * `onShow(view)` is told each time one was written, and `onRefused()` when the log-in has ended; whoever follows for
 * `ever` goes on asking then. Gives what writes the newest answer again, and tells whether there is one.
 */
export function follow(present, { onShow = () => {}, onRefused = sayLoggedOut, every = EVERY, ever = false } = {}) {
  function show() {
    const view = present(newest, links, performance.now() - takenAt, finding?.part);
    asOf = view.as_of;
    for (const part of views) bind(part, partOf(view, part.dataset.view));
    for (const list of lists) {
      const rows = partOf(view, list.dataset.list);
      if (rows) bindList(list, rows, { keepOrder: "keepOrder" in list.dataset, most: Number(list.dataset.most) || Infinity });
    }
    refreshHint();
    onShow(view);
  }

  function showNewest() {
    if (newest) show();
    return Boolean(newest);
  }

  for (const table of page.querySelectorAll("[data-sorts]")) {
    const name = table.dataset.sorts;
    makeSortable(table, () => (newest ? sortables(newest, name) : []), finding?.arrange);
  }
  finding?.start(showNewest);
  poll(page.dataset.overviewUrl, {
    every,
    ever,
    onAnswer: (answer) => { newest = answer; takenAt = performance.now(); stayFresh(); show(); },
    onSame: () => { stayFresh(); show(); },
    onRefused,
  });
  setInterval(() => watchFreshness(every), 1_000);
  if (page.dataset.wantedUrl) watchFor(page.dataset.wantedUrl, page.dataset.wantedPage);
  document.addEventListener("visibilitychange", () => { freshAt = performance.now(); });
  showHints();
  return showNewest;
}

function partOf(view, path) {
  return path === "." ? view : path.split(".").reduce((part, name) => part?.[name], view);
}

function stayFresh() {
  freshAt = performance.now();
  trouble.replaceChildren();
}

function watchFreshness(every) {
  const isFresh = performance.now() - freshAt < Math.max(STALE_AFTER, 2 * every);
  if (document.hidden || isFresh || trouble.hasChildNodes()) return;
  trouble.textContent = say("stale", { time: asOf });
}

function sayLoggedOut() {
  const link = document.createElement("a");
  link.href = page.dataset.loginUrl;
  link.textContent = say("log_in");
  trouble.replaceChildren(say("logged_out"), " ", link);
}
