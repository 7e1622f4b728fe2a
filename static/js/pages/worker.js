// One worker.

import { startCharts } from "../charts.js";
import { follow } from "../following.js";
import { present } from "../shown/worker.js";

follow(present);
startCharts();
