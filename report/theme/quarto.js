// Quarto's frame: one choice of colours for all pages of the site, kept from disk too, and a button for the search.
(function () {
  const root = document.documentElement;
  const wanted = root.dataset.theme; // as scheme.js found it
  const present = () => (document.body.classList.contains("quarto-dark") ? "dark" : "light");

  let bound = false;
  function bind() {
    const toggle = window.quartoToggleColorScheme;
    if (bound || !toggle) return; // Quarto 1.6 has it only once the page is read
    bound = true;
    if (wanted !== present()) toggle();
    const share = () => { if (root.dataset.theme !== present()) root.dataset.theme = present(); };
    new MutationObserver(share).observe(document.body, { attributes: true, attributeFilter: ["class"] });
    share();
    window.quartoToggleColorScheme = () => {
      toggle();
      try { localStorage.setItem("report-theme", present()); } catch (_) { /* kept for this page only */ }
    };
  }

  function button(label) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "search-button";
    made.setAttribute("aria-haspopup", "dialog");
    made.setAttribute("aria-label", "Search");
    made.innerHTML = `<svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true"><circle cx="8.5" cy="8.5" r="5.5" fill="none"
      stroke="currentColor" stroke-width="2"/><path d="m13 13 5 5" stroke="currentColor" stroke-width="2" stroke-linecap="round"/></svg>`;
    if (label) made.insertAdjacentHTML("beforeend", "<span>Search</span><kbd>/</kbd>");
    return made;
  }

  function place() {
    const menu = document.querySelector("#quarto-sidebar .sidebar-menu-container");
    const bar = document.querySelector(".quarto-secondary-nav .container-fluid");
    if (menu) {
      const holder = document.createElement("div");
      holder.className = "quarto-search-place";
      holder.append(button(true));
      menu.before(holder);
    }
    if (bar) bar.append(button(false));
  }

  bind();
  addEventListener("DOMContentLoaded", () => { bind(); place(); }); // on the window: after Quarto's own, which stands on the document
})();
