// One workstation.

import { startCharts } from "../charts.js";
import { follow } from "../following.js";
import { present } from "../shown/workstation.js";

follow(present);
startCharts();
