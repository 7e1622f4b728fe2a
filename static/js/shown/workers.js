// The list of workers, as metrics/shown/workers.py has it.

import * as figures from "./figures.js";
import { head } from "./head.js";
import { WHOLE, partOf } from "./part.js";
import { workerRow } from "./rows.js";
import { Scene } from "./scene.js";
import { amount, percent } from "./wording.js";

export function present(overview, links, elapsed = 0, part = WHOLE) {
  const scene = new Scene(overview, links, elapsed);
  const { factory, workers = [] } = overview;
  const [listed, about] = partOf(workers, "worker_id", links, "workers", part);
  const restsOn = figures.restsOn(factory, scene);
  const certain = { ...restsOn, ...figures.CERTAIN };
  return {
    ...head(scene),
    figures: {
      utilization: { ...restsOn, ...figures.utilization(factory, scene) },
      rate: { ...restsOn, ...figures.rate(factory, scene) },
      present: { ...certain, ...figures.present(factory, scene) },
      coverage: { ...certain, ...figures.coverage(factory, scene) },
    },
    pooled: {
      utilization: percent(factory.utilization_pct),
      coverage: percent(factory.coverage_pct),
      units: amount(factory.units),
      rate: amount(factory.units_per_hour, 1),
    },
    workers: listed.map((record) => workerRow(record, scene)),
    part: about,
  };
}
