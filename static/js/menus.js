// Menus and hints close by Escape; menus close by a click elsewhere too. All open without a script.
// On narrow screens rows of links scroll sideways: to the one that is shown.

const menus = () => document.querySelectorAll("details.menu[open]");
const root = document.documentElement;

document.addEventListener("click", ({ target }) => {
  for (const menu of menus()) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  root.classList.add("no-hints");
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A hint put away stays away until the reader goes to another place.
document.addEventListener("focusin", () => root.classList.remove("no-hints"));
for (const figure of document.querySelectorAll(".figure")) {
  figure.addEventListener("pointerenter", () => root.classList.remove("no-hints"));
}

for (const link of document.querySelectorAll(".places [aria-current], .filters [aria-current]")) {
  const row = link.closest("ul, nav");
  row.scrollLeft = link.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
}
