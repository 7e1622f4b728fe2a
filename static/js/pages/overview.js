// The overview page.

import { startCharts } from "../charts.js";
import { follow } from "../following.js";
import { present } from "../shown/overview.js";

follow(present);
startCharts();
