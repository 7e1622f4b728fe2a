// Asks one address again and again: with its ETag, not in hidden tabs, more slowly while there is trouble.

const PATIENCE = 8_000; // an answer that takes longer counts as none
const SLOWEST = 30_000;

/**
 * Calls `onAnswer(body)` for what is new, `onSame()` for 304, `onTrouble()` without an answer, and `onRefused()` when
 * the log-in has ended: once, since that is the end, or each time for whoever asks for `ever`. Asks first `after` some milliseconds, then `every` so many, and at once when the tab is
 * shown again.
 */
export function poll(url, { every, after = 0, ever = false, onAnswer, onSame = () => {}, onTrouble = () => {}, onRefused = () => {} }) {
  let etag = null, failures = 0, timer = null, isAsking = false, isOver = false;

  async function ask() {
    if (isAsking || isOver || document.hidden) return;
    isAsking = true;
    clearTimeout(timer);
    const tell = await answer();
    isAsking = false;
    if (!isOver) timer = setTimeout(ask, pause(every, failures));
    tell();
  }

  /** What is to be told of the answer. */
  async function answer() {
    try {
      const response = await fetch(url, request(etag));
      if (response.status === 401 || response.status === 403) {
        isOver = !ever;
        failures += 1;
        return onRefused;
      }
      const isSame = response.status === 304;
      if (!isSame && !response.ok) throw new Error(`${response.status} from ${url}`);
      const body = isSame ? null : await response.json();
      failures = 0;
      etag = response.headers.get("ETag") ?? etag;
      return isSame ? onSame : () => onAnswer(body);
    } catch {
      failures += 1;
      return onTrouble;
    }
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : ask()));
  timer = setTimeout(ask, after);
}

function request(etag) {
  return {
    headers: { Accept: "application/json", ...(etag ? { "If-None-Match": etag } : {}) },
    cache: "no-store",
    credentials: "same-origin",
    signal: AbortSignal.timeout(PATIENCE),
  };
}

/** 3, 6, 12, 24, 30 s …, each a little off, so that many pages don't come back at the same moment. */
function pause(every, failures) {
  if (!failures) return every;
  return Math.min(SLOWEST, every * 2 ** (failures - 1)) * (0.8 + 0.4 * Math.random());
}
