// The time axis of a timeline, as metrics/shown/axis.py has it.

import { fixed, say } from "./wording.js";

export const FIVE_MINUTES = 300_000;
export const ROOM = 8;

const STEPS = [5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440];
const DAY = 1440;

/** All that is drawn: milliseconds from the start of the answer's window. */
export function whole(answer) {
  return [0, Date.parse(answer.axis_end) - Date.parse(answer.start)];
}

export function axis(answer, clock, zoom, room) {
  const origin = Date.parse(answer.start);
  const [low, high] = zoom.map((at) => origin + at);
  return {
    ticks: ticks(clock, low, high, room),
    borders: borders(answer, low, high),
    now: now(answer, low, high),
    clock_note: clockChanges(answer, clock).join(" "),
  };
}

function ticks(clock, low, high, room) {
  const marks = marksFrom(low, high).map((at) => ({ at, minute: minuteOf(clock, at) }));
  const isFitting = (step) => marks.filter(({ minute }) => minute % step === 0).length <= room;
  const step = STEPS.find(isFitting) ?? DAY;
  return marks.filter(({ minute }) => minute % step === 0)
    .map(({ at, minute }) => ({ x: place(at, low, high), label: told(minute) }));
}

function borders(answer, low, high) {
  return answer.shifts.flatMap((shift) => {
    const [start, end] = [Date.parse(shift.start), Date.parse(shift.end)];
    const found = [];
    if (start < high && end > low) found.push({ x: place(Math.max(start, low), low, high), label: shift.name });
    if (low < end && end < high) found.push({ x: place(end, low, high), label: "" });
    return found;
  });
}

function now(answer, low, high) {
  const at = Date.parse(answer.as_of);
  return answer.reaches_now && low < at && at < high ? place(at, low, high) : "";
}

function clockChanges(answer, clock) {
  const minutes = marksFrom(Date.parse(answer.start), Date.parse(answer.axis_end) + 1).map((at) => minuteOf(clock, at));
  return minutes.slice(1).flatMap((then, place) => {
    const expected = (minutes[place] + 5) % DAY;
    if (then === expected) return [];
    const isBack = (expected - then + DAY) % DAY < DAY / 2;
    return [say(isBack ? "clocks_back" : "clocks_forward", { time: told(expected), then: told(then) })];
  });
}

function marksFrom(low, high) {
  return Array.from({ length: Math.max(0, Math.ceil((high - low) / FIVE_MINUTES)) }, (_, number) => low + number * FIVE_MINUTES);
}

function minuteOf(clock, instant) {
  const { hour, minute } = clock.parts(instant);
  return 60 * Number(hour) + Number(minute);
}

function told(minute) {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

function place(instant, low, high) {
  return `${fixed((100 * (instant - low)) / (high - low), 2)}%`;
}
