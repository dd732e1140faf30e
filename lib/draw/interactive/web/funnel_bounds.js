// The funnel with bounds that move: every clip has, for each score, the number of positions that drop it.
class FunnelBounds {
  constructor(element, held, bytes) {
    Object.assign(this, { element, held, which: 0, at: held.scores.map(({ start }) => start) });
    let from = 0;
    this.datasets = held.datasets.map((facts) => clipsOf(facts, held.scores.length, bytes.slice(from, from += facts.bytes)));
    this.build();
    this.choose(0);
  }

  get facts() { return this.held.datasets[this.which]; }
  get state() { return { dataset: this.facts.name, at: this.at, ...this.counted, said: this.output.textContent }; }

  build() {
    const { scores, labels, datasets } = this.held;
    this.select = make("select", { id: fresh("funnel-dataset") });
    datasets.forEach(({ name }, n) => this.select.append(make("option", { value: n }, name)));
    this.select.addEventListener("change", () => this.choose(Number(this.select.value)));
    this.ranges = scores.map(({ told }) => make("input", { type: "range", id: fresh("funnel-bound"), min: 0, max: told.length - 1, step: 1 }));
    this.numbers = scores.map(() => make("span", { class: "funnel-bound", "aria-hidden": "true" }));
    this.ranges.forEach((range, n) => range.addEventListener("input", () => { this.at[n] = Number(range.value); this.show(); }));
    const reset = make("button", { type: "button" }, "Bounds of this run");
    reset.addEventListener("click", () => { this.at = scores.map(({ start }) => start); this.show(); });
    const bars = this.ranges.flatMap((range, n) => [make("label", { for: range.id }, scores[n].title), this.numbers[n], range]);
    const choice = datasets.length > 1 ? [make("label", { for: this.select.id }, "Dataset"), this.select] : [];
    this.output = make("output", { for: this.ranges.map(({ id }) => id).join(" "), class: "threshold-said" });
    this.stages = ["consent", ...labels, ...scores.map(({ stage }) => stage)];
    this.rows = this.stages.map(() => [make("td", {}), make("td", {}), make("td", {})]);
    this.caught = make("div", {});
    this.element.append(
      make("div", { class: "map-tools" }, ...choice, reset), make("div", { class: "funnel-sliders" }, ...bars), this.output, this.caught,
      table("Clips dropped at the bounds", ["stage", "dropped here", "fail it", "kept after it"], this.stages, this.rows),
      make("p", { class: "map-help" }, "To the left a bound is stricter, at the right end there is none. A clip is dropped at the first stage that it fails."));
  }

  choose(which) {
    this.which = which;
    const { planted } = this.facts;
    this.defects = planted.length ? [...planted, "no defect"].map(() => [make("td", {}), make("td", {})]) : [];
    this.caught.replaceChildren(...(planted.length ? [table("Planted defects dropped at the bounds", ["planted", "clips", "dropped"], [...planted, "no defect"], this.defects)] : []));
    this.show();
  }

  show() {
    const { scores } = this.held, { clips, withheld, sampled, planted } = this.facts;
    const made = this.counted = this.datasets[this.which].count(this.at);
    this.ranges.forEach((range, n) => {
      const told = scores[n].told[this.at[n]];
      range.value = this.at[n];
      range.setAttribute("aria-valuetext", told);
      this.numbers[n].textContent = told;
    });
    let words = "";
    if (sampled) words = ` Their captions hold ${thousands(made.words)} distinct words${sampled < clips ? ` (a sample of ${thousands(sampled)} clips)` : ""}; as many random clips would hold ${thousands(Math.round(made.expected))}.`;
    const caught = planted.length ? ` Of ${thousands(made.defective[0])} clips with a planted defect of motion ${thousands(made.defective[1])} are dropped, of ${thousands(made.planted[planted.length][0])} without one ${thousands(made.planted[planted.length][1])}.` : "";
    this.output.textContent = `${thousands(made.kept)} of ${thousands(clips)} clips with consent are kept (${shareOf(made.kept / (clips || 1))}).${words}${caught}`;
    let left = clips + withheld;
    const dropped = [withheld, ...made.dropped], failing = [withheld, ...made.failing];
    this.rows.forEach(([here, fails, after], n) => {
      left -= dropped[n];
      [here.textContent, fails.textContent, after.textContent] = [dropped[n], failing[n], left].map(thousands);
    });
    this.defects.forEach(([entering, lost], n) => {
      const [all, gone] = made.planted[n];
      entering.textContent = thousands(all);
      lost.replaceChildren(bar(all ? gone / all : 0), all ? `${thousands(gone)} (${shareOf(gone / all)})` : "–");
    });
  }
}

