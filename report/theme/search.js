// Search over the static index, loaded when first needed, from any .search-button. Texts are set as text, never as markup.
(function () {
  const dialog = document.createElement("dialog");
  dialog.className = "search";
  dialog.setAttribute("aria-label", "Search");
  dialog.innerHTML = `<div class="search-field"><input type="search" placeholder="Search the report" aria-label="Search the report"
    autocomplete="off" spellcheck="false" role="combobox" aria-expanded="true" aria-controls="search-results" aria-autocomplete="list">
    <button type="button" class="search-close">Close</button></div>
    <ul id="search-results" role="listbox" aria-label="Results"></ul><p class="search-status" role="status"></p>`;
  document.body.append(dialog);
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  const status = dialog.querySelector(".search-status");
  const root = document.body.dataset.root || "";
  const MOST = 20;
  let index = null;

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function load() {
    if (index || load.started) return;
    load.started = true;
    const script = document.createElement("script");
    script.src = root + "theme/search_index.js";
    script.onload = () => {
      index = window.searchIndex.map(([href, page, title, text]) => (
        { href, page, title, text, low: [plain(page), plain(title), plain(text)] }));
      search();
    };
    script.onerror = () => { status.textContent = "The search index is missing."; };
    document.head.append(script);
  }

  function score(record, words) {
    let total = 0;
    for (const word of words) {
      const hit = [6, 4, 1].map((weight, n) => {
        const at = record.low[n].indexOf(word);
        if (at < 0) return 0;
        return weight * (at === 0 || !/[\p{L}\p{N}]/u.test(record.low[n][at - 1]) ? 2 : 1);
      });
      const best = Math.max(...hit);
      if (!best) return 0;
      total += best;
    }
    return total;
  }

  function snippet(record, words) {
    const at = Math.max(0, Math.min(...words.map((word) => record.low[2].indexOf(word)).filter((n) => n >= 0).concat(1e9)));
    if (at === 1e9) return record.text.slice(0, 140);
    const from = Math.max(0, at - 50);
    return (from ? "… " : "") + record.text.slice(from, from + 160) + (record.text.length > from + 160 ? " …" : "");
  }

  function marked(element, text, words) {
    const low = plain(text).length === text.length ? plain(text) : text.toLowerCase();
    let place = 0;
    while (place < text.length) {
      const next = words.map((word) => [low.indexOf(word, place), word]).filter(([at]) => at >= 0).sort((a, b) => a[0] - b[0])[0];
      if (!next) break;
      element.append(text.slice(place, next[0]));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(next[0], next[0] + next[1].length);
      element.append(mark);
      place = next[0] + next[1].length;
    }
    element.append(text.slice(place));
    return element;
  }

  function choose(n) {
    const items = Array.from(list.children);
    items.forEach((item, m) => item.setAttribute("aria-selected", String(m === n)));
    if (items[n]) { input.setAttribute("aria-activedescendant", items[n].id); items[n].scrollIntoView({ block: "nearest" }); }
    else input.removeAttribute("aria-activedescendant");
  }
  const chosen = () => Array.from(list.children).findIndex((item) => item.getAttribute("aria-selected") === "true");

  function search() {
    list.replaceChildren();
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    if (!index) { status.textContent = "Loading the index …"; return; }
    if (!words.length) { status.textContent = ""; return; }
    const found = index.map((record) => [score(record, words), record]).filter(([n]) => n).sort((a, b) => b[0] - a[0]);
    found.slice(0, MOST).forEach(([, record], n) => {
      const item = document.createElement("li");
      item.id = "search-result-" + n;
      item.setAttribute("role", "option");
      const link = document.createElement("a");
      link.href = root + record.href;
      link.tabIndex = -1;
      const title = document.createElement("strong");
      link.append(marked(title, record.title === record.page || !record.title ? record.page : record.page + " › " + record.title, words));
      const text = document.createElement("span");
      link.append(marked(text, snippet(record, words), words));
      link.addEventListener("click", () => dialog.close());
      item.append(link);
      list.append(item);
    });
    status.textContent = found.length ? found.length + (found.length === 1 ? " result" : " results") : "No results.";
    choose(found.length ? 0 : -1);
  }

  function open() { load(); dialog.showModal(); input.select(); search(); }
  document.addEventListener("click", (event) => { if (event.target.closest(".search-button")) open(); });
  dialog.querySelector(".search-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  input.addEventListener("input", search);
  input.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      choose((chosen() + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (event.key === "Enter" && list.children[chosen()]) {
      event.preventDefault();
      list.children[chosen()].querySelector("a").click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      dialog.close();
    }
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !dialog.open && !event.ctrlKey && !event.metaKey) { event.preventDefault(); open(); }
  });
})();
