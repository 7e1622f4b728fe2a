// The list of workstations.

import { follow } from "../following.js";
import { present } from "../shown/workstations.js";

follow(present);
