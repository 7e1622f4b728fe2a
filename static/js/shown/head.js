// What stands above the figures, as metrics/shown/head.py has it.

import { TRUSTED_COVERAGE } from "./trust.js";
import { DASH, confidence, percent, say } from "./wording.js";

export function head(scene) {
  const { overview, clock } = scene;
  const moment = clock.second();
  return {
    as_of: moment,
    moment: clock.runs ? say("moment", { time: moment }) : "",
    caption: caption(overview, clock),
    compared: compared(scene),
    schedule: clock.runs ? schedule(overview.schedule, clock) : "",
    recalculating: overview.recalculating ? say("recalculating") : "",
    waiting: waiting(overview.least_confidence),
  };
}

function caption(overview, clock) {
  const names = overview.shift_names.join(" + ");
  const text = window(overview.start, overview.end, clock);
  return names ? `${say("shift", { names })} · ${text}` : text;
}

function window(start, end, clock) {
  const [first, last] = [clock.dated(start), clock.dated(end)];
  if (clock.isMidnight(start) && clock.isMidnight(end)) {
    const lastDay = clock.datedBefore(end);
    return first === lastDay ? first : `${first} – ${lastDay}`;
  }
  if (first === last) return `${first}, ${clock.time(start)}–${clock.time(end)}`;
  return `${first} ${clock.time(start)} – ${last} ${clock.time(end)}`;
}

function compared(scene) {
  if (!("before" in scene.overview)) return "";
  if (!scene.before) return say("not_compared");
  const words = { window: window(scene.before.start, scene.before.end, scene.clock) };
  const coverage = scene.factoryBefore.coverage_pct;
  if (coverage != null && coverage < TRUSTED_COVERAGE) {
    return say("compared_partial", { ...words, value: percent(coverage, 0) });
  }
  return say("compared", words);
}

function waiting(least) {
  return least == null ? "" : say("waiting", { least: confidence(least) });
}

export function schedule(now, clock) {
  const names = now.shift_names.join(" + ");
  if (now.state === "always") return say("always");
  if (now.state === "closed" && !now.until) return say("closed");
  if (now.state === "shift" && !now.until) return say("shift", { names });
  return say(`${now.state}_until`, { names, time: now.until ? clock.soon(now.until) : DASH });
}
