// Utilization and units over time, by Chart.js. Both have the same marks on their x-axis and an equally wide y-axis.

import { bindList } from "./binding.js";
import { poll } from "./polling.js";
import { presentSeries } from "./shown/rows.js";
import { WallClock } from "./shown/wall_clock.js";
import { say } from "./shown/wording.js";

const EVERY = 30_000;

const AXIS_WIDTH = 52;
const SHORTEST_DAY = 23 * 3_600_000;
const LABEL_WIDTH = 72;
const MARK = 6; // pixels by which a shift's mark stands above the plot, beside its name
const STEPS = [5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440]; // minutes between labels that a reader finds round
const root = document.documentElement;

/** Draws what the page came with, once the page itself is painted, and then polls. */
export async function startCharts() {
  const panel = document.querySelector("[data-series-url]");
  const numbers = panel.querySelector('[data-list="buckets"]');
  let series = JSON.parse(document.getElementById("series").textContent);
  let charts = null;
  poll(panel.dataset.seriesUrl, {
    every: EVERY,
    after: EVERY, // the page came with the first
    onAnswer: (answer) => {
      series = answer;
      charts?.update(series);
      bindList(numbers, presentSeries(series));
    },
  });
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  await Promise.all([load(panel.dataset.chartUrl), document.fonts.ready]);
  charts = new Charts(series);
}

/** Chart.js is most of a page's weight, and no page waits for it. */
function load(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

/** Charts of a series' buckets; `update(series)` draws the next answer in place. */
class Charts {
  constructor(series) {
    this.series = series;
    this.colours = {};
    this.utilization = this.#chart("utilization", "line", [
      { label: say("chart_low"), field: "utilization_low_pct", pointRadius: 0, borderWidth: 0 },
      { label: say("chart_high"), field: "utilization_high_pct", pointRadius: 0, borderWidth: 0, fill: "-1" },
      { label: say("chart_utilization"), field: "utilization_pct", borderWidth: 2 },
    ], { min: 0, max: 100, ticks: { stepSize: 50, callback: (value) => say("percent", { value }) } });
    this.units = this.#chart("units", "bar", [{ label: say("chart_units"), field: "units", maxBarThickness: 48 }],
      { beginAtZero: true, suggestedMax: 4, ticks: { maxTicksLimit: 4, precision: 0 } });
    this.update(series);
    document.addEventListener("themechange", () => this.#paint());
  }

  update(series) {
    this.series = series;
    this.marks = marksOf(series);
    for (const chart of this.#all()) {
      chart.data.labels = this.marks.map(({ label }) => label);
      for (const set of chart.data.datasets) set.data = series.results.map((bucket) => shown(bucket, set.field));
    }
    this.#paint();
  }

  #isLabelled(index, width) {
    const { marks } = this;
    const room = Math.max(2, Math.floor(width / LABEL_WIDTH));
    const length = marks.length > 1 ? (marks[1].minute - marks[0].minute + 1440) % 1440 : 0;
    const step = STEPS.find((minutes) => minutes >= length && (marks.length * length) / minutes <= room);
    if (step && length) return marks[index].minute % step === 0;
    return index % Math.ceil(marks.length / room) === 0; // whole days
  }

  #all() {
    return [this.utilization, this.units];
  }

  #chart(name, type, datasets, y) {
    const canvas = document.querySelector(`[data-chart="${name}"] canvas`);
    return new Chart(canvas, {
      type,
      data: { labels: [], datasets: datasets.map((set) => ({ ...set, data: [] })) },
      options: options(y, (index, width) => this.#isLabelled(index, width)),
      plugins: [{ id: "schedule", beforeDatasetsDraw: (chart) => drawSchedule(chart, this.series, this.colours) }],
    });
  }

  #paint() {
    const style = getComputedStyle(root);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const [low, high, line] = this.utilization.data.datasets;
    const [bars] = this.units.data.datasets;
    low.borderColor = high.borderColor = "transparent";
    high.backgroundColor = colour("band");
    line.borderColor = line.backgroundColor = colour("working");
    line.pointRadius = this.series.results.map((_, index) => (isAlone(this.series.results, index) ? 2 : 0));
    bars.backgroundColor = this.series.results.map((bucket) =>
      colour(Date.parse(bucket.end) > Date.parse(this.series.as_of) ? "units-soft" : "units"));
    this.colours = { shade: colour("shade"), line: colour("line-strong"), ink: colour("ink-soft") };
    for (const chart of this.#all()) {
      for (const scale of Object.values(chart.options.scales)) {
        scale.ticks.color = colour("ink-soft");
        scale.grid.color = colour("line");
      }
      chart.update("none");
    }
  }
}

