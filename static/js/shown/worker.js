// One worker, as metrics/shown/worker.py has it.

import { number, points } from "./against.js";
import * as figures from "./figures.js";
import { head } from "./head.js";
import { isSpent, since, spentRow } from "./rows.js";
import { Scene } from "./scene.js";
import { shares } from "./shares.js";
import { DASH, say } from "./wording.js";

export function present(overview, links, elapsed = 0) {
  const scene = new Scene(overview, links, elapsed);
  const { factory, workers, workstations } = overview;
  return {
    ...head(scene),
    ...now(workers, scene),
    figures: cards(factory, scene),
    shares: shares(factory),
    places: workstations.filter(isSpent).map((record) => spentRow(record, "workstation_id", (code) => scene.links.workstation(code))),
  };
}

function now([worker], scene) {
  if (!worker) return { state: "unknown", word: DASH, place: "", place_href: "", shifts: "", since: "", lasting: "" };
  const where = worker.workstation_id;
  return {
    state: worker.state,
    word: say(`state_${worker.state}`),
    place: where ? say("at_place", { place: where }) : "",
    place_href: where ? scene.links.workstation(where) : "",
    shifts: shifts(worker.shift_names, scene),
    ...since(worker, scene.clock),
  };
}

function shifts(names, scene) {
  if (!scene.hasShifts) return "";
  return names.length ? say("shift", { names: names.join(", ") }) : say("no_shift_named");
}

function cards(record, scene) {
  const restsOn = figures.restsOn(record, scene);
  const certain = { ...restsOn, ...figures.CERTAIN };
  const { pooled } = scene;
  const name = say("then_all");
  return {
    utilization: {
      ...restsOn,
      ...figures.utilization(record, scene),
      ...all(points(record.utilization_pct, pooled.utilization_pct, name)),
    },
    units: { ...restsOn, ...figures.unitsMade(record, scene.factoryBefore, scene) },
    rate: {
      ...restsOn,
      ...figures.rate(record, scene),
      ...all(number(record.units_per_hour, pooled.units_per_hour, name, 1)),
    },
    coverage: { ...certain, ...figures.coverage(record, scene, "unseen_own") },
  };
}

function all({ delta, trend }) {
  return { delta_all: delta, trend_all: trend };
}
