// The list of workstations, as metrics/shown/workstations.py has it.

import { bottleneckRows } from "./bottlenecks.js";
import { head } from "./head.js";
import { workstationRow } from "./rows.js";
import { Scene } from "./scene.js";

const MOST_BOTTLENECKS = 8;

export function present(overview, links, elapsed = 0) {
  const scene = new Scene(overview, links, elapsed);
  return {
    ...head(scene),
    bottlenecks: bottleneckRows(scene).slice(0, MOST_BOTTLENECKS),
    workstations: overview.workstations.map((record) => workstationRow(record, scene)),
  };
}
