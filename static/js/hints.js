// What a row's or a tile's figures rest on, told in one floating box: on hover, and on focus of anything in it.
// data-hint="…" on an element is what is told of it; Escape puts it away.

const AWAY = 8; // pixels between the box and what it speaks of
const WAIT = 300; // milliseconds: who passes over a table is not told about every row

const box = document.getElementById("hint");
const root = document.documentElement;
let told = null;
let away = null; // put away by Escape, until the pointer has been elsewhere
let timer = 0;

/** From now on. */
export function showHints() {
  if (!box) return;
  document.addEventListener("pointerover", ({ target }) => soon(hinted(target)));
  document.addEventListener("focusin", ({ target }) => (target.matches(":focus-visible") ? tell(hinted(target), target) : hide()));
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") { away = told; hide(); } });
  addEventListener("scroll", hide, { passive: true, capture: true });
}

function hinted(target) {
  return target.closest?.("[data-hint]") ?? (box.contains(target) ? told : null);
}

/** What has become of what is told. */
export function refreshHint() {
  if (told) box.textContent = told.dataset.hint;
}

/** A text of what lies at a place of the screen, at once: what has no element of its own. */
export function tellAt(text, about) {
  clearTimeout(timer);
  box.textContent = text;
  box.hidden = false;
  place(about);
}

/** What is told. */
export function putAway() {
  hide();
}

/** A pause, in which the pointer can also go over into the box. */
function soon(element) {
  clearTimeout(timer);
  if (element !== away) away = null;
  if (element === told || (element && element === away)) return;
  timer = setTimeout(() => tell(element), WAIT);
}

function tell(element, focused = null) {
  hide();
  if (!element) return;
  told = element;
  box.textContent = element.dataset.hint;
  focused?.setAttribute("aria-describedby", "hint");
  box.hidden = false;
  place(element.getBoundingClientRect());
}

function place(about) {
  box.style.left = "0"; // as wide as it needs, wherever it was
  const { offsetWidth: width, offsetHeight: height } = box;
  const { clientWidth, clientHeight } = root;
  const isRoomBelow = about.bottom + AWAY + height <= clientHeight;
  box.style.top = `${isRoomBelow ? about.bottom + AWAY : Math.max(0, about.top - AWAY - height)}px`;
  box.style.left = `${Math.max(AWAY, Math.min(about.left, clientWidth - width - AWAY))}px`;
}

function hide() {
  clearTimeout(timer);
  told = null;
  box.hidden = true;
  document.querySelector('[aria-describedby="hint"]')?.removeAttribute("aria-describedby");
}
