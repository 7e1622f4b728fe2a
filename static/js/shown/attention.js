// What needs attention, as metrics/shown/attention.py has it.

import { DASH, amount, percent, say } from "./wording.js";

const MOST_ATTENTION = 6;

export function attention(scene) {
  const needy = scene.overview.attention;
  const left = needy.length - MOST_ATTENTION;
  return {
    attention: needy.slice(0, MOST_ATTENTION).map((each) => item(each, scene)),
    more_attention: left > 0 ? say("more_attention", { n: amount(left) }) : "",
    well: needy.length ? "" : say("all_well"),
  };
}

function item(each, scene) {
  const { kind, workstation_id: station } = each;
  return { key: `${kind} ${station}`, kind, href: scene.links.workstation(station), text: needs(each, scene) };
}

export function needs({ kind, workstation_id: station, since, target_attainment_pct: attainment }, scene) {
  const timeless = { not_seen: "not_seen_now", empty: "empty_now" };
  return say(kind !== "under_target" && !since ? timeless[kind] : kind, {
    station,
    time: since ? scene.clock.near(since) : DASH,
    attainment: percent(attainment, 0),
  });
}
