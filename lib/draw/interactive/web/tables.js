// Tables that readers sort by a column and reduce to the rows that hold a word; of a long one the first rows show until a
// button is pressed. Without scripts, and in print, they stand as they were written: in print all rows show, in the order
// chosen last.
const FEWEST = 5, FILTERED = 8, FIRST = 25, LONGEST = 30;
const NUMBER = /^[<>≥≤±~]?\s*([−+-]?[\d,]*\.?\d+)/;

// What a cell is sorted by: its leading number, or its words; a dash, and nothing, come last.
function sortKey(cell) {
  const text = cell.textContent.trim();
  if (!text || text === "–") return null;
  const found = NUMBER.exec(text);
  return found ? Number(found[1].replace(/,/g, "").replace("−", "-")) : text.toLocaleLowerCase();
}

// All numbers make a column of numbers; one word in it makes a column of words.
function keysOf(rows, column) {
  const keys = rows.map((row) => sortKey(row.cells[column]));
  if (keys.every((key) => key === null || typeof key === "number")) return keys;
  return rows.map((row) => { const text = row.cells[column].textContent.trim().toLocaleLowerCase(); return text && text !== "–" ? text : null; });
}

class SortedTable {
  constructor(region, table, rows) {
    Object.assign(this, { region, table, rows, order: [...rows], column: -1, falling: false });
    [...table.tHead.rows[0].cells].forEach((head, column) => this.head(head, column));
    if (rows.length >= FILTERED) this.filter();
    this.status = make("p", { class: "table-status", role: "status" });
    region.before(...(this.box ? [make("div", { class: "piece table-tools" }, this.label, this.box, this.status)] : [make("div", { class: "piece piece-unseen" }, this.status)]));
    if (rows.length > LONGEST) this.more();
    if (this.box) this.count();
  }

  more() {
    this.open = false;
    this.button = make("button", { type: "button", class: "table-more", "aria-expanded": "false" });
    this.button.addEventListener("click", () => {
      this.open = !this.open;
      this.button.setAttribute("aria-expanded", String(this.open));
      this.region.classList.toggle("table-open", this.open);
      this.fold();
    });
    this.region.after(this.button);
  }

  // The rows that hold the word, in their present order, beyond the first ones.
  fold() {
    if (!this.button) return;
    const rows = this.order.filter((row) => !row.classList.contains("table-out"));
    rows.forEach((row, n) => row.classList.toggle("table-folded", !this.open && n >= FIRST));
    this.button.hidden = rows.length <= FIRST;
    this.button.textContent = this.open ? `Show the first ${FIRST} rows` : `Show all ${thousands(rows.length)} rows`;
  }

  head(head, column) {
    const made = make("button", { type: "button", class: "table-sort" });
    made.append(...head.childNodes, make("span", { "aria-hidden": "true" }));
    made.addEventListener("click", () => this.sort(column));
    head.append(made);
  }

  filter() {
    this.box = make("input", { type: "search", id: fresh("table-filter"), autocomplete: "off", spellcheck: "false" });
    this.label = make("label", { for: this.box.id }, "Rows with");
    this.box.addEventListener("input", () => this.count());
  }

  // Up, down, and the order in which the table was written.
  sort(column) {
    if (column !== this.column) Object.assign(this, { column, falling: false });
    else if (!this.falling) this.falling = true;
    else this.column = -1;
    const sign = this.falling ? -1 : 1, keys = this.column < 0 ? null : new Map(this.rows.map((row, n) => [row, keysOf(this.rows, column)[n]]));
    this.order = [...this.rows];
    if (keys) this.order.sort((one, other) => {
      const [a, b] = [keys.get(one), keys.get(other)];
      if (a === null || b === null) return (a === null) - (b === null);
      return sign * (typeof a === "number" ? a - b : a.localeCompare(b));
    });
    this.rows[0].parentNode.append(...this.order);
    this.fold();
    [...this.table.tHead.rows[0].cells].forEach((head, n) => {
      if (n === this.column) head.setAttribute("aria-sort", this.falling ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    const name = this.table.tHead.rows[0].cells[column].textContent.trim();
    this.tell(this.column < 0 ? "In the order written." : `Sorted by ${name}, ${this.falling ? "falling" : "rising"}.`);
  }

  count() {
    const wanted = this.box.value.trim().toLocaleLowerCase();
    let shown = 0;
    for (const row of this.rows) {
      const fits = !wanted || row.textContent.toLocaleLowerCase().includes(wanted);
      row.classList.toggle("table-out", !fits);
      shown += fits;
    }
    this.shown = shown;
    this.fold();
    this.tell("");
  }

  tell(words) {
    const counted = this.box ? `${thousands(this.shown)} of ${thousands(this.rows.length)} rows. ` : "";
    this.status.textContent = (counted + words).trim();
  }
}

// Only plain tables: one row of headings, and as many cells in every row.
function sortable(table) {
  const rows = table.tBodies.length === 1 ? [...table.tBodies[0].rows] : [];
  const plain = table.tHead && table.tHead.rows.length === 1 && rows.every((row) => row.cells.length === table.tHead.rows[0].cells.length);
  const merged = table.querySelector("[colspan]:not([colspan='1']), [rowspan]:not([rowspan='1'])");
  return plain && !merged && rows.length >= FEWEST ? rows : null;
}

// A table that fits its box needs none: its head then stays in view as the page scrolls, and the keyboard passes it over.
const measured = new ResizeObserver((boxes) => boxes.forEach(({ target }) => {
  const table = target.querySelector("table");
  const fits = table.offsetWidth <= target.clientWidth && (getComputedStyle(target).maxHeight === "none" || table.offsetHeight <= target.clientHeight);
  target.classList.toggle("table-fits", fits);
  if (fits) target.removeAttribute("tabindex");
  else target.tabIndex = 0;
}));

whenRead(() => document.querySelectorAll("main .table-scroll").forEach((region) => {
  const table = region.querySelector("table");
  if (!table) return;
  const rows = region.closest(".piece") ? null : sortable(table);
  if (rows && !table.sortedTable) table.sortedTable = new SortedTable(region, table, rows);
  measured.observe(region);
}));
