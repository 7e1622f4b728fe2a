// The four figures of the overview, as metrics/figure_cards.py has them.

import { amount, duration, fixed, percent, say } from "./wording.js";

const DASH = "–";
const TRUSTED_COVERAGE = 80;

export function figureCards(overview, clock, window) {
  const { factory } = overview;
  const trust = { ...trustOf(factory, clock), ...doubt(factory) };
  return {
    units: { ...trust, ...units(factory, clock) },
    utilization: { ...trust, ...utilization(factory) },
    present: { ...trustOf(factory, clock), ...presentNow(factory, overview.reaches_now) },
    coverage: { ...trustOf(factory, clock), ...coverage(factory, window) },
  };
}

function trustOf(factory, clock) {
  const newest = factory.newest_event_at;
  return {
    seen: say("seen_exactly", { value: percent(factory.coverage_pct) }),
    events: counted("events", factory.events),
    newest: newestOf(newest, clock),
  };
}

function newestOf(newest, clock) {
  if (!newest) return say("no_events");
  if (clock.runs) return say("newest", { age: clock.age(newest) });
  return say("newest_at", { time: clock.near(newest) });
}

export function doubt(record) {
  const coverage = record.coverage_pct;
  if (coverage == null || coverage >= TRUSTED_COVERAGE) return { partial: "", reason: "" };
  if (coverage === 0) return { partial: "true", reason: say("nothing_seen") };
  return { partial: "true", reason: say("partial", { value: percent(TRUSTED_COVERAGE, 0) }) };
}

function units(factory, clock) {
  const target = factory.target_units;
  const note = {
    attainment: percent(factory.target_attainment_pct),
    target: amount(target),
    until: clock.time(clock.instant),
  };
  return {
    value: amount(factory.units),
    note: target ? say("of_target", note) : say("no_target"),
    aimed: target ? say("aimed", { units: amount(factory.units_with_target) }) : "",
    extra: factory.units_unscheduled ? counted("outside", factory.units_unscheduled) : "",
    fill: width(factory.target_attainment_pct),
  };
}

function utilization(factory) {
  const { utilization_low_pct: low, utilization_high_pct: high, utilization_pct: value } = factory;
  const view = {
    value: percent(value),
    note: say("by_events", { value: percent(factory.utilization_event_pct) }),
    band: say("band", { low: percent(low), high: percent(high) }),
    low: width(low),
    spread: width(low == null ? null : high - low),
    mark: width(value),
  };
  if (value == null) view.reason = say(factory.scheduled_ms ? "nothing_seen" : "nothing_scheduled");
  return view;
}

function presentNow(factory, reachesNow) {
  const { workers_present: present, workers_scheduled: scheduled } = factory;
  if (!reachesNow) return { value: DASH, of: "", note: say("present_past"), fill: "0" };
  return {
    value: amount(present),
    of: say("of", { whole: amount(scheduled) }),
    note: say("present_note"),
    fill: width(scheduled ? (100 * present) / scheduled : null),
  };
}

function coverage(factory, window) {
  const { coverage_pct: value, unknown_ms: unknown, scheduled_ms: scheduled } = factory;
  if (value == null) return { before: "", value: DASH, of: "", note: say("nothing_scheduled"), fill: "0" };
  const unseen = { unseen: duration(unknown / 1000), scheduled: duration(scheduled / 1000) };
  return {
    before: say("seen"),
    value: percent(value, 0),
    of: say("of", { whole: window }),
    note: unknown ? say("unseen", unseen) : say("all_seen"),
    fill: width(value),
  };
}

function counted(key, n) {
  return n === 1 ? say(`${key}_one`) : say(key, { n: amount(n) });
}

function width(value) {
  return fixed(Math.min(100, Math.max(0, value ?? 0)), 1, false);
}
