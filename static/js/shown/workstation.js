// One workstation, as metrics/shown/workstation.py has it.

import { evidence } from "./bottlenecks.js";
import * as figures from "./figures.js";
import { head } from "./head.js";
import { isSpent, lessSure, since, spentRow, stationWord, who } from "./rows.js";
import { Scene } from "./scene.js";
import { trust } from "./trust.js";
import { DASH } from "./wording.js";

export function present(overview, links, elapsed = 0) {
  const scene = new Scene(overview, links, elapsed);
  const { workstations, workers = [], bottlenecks } = overview;
  return {
    ...head(scene),
    ...now(workstations, scene),
    figures: cards(workstations, scene),
    behind: bottlenecks.map((each) => ({ key: "behind", ...evidence(each) })),
    people: workers.filter(isSpent).map((record) => spentRow(record, "worker_id", (code) => scene.links.worker(code))),
  };
}

function now([station], scene) {
  if (!station) return { state: "unknown", word: DASH, who: "", since: "", lasting: "", less_sure: "" };
  return {
    state: station.state,
    word: stationWord(station.state),
    who: who(station, scene),
    less_sure: lessSure(station, scene.clock),
    ...since(station, scene.clock),
  };
}

function cards([station], scene) {
  if (!station) return {};
  const before = scene.workstationsBefore.get(station.workstation_id) ?? {};
  const restsOn = { ...trust(station, scene.clock), ...figures.CERTAIN, remedy: "" };
  return {
    units: { ...restsOn, ...figures.stationUnits(station, before, scene) },
    availability: { ...restsOn, ...figures.availability(station, before, scene) },
    occupancy: { ...restsOn, ...figures.occupancy(station, before, scene) },
    utilization: { ...restsOn, ...figures.labour(station, before, scene) },
  };
}
