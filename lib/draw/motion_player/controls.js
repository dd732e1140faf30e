// What a reader operates: the transport under the figures, and keys, pointers and wheel on the view itself.
const ICONS = {
  play: "M6 4l11 6-11 6z",
  pause: "M5 4h4v12H5zM11 4h4v12h-4z",
  back: "M4 4h2v12H4zM16 4v12l-9-6z",
  forward: "M14 4h2v12h-2zM4 4l9 6-9 6z",
  home: "M10 4a6 6 0 1 1-5.7 4.1l1.5.5A4.4 4.4 0 1 0 10 5.600v2.400L6.500 4.800 10 1.600z",
  follow: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm0 1.500a5.500 5.500 0 1 1 0 11 5.500 5.500 0 0 1 0-11zM10 7.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
};
const SPEEDS = [0.25, 0.5, 1, 2];
const HELP = "Space plays and pauses, left and right arrows step, Shift with arrows or a drag turns the view, "
  + "plus and minus or a pinch zoom, F follows the body, 0 brings the first view back.";

function make(kind, attributes, ...children) {
  const element = document.createElement(kind);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function icon(name) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" })) picture.setAttribute(key, value);
  path.setAttribute("d", ICONS[name]);
  path.setAttribute("fill", "currentColor");
  picture.append(path);
  return picture;
}

function transport(player) {
  const button = (name, label, act) => {
    const made = make("button", { type: "button", class: `motion-${name}`, "aria-label": label, title: label }, icon(name));
    made.addEventListener("click", act);
    return made;
  };
  const play = button("play", "Play", () => player.toggle());
  const follow = button("follow", "Follow the body", () => player.follow());
  const range = make("input", { type: "range", min: 0, max: player.frames - 1, step: 1, value: 0, "aria-label": "Time" });
  const clock = make("span", { class: "motion-clock", "aria-hidden": "true" });
  const speed = make("select", { "aria-label": "Speed" });
  for (const rate of SPEEDS) speed.append(make("option", { value: rate }, `${rate}×`));
  speed.addEventListener("change", () => player.setSpeed(Number(speed.value)));
  range.addEventListener("input", () => player.seek(Number(range.value)));
  const options = make("select", { class: "motion-options", "aria-label": player.element.dataset.choice || "" });
  player.options.forEach((name, number) => options.append(make("option", { value: number }, name)));
  options.addEventListener("change", () => player.choose(Number(options.value)));
  const bar = make("div", { class: "motion-transport" }, ...(player.options.length > 1 ? [options] : []),
    button("back", "Back one frame", () => player.step(-1)), play, button("forward", "On one frame", () => player.step(1)),
    range, clock, speed, follow, button("home", "First view", () => player.home()));
  let shown = null;
  function show(state) {
    if (range.max !== String(state.frames - 1)) range.max = state.frames - 1;
    if (options.value !== String(state.option) && player.options.length) options.value = String(state.option);
    if (String(state.frame) !== range.value) range.value = state.frame;
    const said = `${state.time.toFixed(1)} s of ${state.duration.toFixed(1)} s`;
    if (clock.textContent !== said) { clock.textContent = said; range.setAttribute("aria-valuetext", said); }
    if (shown !== state.playing) {
      shown = state.playing;
      play.replaceChildren(icon(shown ? "pause" : "play"));
      play.title = shown ? "Pause" : "Play";
      play.setAttribute("aria-label", play.title);
    }
    if (Number(speed.value) !== state.speed) speed.value = String(state.speed);
    if (follow.getAttribute("aria-pressed") !== String(state.following)) follow.setAttribute("aria-pressed", String(state.following));
  }
  return { bar, show };
}

function keys(player, view) {
  const turn = { ArrowLeft: [-5, 0], ArrowRight: [5, 0], ArrowUp: [0, 5], ArrowDown: [0, -5] };
  const plain = {
    ArrowLeft: () => player.step(-1), ArrowRight: () => player.step(1), Home: () => player.seek(0),
    End: () => player.seek(player.frames - 1), "+": () => player.zoom(1.15), "=": () => player.zoom(1.15),
    "-": () => player.zoom(1 / 1.15), 0: () => player.home(), f: () => player.follow(),
  };
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const kind = event.target.tagName;
    let act = null;
    if (event.key === " " && kind !== "BUTTON" && kind !== "SELECT") act = () => player.toggle();
    else if (event.target === view && event.shiftKey && turn[event.key]) act = () => player.turn(...turn[event.key]);
    else if (event.target === view) act = plain[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) { event.preventDefault(); act(); }
  };
}

// One pointer turns, two zoom, a click plays; a vertical swipe stays with the page (touch-action: pan-y).
function pointers(player, view) {
  const down = new Map();
  let moved = 0;
  const spread = () => { const [a, b] = [...down.values()]; return Math.hypot(a.x - b.x, a.y - b.y); };
  view.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    if (!down.size) moved = 0;
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    view.setPointerCapture(event.pointerId);
  });
  view.addEventListener("pointermove", (event) => {
    const last = down.get(event.pointerId);
    if (!last) return;
    const before = down.size === 2 ? spread() : 0;
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    moved += Math.abs(dx) + Math.abs(dy);
    if (before) player.zoom(spread() / before);
    else if (moved > 4) player.turn(dx * 0.6, dy * 0.4);
  });
  view.addEventListener("pointerup", (event) => {
    if (down.delete(event.pointerId) && !down.size && moved <= 4) player.toggle();
  });
  view.addEventListener("pointercancel", (event) => down.delete(event.pointerId));
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    player.zoom(Math.exp(-event.deltaY / 200));
  }, { passive: false });
}
