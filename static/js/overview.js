// The overview page: polls its figures, its charts more seldom, and says when they are no longer fresh.

import { bind, bindList } from "./binding.js";
import { Charts } from "./charts.js";
import { poll } from "./polling.js";
import { present, presentSeries } from "./presentation.js";
import { makeSortable } from "./sorting.js";
import { watchFor } from "./wanted.js";
import { say } from "./wording.js";

const EVERY = 3_000;
const SERIES_EVERY = 30_000;
const STALE_AFTER = 10_000;

const page = document.getElementById("overview");
const trouble = document.getElementById("trouble");
const reachesNow = "reachesNow" in page.dataset;
const list = (name) => page.querySelector(`[data-list="${name}"]`);

let asOf = page.dataset.asOf;
let newest = { workstations: [], workers: [] };
let takenAt = 0; // when its answer came, on the page's own clock
let freshAt = performance.now(); // when an answer came last, or the tab was shown again

function show() {
  const view = present(newest, performance.now() - takenAt);
  asOf = view.as_of;
  for (const part of page.querySelectorAll("[data-view]")) bind(part, partOf(view, part.dataset.view));
  bindList(list("attention"), view.attention);
  for (const name of ["workstations", "workers"]) if (list(name)) bindList(list(name), view[name], { keepOrder: true });
}

function partOf(view, path) {
  return path === "." ? view : path.split(".").reduce((part, name) => part[name], view);
}

function stayFresh() {
  freshAt = performance.now();
  trouble.replaceChildren();
}

function watchFreshness() {
  if (document.hidden || performance.now() - freshAt < STALE_AFTER || trouble.hasChildNodes()) return;
  trouble.textContent = say("stale", { time: asOf });
}

function sayLoggedOut() {
  const link = document.createElement("a");
  link.href = page.dataset.loginUrl;
  link.textContent = say("log_in");
  trouble.replaceChildren(say("logged_out"), " ", link);
}

async function start() {
  for (const table of page.querySelectorAll("[data-sorts]")) {
    const name = table.dataset.sorts;
    makeSortable(table, () => newest[name] ?? [], (record) => record[name === "workers" ? "worker_id" : "workstation_id"]);
  }
  poll(page.dataset.overviewUrl, {
    every: EVERY,
    onAnswer: (overview) => { newest = { reaches_now: reachesNow, ...overview }; takenAt = performance.now(); stayFresh(); show(); },
    onSame: () => { stayFresh(); show(); },
    onRefused: sayLoggedOut,
  });
  setInterval(watchFreshness, 1_000);
  if (page.dataset.wantedUrl) watchFor(page.dataset.wantedUrl, page.dataset.wantedPage);
  document.addEventListener("visibilitychange", () => { freshAt = performance.now(); });

  await document.fonts.ready;
  const first = JSON.parse(document.getElementById("series").textContent);
  const charts = new Charts(first);
  poll(page.dataset.seriesUrl, {
    every: SERIES_EVERY,
    after: SERIES_EVERY, // the page came with the first
    onAnswer: (series) => {
      charts.update(series);
      bindList(list("buckets"), presentSeries(series));
    },
  });
}

start();
