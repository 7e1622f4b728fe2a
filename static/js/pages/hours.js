// Hour × workstation: cells change in place; a new hour is a new column.

import { bindList } from "../binding.js";
import { follow, page } from "../following.js";
import { makeGrid } from "../grids.js";
import { present } from "../shown/hours.js";

const EVERY = 30_000;

const table = page.querySelector(".heat");
const refresh = makeGrid(table);

function onShow({ hours, rows }) {
  bindCells(table.tHead.rows[0], "hours", hours);
  const cells = new Map(rows.map((row) => [row.key, row.cells]));
  for (const row of table.tBodies[0].rows) bindCells(row, "cells", cells.get(row.dataset.key));
  refresh();
}

/** After the heading of the row, which is a cell too. */
function bindCells(row, template, views) {
  row.dataset.list = template;
  bindList(row, [{ key: "subject" }, ...views]);
}

const { measure } = table.dataset;
follow((answer, links, elapsed, part) => present(answer, links, elapsed, measure, part), { onShow, every: EVERY });
