// The words and number formats of the pages, as metrics/wording.py has them.

const DASH = "–";
const MINUTE = 60, HOUR = 3600, DAY = 86400;
const words = JSON.parse(document.getElementById("words").textContent);

/** A phrase with its values filled in. */
export function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const formats = new Map();

/** Rounded half to even, as the server rounds. */
export function fixed(value, digits, useGrouping = true) {
  const key = `${digits}${useGrouping}`;
  if (!formats.has(key)) {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, roundingMode: "halfEven", useGrouping };
    formats.set(key, new Intl.NumberFormat("en", options));
  }
  return formats.get(key).format(value);
}

/** `78.4 %`, or a dash where there is nothing to divide by. */
export function percent(value, digits = 1) {
  return value == null ? DASH : say("percent", { value: fixed(value, digits) });
}

/** `1,234`, or a dash. */
export function amount(value, digits = 0) {
  return value == null ? DASH : fixed(value, digits);
}

/** `4 s`, `3 min`, `2 h 05 min`, `3 d 4 h`. */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return say("seconds", { s: whole });
  if (whole < HOUR) return say("minutes", { m: Math.floor(whole / MINUTE) });
  if (whole < DAY) {
    const mm = String(Math.floor((whole % HOUR) / MINUTE)).padStart(2, "0");
    return say("hours", { h: Math.floor(whole / HOUR), mm });
  }
  return say("days", { d: Math.floor(whole / DAY), h: Math.floor((whole % DAY) / HOUR) });
}

/** The clock on the site's wall at the moment of the figures; it `runs` where that is now, `elapsed` milliseconds ago. */
export class WallClock {
  constructor(asOf, timeZone, { runs = false, elapsed = 0 } = {}) {
    this.runs = runs;
    this.instant = asOf;
    this.now = Date.parse(asOf) + elapsed;
    this.parts = partsIn(timeZone);
  }

  second() {
    const { hour, minute, second } = this.parts(this.instant);
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
    const isSoon = Date.parse(instant) - Date.parse(this.instant) < DAY * 1000;
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
    zones.set(timeZone, (instant) =>
      Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value])));
  }
  return zones.get(timeZone);
}
