// The state timeline, as metrics/shown/strips.py has it.

import { FIVE_MINUTES, ROOM, axis, whole } from "./axis.js";
import { head } from "./head.js";
import { WHOLE, partOf } from "./part.js";
import { anchor, beside } from "./rows.js";
import { Scene } from "./scene.js";
import { counted } from "./trust.js";
import { DASH, duration, fixed, say } from "./wording.js";

const MOST_SPANS = 300;
const USUAL_WIDTH = 900;
const SECOND = 1_000;

/** `zoom`: what is shown of it, from and to, in milliseconds from its start; `room`: for how many labels. */
export function present(answer, links, elapsed = 0, { zoom = null, room = ROOM, part = WHOLE } = {}) {
  const scene = new Scene(answer, links, elapsed);
  const [low, high] = zoom ?? whole(answer);
  const [workers, about] = partOf(answer.results, "worker_id", links, "timeline", part);
  const listed = workers.flatMap((record) =>
    record.spans.filter(([start, end]) => start < high && end > low).map((span) => [record, span]));
  const most = mostUnits(answer);
  return {
    ...head(scene),
    ...axis(answer, scene.clock, [low, high], room),
    zoomed: zoom ? say("zoomed", { span: fromTo(scene, ...zoom) }) : "",
    view_box: `${seconds(low)} 0 ${seconds(high - low)} 24`,
    stripe: fixed((high - low) / SECOND / USUAL_WIDTH, 3),
    strips: workers.map((record) => strip(record, answer, links, most)),
    part: about,
    spans: listed.slice(0, MOST_SPANS).map(([record, span]) => spanRow(record, span, scene)),
    more_spans: listed.length > MOST_SPANS ? counted("more_spans", listed.length - MOST_SPANS) : "",
  };
}

function seconds(milliseconds) {
  return Math.floor(milliseconds / SECOND);
}

function fromTo({ overview, clock }, start, end) {
  const origin = Date.parse(overview.start);
  const isBrief = end - start < FIVE_MINUTES;
  return [start, end].map((at) => (isBrief ? clock.exact(origin + at) : clock.time(origin + at))).join("–");
}

function strip(record, answer, links, most) {
  const code = record.worker_id;
  const name = beside(record.name, code);
  return {
    key: code,
    id: anchor("worker", code),
    href: links.worker(code),
    name,
    label: name ? `${code} ${name}` : code,
    summary: summary(record, answer),
    ...paths(record, answer.states),
    ticks: ticks(record.counts, most, Date.parse(answer.end) - Date.parse(answer.start)),
  };
}

function summary({ spans }, { states }) {
  const lasted = states.map(() => 0);
  for (const [start, end, state] of spans) lasted[state] += end - start;
  const told = states.map((state, number) => (lasted[number] ? `${say(`state_${state}`)} ${duration(lasted[number] / SECOND)}` : ""));
  return told.filter(Boolean).join(", ") || DASH;
}

function paths({ spans }, states) {
  const drawn = Object.fromEntries(states.map((state) => [state, ""]));
  for (const [start, end, number] of spans) {
    const state = states[number];
    const x = seconds(start);
    const width = seconds(end) - x;
    drawn[state] += state === "break" ? `M${x} 9h${width}` : `M${x} 2h${width}v14h${0 - width}z`;
  }
  return drawn;
}

function mostUnits({ results }) {
  return results.reduce((most, { counts }) => counts.reduce((found, [, units]) => Math.max(found, units), most), 0) || 1;
}

function ticks(counts, most, latest) {
  const place = (start) => seconds(Math.min(start + FIVE_MINUTES / 2, latest));
  return counts.map(([start, units]) => `M${place(start)} 24v-${3 + Math.floor((4 * units) / most)}`).join("");
}

/** A span in words. */
export function spanRow(record, span, scene) {
  const { states, workstations } = scene.overview;
  const [start, end, state, place] = span;
  const station = workstations[place];
  return {
    key: `${record.worker_id} ${start}`,
    who: record.worker_id,
    state: states[state],
    word: say(`state_${states[state]}`),
    from_to: fromTo(scene, start, end),
    lasting: duration((end - start) / SECOND),
    place: station?.workstation_id ?? DASH,
    cameras: cameras(station),
    units: units(record, span, scene),
  };
}

function cameras(station) {
  if (!station) return "";
  return station.cameras.length ? say("watched_by", { cameras: station.cameras.join(", ") }) : say("watched_by_none");
}

function units({ counts }, [start, end, , place], scene) {
  const first = start - (start % FIVE_MINUTES);
  const last = Math.ceil(end / FIVE_MINUTES) * FIVE_MINUTES;
  const isThere = ([at, , where]) => first <= at && at < last && (place === where || place === -1);
  const made = counts.filter(isThere).reduce((sum, [, each]) => sum + each, 0);
  return made ? say("units_from_to", { units: counted("units", made), span: fromTo(scene, first, last) }) : "";
}
