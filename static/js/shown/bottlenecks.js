// Bottlenecks with their evidence, as metrics/shown/bottlenecks.py has them.

import { MINUS } from "./against.js";
import { width } from "./figures.js";
import { beside } from "./rows.js";
import { amount, fixed, percent, say } from "./wording.js";

export function bottleneckRows(scene) {
  const names = new Map(scene.overview.workstations.map((each) => [each.workstation_id, each.name]));
  return scene.overview.bottlenecks.map((each) => {
    const code = each.workstation_id;
    return { key: code, href: scene.links.workstation(code), name: beside(names.get(code), code), ...evidence(each) };
  });
}

export function evidence(bottleneck) {
  const { lost_empty_pct: empty, lost_waiting_pct: waiting, lost_pace_pct: pace } = bottleneck;
  const missing = amount(bottleneck.units_missing);
  return {
    attainment: percent(bottleneck.target_attainment_pct),
    missing: missing === "1" ? say("missing_one") : say("missing", { n: missing }),
    because: say(`reason_${bottleneck.reason}`),
    empty: points(empty),
    waiting: points(waiting),
    pace: points(pace),
    pace_word: say(pace >= 0 ? "loss_pace" : "gain_pace"),
    ...bar(bottleneck),
  };
}

function points(value) {
  const text = fixed(Math.abs(value), 1);
  return say("points", { n: value < 0 && Number(text) ? `${MINUS}${text}` : text });
}

function bar({ target_attainment_pct: made, lost_empty_pct: lostEmpty, lost_waiting_pct: lostWaiting }) {
  const empty = Math.max(made, 100 - lostEmpty);
  const waiting = Math.max(made, 100 - lostEmpty - lostWaiting);
  return {
    made_width: width(made),
    pace_x: width(made),
    pace_width: width(waiting - made),
    waiting_x: width(waiting),
    waiting_width: width(empty - waiting),
    empty_x: width(empty),
    empty_width: width(100 - empty),
  };
}
