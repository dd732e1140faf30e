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
  let [scale, left, low] = [Math.min(width, height) / CLOSE_UP, 0, 0];
  if (!followed) {
    const [from, to] = [[Infinity, Infinity], [-Infinity, -Infinity]];
    for (const point of motion.samples) {
      const [x, y] = seen(...point);
      if (x < from[0]) from[0] = x;
      if (x > to[0]) to[0] = x;
      if (y < from[1]) from[1] = y;
      if (y > to[1]) to[1] = y;
    }
    const wide = Math.max(to[0] - from[0], 0.5 * CLOSE_UP);
    const tall = Math.max(to[1] - from[1], 0.5 * CLOSE_UP);
    scale = Math.min((width - 2 * MARGIN) / wide, (height - 2 * MARGIN) / tall);
    [left, low] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  }
  scale *= view.zoom;
  return (x, y, z) => {
    const [across, above, near, size] = seen(x, y, z);
    return [width / 2 + (across - left) * scale, height / 2 - (above - low) * scale, near, size * scale];
  };
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