function options(y, isLabelled) {
  const style = getComputedStyle(document.body);
  const rem = fontScale();
  const font = { family: style.fontFamily, size: 12 * rem };
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    layout: { autoPadding: false, padding: { top: 18 * rem, right: 4 } },
    spanGaps: false,
    locale: "en",
    interaction: { mode: "index", intersect: false },
    events: ["mousemove", "mouseout", "touchstart", "touchmove"],
    elements: { point: { hoverRadius: 4 } },
    plugins: {
      colors: { enabled: false },
      legend: { display: false },
      tooltip: {
        displayColors: false, titleFont: font, bodyFont: font,
        callbacks: { label: ({ dataset, formattedValue }) => `${dataset.label} ${formattedValue}` },
      },
    },
    scales: {
      x: { type: "category", offset: true, grid: { display: false }, ticks: {
        font, maxRotation: 0, autoSkip: false,
        callback(value, index) { return isLabelled(index, this.chart.width / fontScale()) ? this.getLabelForValue(value) : null; },
      } },
      y: {
        ...y, border: { display: false }, grid: {}, ticks: { font, ...y.ticks },
        afterFit: (axis) => { axis.width = AXIS_WIDTH * rem; },
      },
    },
  };
}

/** How much larger than usual the page's type is, on a screen over the line. */
function fontScale() {
  return parseFloat(getComputedStyle(root).fontSize) / 16;
}

/** The buckets' labels, and their minutes of the local day. */
function marksOf(series) {
  const clock = new WallClock(series.as_of, series.time_zone);
  return series.results.map(({ start }) => {
    const { hour, minute } = clock.parts(start);
    return { minute: 60 * hour + Number(minute), label: clock.isMidnight(start) ? clock.day(start) : clock.time(start) };
  });
}

/** Where nobody was seen, the truth may lie anywhere: that is left out, not drawn as a band from 0 to 100. */
function shown(bucket, field) {
  return field !== "units" && bucket.utilization_pct == null ? null : bucket[field];
}

/** A value between two gaps has no line to lie on: it gets a point. */
function isAlone(buckets, index) {
  const isGap = (bucket) => bucket?.utilization_pct == null;
  return isGap(buckets[index - 1]) && isGap(buckets[index + 1]);
}

/** Shades where nothing is scheduled, and marks where shifts begin. */
function drawSchedule(chart, { results, shifts }, colours) {
  chart.ctx.save();
  shadeUnscheduled(chart, results, colours);
  for (const shift of shifts) markShift(chart, results, shift, colours);
  chart.ctx.restore();
}

function shadeUnscheduled({ ctx, chartArea, scales }, buckets, { shade }) {
  const step = chartArea.width / buckets.length;
  const left = (index) => scales.x.getPixelForValue(0) + (index - 0.5) * step;
  ctx.fillStyle = shade;
  for (let start = 0, end; start < buckets.length; start = end + 1) {
    for (end = start; end < buckets.length && !buckets[end].is_scheduled; end += 1);
    ctx.fillRect(left(start), chartArea.top, (end - start) * step, chartArea.height);
  }
}

/** A thin line at its start, and its name beside it where there is room; in steps of days there is none. */
function markShift({ ctx, chartArea }, buckets, { name, start, end }, { line, ink }) {
  const [first, length] = [Date.parse(buckets[0].start), Date.parse(buckets[0].end) - Date.parse(buckets[0].start)];
  if (length >= SHORTEST_DAY) return;
  const place = (instant) => chartArea.left + ((Date.parse(instant) - first) / length / buckets.length) * chartArea.width;
  const [from, until] = [Math.max(place(start), chartArea.left), Math.min(place(end), chartArea.right)];
  ctx.fillStyle = line;
  ctx.globalAlpha = 0.6;
  if (place(start) >= chartArea.left - 1) ctx.fillRect(Math.round(place(start)), chartArea.top - MARK, 1, chartArea.height + MARK);
  ctx.globalAlpha = 1;
  const size = 11 * fontScale();
  ctx.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
  ctx.fillStyle = ink;
  if (ctx.measureText(name).width + 8 < until - from) ctx.fillText(name, from + 4, chartArea.top - 4);
}
