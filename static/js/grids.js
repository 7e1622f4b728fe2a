// A table of links that is one stop for the Tab key: the arrow keys go from cell to cell.

/** From now on; `refresh()` after cells were added or taken away. */
export function makeGrid(table) {
  const linksOf = (row) => [...row.querySelectorAll("td a[href]")];
  const rows = () => Array.from(table.tBodies[0].rows, linksOf).filter((links) => links.length);

  function refresh() {
    const cells = rows().flat();
    const stop = cells.find((cell) => cell.tabIndex === 0 && cell.dataset.stop === "true") ?? cells[0];
    for (const cell of cells) setStop(cell, cell === stop);
  }

  function go(from, to) {
    if (!to) return;
    setStop(from, false);
    setStop(to, true);
    to.focus();
  }

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td a[href]");
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = rows();
    const row = all.find((each) => each.includes(cell));
    const [x, y] = [row.indexOf(cell), all.indexOf(row)];
    const above = (by) => all[y + by]?.toSorted((a, b) => distance(a, cell) - distance(b, cell))[0];
    const to = {
      ArrowLeft: row[x - 1], ArrowRight: row[x + 1], Home: row[0], End: row.at(-1),
      ArrowUp: above(-1), ArrowDown: above(1),
    };
    if (!(event.key in to)) return;
    event.preventDefault();
    go(cell, to[event.key]);
  });
  refresh();
  return refresh;
}

function distance(a, b) {
  return Math.abs(a.closest("td").cellIndex - b.closest("td").cellIndex);
}

function setStop(cell, isStop) {
  cell.tabIndex = isStop ? 0 : -1;
  cell.dataset.stop = isStop;
}
