// Looking for somebody in a long list, and turning its pages, in place. The address says what is shown, as it does
// without scripts; how the reader has sorted the list stays in memory.
//   data-finding              what stands around the field and the links
//   form[data-find]           the field
//   a[data-turn]              leads to another page of the list, or to all of it

import { partIn } from "./shown/part.js";

export class Finding {
  constructor(page) {
    this.order = null;
    this.field = page.querySelector("form[data-find]").elements.find;
    this.arrange = (keys) => { this.order = keys; this.#go({ page: "" }); };
    this.field.form.addEventListener("submit", (event) => this.#look(event));
    this.field.addEventListener("input", (event) => this.#look(event));
    page.addEventListener("click", (event) => this.#turn(event));
  }

  /** `show()` shows what `part` says; it answers whether it could. */
  start(show) {
    this.show = show;
  }

  get part() {
    return { ...partIn(location.href), order: this.order };
  }

  #go(parameters) {
    const url = new URL(location);
    url.hash = "";
    for (const [name, value] of Object.entries(parameters)) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    history.replaceState(null, "", url);
    return this.show();
  }

  /** Sending the form is left to the browser where there is nothing yet to look in. */
  #look(event) {
    if (this.#go({ find: this.field.value.trim(), page: "" })) event.preventDefault();
  }

  #turn(event) {
    const link = event.target.closest("a[data-turn][href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return; // into another tab
    const wanted = new URL(link.href).searchParams;
    if (!this.#go({ find: wanted.get("find"), page: wanted.get("page") })) return;
    event.preventDefault();
    this.field.value = wanted.get("find") ?? "";
    this.#stay(link);
  }

  /** Where the list begins; the focus does not go with a link that leads nowhere now. */
  #stay(link) {
    const top = document.getElementById("list");
    if (top.getBoundingClientRect().top < 0) top.scrollIntoView();
    const near = link.hasAttribute("href") ? link : link.parentElement.querySelector("a[href]") ?? this.field;
    near.focus({ preventScroll: true });
  }
}
