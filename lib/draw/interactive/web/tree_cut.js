// The tree with a cut that moves: by slider, by keys, or by a finger or mouse on the tree itself.
const MOST = 100, TREE_HIGH = 420, TREE_PAD = { left: 8, right: 34, top: 8, bottom: 36 };

class TreeCut {
  constructor(element, spaces) {
    Object.assign(this, { element, spaces, trees: spaces.map((space) => new Tree(space)), which: 0 });
    this.build();
    this.choose(0);
    new ResizeObserver(() => this.draw()).observe(element);
  }

  get tree() { return this.trees[this.which]; }
  get state() {
    const { tree, threshold, clusters } = this;
    return { space: this.spaces[this.which].name, quality: this.quality(clusters.length), count: clusters.length, threshold, sizes: clusters.map((node) => tree.weight[node]), said: this.output.textContent };
  }

  build() {
    this.select = make("select", { id: fresh("tree-space") });
    this.spaces.forEach(({ name }, n) => this.select.append(make("option", { value: n }, name)));
    this.select.addEventListener("change", () => this.choose(Number(this.select.value)));
    this.range = make("input", { type: "range", id: fresh("tree-count"), min: 0, step: 1 });
    this.range.addEventListener("input", () => this.cut(this.counts[Number(this.range.value)]));
    this.number = make("b", { "aria-hidden": "true" });
    this.output = make("output", { for: this.range.id, class: "threshold-said" });
    this.chart = drawn("svg", { "aria-hidden": "true" });
    this.judged = drawn("svg", { "aria-hidden": "true", class: "tree-judged" });
    this.measures = make("p", { class: "tree-measures" });
    this.body = make("tbody", {});
    const heads = ["cluster", "clips", "share", "what was named"].map((name) => make("th", { scope: "col" }, name));
    const table = make("table", {}, make("thead", {}, make("tr", {}, ...heads)), this.body);
    this.element.append(
      make("div", { class: "threshold-tools" }, make("label", { for: this.range.id }, "Clusters ", this.number), this.range,
        make("label", { for: this.select.id }, "Tree of"), this.select),
      this.output, this.measures, this.judged, this.chart, make("div", { class: "table-scroll tree-table", tabindex: 0, role: "region", "aria-label": "Clusters at the cut" }, table));
    const move = (event) => { if (event.buttons) this.cutAt((event.clientX - this.chart.getBoundingClientRect().left)); };
    this.chart.addEventListener("pointerdown", (event) => { if (!event.button) { this.chart.setPointerCapture(event.pointerId); move(event); } });
    this.chart.addEventListener("pointermove", move);
  }

  choose(which) {
    this.which = which;
    this.counts = this.tree.counts(MOST);
    this.range.max = this.counts.length - 1;
    this.cut(this.spaces[which].clusters);
  }

  cut(count) {
    const { tree } = this, space = this.spaces[this.which];
    this.threshold = tree.threshold(count);
    this.clusters = tree.cut(this.threshold);
    this.range.value = this.counts.indexOf(this.clusters.length);
    this.number.textContent = this.clusters.length;
    const sizes = this.clusters.map((node) => tree.weight[node]), percent = (size) => `${(100 * size / tree.total).toFixed(1)}\u00a0%`;
    const told = `${this.clusters.length} ${this.clusters.length === 1 ? "cluster" : "clusters"} at threshold ${this.threshold.toFixed(3)}`;
    this.range.setAttribute("aria-valuetext", told);
    const quality = this.quality(this.clusters.length), measured = Object.keys(this.spaces[this.which].quality || {}).length > 0;
    this.output.textContent = `${told}: the largest holds ${thousands(sizes[0])} of ${thousands(tree.total)} clips (${percent(sizes[0])}), the smallest ${thousands(sizes[sizes.length - 1])}.${quality ? ` ${judgement(quality)}` : ""}`;
    this.measures.textContent = measured && !quality ? `Silhouette and coherence are measured from 2 to ${Math.max(...space.quality.clusters)} clusters.` : "";
    this.body.replaceChildren(...this.clusters.map((node, n) => make("tr", {},
      make("td", {}, make("span", { class: "tree-mark", style: `background:${this.hue(n)}` }), String(n + 1)), make("td", {}, thousands(sizes[n])),
      make("td", {}, make("span", { class: "tree-bar", style: `width:${(6 * sizes[n] / sizes[0]).toFixed(2)}em` }), percent(sizes[n])), make("td", {}, called(tree, node, space.names)))));
    this.draw();
  }

