// Points and captions as lib/draw/interactive/caption_map.py packs them.
// Captions in the order they are listed in, and the search among them.
class Captions {
  constructor(listed) { this.listed = listed; }

  // Marks the captions that hold a string, whatever its case and its white space, and says how many there are.
  find(string, marks) {
    this.lower = this.lower || this.listed.map((text) => text.toLowerCase());
    const sought = string.toLowerCase().replace(/\s+/g, " ");
    return this.lower.reduce((count, text, n) => count + (marks[n] = text.includes(sought) ? 1 : 0), 0);
  }
}

// Points: places in bytes of equal rank, then a byte a colouring.
// They are kept in the order they are drawn in, which mixes the clusters so that none lies on top of the others; memory
// is then read from end to end at every frame. `number` says which caption a point has, `place` which point a caption.
class Points {
  constructor(bytes, colourings) {
    const count = this.count = new DataView(bytes.buffer).getUint32(0, true);
    this.number = new Uint32Array(count);
    this.place = new Uint32Array(count);
    for (let n = 0, at = 0, step = stride(count); n < count; n++, at = (at + step) % count) { this.number[n] = at; this.place[at] = n; }
    this.labels = [];
    this.learn(bytes, colourings.length);
    this.lit = new Uint8Array(count).fill(1);
    this.allLit = count;
    this.lie(bytes);
  }

  plane(bytes, n) { return bytes.subarray(4 + n * this.count, 4 + (n + 1) * this.count); }
  mixed(kind, value) { const made = new kind(this.count); for (let n = 0; n < this.count; n++) made[n] = value(this.number[n]); return made; }

  // The labels of so many more colourings.
  learn(bytes, many) {
    for (let n = 0; n < many; n++) { const here = this.plane(bytes, 4 + n); this.labels.push(this.mixed(Uint8Array, (at) => here[at])); }
  }

  // Puts the points where the bytes of a space say.
  lie(bytes) {
    const [xLow, xHigh, yLow, yHigh] = [0, 1, 2, 3].map((n) => this.plane(bytes, n));
    this.x = this.mixed(Uint16Array, (n) => xLow[n] | xHigh[n] << 8);
    this.y = this.mixed(Uint16Array, (n) => yLow[n] | yHigh[n] << 8);
    this.box = [lowest(this.x), lowest(this.y), highest(this.x), highest(this.y)];
  }

  // The point nearest to a place, within a reach, among those that are lit; -1 where there is none.
  nearest(x, y, reach) {
    let best = -1, least = reach * reach;
    for (let n = 0; n < this.count; n++) {
      const dx = this.x[n] - x, dy = this.y[n] - y, square = dx * dx + dy * dy;
      if (square < least && this.lit[n]) { least = square; best = n; }
    }
    return best;
  }

  // The lit points nearest to a place, nearest first.
  around(x, y, many) {
    const square = (n) => (this.x[n] - x) ** 2 + (this.y[n] - y) ** 2;
    const found = [];
    let furthest = Infinity;
    for (let n = 0; n < this.count; n++) {
      const here = square(n);
      if (!this.lit[n] || here >= furthest) continue;
      found.push([here, n]);
      if (found.length > 4 * many) { found.sort((a, b) => a[0] - b[0]); found.length = many; furthest = found[many - 1][0]; }
    }
    return found.sort((a, b) => a[0] - b[0]).slice(0, many).map(([, n]) => n);
  }

  // Lights the points that a search found, if there is one, of the classes that are shown, if some are, and of those
  // that are held, if only these are wanted.
  light(labels, shown, hits, held) {
    let all = 0;
    for (let n = 0; n < this.count; n++) all += this.lit[n] = (!hits || hits[this.number[n]]) && (!held || held[this.number[n]]) && (!shown.size || shown.has(labels[n])) ? 1 : 0;
    this.allLit = all;
  }

  // How many points each class has, among those that a search found, if there is one.
  counted(labels, classes, hits) {
    const counts = new Array(classes).fill(0);
    for (let n = 0; n < this.count; n++) if (!hits || hits[this.number[n]]) counts[labels[n]] += 1;
    return counts;
  }

  // The middle of each class: its mean place.
  middles(labels, classes) {
    const sums = Array.from({ length: classes }, () => [0, 0, 0]);
    for (let n = 0; n < this.count; n++) { const sum = sums[labels[n]]; sum[0] += this.x[n]; sum[1] += this.y[n]; sum[2] += 1; }
    return sums.map(([x, y, n]) => (n ? [x / n, y / n] : null));
  }
}

// A step that visits every point once, far from the one before.
function stride(count) {
  const divisor = (a, b) => (b ? divisor(b, a % b) : a);
  let step = Math.max(1, Math.round(count * 0.381966));
  while (divisor(count, step) > 1) step += 1;
  return step % Math.max(count, 1);
}

function lowest(values) { return values.reduce((a, b) => Math.min(a, b), 65535); }
function highest(values) { return values.reduce((a, b) => Math.max(a, b), 0); }
