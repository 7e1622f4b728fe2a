// Writes a view into the page, in place: text as text, attributes by name, rows by key.
//   data-text="name"              the element's text
//   data-set="attribute:name …"   its attributes; an empty value takes the attribute away
//   data-quiet                    changes all the time: does not fade

const MOST_FADES = 40; // at a time: more is no hint but a flicker, and costs a slow machine its frames
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let fades = 0;
const parts = new WeakMap(); // what is written of an element: found once, since rows keep their shape

/** The view into every element below the root that names a part of it. */
export function bind(root, view) {
  const { texts, sets } = partsOf(root);
  for (const [element, name] of texts) setText(element, view[name]);
  for (const [element, pairs] of sets) setAttributes(element, pairs, view);
}

/**
 * One child of the list per view. Rows that are known stay where they stand where `keepOrder`, else follow the views'
 * order; of a list of at most `most` rows those that stand there stay, others come in while there is room.
 */
export function bindList(list, views, { keepOrder = false, most = Infinity } = {}) {
  const rows = new Map(Array.from(list.children, (row) => [row.dataset.key, row]));
  const wanted = new Set(views.map((view) => view.key));
  for (const [key, row] of rows) {
    if (wanted.has(key)) continue;
    row.remove();
    rows.delete(key);
  }
  let index = 0;
  for (const view of views) {
    if (!rows.has(view.key) && rows.size >= most) continue;
    const row = rows.get(view.key) ?? newRow(list, view.key);
    rows.set(view.key, row);
    bind(row, view);
    if (!row.isConnected) list.append(row);
    if (!keepOrder && list.children[index] !== row) list.insertBefore(row, list.children[index]);
    index += 1;
  }
}

function partsOf(root) {
  if (!parts.has(root)) {
    const pairs = (text) => text.split(" ").map((pair) => pair.split(":"));
    parts.set(root, {
      texts: named(root, "data-text").map((element) => [element, element.dataset.text]),
      sets: named(root, "data-set").map((element) => [element, pairs(element.dataset.set)]),
    });
  }
  return parts.get(root);
}

function named(root, attribute) {
  const inside = [...root.querySelectorAll(`[${attribute}]`)];
  return root.hasAttribute(attribute) ? [root, ...inside] : inside;
}

function newRow(list, key) {
  const template = document.querySelector(`template[data-template="${list.dataset.list}"]`);
  const row = template.content.firstElementChild.cloneNode(true);
  row.dataset.key = key;
  return row;
}

function setText(element, text) {
  if (text === undefined || element.textContent === text) return;
  element.textContent = text;
  if (calm.matches || fades >= MOST_FADES || element.hasAttribute("data-quiet")) return;
  if (!fades) requestAnimationFrame(() => { fades = 0; });
  fades += 1;
  element.animate([{ opacity: 0.4 }, { opacity: 1 }], 300);
}

function setAttributes(element, pairs, view) {
  for (const [attribute, name] of pairs) {
    const value = view[name];
    if (value === undefined || element.getAttribute(attribute) === value) continue;
    if (value === "") element.removeAttribute(attribute);
    else element.setAttribute(attribute, value);
  }
}
