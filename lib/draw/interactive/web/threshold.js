// A threshold that a reader moves: the share of every line at or above it, read on either scale, and where it cuts.
const LOWEST = 0.5, STEP = 0.005, NARROWEST = 280, HIGH = 240, PAD = { left: 46, right: 12, top: 10, bottom: 40 };
const SCALES = [{ name: "cosine", cosine: (t) => t }, { name: "(cosine + 1)/2", cosine: (t) => 2 * t - 1 }];

class Threshold {
  constructor(element, { start, lines }) {
    Object.assign(this, { element, lines, value: start, unit: Object.keys(lines[0].units)[0] });
    this.build(start);
    this.show();
    new ResizeObserver(() => this.draw()).observe(element);
  }

  get state() { return { value: this.value, unit: this.unit, said: this.output.textContent, shares: this.rows.map((row) => row.map((cell) => cell.textContent)) }; }

  build(start) {
    this.range = make("input", { type: "range", id: fresh("threshold"), min: LOWEST, max: 1, step: STEP, value: start });
    this.range.addEventListener("input", () => { this.value = Number(this.range.value); this.show(); });
    this.select = make("select", { id: fresh("threshold-unit") });
    for (const unit of Object.keys(this.lines[0].units)) this.select.append(make("option", { value: unit }, `${unit}s`));
    this.select.addEventListener("change", () => { this.unit = this.select.value; this.show(); });
    this.number = make("b", { "aria-hidden": "true" });
    this.output = make("output", { for: `${this.range.id} ${this.select.id}`, class: "threshold-said" });
    this.heads = SCALES.map(() => make("th", { scope: "col" }));
    this.rows = this.lines.map(() => SCALES.map(() => make("td", {})));
    this.names = this.lines.map(({ name }, n) => make("th", { scope: "row" }, sample(n), name, make("small", {})));
    const body = this.rows.map((cells, n) => make("tr", {}, this.names[n], ...cells));
    const table = make("table", {}, make("thead", {}, make("tr", {}, make("td", {}), ...this.heads)), make("tbody", {}, ...body));
    this.chart = drawn("svg", { "aria-hidden": "true" });
    this.element.append(
      make("div", { class: "threshold-tools" }, make("label", { for: this.range.id }, "Threshold ", this.number), this.range,
        make("label", { for: this.select.id }, "Share of"), this.select),
      this.output, this.chart,
      make("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": "Shares at the threshold" }, table));
  }

  // The estimate of a line at a cosine, in percent.
  at(line, cosine) {
    const { share, low, high } = line.units[this.unit], place = Math.round(cosine * (share.length - 1));
    return [share[place], low[place], high[place]].map((value) => (value / 10).toFixed(1));
  }

  show() {
    const { value, unit } = this, threshold = value.toFixed(3);
    this.number.textContent = threshold;
    this.range.setAttribute("aria-valuetext", threshold);
    const told = this.lines.map((line) => SCALES.map(({ cosine }) => this.at(line, cosine(value))));
    SCALES.forEach(({ name }, n) => { this.heads[n].textContent = `${name} ≥ ${threshold}`; });
    this.lines.forEach((line, n) => {
      this.names[n].lastChild.textContent = `N = ${thousands(line.units[unit].n)}; ${line.interval}`;
      SCALES.forEach((_, scale) => { const [share, low, high] = told[n][scale]; this.rows[n][scale].textContent = `${share}\u00a0% (${low}–${high})`; });
    });
    this.output.textContent = `At ${threshold}: ${told[0][0][0]} % of ${unit}s by cosine, ${told[0][1][0]} % by (cosine + 1)/2.`;
    this.draw();
  }

  draw() {
    const wide = Math.max(this.element.clientWidth, NARROWEST);
    this.chart.setAttribute("viewBox", `0 0 ${wide} ${HIGH}`);
    const x = (cosine) => PAD.left + cosine * (wide - PAD.left - PAD.right), y = (percent) => HIGH - PAD.bottom - percent / 100 * (HIGH - PAD.top - PAD.bottom);
    const parts = [0, 25, 50, 75, 100].flatMap((percent) => [
      drawn("line", { x1: x(0), x2: x(1), y1: y(percent), y2: y(percent), class: "grid" }),
      drawn("text", { x: x(0) - 6, y: y(percent) + 4, "text-anchor": "end" }, `${percent} %`)]);
    for (let cosine = 0; cosine <= 1; cosine += 0.25) parts.push(drawn("text", { x: x(cosine), y: HIGH - PAD.bottom + 16, "text-anchor": cosine === 1 ? "end" : "middle" }, cosine.toFixed(2)));
    parts.push(drawn("text", { x: x(0.5), y: HIGH - 6, "text-anchor": "middle" }, "cosine to the nearest training caption"));
    this.lines.forEach((line, n) => {
      const { share, low, high } = line.units[this.unit], last = share.length - 1;
      const points = (values) => values.map((value, k) => `${x(k / last).toFixed(1)},${y(value / 10).toFixed(1)}`);
      parts.push(drawn("polygon", { points: [...points(high), ...points(low).reverse()].join(" "), fill: HUES[n % HUES.length], class: "band" }));
      parts.push(drawn("polyline", { points: points(share).join(" "), stroke: HUES[n % HUES.length], "stroke-dasharray": DASHED[n % DASHED.length], class: "line" }));
    });
    SCALES.forEach(({ name, cosine }, n) => {
      const at = x(cosine(this.value));
      parts.push(drawn("line", { x1: at, x2: at, y1: y(0), y2: y(100), class: "cut", "stroke-dasharray": n ? "2 3" : "none" }));
      parts.push(drawn("text", { x: at + (at > wide * 0.7 ? -5 : 5), y: y(n ? 88 : 97), "text-anchor": at > wide * 0.7 ? "end" : "start", class: "name" }, name));
    });
    this.chart.replaceChildren(...parts);
  }
}

const DASHED = ["none", "8 3", "8 3 2 3", "2 3", "12 3"];

function sample(n) {
  const picture = drawn("svg", { width: 26, height: 10, "aria-hidden": "true" });
  picture.append(drawn("line", { x1: 0, x2: 26, y1: 5, y2: 5, stroke: HUES[n % HUES.length], "stroke-width": 2.5, "stroke-dasharray": DASHED[n % DASHED.length] }));
  return picture;
}

whenRead(() => document.querySelectorAll(".threshold").forEach((element) => {
  if (!element.threshold) element.threshold = new Threshold(element, JSON.parse(element.dataset.shares));
}));
