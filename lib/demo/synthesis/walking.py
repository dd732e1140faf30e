"""Getting about on two feet: walk, run, jog, march, limp, shuffle and skip."""

import numpy as np

from lib.demo.synthesis.curves import bump, ease
from lib.demo.synthesis.footsteps import footsteps, half_cycles, phases
from lib.demo.synthesis.gait import JOG, LIMP, MARCH, RUN, SKIP, WALK, styled
from lib.demo.synthesis.limbs import SIDE
from lib.demo.synthesis.persona import arm
from lib.demo.synthesis.stride import stride
from lib.demo.synthesis.take import Take
from lib.demo.synthesis.tracks import Tracks


def walk(take: Take) -> Tracks:
    """Walk, in any of the manners."""
    done = stride(take, styled(WALK, take.spec.style))
    tracks, motion = done.tracks, done.motion
    if take.spec.style == "sneaky":
        for hand in (0, 1):
            creep = arm(0.55 + 0.12 * SIDE[hand] * np.cos(2.0 * np.pi * done.left), 1.75, 0.2)
            tracks.reach(hand, creep, motion)
    elif take.spec.style == "old":
        cane = 0.06 * np.cos(2.0 * np.pi * done.left)
        tracks.reach(1, np.stack([np.full_like(cane, 0.08), -0.12 + 0.3 * cane, 0.48 + cane], axis=1), motion)
    return tracks


def run(take: Take) -> Tracks:
    """Run, with a flight between steps."""
    return stride(take, styled(RUN, take.spec.style)).tracks


def jog(take: Take) -> Tracks:
    """Jog: a low, easy run."""
    return stride(take, styled(JOG, take.spec.style)).tracks


def march(take: Take) -> Tracks:
    """March: knees high, straight arms swinging to the shoulder."""
    return stride(take, MARCH).tracks


def limp(take: Take) -> Tracks:
    """Limp: the weight hurries off the hurt leg, the body dips over it, a hand goes to the thigh."""
    hurt = take.limb()
    done = stride(take, LIMP)
    tracks, motion = done.tracks, done.motion
    over = bump((done.left - 0.5 * hurt + 0.5) % 1.0, 0.5, 0.4) * motion
    tracks.root[:, 1] -= 0.09 * take.size * over
    tracks.tilt[:, 2] += 0.12 * SIDE[hurt] * over
    tracks.spine[:, 2] += 0.32 * SIDE[hurt] * over
    tracks.spine[:, 0] += 0.12 * motion
    tracks.head[:, 0] += 0.2 * motion
    tracks.reach(hurt, (0.02, -0.5, 0.16), motion)
    tracks.reach(1 - hurt, arm(0.2, 0.9, 0.6), 0.8 * motion)
    return tracks


def skip(take: Take) -> Tracks:
    """Skip: step and hop on one foot with the other knee high, then the other way about."""
    done = stride(take, SKIP)
    tracks, steps, motion = done.tracks, done.steps, done.motion
    height, reach = 0.1 * take.size, 0.3 * take.size
    landed = steps.late > 0.69
    since = steps.late - landed  # cycles from the middle of the stance, -0.31 at its beginning
    hop = ease((since + 0.1) / 0.3) - ease(steps.swing)
    up = bump(since, 0.05, 0.17) * motion[:, None]
    # How far a hop carries is settled once a stance; if it followed `motion` the standing foot would slide.
    own = np.stack([done.left, done.left + 0.5], axis=1)
    stance = np.floor(own) + landed
    settled = np.stack([np.interp(stance[:, side], own[:, side], motion) for side in (0, 1)], axis=1)
    along = reach * hop * settled
    tracks.ankle[..., 0] += along * np.sin(tracks.yaw)[:, None]
    tracks.ankle[..., 2] += along * np.cos(tracks.yaw)[:, None]
    tracks.ankle[..., 1] += height * up
    tracks.foot_pitch += 0.6 * up
    tracks.root[:, 1] += (height + 0.02) * up.sum(axis=1)
    return tracks


def shuffle(take: Take) -> Tracks:
    """Side-step: the leading foot reaches out, the other closes up."""
    direction = SIDE[{"left": 0, "right": 1}.get(take.spec.direction or "", int(take.rng.integers(2)))]
    count = half_cycles(take.length, 1.05 * take.pace**0.5)
    cycles = np.linspace(0.0, count, take.frames)
    motion = np.ones(take.frames) if take.open_start else ease((cycles - 0.26) / 0.5)
    motion = motion * (1.0 if take.open_end else ease((count - 0.26 - cycles) / 0.5))
    speed = 0.48 * direction * take.size * take.pace**0.5
    path = np.zeros((take.frames, 2))
    path[1:, 0] = np.cumsum(0.5 * (motion[1:] + motion[:-1]) * speed / 20.0)
    phase = phases(cycles)
    steps = footsteps(phase, path, np.zeros(take.frames), 0.62, take.persona, width=take.persona.width + 0.09 * motion)
    tracks = take.rest()
    tracks.ankle[..., ::2] = steps.place
    tracks.foot_yaw[:] = steps.yaw
    tracks.ankle[..., 1] = 0.07 * np.sin(np.pi * steps.swing) ** 2 * np.clip(steps.stride / 0.25, 0.0, 1.0)
    tracks.foot_pitch[:] = 0.3 * np.sin(np.pi * steps.swing) ** 2 * motion[:, None]
    tracks.root[:, 0] = path[:, 0]
    tracks.root[:, 1] -= 0.07 * motion
    tracks.spine[:, 0] += 0.1 * motion
    tracks.spine[:, 2] += 0.08 * direction * motion
    for hand in (0, 1):
        tracks.reach(hand, arm(0.35, 0.9, 0.45 + 0.1 * np.cos(2.0 * np.pi * cycles)), motion)
    return tracks
