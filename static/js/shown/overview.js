// The overview page, as metrics/shown/overview.py has it.

import { attention } from "./attention.js";
import * as figures from "./figures.js";
import { head } from "./head.js";
import { workerRow, workstationRow } from "./rows.js";
import { Scene } from "./scene.js";

/** Everything on the page that moves; `elapsed` milliseconds after the answer came. */
export function present(overview, links, elapsed = 0) {
  const scene = new Scene(overview, links, elapsed);
  return {
    ...head(scene),
    ...attention(scene),
    figures: cards(scene),
    workstations: furthestBehind(overview).map((record) => workstationRow(record, scene)),
    workers: (overview.workers ?? []).map((record) => workerRow(record, scene)),
  };
}

function cards(scene) {
  const { factory } = scene.overview;
  const restsOn = figures.restsOn(factory, scene);
  const certain = { ...restsOn, ...figures.CERTAIN };
  return {
    units: { ...restsOn, ...figures.units(factory, scene) },
    utilization: { ...restsOn, ...figures.utilization(factory, scene) },
    present: { ...certain, ...figures.present(factory, scene) },
    coverage: { ...certain, ...figures.coverage(factory, scene) },
  };
}

export function furthestBehind({ workstations, bottlenecks }) {
  const rank = new Map(bottlenecks.map((each, number) => [each.workstation_id, number]));
  const rankOf = (record) => rank.get(record.workstation_id) ?? bottlenecks.length;
  return workstations.toSorted((a, b) => rankOf(a) - rankOf(b));
}
