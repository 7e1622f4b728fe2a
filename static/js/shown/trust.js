// How far a figure can be trusted, as metrics/shown/trust.py has it.

import { amount, percent, say } from "./wording.js";

export const TRUSTED_COVERAGE = 80;

export function trust(record, clock) {
  const { utilization_low_pct: low, utilization_high_pct: high, coverage_pct: coverage } = record;
  return {
    band: low == null ? "" : say("band", { low: percent(low), high: percent(high) }),
    seen: coverage == null ? "" : say("seen_exactly", { value: percent(coverage) }),
    events: counted("events", record.events),
    newest: newest(record.newest_event_at, clock),
  };
}

export function hint(record, clock) {
  const told = trust(record, clock);
  return [told.band, told.seen, `${told.events}, ${told.newest}`].filter(Boolean).join("\n");
}

export function newest(instant, clock) {
  if (!instant) return say("no_events");
  if (clock.runs) return say("newest", { age: clock.age(instant) });
  return say("newest_at", { time: clock.near(instant) });
}

export function doubt(record) {
  const coverage = record.coverage_pct;
  if (coverage == null || coverage >= TRUSTED_COVERAGE) return { partial: "", reason: "" };
  if (coverage === 0) return { partial: "true", reason: say("nothing_seen") };
  return { partial: "true", reason: say("partial", { value: percent(TRUSTED_COVERAGE, 0) }) };
}

export function counted(key, n) {
  return n === 1 ? say(`${key}_one`) : say(key, { n: amount(n) });
}
