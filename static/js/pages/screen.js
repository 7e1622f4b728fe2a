// Connects a wall screen. Its key stands behind the # of the link, which browsers send to nobody; from here it goes to
// the server once, in the body of a form, and comes back as a cookie that no script reads.

const AGAIN_AFTER = 10_000;
const PATIENCE = 8_000;

const form = document.getElementById("connect");
const waiting = document.getElementById("waiting");
const key = decodeURIComponent(location.hash.slice(1));

if (location.hash) history.replaceState(null, "", location.pathname + location.search);
if (key) connect();
else if (form.dataset.floor) location.replace(form.dataset.floor);

/** Until the server has answered: a screen starts by itself, maybe sooner than the network or the server. */
async function connect() {
  form.elements.key.value = key;
  const answer = await ask();
  if (answer?.ok && answer.redirected) return location.replace(answer.url);
  if (answer && answer.status < 500) return form.submit(); // what is wrong stands on the page that comes
  waiting.hidden = false;
  setTimeout(connect, AGAIN_AFTER);
}

async function ask() {
  const body = new FormData(form);
  return fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) }).catch(() => null);
}