  // The measures of a number of clusters; null where it was not judged.
  quality(count) {
    const { quality } = this.spaces[this.which], place = quality && quality.clusters ? quality.clusters.indexOf(count) : -1;
    return place < 0 ? null : Object.fromEntries(Object.entries(quality).map(([name, values]) => [name, values[place]]));
  }

  hue(n) { return HUES[n % HUES.length]; }

  cutAt(px) {
    const wanted = (1 - (px - TREE_PAD.left) / (this.wide - TREE_PAD.left - TREE_PAD.right)) * this.highest, { tree } = this;
    const off = (count) => { const [low, below] = tree.thresholds(count); return wanted < low ? low - wanted : wanted < below ? 0 : wanted - below; };
    const nearest = this.counts.reduce((best, count) => (off(count) < off(best) ? count : best));
    if (nearest !== this.clusters.length) this.cut(nearest);
  }

  draw() {
    const { tree } = this, wide = this.wide = Math.max(this.element.clientWidth, NARROWEST), highest = this.highest = (tree.holds[tree.root] || 1) * 1.04;
    this.chart.setAttribute("viewBox", `0 0 ${wide} ${TREE_HIGH}`);
    const x = (height) => TREE_PAD.left + (1 - height / highest) * (wide - TREE_PAD.left - TREE_PAD.right);
    const y = (share) => TREE_PAD.top + share * (TREE_HIGH - TREE_PAD.top - TREE_PAD.bottom);
    const owner = new Int32Array(tree.nodes).fill(-1);
    this.clusters.forEach((node, n) => { owner[node] = n; });
    const paths = new Map();
    for (let node = tree.root; node >= 0; node--) {
      if (owner[node] < 0 && tree.parent[node] >= 0) owner[node] = owner[tree.parent[node]];
      if (node < tree.leaves) continue;
      const [one, other] = [tree.left[node - tree.leaves], tree.right[node - tree.leaves]], at = x(tree.height[node]).toFixed(1);
      const path = `M${x(tree.height[one]).toFixed(1)} ${y(tree.y[one]).toFixed(1)}H${at}V${y(tree.y[other]).toFixed(1)}H${x(tree.height[other]).toFixed(1)}`;
      const key = owner[node] < 0 ? -1 : owner[node];
      paths.set(key, (paths.get(key) || "") + path);
    }
    const parts = [...paths].map(([key, d]) => drawn("path", { d, class: key < 0 ? "trunk" : "branch", ...(key < 0 ? {} : { stroke: this.hue(key) }) }));
    let last = -Infinity;
    this.clusters.map((node, n) => [y(tree.y[node]), n + 1]).sort((a, b) => a[0] - b[0]).forEach(([place, number]) => {
      if (place - last < 12) return;
      last = place;
      parts.push(drawn("text", { x: wide - TREE_PAD.right + 6, y: place + 4 }, String(number)));
    });
    const cut = x(this.threshold), foot = TREE_HIGH - TREE_PAD.bottom;
    parts.push(drawn("line", { x1: cut, x2: cut, y1: TREE_PAD.top, y2: foot, class: "cut" }), drawn("circle", { cx: cut, cy: foot, r: 6, class: "knob" }));
    for (const share of [0, 0.25, 0.5, 0.75, 1]) parts.push(drawn("text", { x: x(share * highest), y: foot + 18, "text-anchor": "middle" }, (share * highest).toPrecision(2)));
    parts.push(drawn("text", { x: wide / 2, y: TREE_HIGH - 3, "text-anchor": "middle" }, "threshold"));
    this.chart.replaceChildren(...parts);
    this.judged.replaceChildren();
    const { quality } = this.spaces[this.which];
    this.judged.style.display = quality && quality.clusters && quality.clusters.length > 1 ? "" : "none";
    if (!this.judged.style.display) judgedChart(this.judged, quality, this.clusters.length, wide);
  }
}

