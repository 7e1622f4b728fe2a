// The live floor: tiles keep their places until the reader sorts them again; filters change the address.

import { follow, page } from "../following.js";
import { present } from "../shown/floor.js";

const tiles = page.querySelector('[data-list="tiles"]');
const filters = page.querySelectorAll("a[data-filter]");
const again = document.getElementById("sort-again-line");
const none = document.getElementById("none-alike");
let order = [];
let noneFound = "";
let address = location.search;

function onShow(view) {
  order = view.tiles.map(({ key }) => key);
  noneFound = view.part.none;
  if (address !== location.search) sortAgain(); // the reader looks at others
  address = location.search;
  const stands = Array.from(tiles.children, (tile) => tile.dataset.key);
  again.classList.toggle("unasked", stands.every((key, place) => key === order[place]));
  tellNone();
}

function sortAgain() {
  const found = new Map(Array.from(tiles.children, (tile) => [tile.dataset.key, tile]));
  tiles.append(...order.map((key) => found.get(key)).filter(Boolean));
  again.classList.add("unasked");
}

function tellNone() {
  none.hidden = Boolean(noneFound) || Array.from(tiles.children).some((tile) => tile.checkVisibility());
}

function choose(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return; // into another tab
  event.preventDefault();
  for (const link of filters) link.toggleAttribute("aria-current", false);
  event.currentTarget.setAttribute("aria-current", "true");
  tiles.dataset.filter = event.currentTarget.dataset.filter;
  writeAddress(event.currentTarget.href);
  show();
  sortAgain();
  tellNone();
}

/** What is looked for by now stays. */
function writeAddress(href) {
  const url = new URL(href);
  const find = new URL(location).searchParams.get("find");
  url.searchParams.delete("find");
  if (find) url.searchParams.set("find", find);
  history.replaceState(null, "", url);
}

for (const link of filters) link.addEventListener("click", choose);
document.getElementById("sort-again").addEventListener("click", sortAgain);
const show = follow(present, { onShow });
