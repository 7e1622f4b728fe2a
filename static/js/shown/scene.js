// Where and when an answer plays, as metrics/shown/scene.py has it.

import { WallClock } from "./wall_clock.js";
import { amount, say } from "./wording.js";

const DAY = 86_400_000;
const LONGEST_DAY = 26 * 3_600_000;

export class Scene {
  constructor(overview, links, elapsed = 0) {
    const { as_of: asOf, time_zone: zone, reaches_now: runs } = overview;
    this.overview = overview;
    this.links = links;
    this.clock = new WallClock(asOf, zone, { runs, elapsed });
    this.window = say(`window_${overview.period ?? "range"}`);
    this.hasShifts = overview.schedule.state !== "always";
    this.names = new Map((overview.workers ?? []).map((each) => [each.worker_id, each.name]));
    this.before = overview.before ?? null;
    this.factoryBefore = this.before?.factory ?? {};
    this.workersBefore = new Map((this.before?.workers ?? []).map((each) => [each.worker_id, each]));
    this.workstationsBefore = new Map((this.before?.workstations ?? []).map((each) => [each.workstation_id, each]));
    this.pooled = overview.pooled ?? overview.factory;
    this.then = this.#then();
  }

  #then() {
    if (!this.before) return "";
    const { start, end } = this.overview;
    const first = this.before.start;
    if (Date.parse(end) - Date.parse(start) > LONGEST_DAY) {
      return say("then_days", { n: amount(Math.round((Date.parse(start) - Date.parse(first)) / DAY)) });
    }
    return this.clock.runs && this.clock.isYesterday(first) ? say("then_yesterday") : this.clock.day(first);
  }
}
