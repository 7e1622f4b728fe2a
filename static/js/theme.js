// Light or dark: as chosen here before, else as the system says. Runs before the first paint, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;
  try {
    chosen = localStorage.getItem("theme");
  } catch {
    // Storage is closed: the choice lasts as long as the page.
  }

  function apply() {
    root.dataset.theme = chosen ?? (system.matches ? "dark" : "light");
    document.getElementById("theme")?.setAttribute("aria-pressed", root.dataset.theme === "dark");
    document.dispatchEvent(new Event("themechange"));
  }

  function toggle() {
    chosen = root.dataset.theme === "dark" ? "light" : "dark";
    apply();
    try {
      localStorage.setItem("theme", chosen);
    } catch {
      // As above.
    }
  }

  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", toggle);
    apply();
  });
})();
