// Answers of the metrics API as the page shows them, as metrics/presentation.py does for the first paint.

import { figureCards } from "./figure_cards.js";
import { anchor, bucketRow, workerRow, workstationRow } from "./table_rows.js";
import { WallClock, amount, percent, say } from "./wording.js";

const DASH = "–";
const MOST_ATTENTION = 6;

/** Everything on the overview page that moves; `elapsed` milliseconds after the answer came. */
export function present(overview, elapsed = 0) {
  const isRunning = overview.reaches_now;
  const clock = new WallClock(overview.as_of, overview.time_zone, { runs: isRunning, elapsed });
  const needs = overview.attention.filter((item) => isRunning || outlasts(item));
  const window = say(`window_${overview.period ?? "range"}`);
  const workers = overview.workers ?? [];
  const names = new Map(workers.map((worker) => [worker.worker_id, worker.name]));
  return {
    as_of: clock.second(),
    moment: isRunning ? say("moment", { time: clock.second() }) : "",
    caption: caption(overview, clock),
    schedule: isRunning ? schedule(overview.schedule, clock) : "",
    recalculating: overview.recalculating ? say("recalculating") : "",
    attention: needs.slice(0, MOST_ATTENTION).map((item) => attention(item, clock)),
    more_attention: more(needs),
    well: needs.length ? "" : say("all_well"),
    figures: figureCards(overview, clock, window),
    workstations: overview.workstations.map((record) => workstationRow(record, overview.bottleneck, names, clock)),
    workers: workers.map((record) => workerRow(record, clock, overview.schedule.state !== "always")),
  };
}

/** The buckets of the charts as rows of a table. */
export function presentSeries(series) {
  const clock = new WallClock(series.as_of, series.time_zone);
  return series.results.map((record) => bucketRow(record, clock));
}

function caption(overview, clock) {
  const { start, end } = overview;
  const [first, last] = [clock.dated(start), clock.dated(end)];
  if (clock.isMidnight(start) && clock.isMidnight(end)) return fullDays(overview, clock);
  if (first === last) return named(overview, `${first}, ${clock.time(start)}–${clock.time(end)}`);
  return named(overview, `${first} ${clock.time(start)} – ${last} ${clock.time(end)}`);
}

function fullDays(overview, clock) {
  const [first, last] = [clock.dated(overview.start), clock.datedBefore(overview.end)];
  return named(overview, first === last ? first : `${first} – ${last}`);
}

function named(overview, text) {
  const names = overview.shift_names.join(" + ");
  return names ? `${say("shift", { names })} · ${text}` : text;
}

function schedule(now, clock) {
  const names = now.shift_names.join(" + ");
  if (now.state === "always") return say("always");
  if (now.state === "closed" && !now.until) return say("closed");
  if (now.state === "shift" && !now.until) return say("shift", { names });
  return say(`${now.state}_until`, { names, time: now.until ? clock.soon(now.until) : DASH });
}

function outlasts(item) {
  return item.kind === "under_target";
}

function attention(item, clock) {
  const { kind, workstation_id: station, since } = item;
  const timeless = { not_seen: "not_seen_now", empty: "empty_now" };
  const key = kind !== "under_target" && !since ? timeless[kind] : kind;
  const values = {
    station,
    time: since ? clock.near(since) : DASH,
    attainment: percent(item.target_attainment_pct, 0),
  };
  return { key: `${kind} ${station}`, kind, href: `#${anchor("workstation", station)}`, text: say(key, values) };
}

function more(attention) {
  const left = attention.length - MOST_ATTENTION;
  return left > 0 ? say("more_attention", { n: amount(left) }) : "";
}
