// The list of workstations, as metrics/shown/workstations.py has it.

import { bottleneckRows } from "./bottlenecks.js";
import { head } from "./head.js";
import { WHOLE, partOf } from "./part.js";
import { workstationRow } from "./rows.js";
import { Scene } from "./scene.js";

const MOST_BOTTLENECKS = 8;

export function present(overview, links, elapsed = 0, part = WHOLE) {
  const scene = new Scene(overview, links, elapsed);
  const [listed, about] = partOf(overview.workstations, "workstation_id", links, "workstations", part);
  return {
    ...head(scene),
    bottlenecks: bottleneckRows(scene).slice(0, MOST_BOTTLENECKS),
    workstations: listed.map((record) => workstationRow(record, scene)),
    part: about,
  };
}
