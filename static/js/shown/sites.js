// The user's sites beside each other, as metrics/shown/sites.py has them.

import { mark, width } from "./figures.js";
import { schedule } from "./head.js";
import { beside } from "./rows.js";
import { counted, doubt, hint } from "./trust.js";
import { WallClock } from "./wall_clock.js";
import { DASH, amount, percent, say } from "./wording.js";

export function present({ results }, links, elapsed = 0) {
  return {
    as_of: results.length ? clockOf(results[0], elapsed).second() : "",
    sites: results.map((record) => row(record, links, elapsed)),
  };
}

function clockOf({ as_of: asOf, time_zone: zone, reaches_now: runs }, elapsed) {
  return new WallClock(asOf, zone, { runs, elapsed });
}

function row(record, links, elapsed) {
  const clock = clockOf(record, elapsed);
  const { site, target_units: target, utilization_low_pct: low, utilization_high_pct: high } = record;
  return {
    key: site,
    href: links.site(site),
    name: record.name,
    code: beside(site, record.name),
    schedule: clock.runs ? scheduleOf(record, clock) : "",
    zone: say("zone_now", { time: clock.time(clock.instant), zone: record.time_zone }),
    attention: clock.runs ? attention(record) : "",
    attention_href: record.attention ? links.site(site, "floor") : "",
    present: clock.runs ? amount(record.workers_present) : DASH,
    scheduled: clock.runs ? say("of", { whole: amount(record.workers_scheduled) }) : "",
    utilization: percent(record.utilization_pct),
    mark: mark(record.utilization_pct),
    low: width(low),
    spread: width(low == null ? null : high - low),
    coverage: percent(record.coverage_pct),
    units: amount(record.units),
    of: target ? say("of", { whole: amount(target) }) : "",
    attainment: target ? percent(record.target_attainment_pct) : "",
    newest: newest(record.newest_event_at, clock),
    ...doubt(record),
    hint: hint(record, clock),
  };
}

function scheduleOf({ schedule_state: state, schedule_until: until, schedule_shifts: names }, clock) {
  return schedule({ state, until, shift_names: names }, clock);
}

function newest(instant, clock) {
  if (!instant) return DASH;
  return clock.runs ? say("ago", { age: clock.age(instant) }) : clock.near(instant);
}

function attention({ attention: n }) {
  return n ? counted("need_attention", n) : say("all_well");
}
