// Draws points into the canvas, pixel by pixel: on the processor this is quicker than arcs, and as quick everywhere.
const SHARPEST = 2, LARGEST = 8;
const SHAPES = [
  (x, y, r) => x * x + y * y <= r * r + 0.3 * r,
  (x, y, r) => Math.max(Math.abs(x), Math.abs(y)) <= r * 0.86,
  (x, y, r) => y <= r * 0.9 && Math.abs(x) <= (y + r) * 0.62,
  (x, y, r) => Math.abs(x) + Math.abs(y) <= r * 1.2,
  (x, y, r) => -y <= r * 0.9 && Math.abs(x) <= (r - y) * 0.62,
];

class Painter {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { alpha: false });
  }

  resize(width, height) {
    this.ratio = Math.min(devicePixelRatio || 1, SHARPEST);
    [this.canvas.width, this.canvas.height] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    this.edge = Math.ceil(LARGEST * 2 * this.ratio);
    this.across = this.canvas.width + 2 * this.edge;
    this.image = this.context.createImageData(this.across, this.canvas.height + 2 * this.edge);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.stamps = new Map();
  }

  // Points of all classes, those that are not lit first, small and in one colour.
  points(points, labels, view, look) {
    this.pixels.fill(look.ground);
    const radius = this.radius(points, view), bold = points.allLit * 8 < points.count ? Math.min(LARGEST, radius * 1.6 + 0.6) : radius;
    const classes = look.colours.length;
    if (points.allLit < points.count) this.scatter(points, labels, view, new Uint32Array(classes).fill(look.dim), Array(classes).fill(this.stamp(0, radius * 0.7)), 0);
    this.scatter(points, labels, view, look.colours, look.shapes.map((shape) => this.stamp(shape, bold)), 1);
    this.context.putImageData(this.image, -this.edge, -this.edge);
  }

  scatter(points, labels, view, colours, stamps, wanted) {
    const { x: xs, y: ys, lit, count } = points, { pixels, across, edge } = this;
    const scale = view.scale * this.ratio, low = edge >> 1, high = this.image.height - low, wide = across - low;
    const left = this.canvas.width / 2 - view.x * scale + edge, top = this.canvas.height / 2 + view.y * scale + edge;
    for (let n = 0; n < count; n++) {
      if (lit[n] !== wanted) continue;
      const x = xs[n] * scale + left | 0, y = top - ys[n] * scale | 0;
      if (x < low || y < low || x >= wide || y >= high) continue;
      const stamp = stamps[labels[n]], colour = colours[labels[n]], place = y * across + x;
      for (let k = 0; k < stamp.length; k++) pixels[place + stamp[k]] = colour;
    }
  }

  // Pixels of the page: what fills a share of the view at first, and grows slower than the view does.
  radius(points, view) {
    const alone = Math.sqrt(view.width * view.height / Math.max(points.count, 1)) * 0.28;
    return Math.min(Math.max(Math.min(alone, 3.2) * view.zoom ** 0.6, 0.5), LARGEST * 0.8);
  }

  // Where the pixels of a mark lie from its middle. Marks too small to have a shape are squares.
  stamp(shape, radius) {
    const size = Math.max(1, Math.round(2 * radius * this.ratio)), key = `${shape} ${size}`;
    if (!this.stamps.has(key)) {
      const inside = size < 5 ? () => true : SHAPES[shape], middle = (size - 1) / 2, found = [];
      for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) {
        if (inside(x - middle, y - middle, size / 2)) found.push((y - Math.floor(middle)) * this.across + x - Math.floor(middle));
      }
      this.stamps.set(key, Int32Array.from(found));
    }
    return this.stamps.get(key);
  }

  // A ring around the chosen point.
  ring(px, py, radius, look) {
    const { context: c, ratio } = this;
    for (const [width, colour] of [[5, look.paper], [2.5, look.ink]]) {
      c.beginPath();
      c.arc(px * ratio, py * ratio, (radius + 4) * ratio, 0, 7);
      c.lineWidth = width * ratio;
      c.strokeStyle = colour;
      c.stroke();
    }
  }

  // A short name on paper.
  tag(text, px, py, look) {
    const { context: c, ratio } = this;
    c.font = `600 ${11 * ratio}px system-ui, sans-serif`;
    c.textAlign = "center";
    c.textBaseline = "middle";
    const width = c.measureText(text).width + 8 * ratio, height = 16 * ratio;
    c.fillStyle = look.paper;
    c.strokeStyle = look.line;
    c.lineWidth = ratio;
    c.beginPath();
    c.rect(px * ratio - width / 2, py * ratio - height / 2, width, height);
    c.fill();
    c.stroke();
    c.fillStyle = look.ink;
    c.fillText(text, px * ratio, py * ratio + ratio / 2);
  }
}
