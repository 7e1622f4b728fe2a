// The live floor on a wall screen, as metrics/shown/kiosk.py has it.

import { width } from "./figures.js";
import { kindsOf, note, summary } from "./floor.js";
import { head } from "./head.js";
import { beside, since, stationWord } from "./rows.js";
import { Scene } from "./scene.js";
import { counted } from "./trust.js";
import { amount, percent, say } from "./wording.js";

const ROOMS = [6, 8, 12, 20, 30, 40];
const IN_TURNS = 30;

export function present(overview, links, elapsed = 0) {
  const scene = new Scene(overview, links, elapsed);
  const kinds = kindsOf(overview);
  const behind = new Map(overview.bottlenecks.map((each) => [each.workstation_id, each.reason]));
  const stations = overview.workstations;
  const { pages, eachPage, room } = turns(stations.length);
  const needy = stations.map((each) => each.workstation_id).filter((code) => kinds.get(code));
  return {
    ...head(scene),
    clock: scene.clock.time(scene.clock.now),
    summary: summary(scene),
    attention: attention(needy),
    needy: needy.length ? "true" : "",
    room: String(room),
    pages: String(pages),
    turn: turn(1, pages),
    tiles: stations.map((record, place) => ({
      ...tile(record, scene, kinds.get(record.workstation_id)),
      note: note(record, scene, kinds, behind),
      page: String(Math.floor(place / eachPage) + 1),
    })),
  };
}

/** Which of the pages is shown. */
export function turn(page, pages) {
  return pages > 1 ? say("turn", { page, pages }) : "";
}

function turns(tiles) {
  const pages = tiles <= ROOMS.at(-1) ? 1 : Math.ceil(tiles / IN_TURNS);
  const eachPage = Math.max(Math.ceil(tiles / pages), 1);
  return { pages, eachPage, room: ROOMS.find((room) => eachPage <= room) };
}

function attention(needy) {
  if (!needy.length) return say("all_well");
  return say("attention_list", { words: counted("need_attention", needy.length), stations: needy.join(", ") });
}

function tile(record, scene, kind) {
  const { workstation_id: code, state, target_units: target } = record;
  return {
    key: code,
    name: beside(record.name, code),
    kind,
    state,
    word: stationWord(state),
    lasting: since(record, scene.clock).lasting,
    who: (record.worker_ids ?? []).join(", "),
    units: amount(record.units),
    of: target ? say("of", { whole: amount(target) }) : say("units_alone"),
    attainment: target ? percent(record.target_attainment_pct, 0) : "",
    fill: width(record.target_attainment_pct),
  };
}
