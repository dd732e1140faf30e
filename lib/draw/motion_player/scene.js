// One figure on its canvas: floor, way of the pelvis, footprints, shadow, then the body from far to near.
const SIDES = ["left", "right", "spine"];

function colours(element) {
  // A canvas knows no CSS variables, and light-dark() has a value only where it is used: as the colour of something.
  const probe = element.appendChild(document.createElement("span"));
  const read = (name) => { probe.style.color = `var(--motion-${name})`; return getComputedStyle(probe).color; };
  const found = Object.fromEntries([...SIDES, "ground", "grid", "path", "shadow"].map((name) => [name, read(name)]));
  probe.remove();
  return found;
}

function draw(figure, time, view, colour) {
  const { context, motion, width, height, canvas } = figure;
  const pose = draw.pose || (draw.pose = new Float32Array(JOINTS * 3));
  const frame = poseAt(motion, time, pose);
  const project = camera(view, motion, width, height, view.following ? pose : null);
  const ratio = canvas.width / width;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(ground(figure, project, view, colour, ratio), 0, 0);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = colour.path;
  context.lineWidth = 2.5;
  line(context, way(motion, frame + 1, project));
  marks(context, motion, frame, project, colour);
  const onFloor = [];
  const joints = [];
  for (let n = 0; n < JOINTS * 3; n += 3) {
    joints.push(project(pose[n], pose[n + 1], pose[n + 2]));
    onFloor.push(project(pose[n], 0, pose[n + 2]));
  }
  shadow(context, onFloor, colour);
  body(context, joints, colour);
}

// Floor and whole way, painted once for a view and copied under every pose.
function ground(figure, project, view, colour, ratio) {
  const { canvas, motion, width, height } = figure;
  const key = [view.yaw, view.pitch, view.zoom, canvas.width, canvas.height, ...Object.values(colour)].join();
  if (figure.ground && figure.groundKey === key && !view.following) return figure.ground;
  figure.ground = figure.ground || document.createElement("canvas");
  figure.groundKey = view.following ? null : key;
  Object.assign(figure.ground, { width: canvas.width, height: canvas.height });
  const context = figure.ground.getContext("2d", { alpha: false });
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = colour.ground;
  context.fillRect(0, 0, width, height);
  floor(context, motion, project, colour);
  context.strokeStyle = colour.path;
  context.lineWidth = 1.25;
  context.setLineDash([2, 4]);
  line(context, way(motion, motion.frames, project));
  return figure.ground;
}

function way(motion, frames, project) {
  const points = [];
  for (let n = 0; n < frames; n++) points.push(project(motion.poses[n * JOINTS * 3], 0, motion.poses[n * JOINTS * 3 + 2]));
  return points;
}

function line(context, points) {
  context.beginPath();
  points.forEach(([x, y], n) => (n ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
}

function floor(context, motion, project, colour) {
  const { centre, radius } = bounds(motion);
  const reach = Math.ceil(radius + 0.5);
  const [x, z] = [Math.round(centre[0]), Math.round(centre[2])];
  context.strokeStyle = colour.grid;
  context.lineWidth = 1;
  for (let n = -reach; n <= reach; n++) {
    line(context, [project(x + n, 0, z - reach), project(x + n, 0, z + reach)]);
    line(context, [project(x - reach, 0, z + n), project(x + reach, 0, z + n)]);
  }
}

// Left feet stand on discs, right feet on squares, as in the strips; a foot that stands now has a ring around it.
function marks(context, motion, frame, project, colour) {
  for (const print of motion.footprints) {
    if (print.from > frame) continue;
    const now = frame < print.to;
    context.globalAlpha = now ? 1 : 0.35;
    context.fillStyle = context.strokeStyle = colour[print.side];
    flat(context, print, project, 0.05);
    context.fill();
    if (now) {
      flat(context, print, project, 0.13);
      context.lineWidth = 1.75;
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

function flat(context, { x, z, side }, project, radius) {
  const corners = side === "right" ? 4 : 16;
  context.beginPath();
  for (let n = 0; n < corners; n++) {
    const angle = (n + 0.5) * 2 * Math.PI / corners;
    const [px, py] = project(x + radius * Math.cos(angle), 0, z + radius * Math.sin(angle));
    if (n) context.lineTo(px, py); else context.moveTo(px, py);
  }
  context.closePath();
}

function shadow(context, onFloor, colour) {
  context.strokeStyle = colour.shadow;
  context.lineWidth = Math.max(2, 0.05 * onFloor[0][3]);
  context.beginPath();
  for (const { joint, parent } of SKELETON.bones) {
    context.moveTo(onFloor[parent][0], onFloor[parent][1]);
    context.lineTo(onFloor[joint][0], onFloor[joint][1]);
  }
  context.stroke();
}

function body(context, joints, colour) {
  const parts = SKELETON.bones.map(({ joint, parent, side }) => ({
    near: (joints[joint][2] + joints[parent][2]) / 2,
    paint: () => bone(context, joints[parent], joints[joint], colour, side),
  }));
  const [headX, headY, near, size] = joints[SKELETON.head];
  parts.push({ near: near + 0.05, paint: () => disc(context, headX, headY - 0.06 * size, 0.105 * size, colour, "spine") });
  for (const { joint, side } of SKELETON.ends) {
    const [x, y, depth, here] = joints[joint];
    parts.push({ near: depth + 0.02, paint: () => end(context, x, y, Math.max(2.4, 0.05 * here), colour, side) });
  }
  parts.sort((a, b) => a.near - b.near);
  for (const part of parts) part.paint();
}

function bone(context, from, to, colour, side) {
  const width = Math.max(2.2, 0.06 * (from[3] + to[3]) / 2);
  context.strokeStyle = colour.ground;
  context.lineWidth = width + 2;
  line(context, [from, to]);
  context.strokeStyle = colour[side];
  context.lineWidth = width;
  line(context, [from, to]);
}

function disc(context, x, y, radius, colour, side) {
  context.beginPath();
  context.arc(x, y, Math.max(radius, 3), 0, 2 * Math.PI);
  context.strokeStyle = colour.ground;
  context.lineWidth = 2;
  context.stroke();
  context.fillStyle = colour[side];
  context.fill();
}

function end(context, x, y, radius, colour, side) {
  if (side === "left") { disc(context, x, y, radius, colour, side); return; }
  context.fillStyle = colour[side];
  context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
}
