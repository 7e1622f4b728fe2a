// One worker.

import { startCharts } from "../charts.js";
import { follow, page } from "../following.js";
import { present } from "../shown/worker.js";
import { startStrips } from "../strips.js";

follow(present);
startStrips(page.dataset);
startCharts();
