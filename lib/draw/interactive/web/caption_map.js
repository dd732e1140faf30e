// The map: points, what part of them is seen, and what is known of them; drawn only when something changed.
const AROUND = 200;

class CaptionMap {
  constructor(element, points, legend) {
    Object.assign(this, { element, points, colourings: legend.colourings, name: legend.name, file: legend.captions, withheld: legend.withheld, spaces: legend.spaces });
    Object.assign(this, { by: 0, space: 0, shown: new Set(), marks: null, hits: 0, sought: "", chosen: -1, over: -1, drawn: 0, cost: 0, waiting: 0, near: null, times: {} });
    this.view = new View(points.box);
    this.motions = legend.motions && window.mountMotionPlayers ? new MapMotions(this, legend.motions) : null;
    this.build();
    this.repaint();
    if (this.file) setTimeout(() => this.fetchCaptions(), 60);
    else this.tell(this.withheld ? "Captions are withheld in this report." : "");
  }

  get colouring() { return this.colourings[this.by]; }
  get labels() { return this.points.labels[this.by]; }
  get state() {
    const { x, y, zoom } = this.view, { hits, chosen, over, drawn, cost } = this;
    const caption = chosen < 0 ? "" : this.caption(chosen);
    return { count: this.points.count, space: this.spaces[this.space].name, played: this.motions ? this.motions.state : null, x, y, zoom, by: this.colouring.name, shown: [...this.shown], lit: this.points.allLit, hits, chosen, over, caption,
      captions: Boolean(this.captions), drawn, cost, times: this.times, said: this.status.textContent };
  }

  build() {
    this.canvas = make("canvas", { "aria-hidden": "true" });
    this.tip = make("div", { class: "map-tip", hidden: "" });
    const help = make("p", { class: "map-help", id: fresh("map-help") }, MAP_HELP);
    const zooms = make("div", { class: "map-zooms" },
      button("Closer", "+", () => this.zoom(1.6)), button("Further away", "−", () => this.zoom(1 / 1.6)), button("The whole map", "⌂", () => this.home()));
    this.stage = make("div", { class: "map-stage", role: "application", tabindex: 0, "aria-describedby": help.id,
      "aria-label": `Map of ${thousands(this.points.count)} captions` }, this.canvas, this.tip);
    this.tools = mapTools(this);
    this.status = make("p", { class: "map-status", role: "status" });
    this.legend = make("ul", { class: "map-legend", "aria-label": "Classes: press to see one apart" });
    const frame = make("div", { class: "map-frame" }, this.stage, zooms);
    const body = this.motions ? make("div", { class: "map-body" }, frame, this.motions.panel) : frame;
    this.element.append(this.tools.bar, body, this.status, this.legend, help);
    this.element.classList.add("map-live");
    this.painter = new Painter(this.canvas);
    this.stage.addEventListener("keydown", mapKeys(this));
    mapPointers(this, this.stage);
    mapLegend(this, this.legend);
    new ResizeObserver(() => this.measure()).observe(this.stage);
    onScheme(() => this.repaint());
    this.measure();
  }

  async fetchCaptions() {
    this.tell("Reading the captions …");
    try {
      this.captions = new Captions(JSON.parse(new TextDecoder().decode(await beside(this.file))));
      this.times.captions = performance.now();
      this.tools.search.disabled = false;
      this.tell(`${thousands(this.points.count)} captions.`);
      this.element.dispatchEvent(new Event("mapcaptions"));
      if (this.tools.search.value) this.find(this.tools.search.value);
    } catch (_) { this.tell(`The captions are missing: ${this.file} could not be read.`); }
  }

  // Colourings that a further space brings.
  learn(bytes, colourings) {
    this.points.learn(bytes, colourings.length);
    for (const one of colourings) this.tools.select.append(make("option", { value: this.colourings.push(one) - 1 }, one.name));
    this.told = "";
  }

  // Puts the points where another space has them, which is read when it is first asked for.
  async lieIn(n) {
    const { name, file } = this.spaces[n], { spaces } = this;
    try {
      if (!spaces[n].bytes) this.learn(spaces[n].bytes = await beside(file), spaces[n].colourings);
    } catch (_) {
      this.tools.space.value = this.space;
      this.tell(`The ${name} space is missing: ${file} could not be read.`);
      return;
    }
    this.space = n;
    this.points.lie(spaces[n].bytes);
    this.view.box = this.points.box;
    this.view.home();
    this.over = -1;
    this.relight();
    this.tell(`${thousands(this.points.count)} captions, where the ${name} space has their clips.`);
  }

  caption(n) { return this.captions ? this.captions.listed[this.points.number[n]] : ""; }
  classOf(n, by) { return this.colourings[by].classes[this.points.labels[by][n]]; }
  tell(words) { this.status.textContent = words; }

  colourBy(n) { this.by = n; this.shown.clear(); mapLegend(this, this.legend); this.relight(); }
  show(n) { if (!this.shown.delete(n)) this.shown.add(n); this.relight(); }

  find(string) {
    if (!this.captions) return;
    this.sought = string.trim();
    if (this.sought) {
      this.marks = this.marks || new Uint8Array(this.points.count);
      this.hits = this.captions.find(this.sought, this.marks);
      this.tell(`${thousands(this.hits)} of ${thousands(this.points.count)} captions hold “${this.sought}”.`);
    } else {
      [this.marks, this.hits] = [null, 0];
      this.tell(`${thousands(this.points.count)} captions.`);
    }
    if (this.chosen >= 0) this.choose(-1);
    this.relight();
  }

