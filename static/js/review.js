// The review queue by keyboard and touch. The next card waits in the page, picture and all: an answer shows it at
// once and is sent behind it, one after the other. Beneath are plain forms.
const page = document.querySelector("[data-review]");
const stage = page.querySelector("[data-stage]");
const told = page.querySelector("[data-told]");
const TYPES = { w: "working", i: "idle", a: "absent", p: "product_count" };

let sending = Promise.resolve(); // answers go in the order in which they were given
const underWay = new Set(); // items answered here, of which the server does not know yet: they must not come again

const card = () => stage.querySelector("[data-card]:not([hidden])");
const find = (id) => stage.querySelector(`[data-card="${id}"]`);
const panel = (within) => within.querySelector("[data-panel]");

function say(text) {
  told.textContent = text;
  told.hidden = !text;
}

/** Makes a card that has just come into the page ready: its panel closed, its picture watched. */
function prepare(added) {
  panel(added).hidden = true;
  added.querySelector("[data-back]").hidden = false;
  const picture = added.querySelector("[data-picture]");
  const lose = () => {
    picture.hidden = true;
    added.querySelector("[data-lost]").hidden = false;
  };
  picture?.addEventListener("error", lose);
  if (picture?.complete && !picture.naturalWidth) lose(); // before this script ran
  const units = added.querySelector("[data-units]");
  const show = () => { units.hidden = added.querySelector('[name="event_type"]:checked')?.value !== "product_count"; };
  added.addEventListener("change", show);
  show();
}

function show(next) {
  for (const each of stage.querySelectorAll("[data-card]")) each.hidden = each !== next;
  page.querySelector("[data-empty]").hidden = Boolean(next);
}

function open(isOpen) {
  const shown = card();
  if (!shown) return;
  panel(shown).hidden = !isOpen;
  const wrong = shown.querySelector("[data-wrong]");
  wrong.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) {
    panel(shown).querySelector('[name="event_type"]:checked')?.focus({ preventScroll: true });
    panel(shown).scrollIntoView({ block: "nearest" });
  } else wrong.focus({ preventScroll: true });
}

async function send(form) {
  const response = await fetch(location.href, { method: "POST", body: form, headers: { Accept: "application/json" } });
  if (response.redirected || response.status === 403) throw new Error("Your log-in has ended: load the page anew.");
  if (!response.ok) throw new Error("The answer was not taken. Try again.");
  return response.json();
}

/** Takes over what the server says: cards that are not here yet, and how far it is. */
function take(state, { first = false }) {
  for (const { item, html } of state.cards) {
    if (find(item) || underWay.has(item)) continue;
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const added = holder.content.firstElementChild;
    added.hidden = true;
    stage.append(added);
    prepare(added);
  }
  page.querySelector("[data-done]").textContent = state.done;
  page.querySelector("[data-all]").textContent = state.all;
  const bar = page.querySelector("[data-progress]");
  bar.max = state.all || 1;
  bar.value = state.done;
  page.querySelector("[data-empty]").innerHTML = state.empty;
  if (first && state.cards.length) show(find(state.cards[0].item));
  else if (!card()) show(stage.querySelector("[data-card]"));
}

function answer(form, submitter) {
  const shown = form.closest("[data-card]");
  const body = new FormData(form, submitter);
  say("");
  const item = Number(shown.dataset.card);
  shown.remove();
  show(stage.querySelector("[data-card]"));
  underWay.add(item);
  queue(body, { item }, () => {
    stage.prepend(shown);
    show(shown);
  });
}

function undo() {
  const body = new FormData(page.querySelector("[data-undo]"));
  body.set("undo", "1");
  say("");
  queue(body, { first: true }, () => {});
}

function queue(body, how, onTrouble) {
  page.dataset.sending = "";
  sending = sending.then(async () => {
    try {
      const state = await send(body);
      underWay.delete(how.item);
      take(state, how);
      if (state.told) say(state.told);
    } catch (error) {
      underWay.delete(how.item);
      onTrouble();
      say(error instanceof TypeError ? "The server does not answer. Try again." : error.message);
    }
  }).finally(() => delete page.dataset.sending);
}

const KEYS = {
  1: () => press('[value="confirmed"]'),
  2: () => open(panel(card()).hidden),
  3: () => press('[value="unclear"]'),
  z: undo,
};
const PANEL_KEYS = {
  n: () => press("[data-nothing]"),
  Enter: () => press("[data-save]"),
  Escape: () => open(false),
};

function press(selector) {
  card()?.querySelector(selector).click();
}

function choose(type) {
  const choice = panel(card()).querySelector(`[value="${type}"]`);
  choice.checked = true;
  choice.focus();
  choice.dispatchEvent(new Event("change", { bubbles: true }));
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const isTyping = event.target.matches("select, input:not([type=radio]), textarea");
  const isOpen = card() && !panel(card()).hidden;
  let act = null;
  if (isOpen) act = PANEL_KEYS[event.key] ?? (TYPES[event.key] && (() => choose(TYPES[event.key])));
  if (isTyping && event.key.length === 1) act = null; // a letter in a field belongs to the field
  else act ??= card() || event.key === "z" ? KEYS[event.key] : null;
  if (!act || (event.key === "Enter" && event.target.matches("button, a"))) return;
  event.preventDefault();
  if (!event.repeat) act();
}

document.addEventListener("keydown", onKey);
page.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-undo]")) { event.preventDefault(); undo(); }
  if (form.matches("[data-form]")) { event.preventDefault(); answer(form, event.submitter); }
});
page.addEventListener("click", (event) => {
  if (event.target.closest("[data-wrong]")) open(panel(card()).hidden);
  if (event.target.closest("[data-back]")) open(false);
});
page.querySelector("[data-site]")?.addEventListener("change", (event) => event.target.form.submit());
for (const each of stage.querySelectorAll("[data-card]")) prepare(each);
