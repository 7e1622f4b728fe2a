// A wall screen: nobody touches it. It goes on by itself, says what keeps it from that, and stays as new as its server.

import { follow, page } from "../following.js";
import { renew } from "../renewing.js";
import { present } from "../shown/kiosk.js";
import { WallClock } from "../shown/wall_clock.js";
import { takeTurns } from "../turns.js";

const MINUTE = 60_000;

const wall = page.querySelector(".wall");
const clock = page.querySelector(".kiosk-clock");
const refused = document.getElementById("refused");
const turns = takeTurns(wall, document.getElementById("turn"));
let quiet = false; // nothing is scheduled now
let zone = null;
let ahead = 0; // of the page's own clock, which may be wrong

function presentAt(answer, links, elapsed) {
  quiet = !["shift", "always"].includes(answer.schedule.state);
  zone = answer.time_zone;
  ahead = Date.parse(answer.as_of) + elapsed - performance.now();
  return present(answer, links, elapsed);
}

function onShow({ room, pages }) {
  page.hidden = false;
  refused.hidden = true;
  wall.dataset.room = room;
  turns.show(Number(pages));
}

function onRefused() {
  page.hidden = true;
  refused.hidden = false;
}

function tick() {
  if (!zone) return;
  const now = ahead + performance.now();
  const { parts } = new WallClock(now, zone);
  const { hour, minute } = parts(now - (now % MINUTE));
  clock.textContent = `${hour}:${minute}`;
}

follow(presentAt, { onShow, onRefused, ever: true });
setInterval(tick, 1_000);
renew(page.dataset.release, () => quiet);
