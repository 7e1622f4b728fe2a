// Keeps a page that nobody touches as new as its server: looks at its own address now and then, and loads it anew when
// another release answers; and once a day at a quiet moment, since a screen is on for months.

const HOUR = 3_600_000;
const LOOK_EVERY = 5 * 60_000;
const OLD = 20 * HOUR; // then at the next quiet moment
const TOO_OLD = 28 * HOUR; // then at any
const PATIENCE = 8_000;

export function renew(release, isQuiet) {
  async function look() {
    const answering = await releaseOf(location.href);
    if (!answering) return; // the server is away: a page that is there is better than an error
    const age = performance.now();
    if (answering !== release || age > TOO_OLD || (age > OLD && isQuiet())) location.reload();
  }

  setInterval(look, LOOK_EVERY);
}

/** Which release answers with this page; null where it does not. */
async function releaseOf(url) {
  try {
    const answer = await fetch(url, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) return null;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    return found.querySelector("[data-release]")?.dataset.release ?? null;
  } catch {
    return null;
  }
}
