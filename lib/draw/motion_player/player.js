// The player: one clock and one view for all the motions of an element, drawn only when seen and only when changed.
const REST = 0.6;
const SHARPEST = 2;
const LONGEST_STEP = 0.1;

class Player {
  constructor(element) {
    this.element = element;
    this.view = { ...HOME, following: false };
    this.figures = Array.from(element.querySelectorAll(".motion-figure"), (figure) => {
      const canvas = make("canvas", { "aria-hidden": "true" });
      figure.prepend(canvas);
      const options = (figure.dataset.options || "").split(" ").filter(Boolean).map(Number);
      return { element: figure, options, canvas, context: canvas.getContext("2d", { alpha: false }), motion: decode(figure.dataset.motion), width: 0, height: 0 };
    });
    this.options = JSON.parse(element.dataset.options || "[]");
    Object.assign(this, { time: 0, speed: 1, playing: false, rounds: 0, drawn: 0, seen: false, waiting: 0, last: 0, option: 0 });
    this.stage = element.querySelector(".motion-figures");
    this.retime();
    this.controls = transport(this);
    element.append(this.controls.bar);
    this.equip();
    this.repaint();
  }

  get state() {
    const { yaw, pitch, zoom, following } = this.view;
    const { duration, frames, playing, speed, rounds, drawn, option } = this;
    return { frame: this.frame, frames, time: Math.min(this.time, duration), duration, playing, speed, yaw, pitch, zoom, following, rounds, drawn, option };
  }
  get frame() { return Math.min(Math.floor(this.time * this.fps + 1e-6), this.frames - 1); }

  play() { this.playing = true; if (this.time >= this.duration) this.time = 0; this.last = 0; this.changed(); }
  pause() { this.playing = false; this.time = Math.min(this.frame / this.fps, this.duration); this.changed(); }
  toggle() { if (this.playing) this.pause(); else this.play(); }
  seek(frame) { this.time = Math.min(Math.max(Math.round(frame), 0), this.frames - 1) / this.fps; this.changed(); }
  step(frames) { if (this.playing) this.pause(); this.seek(this.frame + frames); }
  setSpeed(speed) { this.speed = speed; this.changed(); }
  turn(yaw, pitch) {
    this.view.yaw = (((this.view.yaw + yaw) % 360) + 360) % 360;
    this.view.pitch = Math.min(Math.max(this.view.pitch + pitch, 0), 89);
    this.changed();
  }
  zoom(by) { this.view.zoom = Math.min(Math.max(this.view.zoom * by, 0.5), 6); this.changed(); }
  follow() { this.view.following = !this.view.following; this.changed(); }
  home() { Object.assign(this.view, HOME, { following: false }); this.changed(); }

  // Shows other motions in the same figures, from their beginning; the view, and whether it plays, stay as they are.
  load(texts) {
    this.figures.forEach((figure, n) => Object.assign(figure, { motion: decode(texts[n]), ground: null, groundKey: null }));
    Object.assign(this, { time: 0, last: 0 });
    this.retime();
    this.changed();
  }

  // Shows the figures of an option and hides those of the others; clock and view stay where they are.
  choose(option) {
    this.option = Math.min(Math.max(Math.round(option), 0), Math.max(this.options.length - 1, 0));
    for (const { element, options } of this.figures) element.hidden = options.length > 0 && !options.includes(this.option);
    this.stage.dataset.figures = this.shown.length;
    this.retime();
    this.time = Math.min(this.time, this.duration);
    this.measure();
  }
  get shown() { return this.figures.filter(({ element }) => !element.hidden); }

  // The clock is that of the longest motion that is shown.
  retime() {
    const shown = this.shown.length ? this.shown : this.figures;
    const longest = shown.reduce((a, b) => (seconds(b.motion) > seconds(a.motion) ? b : a)).motion;
    Object.assign(this, { fps: longest.fps, frames: longest.frames, duration: seconds(longest) });
  }

  changed() {
    this.controls.show(this.state);
    if (!this.waiting && this.seen) this.waiting = requestAnimationFrame((now) => this.tick(now));
  }

  tick(now) {
    this.waiting = 0;
    if (!this.seen) { this.last = 0; return; }
    if (this.playing) {
      this.time += (this.last ? Math.min((now - this.last) / 1000, LONGEST_STEP) : 0) * this.speed;
      this.last = now;
      if (this.time > this.duration + REST * this.speed) {
        this.time = 0;
        this.rounds += 1;
        this.element.dispatchEvent(new Event("motionround", { bubbles: true }));
      }
    }
    for (const figure of this.figures) if (figure.width) draw(figure, this.time, this.view, this.palette);
    this.drawn += 1;
    this.controls.show(this.state);
    if (this.playing) this.waiting = requestAnimationFrame((later) => this.tick(later));
  }

  repaint() { this.palette = colours(this.element); this.changed(); }

  measure() {
    for (const figure of this.figures) {
      const { clientWidth, clientHeight } = figure.canvas;
      const ratio = Math.min(devicePixelRatio || 1, SHARPEST);
      figure.width = clientWidth;
      figure.height = clientHeight;
      figure.canvas.width = Math.round(clientWidth * ratio);
      figure.canvas.height = Math.round(clientHeight * ratio);
      // An opaque canvas is black until it is drawn, which happens only once it is seen.
      figure.context.fillStyle = this.palette.ground;
      figure.context.fillRect(0, 0, figure.canvas.width, figure.canvas.height);
    }
    this.changed();
  }

  equip() {
    const help = make("span", { class: "motion-help", id: `motion-help-${Player.count = (Player.count || 0) + 1}` }, HELP);
    this.element.append(help);
    this.stage.setAttribute("aria-describedby", help.id);
    this.stage.title = HELP;
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "application");
    this.stage.setAttribute("aria-label", `View of ${this.element.getAttribute("aria-label")}`);
    this.element.classList.add("motion-live");
    this.element.addEventListener("keydown", keys(this, this.stage));
    pointers(this, this.stage);
    new ResizeObserver(() => this.measure()).observe(this.stage);
    let begun = matchMedia("(prefers-reduced-motion: reduce)").matches || !("autoplay" in this.element.dataset);
    new IntersectionObserver(([entry]) => {
      this.seen = entry.isIntersecting;
      if (this.seen && !begun) { begun = true; this.play(); } else this.changed();
    }).observe(this.stage);
    const scheme = new MutationObserver(() => this.repaint());
    for (const place of [document.documentElement, document.body]) scheme.observe(place, { attributes: true, attributeFilter: ["data-theme", "class"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
  }
}

// Brings every player below a place to life; a player that lives stays as it is.
function mount(place) {
  for (const element of place.querySelectorAll(".motion-player")) {
    if (!element.motionPlayer && element.querySelector(".motion-figure")) element.motionPlayer = new Player(element);
  }
}

window.mountMotionPlayers = (place) => mount(place || document);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => mount(document));
else mount(document);
