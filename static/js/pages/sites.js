// The user's sites beside each other.

import { follow } from "../following.js";
import { present } from "../shown/sites.js";

const EVERY = 15_000; // each site costs an overview

follow(present, { every: EVERY });
