// Writes a view into the page, in place: text as text, attributes by name, rows by key.
//   data-text="name"              the element's text
//   data-set="attribute:name …"   its attributes; an empty value takes the attribute away
//   data-quiet                    changes all the time: does not fade

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** The view into every element below the root that names a part of it. */
export function bind(root, view) {
  for (const element of named(root, "data-text")) setText(element, view[element.dataset.text]);
  for (const element of named(root, "data-set")) setAttributes(element, view);
}

/** One child of the list per view: known keys stay where the reader has sorted them, or follow the views' order. */
export function bindList(list, views, { keepOrder = false } = {}) {
  const rows = new Map(Array.from(list.children, (row) => [row.dataset.key, row]));
  const wanted = new Set(views.map((view) => view.key));
  for (const [key, row] of rows) if (!wanted.has(key)) row.remove();
  views.forEach((view, index) => {
    const row = rows.get(view.key) ?? newRow(list, view.key);
    bind(row, view);
    if (!row.isConnected) list.append(row);
    if (!keepOrder && list.children[index] !== row) list.insertBefore(row, list.children[index]);
  });
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
  if (calm.matches || element.hasAttribute("data-quiet")) return;
  element.animate([{ opacity: 0.4 }, { opacity: 1 }], 300);
}

function setAttributes(element, view) {
  for (const pair of element.dataset.set.split(" ")) {
    const [attribute, name] = pair.split(":");
    const value = view[name];
    if (value === undefined || element.getAttribute(attribute) === value) continue;
    if (value === "") element.removeAttribute(attribute);
    else element.setAttribute(attribute, value);
  }
}