// The clips of one dataset as lib/draw/interactive/funnel_bounds.py packs them.
function clipsOf({ clips, sampled, planted }, scores, bytes) {
  const plane = (n) => bytes.subarray(n * clips, (n + 1) * clips), labels = plane(0), defects = plane(1);
  const codes = Array.from({ length: scores }, (_, n) => plane(2 + n));
  const view = new DataView(bytes.buffer, bytes.byteOffset), from = (2 + scores) * clips;
  const starts = new Uint32Array(sampled + 1);
  for (let n = 0; n < sampled; n++) starts[n + 1] = starts[n] + view.getUint16(from + 4 * sampled + 2 * n, true);
  const words = Uint16Array.from({ length: starts[sampled] }, (_, n) => view.getUint16(from + 6 * sampled + 2 * n, true));
  const rows = Uint32Array.from({ length: sampled }, (_, n) => view.getUint32(from + 4 * n, true));
  const distinct = words.reduce((most, word) => Math.max(most, word + 1), 0), holding = new Uint32Array(distinct);
  for (const word of words) holding[word] += 1;
  const passed = new Uint8Array(clips), stages = 2 + scores;

  // With the position of every slider: what is kept, dropped first or failing at each stage, and what becomes of defects.
  function count(at) {
    const dropped = new Array(stages).fill(0), failing = new Array(stages).fill(0);
    const found = Array.from({ length: planted.length + 1 }, () => [0, 0]), defective = [0, 0];
    let kept = 0;
    for (let n = 0; n < clips; n++) {
      let first = -1;
      for (let stage = 0; stage < stages; stage++) {
        const fails = stage < 2 ? labels[n] >> stage & 1 : codes[stage - 2][n] > at[stage - 2];
        if (fails) { failing[stage] += 1; if (first < 0) first = stage; }
      }
      passed[n] = first < 0 ? 1 : 0;
      if (first < 0) kept += 1; else dropped[first] += 1;
      if (labels[n] || !planted.length) continue;
      const gone = first < 0 ? 0 : 1;
      if (defects[n]) { defective[0] += 1; defective[1] += gone; }
      for (let k = 0; k < planted.length; k++) if (defects[n] >> k & 1) { found[k][0] += 1; found[k][1] += gone; }
      if (!defects[n]) { found[planted.length][0] += 1; found[planted.length][1] += gone; }
    }
    return { kept, dropped, failing, planted: found, defective, ...variety() };
  }

  // Distinct words of the sampled clips that are kept, and of as many of them at random, exactly (Hurlbert 1971).
  function variety() {
    const seen = new Uint8Array(distinct);
    let drawn = 0;
    for (let n = 0; n < sampled; n++) {
      if (!passed[rows[n]]) continue;
      drawn += 1;
      for (let k = starts[n]; k < starts[n + 1]; k++) seen[words[k]] = 1;
    }
    const logs = logFactorials(sampled), missed = (held) => (sampled - held < drawn ? 0 : Math.exp(logs[sampled - held] - logs[sampled - held - drawn] + logs[sampled - drawn] - logs[sampled]));
    const expected = holding.reduce((sum, held) => sum + 1 - missed(held), 0);
    return { sampled: drawn, words: seen.reduce((sum, one) => sum + one, 0), expected };
  }
  return { count };
}

const LOG_FACTORIALS = [0];
function logFactorials(most) {
  while (LOG_FACTORIALS.length <= most) LOG_FACTORIALS.push(LOG_FACTORIALS[LOG_FACTORIALS.length - 1] + Math.log(LOG_FACTORIALS.length));
  return LOG_FACTORIALS;
}

async function mountFunnel(element) {
  if (element.dataset.begun) return;
  element.dataset.begun = "";
  const held = JSON.parse(element.dataset.funnel);
  try {
    element.funnelBounds = new FunnelBounds(element, held, await beside(held.file));
  } catch (_) { element.append(make("p", {}, "The clips behind the sliders could not be read; the tables show the funnel at the bounds of this run.")); }
}

whenRead(() => document.querySelectorAll(".funnel-bounds").forEach(mountFunnel));
