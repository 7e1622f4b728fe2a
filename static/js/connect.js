// "Connect a camera": tells every two seconds what has arrived.
const POLL_MS = 2000;
const SLOW_POLL_MS = 15000; // a page left open for long asks less often
const SLOW_AFTER_MS = 15 * 60 * 1000;
const STALE_MS = 10000;

const live = document.getElementById("live");
const part = (name) => live.querySelector(`[data-live="${name}"]`);
const opened = Date.now();
let answered = Date.now();

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function link(url, text) {
  return element("a", text, { href: url });
}

// Changes only what is different, so that a reader of the page is not told the same again.
function say(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

function fill(list, items) {
  const made = document.createElement("ul");
  made.append(...items);
  if (made.innerHTML !== list.innerHTML) list.replaceChildren(...made.childNodes);
}

function refusal(row) {
  const item = document.createElement("li");
  const subject = row.subject === null ? "" : ` ${row.subject}`;
  item.append(element("strong", `refused: ${row.code}${subject}`), ` ×${row.count.toLocaleString("en")} `);
  if (row.mend) item.append(link(row.mend.url, row.mend.text), " · ");
  item.append(link(row.url, "as sent"), element("span", row.detail, { class: "own-soft own-under" }));
  return item;
}

function hint(row) {
  const item = element("li", row.text);
  if (row.url) item.append(" ", link(row.url, "Open the camera"));
  return item;
}

function newest(news) {
  if (news.newest) {
    const { timestamp, worker_id, workstation_id, event_type, camera_id } = news.newest;
    const moment = timestamp.slice(0, 19).replace("T", " ");
    return `Newest: ${worker_id} ${event_type.replaceAll("_", " ")} at ${workstation_id}, seen by ${camera_id}, ${moment} UTC`;
  }
  if (news.refused.length) return "It arrives, and is refused: put right what stands below; what is kept can be tried again.";
  if (news.last_seen_at === null) return "Nothing has come yet. This page looks every two seconds.";
  return `Nothing since this page was opened. Last heard ${news.last_seen_at.slice(0, 19).replace("T", " ")} UTC.`;
}

function show(news) {
  const refused = news.refused.reduce((sum, row) => sum + row.count, 0);
  const words = [];
  if (news.accepted) words.push(`accepted ${news.accepted.toLocaleString("en")}`);
  if (refused) words.push(`refused ${refused.toLocaleString("en")}`);
  const verdict = part("verdict");
  say(verdict, words.join(", ") || "waiting");
  verdict.parentElement.dataset.state = refused ? "refused" : news.accepted ? "accepted" : "waiting";
  say(part("newest"), newest(news));
  fill(part("refused"), news.refused.map(refusal));
  fill(part("hints"), news.hints.map(hint));
}

function tellAge(problem) {
  const stale = part("stale");
  stale.hidden = !problem;
  if (problem) say(stale, problem);
}

async function ask() {
  const answer = await fetch(live.dataset.url, { headers: { Accept: "application/json" } });
  if (answer.status === 401) return "You are logged out: log in again and open this page anew.";
  if (!answer.ok) throw new Error(answer.statusText);
  show(await answer.json());
  answered = Date.now();
  return "";
}

async function poll() {
  let problem = "";
  if (!document.hidden) {
    try {
      problem = await ask();
    } catch {
      problem = Date.now() - answered > STALE_MS ? "The server does not answer; trying again." : "";
    }
    tellAge(problem);
  }
  setTimeout(poll, Date.now() - opened > SLOW_AFTER_MS ? SLOW_POLL_MS : POLL_MS);
}

poll();