function judgement({ silhouette, silhouette_low, silhouette_high, coherence, chance_low, chance_high }) {
  const three = (value) => value.toFixed(3).replace("-", "−");
  const captions = coherence === null ? "" : `; coherence of captions ${three(coherence)}${chance_low === null ? "" : `, of random clusters ${three(chance_low)} to ${three(chance_high)}`}`;
  return `Silhouette ${three(silhouette)} (${three(silhouette_low)} to ${three(silhouette_high)})${captions}.`;
}

// Both measures at every number of clusters, and where the cut is.
function judgedChart(chart, quality, count, wide) {
  const high = 150, pad = { left: 44, right: 12, top: 8, bottom: 34 };
  chart.setAttribute("viewBox", `0 0 ${wide} ${high}`);
  const { clusters } = quality, first = clusters[0], last = clusters[clusters.length - 1];
  const all = ["silhouette_low", "silhouette_high", "coherence", "chance_low", "chance_high"].flatMap((name) => quality[name]).filter((value) => value !== null);
  const least = Math.min(0, ...all), most = Math.max(...all) * 1.05 || 1;
  const x = (n) => pad.left + (n - first) / (last - first) * (wide - pad.left - pad.right), y = (value) => high - pad.bottom - (value - least) / (most - least) * (high - pad.top - pad.bottom);
  const points = (name) => clusters.map((n, k) => [n, quality[name][k]]).filter(([, value]) => value !== null).map(([n, value]) => `${x(n).toFixed(1)},${y(value).toFixed(1)}`);
  const parts = [0, 1, 2].map((n) => least + n * (most - least) / 2.1).flatMap((value) => [
    drawn("line", { x1: pad.left, x2: wide - pad.right, y1: y(value), y2: y(value), class: "grid" }),
    drawn("text", { x: pad.left - 6, y: y(value) + 4, "text-anchor": "end" }, value.toFixed(2).replace("-", "−"))]);
  for (const n of [first, 10, 20, 30, last]) if (n >= first && n <= last) parts.push(drawn("text", { x: x(n), y: high - pad.bottom + 15, "text-anchor": "middle" }, String(n)));
  parts.push(drawn("text", { x: wide / 2, y: high - 4, "text-anchor": "middle" }, "clusters"));
  const band = (low, top, fill) => parts.push(drawn("polygon", { points: [...points(top), ...points(low).reverse()].join(" "), fill, class: "band" }));
  band("silhouette_low", "silhouette_high", HUES[0]);
  band("chance_low", "chance_high", REST);
  [["silhouette", HUES[0], "none"], ["coherence", HUES[1], "8 3"], ["by_chance", REST, "2 3"]].forEach(([name, stroke, dashes]) => {
    parts.push(drawn("polyline", { points: points(name).join(" "), stroke, "stroke-dasharray": dashes, class: "line" }));
    const ends = points(name);
    if (!ends.length) return;
    const [px, py] = ends[ends.length - 1].split(",").map(Number);
    parts.push(drawn("text", { x: px, y: py - 5, "text-anchor": "end", class: "name" }, name === "by_chance" ? "coherence at random" : name));
  });
  if (count >= first && count <= last) parts.push(drawn("line", { x1: x(count), x2: x(count), y1: pad.top, y2: high - pad.bottom, class: "cut" }));
  chart.replaceChildren(...parts);
}

// What a node holds of the clusters that were named: the largest first, those below a twentieth of it left out.
function called(tree, node, names) {
  const held = new Array(names.length).fill(0), whole = new Array(names.length).fill(0);
  tree.merged.forEach((cluster, leaf) => { whole[cluster] += tree.sizes[leaf]; });
  for (const leaf of tree.below(node)) held[tree.merged[leaf]] += tree.sizes[leaf];
  const found = names.map((name, n) => [held[n], `${held[n] < whole[n] ? "part of " : ""}${n + 1}  ${name}`]).filter(([size]) => size * 20 >= tree.weight[node]);
  return found.sort((a, b) => b[0] - a[0]).map(([, name]) => name).join("; ");
}

whenRead(() => document.querySelectorAll(".tree-cut").forEach((element) => {
  if (!element.treeCut) element.treeCut = new TreeCut(element, JSON.parse(element.dataset.trees));
}));
