// Shows the rows of a list page by page, in turns, where not all have room at once. data-page="2" on a row is its page.

import { turn } from "./shown/kiosk.js";

const EACH = 12_000; // long enough to find one's own workstation
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** `sign` says which page is shown. The list is told by `show(pages)` when its rows or their pages have changed. */
export function takeTurns(list, sign) {
  let pages = 1, shown = 1;

  function show(number) {
    pages = number;
    shown = Math.min(shown, pages);
    for (const row of list.children) row.hidden = row.dataset.page !== String(shown);
    sign.textContent = turn(shown, pages);
  }

  function next() {
    if (pages < 2) return;
    shown = (shown % pages) + 1;
    show(pages);
    if (!calm.matches) list.animate([{ opacity: 0.4 }, { opacity: 1 }], 300);
  }

  setInterval(next, EACH);
  return { show };
}
