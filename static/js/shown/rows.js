// Rows of tables, as metrics/shown/rows.py has them.

import { isAlike, short } from "./against.js";
import { TRUSTED_COVERAGE, doubt, hint } from "./trust.js";
import { WallClock } from "./wall_clock.js";
import { DASH, amount, percent, say, spent } from "./wording.js";

export function workstationRow(record, scene) {
  const { workstation_id: code, state, target_units: target } = record;
  const before = scene.workstationsBefore.get(code) ?? {};
  return {
    key: code,
    id: anchor("workstation", code),
    href: scene.links.workstation(code),
    name: beside(record.name, code),
    state,
    word: stationWord(state),
    who: who(record, scene) || DASH,
    ...since(record, scene.clock),
    occupancy: percent(record.occupancy_pct),
    availability: percent(record.availability_pct),
    utilization: percent(record.utilization_pct),
    units: amount(record.units),
    of: target ? say("of", { whole: amount(target) }) : "",
    attainment: target ? percent(record.target_attainment_pct) : "",
    change: isAlike(record.scheduled_ms, before.scheduled_ms) ? short(record.units, before.units, 0) : "",
    bottleneck: evidence(code, scene.overview.bottleneck),
    less_sure: lessSure(record, scene.clock),
    hint: hint(record, scene.clock),
  };
}

export function workerRow(record, scene) {
  const { worker_id: code, workstation_id: place, utilization_pct: value, units_per_hour: rate } = record;
  const before = scene.workersBefore.get(code);
  const { pooled } = scene;
  const isThenTrusted = (before?.coverage_pct ?? 0) >= TRUSTED_COVERAGE;
  return {
    key: code,
    id: anchor("worker", code),
    href: scene.links.worker(code),
    name: beside(record.name, code),
    state: record.state,
    word: say(`state_${record.state}`),
    place: place || DASH,
    place_href: place ? scene.links.workstation(place) : "",
    ...since(record, scene.clock),
    utilization: percent(value),
    utilization_change: short(value, before?.utilization_pct),
    utilization_all: short(value, pooled.utilization_pct),
    coverage: percent(record.coverage_pct),
    units: amount(record.units),
    rate: amount(rate, 1),
    rate_change: short(rate, before?.units_per_hour),
    rate_all: short(rate, pooled.units_per_hour),
    then_partial: isThenTrusted || !before ? "" : "true",
    partial: doubt(record).partial,
    reason: reason(record, scene),
    hint: hint(record, scene.clock),
  };
}

function reason(record, scene) {
  if (record.anonymous) return say("anonymous");
  const isUnnamed = doubt(record).partial && scene.hasShifts && !record.shift_names.length;
  return isUnnamed ? say("no_shift_named") : "";
}

export function isSpent(record) {
  return Boolean(record.working_ms || record.idle_ms || record.absent_ms || record.units);
}

export function spentRow(record, subject, link) {
  const code = record[subject];
  return {
    key: code,
    href: link(code),
    name: beside(record.name, code),
    working: spent(record.working_ms),
    idle: spent(record.idle_ms),
    absent: spent(record.absent_ms),
    utilization: percent(record.utilization_pct),
    units: amount(record.units),
    rate: amount(record.units_per_hour, 1),
  };
}

/** The buckets of the charts. */
export function presentSeries(series) {
  const clock = new WallClock(series.as_of, series.time_zone);
  return series.results.map((record) => bucketRow(record, clock));
}

function bucketRow(record, clock) {
  return {
    key: record.start,
    time: clock.near(record.start),
    utilization: percent(record.utilization_pct),
    low: percent(record.utilization_low_pct),
    high: percent(record.utilization_high_pct),
    coverage: percent(record.coverage_pct),
    units: amount(record.units),
  };
}

export function anchor(kind, code) {
  return `${kind}-${encodeURIComponent(code)}`;
}

export function stationWord(state) {
  return say(state === "absent" ? "station_absent" : `state_${state}`);
}

export function who(record, scene) {
  return (record.worker_ids ?? []).map((code) => scene.names.get(code) ?? code).join(", ");
}

function evidence(code, bottleneck) {
  if (bottleneck?.workstation_id !== code) return "";
  return say("bottleneck", {
    attainment: percent(bottleneck.target_attainment_pct),
    occupancy: percent(bottleneck.occupancy_pct),
    utilization: percent(bottleneck.utilization_pct),
  });
}

export function lessSure(record, clock) {
  return record.less_sure_since ? say("less_sure", { time: clock.near(record.less_sure_since) }) : "";
}

export function since(record, clock) {
  if (!record.since) return { since: DASH, lasting: "" };
  return { since: clock.near(record.since), lasting: clock.runs ? clock.age(record.since) : "" };
}

export function beside(name, code) {
  return name === code ? "" : name;
}
