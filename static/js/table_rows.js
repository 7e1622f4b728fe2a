// Rows of the tables, as metrics/table_rows.py has them.

import { doubt } from "./figure_cards.js";
import { amount, percent, say } from "./wording.js";

const DASH = "–";

export function workstationRow(record, bottleneck, names, clock) {
  const { workstation_id: code, state, target_units: target } = record;
  return {
    key: code,
    id: anchor("workstation", code),
    name: nameBeside(record.name, code),
    state,
    word: say(state === "absent" ? "station_absent" : `state_${state}`),
    who: (record.worker_ids ?? []).map((worker) => names.get(worker) ?? worker).join(", ") || DASH,
    ...since(record, clock),
    occupancy: percent(record.occupancy_pct),
    utilization: percent(record.utilization_pct),
    units: amount(record.units),
    of: target ? say("of", { whole: amount(target) }) : "",
    attainment: target ? percent(record.target_attainment_pct) : "",
    bottleneck: evidence(code, bottleneck),
    less_sure: record.less_sure_since ? say("less_sure", { time: clock.near(record.less_sure_since) }) : "",
  };
}

export function workerRow(record, clock, hasShifts) {
  const code = record.worker_id;
  const { partial } = doubt(record);
  const isUnnamed = partial && hasShifts && !record.shift_names.length;
  return {
    key: code,
    id: anchor("worker", code),
    name: nameBeside(record.name, code),
    state: record.state,
    word: say(`state_${record.state}`),
    place: record.workstation_id || DASH,
    ...since(record, clock),
    utilization: percent(record.utilization_pct),
    coverage: percent(record.coverage_pct),
    units: amount(record.units),
    rate: amount(record.units_per_hour, 1),
    partial,
    reason: isUnnamed ? say("no_shift_named") : "",
  };
}

export function bucketRow(record, clock) {
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

function evidence(code, bottleneck) {
  if (bottleneck?.workstation_id !== code) return "";
  return say("bottleneck", {
    attainment: percent(bottleneck.target_attainment_pct),
    occupancy: percent(bottleneck.occupancy_pct),
    utilization: percent(bottleneck.utilization_pct),
  });
}

function since(record, clock) {
  if (!record.since) return { since: DASH, lasting: "" };
  return { since: clock.near(record.since), lasting: clock.runs ? clock.age(record.since) : "" };
}

function nameBeside(name, code) {
  return name === code ? "" : name;
}
