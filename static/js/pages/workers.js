// The list of workers.

import { follow } from "../following.js";
import { present } from "../shown/workers.js";

follow(present);
