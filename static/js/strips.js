// The strips of a timeline: what is under the pointer or chosen by keys is told, and the axis zooms.
// Strips are drawn in seconds of the whole period. To zoom is to look at a part of them: one attribute of each.

import { bind, bindList } from "./binding.js";
import { putAway, tellAt } from "./hints.js";
import { poll } from "./polling.js";
import { axis, whole } from "./shown/axis.js";
import { WHOLE } from "./shown/part.js";
import { present, spanRow } from "./shown/strips.js";
import { Scene } from "./shown/scene.js";
import { Links } from "./shown/links.js";
import { drawAxis } from "./strip_axis.js";
import { Zooming } from "./zooming.js";

const EVERY = 15_000; // a strip of a shift grows by less than a pixel in that time
const HEIGHT = 24; // of a strip, in its own units
const LABEL_WIDTH = 64; // pixels that a label of the axis needs, with its distance from the next

/** On a page of its own figures: what the strips came with, and from then on what is asked for them. */
export function startStrips(links) {
  const panel = document.querySelector("[data-strips-url]");
  if (!panel) return;
  const strips = new Strips(panel);
  poll(panel.dataset.stripsUrl, { every: EVERY, onAnswer: (answer) => strips.show(answer, new Links(links)) });
}

/** The strips of a panel; `show(answer)` writes what is new and gives the view, without its lists. */
export class Strips {
  constructor(panel) {
    this.panel = panel;
    this.list = panel.querySelector('[data-list="strips"]');
    this.spans = panel.querySelector('[data-list="spans"]');
    this.words = panel.querySelectorAll("[data-strips-words]");
    this.answer = null;
    this.chosen = null; // { strip, at }: the span that keys have come to, by the instant at which it begins
    this.zooming = new Zooming(panel, () => this.#draw());
    new ResizeObserver(() => this.#fit()).observe(panel.querySelector(".strip-axis"));
    this.list.addEventListener("pointermove", (event) => this.#point(event));
    this.list.addEventListener("click", (event) => this.#point(event)); // a finger; after the focus that it brings
    this.list.addEventListener("pointerleave", ({ pointerType }) => { if (pointerType !== "touch") this.#leave(); });
    document.addEventListener("pointerdown", ({ target }) => {
      if (!this.list.contains(target)) this.#leave(); // a finger, elsewhere
    });
    this.list.addEventListener("keydown", (event) => this.#press(event));
    this.list.addEventListener("focusin", ({ target }) => {
      if (this.answer && target.matches(".strip:focus-visible")) this.#choose(target, null);
    });
    this.list.addEventListener("focusout", () => this.#leave());
  }

  show(answer, links, elapsed = 0, part = WHOLE) {
    this.answer = answer;
    this.part = part;
    this.links = links;
    this.elapsed = elapsed;
    const origin = Date.parse(answer.start);
    this.zooming.within(whole(answer), origin, Date.parse(answer.end) - origin);
    this.#draw();
    return { ...this.view, strips: null, spans: null };
  }

  #draw() {
    if (!this.answer) return;
    this.view = present(this.answer, this.links, this.elapsed, { zoom: this.zooming.zoom, part: this.part });
    this.scene = new Scene(this.answer, this.links, this.elapsed);
    bindList(this.list, this.view.strips);
    bindList(this.spans, this.view.spans);
    for (const words of this.words) bind(words, this.view);
    this.#fit();
    this.#keepOneStop();
    if (this.chosen?.strip.isConnected) this.#say();
  }

  /** What depends on how wide the strips are. */
  #fit() {
    if (!this.answer) return;
    const width = this.panel.querySelector(".strip-axis").clientWidth || 1;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    const room = Math.max(3, Math.floor(width / (LABEL_WIDTH * rem)));
    drawAxis(this.panel, axis(this.answer, this.scene.clock, this.zooming.shown, room));
    for (const strip of this.#strips()) strip.setAttribute("viewBox", this.view.view_box);
    this.#keepPatterns(width, HEIGHT * rem);
  }

  /** Stripes and dots stay as they are, however far the strips are drawn out. */
  #keepPatterns(width, height) {
    const [low, high] = this.zooming.shown;
    const scale = `scale(${(high - low) / 1_000 / width} ${HEIGHT / height})`;
    for (const pattern of this.panel.querySelectorAll("pattern")) pattern.setAttribute("patternTransform", scale);
  }

  /** Tab goes to one strip; the arrow keys from there to all others. */
  #keepOneStop() {
    const strips = this.#strips();
    if (!strips.some((strip) => strip.tabIndex === 0)) strips[0]?.setAttribute("tabindex", "0");
    for (const strip of strips) {
      const { spans } = this.#record(strip);
      strip.setAttribute("aria-valuemax", Math.max(0, spans.length - 1));
    }
  }

  #strips() {
    return [...this.list.querySelectorAll(".strip")];
  }

  #record(strip) {
    const { key } = strip.closest("[data-key]").dataset;
    return this.answer.results.find((each) => each.worker_id === key);
  }

  // --- the pointer ---------------------------------------------------------------------------------

  #point({ target, clientX, clientY }) {
    const strip = target.closest?.(".strip");
    if (!this.answer || !strip) return this.#leave();
    const { left, width, top, height } = strip.getBoundingClientRect();
    const [low, high] = this.zooming.shown;
    const at = low + ((clientX - left) / width) * (high - low);
    const record = this.#record(strip);
    const span = record.spans.find(([start, end]) => start <= at && at < end);
    if (!span) return this.#leave();
    this.#mark(strip, span);
    tellAt(this.#told(record, span), { left: clientX, top, bottom: Math.max(top + height, clientY) });
  }

  #leave() {
    this.marked?.setAttribute("d", "");
    putAway();
  }

  #told(record, span) {
    const row = spanRow(record, span, this.scene);
    const where = span[3] < 0 ? "" : `${row.place}, ${row.cameras}`;
    return [`${row.who} · ${row.word}, ${row.lasting}`, row.from_to, where, row.units].filter(Boolean).join("\n");
  }

  #mark(strip, [start, end]) {
    if (this.marked?.ownerSVGElement !== strip) this.marked?.setAttribute("d", "");
    this.marked = strip.querySelector(".strip-mark");
    const [from, to] = [start, end].map((at) => Math.floor(at / 1_000));
    this.marked.setAttribute("d", `M${from} 1h${to - from}v16h${from - to}z`);
  }

