// The clock on the site's wall, as metrics/shown/wall_clock.py has it.

import { duration } from "./wording.js";

const DAY = 86_400_000;
const MOST_KNOWN = 5_000;

/** The clock on the site's wall at the moment of the figures; it `runs` where that is now, `elapsed` milliseconds ago. */
export class WallClock {
  constructor(asOf, timeZone, { runs = false, elapsed = 0 } = {}) {
    this.runs = runs;
    this.instant = asOf;
    this.now = Date.parse(asOf) + elapsed;
    this.parts = partsIn(timeZone);
  }

  second() {
    return this.exact(this.instant);
  }

  exact(instant) {
    const { hour, minute, second } = this.parts(instant);
    return `${hour}:${minute}:${second}`;
  }

  time(instant) {
    const { hour, minute } = this.parts(instant);
    return `${hour}:${minute}`;
  }

  near(instant) {
    const sameDay = this.dated(instant) === this.dated(this.instant);
    return sameDay ? this.time(instant) : `${this.day(instant)} ${this.time(instant)}`;
  }

  soon(instant) {
    const isSoon = Date.parse(instant) - Date.parse(this.instant) < DAY;
    return isSoon ? this.time(instant) : this.near(instant);
  }

  day(instant) {
    const { weekday, day, month } = this.parts(instant);
    return `${weekday} ${day} ${month}`;
  }

  dated(instant) {
    return `${this.day(instant)} ${this.parts(instant).year}`;
  }

  datedBefore(instant) {
    return this.dated(Date.parse(instant) - 1);
  }

  isYesterday(instant) {
    const { hour, minute } = this.parts(this.instant);
    const midnight = Date.parse(this.instant) - (60 * hour + Number(minute)) * 60_000; // about: clocks may change today
    return this.dated(instant) === this.dated(midnight - DAY / 2);
  }

  isMidnight(instant) {
    return this.time(instant) === "00:00";
  }

  age(instant) {
    return duration((this.now - Date.parse(instant)) / 1000);
  }
}

const zones = new Map();

function partsIn(timeZone) {
  if (!zones.has(timeZone)) {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone, hourCycle: "h23", weekday: "short", day: "numeric", month: "short",
      year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
    zones.set(timeZone, remembering((instant) =>
      Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]))));
  }
  return zones.get(timeZone);
}

/** The same instants are told again and again, and each costs more than all else that is said of a row. */
function remembering(told) {
  let known = new Map();
  return (instant) => {
    if (known.size > MOST_KNOWN) known = new Map();
    if (!known.has(instant)) known.set(instant, told(instant));
    return known.get(instant);
  };
}
