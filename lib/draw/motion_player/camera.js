// Where the viewer stands. Yaw, pitch and zoom are shared by all figures; each is framed by its own motion.
const HOME = { yaw: 35, pitch: 16, zoom: 1 };
const MARGIN = 15;
const CLOSE_UP = 2.3;

// A function from metres to [x, y] in pixels, nearness, and pixels a metre there.
function camera(view, motion, width, height, followed) {
  const turn = motion.facing + view.yaw * Math.PI / 180;
  const tilt = view.pitch * Math.PI / 180;
  const [cosine, sine, up, over] = [Math.cos(turn), Math.sin(turn), Math.cos(tilt), Math.sin(tilt)];
  const { centre, radius } = bounds(motion);
  const pivot = followed ? [followed[0], CLOSE_UP / 2 - 0.15, followed[2]] : centre;
  const distance = 4 * Math.max(radius, 1.2);
  const seen = (x, y, z) => {
    const [dx, dy, dz] = [x - pivot[0], y - pivot[1], z - pivot[2]];
    const ahead = cosine * dz - sine * dx;
    const near = dy * over + ahead * up;
    const size = distance / (distance - near);
    return [(cosine * dx + sine * dz) * size, (dy * up - ahead * over) * size, near, size];
  };
  let { scale, left, low } = followed ? { scale: Math.min(width, height) / CLOSE_UP, left: 0, low: 0 }
    : framing(motion, seen, width, height, `${view.yaw} ${view.pitch} ${width} ${height}`);
  scale *= view.zoom;
  return (x, y, z) => {
    const [across, above, near, size] = seen(x, y, z);
    return [width / 2 + (across - left) * scale, height / 2 - (above - low) * scale, near, size * scale];
  };
}

// Scale and place that fit all of a motion; the same until the view turns or the canvas changes its size.
function framing(motion, seen, width, height, key) {
  if (motion.framing && motion.framing.key === key) return motion.framing;
  const [from, to] = [[Infinity, Infinity], [-Infinity, -Infinity]];
  for (const point of motion.samples) {
    const place = seen(...point);
    for (let axis = 0; axis < 2; axis++) {
      from[axis] = Math.min(from[axis], place[axis]);
      to[axis] = Math.max(to[axis], place[axis]);
    }
  }
  const [wide, tall] = [0, 1].map((axis) => Math.max(to[axis] - from[axis], 0.5 * CLOSE_UP));
  const scale = Math.min((width - 2 * MARGIN) / wide, (height - 2 * MARGIN) / tall);
  motion.framing = { key, scale, left: (from[0] + to[0]) / 2, low: (from[1] + to[1]) / 2 };
  return motion.framing;
}

function bounds(motion) {
  if (motion.bounds) return motion.bounds;
  const centre = [0, 0, 0];
  let square = 0;
  for (let axis = 0; axis < 3; axis++) {
    const values = motion.samples.map((point) => point[axis]);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    centre[axis] = (least + most) / 2;
    square += ((most - least) / 2) ** 2;
  }
  motion.bounds = { centre, radius: Math.sqrt(square) };
  return motion.bounds;
}
