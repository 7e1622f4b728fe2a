// Differences, with their own sign and words, as metrics/shown/against.py has them.

import { amount, fixed, say } from "./wording.js";

export const MINUS = "−";
const ALIKE = 0.8;

export function points(value, other, name) {
  return told(value, other, name, ["points_above", "points_below"], 1);
}

export function units(record, before, name) {
  const { scheduled_ms: scheduled } = record;
  const { scheduled_ms: then } = before;
  if (name && !isAlike(scheduled, then)) {
    return { delta: say(then < scheduled ? "less_scheduled" : "more_scheduled", { name }), trend: "" };
  }
  return number(record.units, before.units, name);
}

export function isAlike(scheduled, then) {
  if (scheduled == null || then == null) return true;
  return Math.min(scheduled, then) >= ALIKE * Math.max(scheduled, then);
}

export function number(value, other, name, digits = 0) {
  return told(value, other, name, ["more_than", "fewer_than"], digits);
}

export function short(value, other, digits = 1) {
  if (value == null || other == null) return "";
  const text = fixed(Math.abs(value - other), digits);
  if (isZero(text)) return "±0";
  return value > other ? `+${text}` : `${MINUS}${text}`;
}

function told(value, other, name, [more, fewer], digits) {
  if (value == null || other == null || !name) return { delta: "", trend: "" };
  const text = amount(Math.abs(value - other), digits);
  if (isZero(text)) return { delta: say("same_as", { name }), trend: "same" };
  if (value > other) return { delta: say(more, { n: text, name }), trend: "up" };
  return { delta: say(fewer, { n: text, name }), trend: "down" };
}

function isZero(text) {
  return Number(text.replaceAll(",", "")) === 0;
}
