// How a worker's scheduled time went, as metrics/shown/shares.py has it.

import { width } from "./figures.js";
import { percent, spent } from "./wording.js";

const STATES = ["working", "idle", "absent", "unknown"];

export function shares(record) {
  const scheduled = record.scheduled_ms;
  const share = (ms) => (scheduled ? (100 * ms) / scheduled : null);
  const view = {};
  let left = 0;
  for (const state of STATES) {
    const mine = record[`${state}_ms`];
    view[state] = { time: spent(mine), share: percent(share(mine)), x: width(share(left)), width: width(share(mine)) };
    left += mine;
  }
  return view;
}