  // --- keys ----------------------------------------------------------------------------------------

  #press(event) {
    const strip = event.target.closest(".strip");
    if (!strip || !this.answer || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = {
      ArrowLeft: () => this.#step(strip, -1),
      ArrowRight: () => this.#step(strip, 1),
      Home: () => this.#choose(strip, 0),
      End: () => this.#choose(strip, Infinity),
      ArrowUp: () => this.#go(strip, -1),
      ArrowDown: () => this.#go(strip, 1),
      "+": () => this.zooming.inTo(this.#middle()),
      "-": () => this.zooming.out(),
      0: () => this.zooming.back(),
    }[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  /** Which of its spans is chosen on a strip; -1: none. */
  #number(strip) {
    if (this.chosen?.strip !== strip) return -1;
    const at = this.chosen.at - this.zooming.origin;
    return this.#record(strip).spans.findIndex(([, end]) => end > at);
  }

  #middle() {
    const span = this.chosen && this.#record(this.chosen.strip)?.spans[this.#number(this.chosen.strip)];
    return span ? (span[0] + span[1]) / 2 : null;
  }

  #step(strip, by) {
    this.#choose(strip, Math.max(0, this.#number(strip)) + by);
  }

  #go(strip, by) {
    const strips = this.#strips();
    const next = strips[strips.indexOf(strip) + by];
    if (!next) return;
    const at = this.#middle();
    strip.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
    const number = this.#record(next).spans.findIndex(([, end]) => at != null && end > at);
    this.#choose(next, Math.max(0, number));
  }

  /** `number` null: where the reader was, or the first that is shown. */
  #choose(strip, number) {
    const { spans } = this.#record(strip) ?? { spans: [] };
    if (!spans.length) return;
    const [low] = this.zooming.shown;
    const first = spans.findIndex(([, end]) => end > low);
    const wanted = number ?? Math.max(this.#number(strip), first, 0);
    const span = spans[Math.max(0, Math.min(spans.length - 1, wanted))];
    this.chosen = { strip, at: this.zooming.origin + span[0] };
    this.zooming.showAlso(span);
    const told = this.#say();
    this.#mark(strip, span);
    const box = strip.getBoundingClientRect();
    const [from, to] = this.zooming.shown;
    const left = box.left + (Math.max(0, span[0] - from) / (to - from)) * box.width;
    tellAt(told, { left, top: box.top, bottom: box.bottom });
  }

  /** For who hears it: the span that is chosen. */
  #say() {
    const { strip } = this.chosen;
    const record = this.#record(strip);
    const number = this.#number(strip);
    if (number < 0) return "";
    const told = this.#told(record, record.spans[number]);
    strip.setAttribute("aria-valuenow", number);
    strip.setAttribute("aria-valuetext", told.replaceAll("\n", ", "));
    return told;
  }
}
