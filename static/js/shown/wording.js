// How phrases are said and numbers written, as metrics/shown/wording.py has it.

export const DASH = "–";

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

/** A threshold as it was set: with two decimals, or with three where it has them. */
export function confidence(value) {
  return fixed(value, Number(value.toFixed(2)) === value ? 2 : 3);
}

/** `78.4 %`, or a dash where there is nothing to divide by. */
export function percent(value, digits = 1) {
  return value == null ? DASH : say("percent", { value: fixed(value, digits) });
}

/** `1,234`, or a dash. */
export function amount(value, digits = 0) {
  return value == null ? DASH : fixed(value, digits);
}

/** Time scheduled, seen or worked: `2 h 05 min`, `1,204 h`. No shift has days of 24 hours. */
export function spent(milliseconds) {
  const seconds = milliseconds / 1000;
  return seconds < DAY ? duration(seconds) : say("whole_hours", { h: amount(Math.floor(seconds / HOUR)) });
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
