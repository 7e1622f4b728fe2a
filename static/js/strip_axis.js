// Draws the axis of a timeline, and the lines through its strips: shifts' borders, and now.

const SVG = "http://www.w3.org/2000/svg";
const EDGE = 3; // percent from an edge within which a label would be cut off if it stood in the middle

/** What the view says of them, instead of what stands there. */
export function drawAxis(panel, { ticks, borders, now }) {
  const marks = borders.map(({ x }) => line(x, "strip-border"));
  if (now) marks.push(line(now, "strip-now"));
  panel.querySelector(".strip-lines").replaceChildren(...marks);
  panel.querySelector("[data-axis-marks]").replaceChildren(
    ...ticks.flatMap(({ x, label }) => [line(x, "strip-tick", "70%", "100%"), text(x, label, "strip-time")]),
    ...borders.filter(({ label }) => label).map(({ x, label }) => text(x, label, "strip-shift", "start")),
  );
}

function line(x, name, y1 = "0", y2 = "100%") {
  return element("line", { class: name, x1: x, x2: x, y1, y2 });
}

function text(x, label, name, anchor = anchorAt(parseFloat(x))) {
  const made = element("text", { class: name, x, y: name === "strip-shift" ? "28%" : "64%", "text-anchor": anchor });
  made.textContent = label;
  return made;
}

function anchorAt(percent) {
  if (percent < EDGE) return "start";
  return percent > 100 - EDGE ? "end" : "middle";
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}
