// What part of the plane is seen: its middle, and how much larger than the whole.
const NEAREST = 400, ROOM = 1.08;

class View {
  constructor(box) { this.box = box; this.width = this.height = 1; this.home(); }

  home() { [this.x, this.y, this.zoom] = [(this.box[0] + this.box[2]) / 2, (this.box[1] + this.box[3]) / 2, 1]; }
  resize(width, height) { this.width = width; this.height = height; }

  // Pixels of the page that a unit of the plane takes; both axes alike, so that distances are what they are.
  get scale() {
    const [left, low, right, high] = this.box;
    return this.zoom * Math.min(this.width / (right - left || 1), this.height / (high - low || 1)) / ROOM;
  }

  // From the plane to the page, where y grows downwards, and back.
  toPage(x, y) { return [this.width / 2 + (x - this.x) * this.scale, this.height / 2 - (y - this.y) * this.scale]; }
  toPlane(px, py) { return [this.x + (px - this.width / 2) / this.scale, this.y - (py - this.height / 2) / this.scale]; }

  pan(dx, dy) { this.goTo(this.x - dx / this.scale, this.y + dy / this.scale); }

  goTo(x, y) {
    const [left, low, right, high] = this.box;
    this.x = Math.min(Math.max(x, left), right);
    this.y = Math.min(Math.max(y, low), high);
  }

  // Zooms so that what lies under a place of the page stays there; says whether anything changed.
  zoomBy(factor, px = this.width / 2, py = this.height / 2) {
    const before = this.zoom, [x, y] = this.toPlane(px, py);
    this.zoom = Math.min(Math.max(this.zoom * factor, 1), NEAREST);
    if (this.zoom === before) return false;
    if (this.zoom === 1) this.home();
    else this.goTo(x - (px - this.width / 2) / this.scale, y + (py - this.height / 2) / this.scale);
    return true;
  }

  // Moves as little as brings a point well inside.
  reveal(x, y) {
    const [px, py] = this.toPage(x, y), edge = Math.min(this.width, this.height) * 0.15;
    const off = (place, size) => (place < edge ? edge - place : place > size - edge ? size - edge - place : 0);
    this.pan(off(px, this.width), off(py, this.height));
  }
}
