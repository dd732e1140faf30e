// The motions of a map: that of the point a reader looks at, or of the nearest point in the plane that has one.
const RESTED = 150;

class MapMotions {
  constructor(map, { numbers, file, rate, longest }) {
    Object.assign(this, { map, file, numbers, only: false, asked: -1, shown: -1, exact: false, waiting: 0, words: "" });
    this.marks = new Uint8Array(map.points.count);
    this.which = new Map(numbers.map((number, n) => [number, n]));
    for (const number of numbers) this.marks[number] = 1;
    this.label = make("b", {}, "Point at a clip");
    this.note = make("span", {}, "or choose one with N, and its motion plays here.");
    this.figure = make("figure", { class: "motion-figure" }, make("figcaption", {}, this.label, this.note));
    this.player = map.element.querySelector(".motion-player") || make("div", { class: "motion-player" });
    for (const [name, value] of Object.entries({ role: "group", "aria-label": "Motion of a clip", "data-autoplay": "" })) this.player.setAttribute(name, value);
    this.player.hidden = false;
    this.player.append(make("div", { class: "motion-figures", "data-figures": 1 }, this.figure));
    const box = this.box = make("input", { type: "checkbox", id: fresh("map-only") });
    box.addEventListener("change", () => { this.only = box.checked; map.relight(); });
    const few = numbers.length < map.points.count;
    const told = `${thousands(numbers.length)} of ${thousands(map.points.count)} clips play, ${rate} poses a second, the first ${longest} s${few ? "; for any other the nearest that does" : ""}.`;
    this.panel = make("div", { class: "map-motion" }, this.player, make("p", { class: "map-sample" }, told));
    if (few) this.panel.append(make("label", { class: "map-only", for: box.id }, box, " Light only clips that play"));
  }

  get state() { return { shown: this.shown, exact: this.exact, loaded: Boolean(this.texts), only: this.only, said: this.label.textContent, note: this.note.textContent }; }

  // The point whose motion is shown for a point, and whether it is that point's own.
  found(n) {
    const { points } = this.map;
    if (this.marks[points.number[n]]) return [n, true];
    let best = -1, least = Infinity;
    for (const number of this.numbers) {
      const here = points.place[number], square = (points.x[here] - points.x[n]) ** 2 + (points.y[here] - points.y[n]) ** 2;
      if (square < least) { least = square; best = here; }
    }
    return [best, false];
  }

  // What a reader who chooses a point is told of its motion.
  said(n) {
    const [found, exact] = this.found(n), caption = this.map.caption(found);
    return exact ? "Its motion is shown." : `Its motion is not kept here; shown is the nearest clip’s that is${caption ? `: “${caption}”` : ""}.`;
  }

  // Shows the motion of a point once a reader has rested on it; the last one stays when there is none.
  follow(n) {
    if (n === this.asked) return;
    this.asked = n;
    clearTimeout(this.waiting);
    if (n >= 0) this.waiting = setTimeout(() => this.show(n), RESTED);
  }

  async show(n) {
    const { map } = this;
    try {
      this.texts = this.texts || await (this.loading = this.loading || this.read());
    } catch (_) {
      this.label.textContent = "The motions are missing:";
      this.note.textContent = `${this.file} could not be read.`;
      return;
    }
    if (n !== this.asked) return;
    const [found, exact] = this.found(n), caption = map.caption(found), number = this.which.get(map.points.number[found]);
    const facts = map.colourings.map(({ name }, by) => `${name} ${map.classOf(found, by)}`).join(", ");
    this.label.textContent = exact ? "This clip" : "Not this clip: the nearest that plays";
    this.note.textContent = caption ? `“${caption}”` : facts;
    if (this.shown !== found) {
      if (this.player.motionPlayer) this.player.motionPlayer.load([this.texts[number]]);
      else {
        this.figure.dataset.motion = this.texts[number];
        window.mountMotionPlayers(this.panel);
      }
    }
    Object.assign(this, { shown: found, exact });
    map.changed();
  }

  // The motions as the player takes them; low bytes and high bytes come apart.
  async read() {
    const bytes = await beside(this.file), head = new DataView(bytes.buffer), count = head.getUint32(0, true);
    const body = bytes.subarray(4 + 4 * count), whole = new Uint8Array(body.length), half = Math.ceil(body.length / 2);
    for (let n = 0; n < body.length; n++) whole[n] = body[n & 1 ? half + (n >> 1) : n >> 1];
    let at = 0;
    return Array.from({ length: count }, (_, n) => {
      const part = whole.subarray(at, at += head.getUint32(4 + 4 * n, true));
      let letters = "";
      for (const byte of part) letters += String.fromCharCode(byte);
      return btoa(letters);
    });
  }
}