  relight() {
    this.points.light(this.labels, this.shown, this.marks, this.motions && this.motions.only ? this.motions.marks : null);
    this.near = null;
    const counts = this.points.counted(this.labels, this.colouring.classes.length, this.marks);
    [...this.legend.children].forEach((item, n) => {
      item.querySelector("small").textContent = thousands(counts[n]);
      item.firstChild.setAttribute("aria-pressed", String(this.shown.has(n)));
    });
    this.middles = this.colouring.numbered ? this.points.middles(this.labels, this.colouring.classes.length) : [];
    this.changed();
  }

  // The next point: of what was found, in the order of clusters; else of those around the middle as it was.
  step(by) {
    if (!this.points.allLit) return;
    let next;
    if (this.marks) {
      const { count, lit, number, place } = this.points;
      let at = this.chosen < 0 ? (by > 0 ? -1 : count) : number[this.chosen];
      do at = (at + by + count) % count; while (!lit[place[at]]);
      next = place[at];
    } else {
      this.near = this.near || this.points.around(this.view.x, this.view.y, AROUND);
      const place = this.near.indexOf(this.chosen);
      next = this.near[(place < 0 ? (by > 0 ? 0 : -1) : place + by + this.near.length) % this.near.length] ?? this.near[this.near.length - 1];
    }
    this.choose(next, true);
  }

  choose(n, reveal = false) {
    this.chosen = n;
    if (n >= 0) {
      if (reveal) this.view.reveal(this.points.x[n], this.points.y[n]);
      const facts = this.colourings.map(({ name }, by) => `${name} ${this.classOf(n, by)}`).join(", ");
      const told = this.captions ? `“${this.caption(n)}” – ${facts}` : facts;
      this.tell(this.motions ? `${told}. ${this.motions.said(n)}` : told);
    }
    this.changed();
  }

  at(px, py, reach) { const [x, y] = this.view.toPlane(px, py); return this.points.nearest(x, y, reach / this.view.scale); }
  tap(px, py, reach) { this.choose(this.at(px, py, reach)); }
  hover(px, py) { const found = this.at(px, py, 10); if (found !== this.over) { this.over = found; this.changed(); } }
  drag(dx, dy) { this.view.pan(dx, dy); this.moved(); }
  move(x, y) { this.drag(x * this.view.width, y * this.view.height); }
  zoom(factor, px, py) { const done = this.view.zoomBy(factor, px, py); if (done) this.moved(); return done; }
  home() { this.view.home(); this.moved(); }
  moved() { this.near = null; this.over = -1; this.changed(); }

  measure() {
    const { clientWidth, clientHeight } = this.stage;
    if (!clientWidth || !clientHeight) return;
    this.view.resize(clientWidth, clientHeight);
    this.painter.resize(clientWidth, clientHeight);
    this.changed();
  }

  repaint() {
    this.look = mapLook(this.element);
    this.relight();
  }

  changed() { if (!this.waiting) this.waiting = requestAnimationFrame(() => this.draw()); }

  draw() {
    this.waiting = 0;
    if (!this.painter.pixels) return;
    const from = performance.now(), { points, view, painter, look } = this, classes = this.colouring.classes.length;
    const marks = classMarks(this.colouring, look);
    painter.points(points, this.labels, view, { ...look, ...marks });
    this.middles.forEach((middle, n) => {
      if (middle && (!this.shown.size || this.shown.has(n))) painter.tag(String(n + 1), ...view.toPage(...middle), look);
    });
    const told = this.over >= 0 ? this.over : this.chosen;
    if (this.motions) this.motions.follow(told);
    for (const n of new Set([told, this.motions ? this.motions.shown : -1])) if (n >= 0) painter.ring(...view.toPage(points.x[n], points.y[n]), painter.radius(points, view), look);
    this.label(told);
    if (this.marked !== marks.key) { this.marked = marks.key; legendMarks(this.legend, marks); }
    this.drawn += 1;
    this.times.points = this.times.points || performance.now();
    this.cost = performance.now() - from;
  }

  // What the chosen point, or the one under the mouse, says; beside it, and inside the map.
  label(n) {
    this.tip.hidden = n < 0;
    if (n < 0) return;
    if (this.told !== `${n} ${Boolean(this.captions)}`) {
      this.told = `${n} ${Boolean(this.captions)}`;
      const facts = make("dl", {});
      this.colourings.forEach(({ name }, by) => facts.append(make("dt", {}, name), make("dd", {}, this.classOf(n, by))));
      this.tip.replaceChildren(make("p", {}, this.caption(n) || (this.withheld ? "Caption withheld" : "")), facts);
    }
    const [px, py] = this.view.toPage(this.points.x[n], this.points.y[n]), { offsetWidth: wide, offsetHeight: high } = this.tip;
    const below = py + 14 + high <= this.view.height;
    this.tip.style.left = `${Math.min(Math.max(px - wide / 2, 4), Math.max(this.view.width - wide - 4, 4))}px`;
    this.tip.style.top = `${Math.max(below ? py + 14 : py - 14 - high, 4)}px`;
  }
}

async function mountMap(element) {
  if (element.dataset.begun) return;
  element.dataset.begun = "";
  if (typeof DecompressionStream === "undefined") {
    element.append(make("p", {}, "This browser is too old for the map; the figure and the table show the same clusters."));
    return;
  }
  const legend = JSON.parse(element.dataset.legend);
  const bytes = new Uint8Array(await inflated(element.dataset.points).arrayBuffer());
  const points = new Points(bytes, legend.colourings);
  legend.spaces[0].bytes = bytes;
  if (points.count) element.captionMap = new CaptionMap(element, points, legend);
}

whenRead(() => document.querySelectorAll(".caption-map").forEach(mountMap));
