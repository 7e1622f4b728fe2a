// Tables that the reader sorts by clicking a heading. The order stays until the next click, whatever the figures do.

/**
 * `records()` gives the newest records of the table, each with the `key` of its row; `arrange(keys)` puts rows into
 * their order, where it is not enough to move those that are there.
 */
export function makeSortable(table, records, arrange = (keys) => moveRows(table.tBodies[0], keys)) {
  for (const heading of table.querySelectorAll("th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sortBy(heading));
    heading.append(button);
  }

  function sortBy(heading) {
    const descending = heading.getAttribute("aria-sort") === "ascending";
    const sign = descending ? -1 : 1;
    const field = heading.dataset.sort;
    const sorted = records().toSorted((a, b) => compare(a[field], b[field], sign) || compare(a.key, b.key, 1));
    arrange(sorted.map(({ key }) => key));
    for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  }
}

function moveRows(body, keys) {
  const rows = new Map(Array.from(body.children, (row) => [row.dataset.key, row]));
  body.append(...keys.map((key) => rows.get(key)).filter(Boolean));
}

/** What is missing comes last, whichever way; W2 before W10. */
function compare(a, b, sign) {
  if (a == null || b == null) return (a == null) - (b == null);
  if (typeof a === "string") return sign * a.localeCompare(b, "en", { numeric: true });
  return sign * (a - b);
}
