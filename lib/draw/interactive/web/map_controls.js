// What a reader operates around the map: colouring, search, classes; and keys, pointers and wheel on the map itself.
const MAP_HELP = "Drag, or use the arrow keys, to move; the wheel, a pinch, plus and minus zoom; 0 shows the whole. "
  + "N and P step through what the search found, or through the captions nearest to the middle; Escape lets go.";

function mapTools(map) {
  const select = make("select", { id: fresh("map-by") });
  map.colourings.forEach(({ name }, n) => select.append(make("option", { value: n }, name)));
  select.addEventListener("change", () => map.colourBy(Number(select.value)));
  const search = make("input", { type: "search", id: fresh("map-find"), autocomplete: "off", spellcheck: "false", disabled: "" });
  let waiting = 0;
  search.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(() => map.find(search.value), 120); });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    clearTimeout(waiting);
    if (search.value.trim() !== map.sought) map.find(search.value);
    map.step(event.shiftKey ? -1 : 1);
  });
  const space = make("select", { id: fresh("map-space") });
  map.spaces.forEach(({ name }, n) => space.append(make("option", { value: n }, name)));
  space.addEventListener("change", () => map.lieIn(Number(space.value)));
  const spaces = map.spaces.length > 1 ? [make("label", { for: space.id }, "Space of"), space] : [];
  const bar = make("div", { class: "map-tools" }, ...spaces,
    make("label", { for: select.id }, "Colour by"), select, make("label", { for: search.id }, "Find in captions"), search,
    button("Previous caption", "‹", () => map.step(-1)), button("Next caption", "›", () => map.step(1)));
  return { bar, select, search, space };
}

function mapLegend(map, list) {
  const { classes } = map.colouring;
  list.replaceChildren(...classes.map((name, n) => {
    const mark = make("canvas", { width: 28, height: 28, "aria-hidden": "true" });
    const made = make("button", { type: "button", "aria-pressed": String(map.shown.has(n)) }, mark, make("span", {}, name), make("small", {}));
    made.addEventListener("click", () => map.show(n));
    return make("li", {}, made);
  }));
}

function mapKeys(map) {
  const far = 0.12;
  const acts = {
    ArrowLeft: () => map.move(far, 0), ArrowRight: () => map.move(-far, 0), ArrowUp: () => map.move(0, far), ArrowDown: () => map.move(0, -far),
    "+": () => map.zoom(1.4), "=": () => map.zoom(1.4), "-": () => map.zoom(1 / 1.4), 0: () => map.home(), Home: () => map.home(),
    n: () => map.step(1), p: () => map.step(-1), Escape: () => map.choose(-1),
  };
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== map.stage) return;
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) { event.preventDefault(); act(); }
  };
}

// One pointer moves the map, two zoom it, a tap chooses a point, a mouse that rests on one shows it. The wheel zooms, and
// scrolls the page where the map cannot get any smaller.
function mapPointers(map, stage) {
  const down = new Map();
  let moved = 0;
  const spot = (event) => { const box = map.canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  const spread = () => { const [a, b] = [...down.values()]; return [Math.hypot(a[0] - b[0], a[1] - b[1]), (a[0] + b[0]) / 2, (a[1] + b[1]) / 2]; };
  stage.addEventListener("pointerdown", (event) => {
    if (event.button || event.target !== map.canvas) return;
    if (!down.size) moved = 0;
    down.set(event.pointerId, spot(event));
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    const last = down.get(event.pointerId), [x, y] = spot(event);
    if (!last) { if (event.pointerType === "mouse") map.hover(x, y); return; }
    const before = down.size === 2 ? spread() : null;
    down.set(event.pointerId, [x, y]);
    moved += Math.abs(x - last[0]) + Math.abs(y - last[1]);
    if (moved <= 4) return;
    if (before) {
      const now = spread();
      map.zoom(now[0] / before[0], now[1], now[2]);
      map.drag(now[1] - before[1], now[2] - before[2]);
    } else map.drag(x - last[0], y - last[1]);
  });
  stage.addEventListener("pointerup", (event) => {
    if (down.delete(event.pointerId) && !down.size && moved <= 4) map.tap(...spot(event), event.pointerType === "mouse" ? 12 : 24);
  });
  stage.addEventListener("pointercancel", (event) => down.delete(event.pointerId));
  stage.addEventListener("pointerleave", () => map.hover(-1e4, -1e4));
  stage.addEventListener("wheel", (event) => {
    if (event.target === map.canvas && map.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.06 : 0.002)), ...spot(event))) event.preventDefault();
  }, { passive: false });
}
