// What is shown of a timeline: all of it, or a window on 5-minute marks, which stands in the address.

import { FIVE_MINUTES } from "./shown/axis.js";

const SHORTEST = 3 * FIVE_MINUTES;
const CLICK = 6; // pixels within which a press is no drag
const NARROW = 480; // pixels; a shift on fewer is too dense to be read, and so a part of it is shown first
const READABLE = 3 * 3_600_000;

/** Buttons, and dragging or clicking on the axis; `onChange()` is told of every change. */
export class Zooming {
  constructor(panel, onChange) {
    this.panel = panel;
    this.onChange = onChange;
    this.zoom = null;
    this.whole = null;
    this.isChosen = false; // by the reader, or by the address
    for (const button of panel.querySelectorAll("button[data-zoom]")) {
      button.addEventListener("click", () => this[button.dataset.zoom]());
      button.hidden = false;
    }
    panel.querySelector("a[data-zoom]").addEventListener("click", (event) => this.#backByLink(event));
    this.#listenTo(panel.querySelector(".strip-axis"));
  }

  /** The whole timeline, the instant at which it begins, and how far it has come. */
  within(whole, origin, latest) {
    this.whole = whole;
    if (this.origin == null) this.zoom = this.#ofAddress(origin);
    else if (this.zoom) this.zoom = this.#inside(this.zoom.map((at) => at + this.origin - origin)); // it moves on by itself
    this.isChosen ||= this.origin == null && this.zoom != null;
    this.origin = origin;
    if (!this.isChosen && this.#isNarrow()) this.zoom = this.#inside([latest - READABLE, latest]);
    this.#enable();
  }

  #isNarrow() {
    const width = this.panel.querySelector(".strip-axis").clientWidth;
    return width > 0 && width < NARROW;
  }

  get shown() {
    return this.zoom ?? this.whole ?? [0, 1];
  }

  inTo(middle = null) {
    const [low, high] = this.shown;
    this.#set(around(middle ?? (low + high) / 2, (high - low) / 2));
  }

  out() {
    const [low, high] = this.shown;
    this.#set(around((low + high) / 2, 2 * (high - low)));
  }

  earlier() {
    this.#move(-1);
  }

  later() {
    this.#move(1);
  }

  back() {
    this.#set(null);
  }

  /** Moves the window, if need be, to where a span is. */
  showAlso([start, end]) {
    const [low, high] = this.shown;
    if (this.zoom && (end <= low || start >= high)) this.#set(around((start + end) / 2, high - low));
  }

  #move(by) {
    const [low, high] = this.shown;
    const step = (by * (high - low)) / 2;
    this.#set([low + step, high + step]);
  }

  #set(wanted) {
    if (!this.whole) return;
    this.isChosen = true;
    this.zoom = wanted && this.#inside(wanted);
    this.#writeAddress();
    this.#enable();
    this.onChange();
  }

  /** On 5-minute marks and not beyond the timeline; all of it is no zoom. */
  #inside([low, high]) {
    const [from, to] = this.whole;
    const length = Math.max(SHORTEST, Math.round((high - low) / FIVE_MINUTES) * FIVE_MINUTES);
    const start = Math.round(Math.min(Math.max(low, from), to - length) / FIVE_MINUTES) * FIVE_MINUTES;
    return length >= to - from ? null : [Math.max(from, start), Math.max(from, start) + length];
  }

  #enable() {
    const isWhole = !this.zoom;
    const [low, high] = this.shown;
    const off = {
      inTo: high - low <= SHORTEST, out: isWhole,
      earlier: isWhole || low <= this.whole[0], later: isWhole || high >= this.whole[1],
    };
    for (const button of this.panel.querySelectorAll("button[data-zoom]")) {
      button.setAttribute("aria-disabled", off[button.dataset.zoom]);
    }
    this.panel.querySelector("a[data-zoom]").hidden = isWhole;
  }

  // --- the address -----------------------------------------------------------------------------------

  #ofAddress(origin) {
    const parts = (new URL(location).searchParams.get("zoom") ?? "").split("/").map((text) => Date.parse(text) - origin);
    const [from, to] = this.whole;
    return parts.length === 2 && from <= parts[0] && parts[0] < parts[1] && parts[1] <= to ? this.#inside(parts) : null;
  }

  #writeAddress() {
    const url = new URL(location);
    const told = (at) => new Date(this.origin + at).toISOString().replace(".000Z", "Z");
    if (this.zoom) url.searchParams.set("zoom", this.zoom.map(told).join("/"));
    else url.searchParams.delete("zoom");
    history.replaceState(null, "", url);
  }

  #backByLink(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // into another tab
    event.preventDefault();
    this.back();
    this.panel.querySelector('button[data-zoom="inTo"]').focus();
  }

  // --- the axis --------------------------------------------------------------------------------------

  #listenTo(axis) {
    const band = axis.querySelector(".strip-drag");
    let from = null;
    axis.addEventListener("pointerdown", (event) => {
      if (event.button || !this.whole) return;
      from = event.clientX;
      axis.setPointerCapture(event.pointerId);
    });
    axis.addEventListener("pointermove", ({ clientX }) => { if (from != null) drawBand(axis, band, from, clientX); });
    axis.addEventListener("pointercancel", () => { from = null; drawBand(axis, band, 0, 0); });
    axis.addEventListener("pointerup", ({ clientX }) => {
      if (from == null) return;
      const [start, end] = [from, clientX].toSorted((a, b) => a - b).map((x) => this.#at(axis, x));
      const isClick = Math.abs(clientX - from) < CLICK;
      from = null;
      drawBand(axis, band, 0, 0);
      if (isClick) this.inTo(start);
      else this.#set([Math.floor(start / FIVE_MINUTES) * FIVE_MINUTES, Math.ceil(end / FIVE_MINUTES) * FIVE_MINUTES]);
    });
  }

  #at(axis, x) {
    const { left, width } = axis.getBoundingClientRect();
    const [low, high] = this.shown;
    return low + Math.min(1, Math.max(0, (x - left) / width)) * (high - low);
  }
}

function around(middle, length) {
  return [middle - length / 2, middle + length / 2];
}

function drawBand(axis, band, from, to) {
  const { left } = axis.getBoundingClientRect();
  band.setAttribute("x", Math.min(from, to) - left);
  band.setAttribute("width", Math.abs(to - from));
}
