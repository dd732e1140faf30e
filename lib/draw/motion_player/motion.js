// A motion as the page holds it: poses, foot contacts, the way of the pelvis, and where the feet stood.
const JOINTS = SKELETON.parents.length;

function decode(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const data = new DataView(bytes.buffer);
  const frames = data.getUint16(0, true);
  const metre = data.getUint32(4, true) / 1e6;
  const poses = new Float32Array(frames * JOINTS * 3);
  for (let n = 0; n < poses.length; n++) poses[n] = data.getInt16(8 + 2 * n, true) * metre;
  const contacts = bytes.subarray(8 + 2 * poses.length);
  const motion = { frames, fps: data.getUint16(2, true) / 100, poses, contacts };
  return Object.assign(motion, { facing: facing(poses), samples: samples(motion), footprints: footprints(motion) });
}

function seconds(motion) { return (motion.frames - 1) / motion.fps; }

// The pose at a time, between two frames where the time lies between them.
function poseAt(motion, time, pose) {
  const exact = Math.min(Math.max(time * motion.fps, 0), motion.frames - 1);
  const frame = Math.floor(exact + 1e-6);
  const part = Math.max(exact - frame, 0);
  const from = frame * JOINTS * 3;
  const to = Math.min(frame + 1, motion.frames - 1) * JOINTS * 3;
  for (let n = 0; n < pose.length; n++) pose[n] = (1 - part) * motion.poses[from + n] + part * motion.poses[to + n];
  return frame;
}

// The turn that brings the first pose to face the viewer.
function facing(poses) {
  const [rightHip, leftHip, rightShoulder, leftShoulder] = SKELETON.facing;
  const across = (axis) => poses[rightHip * 3 + axis] - poses[leftHip * 3 + axis]
    + poses[rightShoulder * 3 + axis] - poses[leftShoulder * 3 + axis];
  return -Math.atan2(across(2), -across(0));
}

// Points that the camera must see: a pose every few frames, with room for the head, and the pelvis on the floor.
function samples(motion) {
  const step = Math.max(1, Math.floor(motion.frames / 60));
  const points = [];
  for (let frame = 0; frame < motion.frames; frame += step) {
    const at = frame * JOINTS * 3;
    for (let n = 0; n < JOINTS * 3; n += 3) points.push([motion.poses[at + n], motion.poses[at + n + 1], motion.poses[at + n + 2]]);
    const head = at + SKELETON.head * 3;
    points.push([motion.poses[head], motion.poses[head + 1] + 0.18, motion.poses[head + 2]]);
    points.push([motion.poses[at], 0, motion.poses[at + 2]]);
  }
  return points;
}

// Every stay of a foot on the floor: its mean place, the frame it began and the frame it ended.
function footprints(motion) {
  const found = [];
  SKELETON.feet.forEach(({ joint, bits, side }) => {
    let open = null;
    for (let frame = 0; frame <= motion.frames; frame++) {
      const down = frame < motion.frames && (motion.contacts[frame] & bits) !== 0;
      if (down && !open) { open = { side, from: frame, x: 0, z: 0, n: 0 }; found.push(open); }
      if (!down) { if (open) open.to = frame; open = null; continue; }
      const at = (frame * JOINTS + joint) * 3;
      open.n += 1;
      open.x += (motion.poses[at] - open.x) / open.n;
      open.z += (motion.poses[at + 2] - open.z) / open.n;
    }
  });
  return found;
}
