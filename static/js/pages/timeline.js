// The timeline of all workers.

import { follow, page } from "../following.js";
import { Strips } from "../strips.js";

const EVERY = 15_000; // a strip of a shift grows by less than a pixel in that time

const strips = new Strips(page.querySelector("[data-strips]"));
follow((...answered) => strips.show(...answered), { every: EVERY });
