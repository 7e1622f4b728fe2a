// Differences, with their own sign and words, as metrics/shown/against.py has them.

import { amount, fixed, say } from "./wording.js";

export const MINUS = "−";

export function points(value, other, name) {
  return told(value, other, name, ["points_above", "points_below"], 1);
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
