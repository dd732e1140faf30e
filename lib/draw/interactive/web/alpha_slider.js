// What the exponent of the sampling weights does: draws of each cluster, effective sample size, and the mix of verbs.
const ALPHA_STEP = 0.01;

// The weights as lib/clustering/weights.py has them: a cluster of n clips is drawn in proportion to n to the power of alpha.
function weighted({ clips, kept, verbs, mix, occurrences }, alpha) {
  const logs = kept.map((n) => (n ? alpha * Math.log(n) : -Infinity)), most = Math.max(...logs);
  const powers = logs.map((log) => Math.exp(log - most)), sum = powers.reduce((a, b) => a + b, 0);
  const draws = powers.map((power) => power / sum), all = clips.reduce((a, b) => a + b, 0), from = kept.reduce((a, b) => a + b, 0);
  const each = draws.map((share, n) => (kept[n] ? share / kept[n] : 0));
  const seen = verbs.reduce((total, count, n) => total + count * each[n], 0);
  return {
    data: clips.map((n) => n / all), draws, from, perClip: each.map((weight) => weight * from), largest: Math.max(...each) * from,
    effective: 1 / each.reduce((total, weight, n) => total + kept[n] * weight * weight, 0),
    mix: mix.map(({ count, by }) => [count / occurrences, by.reduce((total, held, n) => total + held * each[n], 0) / (seen || 1)]),
  };
}

class AlphaSlider {
  constructor(element, held) {
    Object.assign(this, { element, held });
    this.build();
    this.show(held.start);
  }

  get state() { return { alpha: this.alpha, ...weighted(this.held, this.alpha), said: this.output.textContent }; }

  build() {
    const { start, names } = this.held, low = Math.min(0, Math.floor(start)), high = Math.max(1, Math.ceil(start));
    this.range = make("input", { type: "range", id: fresh("alpha"), min: low, max: high, step: ALPHA_STEP, value: start });
    this.range.addEventListener("input", () => this.show(Number(this.range.value)));
    this.number = make("b", { "aria-hidden": "true" });
    this.output = make("output", { for: this.range.id, class: "threshold-said" });
    this.rows = names.map(() => [make("td", {}), make("td", {}), make("td", {}), make("td", {})]);
    this.words = this.held.mix.map(() => [make("td", {}), make("td", {})]);
    this.element.append(
      make("div", { class: "threshold-tools" }, make("label", { for: this.range.id }, "Alpha ", this.number), this.range),
      this.output,
      table("Draws of each cluster", ["cluster", "clips", "share of clips", "share of draws", "draws per clip"], names, this.rows));
    if (this.words.length) this.element.append(table("Mix of verbs", ["verb", "in the captions as they are", "as drawn"], this.held.mix.map(({ verb }) => verb), this.words));
    this.element.append(make("p", { class: "map-help" }, "At 1 every clip is as likely, at 0 every cluster. A cluster’s clips share its draws evenly."));
  }

  show(alpha) {
    this.alpha = alpha;
    const told = alpha.toFixed(2), made = weighted(this.held, alpha), most = Math.max(...made.data, ...made.draws);
    this.number.textContent = told;
    this.range.setAttribute("aria-valuetext", told);
    this.output.textContent = `At alpha ${told} the effective sample size is ${thousands(Math.round(made.effective))} of ${thousands(made.from)} clips (${shareOf(made.effective / made.from)}). The most favoured clip is expected ${made.largest.toFixed(2)} times an epoch.`;
    this.rows.forEach(([clips, data, drawn, each], n) => {
      clips.textContent = thousands(this.held.clips[n]);
      data.replaceChildren(bar(made.data[n] / most, "plain"), shareOf(made.data[n]));
      drawn.replaceChildren(bar(made.draws[n] / most), shareOf(made.draws[n]));
      each.textContent = made.perClip[n].toFixed(2);
    });
    const highest = Math.max(...made.mix.flat());
    this.words.forEach(([data, drawn], n) => {
      data.replaceChildren(bar(made.mix[n][0] / highest, "plain"), shareOf(made.mix[n][0]));
      drawn.replaceChildren(bar(made.mix[n][1] / highest), shareOf(made.mix[n][1]));
    });
  }
}

function shareOf(share) { return `${(100 * share).toFixed(1)}\u00a0%`; }

function bar(share, kind = "") { return make("span", { class: `piece-bar ${kind}`, style: `width:${(5 * share).toFixed(2)}em` }); }

// A table whose first column names its rows, in a box that scrolls and is reached by keyboard.
function table(label, heads, names, rows) {
  const head = make("tr", {}, ...heads.map((name) => make("th", { scope: "col" }, name)));
  const body = names.map((name, n) => make("tr", {}, make("th", { scope: "row" }, name), ...rows[n]));
  return make("div", { class: "table-scroll tree-table", tabindex: 0, role: "region", "aria-label": label }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...body)));
}

whenRead(() => document.querySelectorAll(".alpha-slider").forEach((element) => {
  if (!element.alphaSlider) element.alphaSlider = new AlphaSlider(element, JSON.parse(element.dataset.weights));
}));
