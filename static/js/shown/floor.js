// The live floor, as metrics/shown/floor.py has it.

import { width } from "./figures.js";
import { head } from "./head.js";
import { AT_ONCE, WHOLE, partOf } from "./part.js";
import { anchor, beside, lessSure, stationWord, who } from "./rows.js";
import { Scene } from "./scene.js";
import { counted, hint, newest } from "./trust.js";
import { amount, percent, say } from "./wording.js";

const KINDS = ["not_seen", "empty", "under_target", "less_sure"];
const STATES = ["working", "idle", "absent", "unknown"];

export function present(overview, links, elapsed = 0, part = WHOLE) {
  const scene = new Scene(overview, links, elapsed);
  const kinds = kindsOf(overview);
  const [listed, about] = listedOf(overview, kinds, links, part);
  const behind = new Map(overview.bottlenecks.map((each) => [each.workstation_id, each.reason]));
  return {
    ...head(scene),
    summary: summary(scene),
    tiles: listed.map((record) => ({
      ...tile(record, scene, kinds.get(record.workstation_id)),
      note: note(record, scene, kinds, behind),
    })),
    part: about,
    counts: counts(overview.workstations, kinds),
  };
}

function listedOf(overview, kinds, links, part) {
  const ordered = byAttention(overview, kinds);
  if (ordered.length <= AT_ONCE) return partOf(ordered, "workstation_id", links, "floor", part);
  const chosen = part.kept.state;
  const isAlike = {
    attention: (record) => Boolean(kinds.get(record.workstation_id)),
    ...Object.fromEntries(STATES.map((state) => [state, (record) => record.state === state])),
  }[chosen];
  const [listed, about] = partOf(isAlike ? ordered.filter(isAlike) : ordered, "workstation_id", links, "floor", part);
  return [listed, { ...about, few: "" }];
}

function byAttention({ workstations }, kinds) {
  const rank = (record) => {
    const kind = kinds.get(record.workstation_id);
    if (kind === "under_target") return [KINDS.indexOf(kind), record.target_attainment_pct];
    return [kind ? KINDS.indexOf(kind) : KINDS.length, 0];
  };
  const ranks = new Map(workstations.map((record) => [record, rank(record)]));
  return workstations.toSorted((a, b) => ranks.get(a)[0] - ranks.get(b)[0] || ranks.get(a)[1] - ranks.get(b)[1]);
}

export function kindsOf({ workstations, attention }) {
  const found = new Map(workstations.map((each) => [each.workstation_id, each.less_sure_since ? "less_sure" : ""]));
  for (const item of attention.toReversed()) found.set(item.workstation_id, item.kind);
  return found;
}

function tile(record, scene, kind) {
  const { workstation_id: code, state, target_units: target } = record;
  return {
    key: code,
    id: anchor("workstation", code),
    href: scene.links.workstation(code),
    name: beside(record.name, code),
    kind,
    state,
    word: stationWord(state),
    since: since(record, scene.clock),
    who: who(record, scene),
    units: amount(record.units),
    of: target ? say("of", { whole: amount(target) }) : say("no_target"),
    attainment: target ? percent(record.target_attainment_pct) : "",
    fill: width(record.target_attainment_pct),
    newest: newest(record.newest_event_at, scene.clock),
    hint: hintOf(record, scene),
  };
}

export function note(record, scene, kinds, behind) {
  const code = record.workstation_id;
  if (kinds.get(code) === "under_target" && behind.has(code) && !record.less_sure_since) return say(`behind_${behind.get(code)}`);
  return record.less_sure_since ? say("less_sure_now") : "";
}

function since({ since: instant }, clock) {
  if (!instant) return say("never_seen");
  if (!clock.runs) return say("since", { time: clock.near(instant) });
  return say("since_lasting", { time: clock.near(instant), lasting: clock.age(instant) });
}

function hintOf(record, scene) {
  const shares = { occupancy: percent(record.occupancy_pct), utilization: percent(record.utilization_pct) };
  return [say("there_working", shares), lessSure(record, scene.clock), hint(record, scene.clock)].filter(Boolean).join("\n");
}

export function summary({ overview: { factory }, clock }) {
  const made = counted("units", factory.units);
  const attainment = percent(factory.target_attainment_pct);
  const units = factory.target_units ? say("units_of_target", { units: made, attainment }) : made;
  if (!clock.runs) return units;
  const [there, whole] = [factory.workers_present, factory.workers_scheduled];
  const numbers = { present: amount(there), scheduled: amount(whole) };
  if (whole) return `${say("present_of", numbers)} · ${units}`;
  return there ? `${say("present_off", numbers)} · ${units}` : units;
}

function counts(stations, kinds) {
  const inState = (state) => stations.filter((record) => record.state === state).length;
  return {
    all: amount(stations.length),
    attention: amount(stations.filter((record) => kinds.get(record.workstation_id)).length),
    ...Object.fromEntries(STATES.map((state) => [state, amount(inState(state))])),
  };
}
