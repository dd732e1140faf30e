// The preview's frame: theme button, menu of narrow screens, tabs.
(function () {
  const root = document.documentElement;
  const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));

  const themeButton = document.querySelector(".theme-button");
  function show(theme, remember) {
    root.dataset.theme = theme;
    themeButton.setAttribute("aria-pressed", String(theme === "dark"));
    if (remember) { try { localStorage.setItem("report-theme", theme); } catch (_) { /* kept for this page only */ } }
  }
  show(root.dataset.theme, false);
  themeButton.addEventListener("click", () => show(root.dataset.theme === "dark" ? "light" : "dark", true));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
    let chosen = null;
    try { chosen = localStorage.getItem("report-theme"); } catch (_) { /* follow the system */ }
    if (!chosen) show(event.matches ? "dark" : "light", false);
  });

  const menuButton = document.querySelector(".menu-button");
  function menu(open) {
    document.body.classList.toggle("menu-open", open);
    menuButton.setAttribute("aria-expanded", String(open));
  }
  menuButton.addEventListener("click", () => menu(menuButton.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("menu-open")) { menu(false); menuButton.focus(); }
  });
  document.querySelector("main").addEventListener("click", () => menu(false));

  all(".tabs").forEach((tabs) => {
    const buttons = all(":scope > .tablist > [role=tab]", tabs);
    function select(chosen, focus) {
      buttons.forEach((button) => {
        const selected = button === chosen;
        button.setAttribute("aria-selected", String(selected));
        button.tabIndex = selected ? 0 : -1;
        document.getElementById(button.getAttribute("aria-controls")).classList.toggle("tab-closed", !selected);
      });
      if (focus) chosen.focus();
    }
    buttons.forEach((button, n) => {
      button.addEventListener("click", () => select(button, false));
      button.addEventListener("keydown", (event) => {
        const last = buttons.length - 1;
        const to = { ArrowRight: n === last ? 0 : n + 1, ArrowLeft: n === 0 ? last : n - 1, Home: 0, End: last }[event.key];
        if (to !== undefined) { event.preventDefault(); select(buttons[to], true); }
      });
    });
    if (buttons.length) select(buttons[0], false);
    function reveal() {
      const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      const panel = target && target.closest("[role=tabpanel]");
      if (panel && tabs.contains(panel)) { select(document.getElementById(panel.id + "-tab"), false); target.scrollIntoView(); }
    }
    addEventListener("hashchange", reveal);
    reveal();
  });
})();
