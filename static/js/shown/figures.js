// Figures on their cards, as metrics/shown/figures.py has them.

import { number, points, units as unitsAgainst } from "./against.js";
import { counted, doubt, trust } from "./trust.js";
import { DASH, amount, fixed, percent, say, spent } from "./wording.js";

export function restsOn(record, scene) {
  const doubted = doubt(record);
  return { ...trust(record, scene.clock), ...doubted, remedy: doubted.partial ? remedy(scene) : "" };
}

function remedy(scene) {
  const workers = scene.overview.workers ?? [];
  const unnamed = workers.filter((worker) => doubt(worker).partial && !worker.shift_names.length).length;
  return unnamed && scene.hasShifts ? counted("remedy_shifts", unnamed) : say("remedy_cameras");
}

export const CERTAIN = { partial: "", reason: "" };

export function units(record, scene) {
  const aimed = say("aimed", { units: amount(record.units_with_target) });
  return {
    ...unitsMade(record, scene.factoryBefore, scene),
    ...againstTarget(record, scene),
    aimed: record.target_units ? aimed : "",
  };
}

export function stationUnits(record, before, scene) {
  return { ...unitsMade(record, before, scene), ...againstTarget(record, scene) };
}

export function unitsMade(record, before, scene) {
  const outside = record.units_unscheduled;
  return {
    value: amount(record.units),
    note: say("units_note"),
    extra: outside ? counted("outside", outside) : "",
    ...unitsAgainst(record, before, scene.then),
  };
}

function againstTarget({ target_attainment_pct: attainment, target_units: target }, { clock }) {
  const note = { attainment: percent(attainment), target: amount(target), until: clock.time(clock.instant) };
  return { note: target ? say("of_target", note) : say("no_target"), fill: width(attainment) };
}

export function utilization(record, scene) {
  const { utilization_low_pct: low, utilization_high_pct: high, utilization_pct: value } = record;
  const view = {
    value: percent(value),
    note: say("by_events", { value: percent(record.utilization_event_pct) }),
    low: width(low),
    spread: width(low == null ? null : high - low),
    mark: mark(value),
    ...points(value, scene.factoryBefore.utilization_pct, scene.then),
  };
  if (value == null) view.reason = say(record.scheduled_ms ? "nothing_seen" : "nothing_scheduled");
  return view;
}

export function rate(record, scene) {
  const value = record.units_per_hour;
  return {
    value: amount(value, 1),
    note: say("rate_note", { working: amount(record.units_per_working_hour, 1) }),
    ...number(value, scene.factoryBefore.units_per_hour, scene.then, 1),
  };
}

export function present(record, scene) {
  if (!scene.clock.runs) return { value: DASH, of: "", note: say("present_past"), fill: "0" };
  const { workers_present: there, workers_scheduled: scheduled } = record;
  if (!scheduled) return { value: amount(there), of: "", note: say("present_unscheduled"), fill: "0" };
  return {
    value: amount(there),
    of: say("of", { whole: amount(scheduled) }),
    note: say("present_note"),
    fill: width((100 * there) / scheduled),
  };
}

export function coverage(record, scene, unseen = "unseen") {
  const { coverage_pct: value, unknown_ms: unknown, scheduled_ms: scheduled } = record;
  if (value == null) {
    return { lead: "", value: DASH, of: "", note: say("nothing_scheduled"), fill: "0", delta: "", trend: "" };
  }
  const told = { unseen: spent(unknown), scheduled: spent(scheduled) };
  return {
    lead: say("seen"),
    value: percent(value, 0),
    of: say("of", { whole: scene.window }),
    note: unknown ? say(unseen, told) : say("all_seen"),
    fill: width(value),
    ...points(value, scene.factoryBefore.coverage_pct, scene.then),
  };
}

export function availability(record, before, scene) {
  return shareOfClock("availability", record, before, scene);
}

export function occupancy(record, before, scene) {
  return shareOfClock("occupancy", record, before, scene);
}

function shareOfClock(name, record, before, scene) {
  const value = record[`${name}_pct`];
  return {
    value: percent(value),
    note: say(`${name}_note`, { scheduled: spent(record.scheduled_ms) }),
    fill: width(value),
    ...points(value, before[`${name}_pct`], scene.then),
  };
}

export function labour(record, before, scene) {
  const value = record.utilization_pct;
  const observed = record.working_ms + record.idle_ms + record.absent_ms;
  return {
    value: percent(value),
    note: say("labour_note", { observed: spent(observed) }),
    fill: width(value),
    ...points(value, before.utilization_pct, scene.then),
  };
}

export function mark(value) {
  return value == null ? "-2" : width(value);
}

export function width(value) {
  return fixed(Math.min(100, Math.max(0, value ?? 0)), 1, false);
}
