// Tables that the reader sorts by clicking a heading. The order stays until the next click, whatever the figures do.

/** `records()` gives the newest records of the table, `keyOf(record)` the key of a record's row. */
export function makeSortable(table, records, keyOf) {
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
    const body = table.tBodies[0];
    const rows = new Map(Array.from(body.children, (row) => [row.dataset.key, row]));
    const sorted = records().toSorted((a, b) => compare(a[field], b[field], sign) || compare(keyOf(a), keyOf(b), 1));
    body.append(...sorted.map((record) => rows.get(keyOf(record))).filter(Boolean));
    for (const other of table.querySelectorAll("th[aria-sort]")) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  }
}

/** What is missing comes last, whichever way. */
function compare(a, b, sign) {
  if (a == null || b == null) return (a == null) - (b == null);
  if (a === b) return 0;
  return a < b ? -sign : sign;
}
