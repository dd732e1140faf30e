"""Getting about on two feet: walk, run, jog, march, limp, shuffle and skip."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lib.motion.synthesis.curves import bump, ease, slow_noise, turn_and_walk
from lib.motion.synthesis.footsteps import Footsteps, footsteps, half_cycles, phases
from lib.motion.synthesis.persona import arm
from lib.motion.synthesis.take import Take
from lib.motion.synthesis.tracks import Tracks

Array = NDArray[np.float64]

TURNING = {"left": 0.55 * np.pi, "right": -0.55 * np.pi, "counterclockwise": 2.0 * np.pi, "clockwise": -2.0 * np.pi}


@dataclass(frozen=True)
class Gait:
    """The measures of a gait at its usual pace; angles in radians, lengths in metres.

    Attributes:
        speed: metres a second.
        cadence: cycles (two steps) a second.
        duty: share of the cycle a foot stands.
        lift: how high the swinging ankle rises.
        kick: how far the heel comes up behind.
        bounce: rise of the pelvis above its mean.
        drop: how much lower the pelvis rides.
        lean: forward tilt of the trunk.
        bend: forward bend of the spine.
        nod: forward bend of the head.
        sway: sideways travel of the pelvis over the standing foot.
        twist: turn of the pelvis with the steps; the chest turns the other way.
        swing: arm swing.
        elbow: elbow flexion.
        arms_out: arms held off the body.
        width: multiplies half the distance between the feet.
        wander: metres the path strays sideways.
    """

    speed: float = 1.15
    cadence: float = 0.92
    duty: float = 0.61
    lift: float = 0.07
    kick: float = 0.85
    bounce: float = 0.0
    drop: float = 0.0
    lean: float = 0.03
    bend: float = 0.0
    nod: float = 0.0
    sway: float = 0.025
    twist: float = 0.1
    swing: float = 0.4
    elbow: float = 0.3
    arms_out: float = 0.08
    width: float = 0.75
    wander: float = 0.0


WALK = Gait()
RUN = Gait(speed=2.9, cadence=1.4, duty=0.36, lift=0.14, kick=1.5, bounce=0.035, drop=0.05, lean=0.16, sway=0.012,
           twist=0.16, swing=0.75, elbow=1.5, arms_out=0.16, width=0.55)  # fmt: skip
JOG = Gait(speed=1.9, cadence=1.3, duty=0.42, lift=0.11, kick=1.2, bounce=0.025, drop=0.035, lean=0.07, sway=0.015,
           twist=0.12, swing=0.4, elbow=1.65, arms_out=0.18, width=0.65)  # fmt: skip
MARCH = Gait(speed=0.85, cadence=0.9, duty=0.6, lift=0.3, kick=0.35, lean=-0.03, bend=-0.04, sway=0.03, twist=0.04,
             swing=0.85, elbow=0.12, arms_out=0.06, width=0.85)  # fmt: skip

STYLES: dict[str, Callable[[Gait], Gait]] = {
    "happy": lambda g: replace(g, lift=g.lift + 0.06, bounce=g.bounce + 0.02, swing=1.7 * g.swing, bend=-0.1, nod=-0.12,
                               sway=1.6 * g.sway, arms_out=g.arms_out + 0.12, elbow=g.elbow + 0.35),
    "tired": lambda g: replace(g, speed=0.6 * g.speed, cadence=0.78 * g.cadence, lift=0.6 * g.lift, lean=0.12, bend=0.55,
                               nod=0.45, swing=0.3 * g.swing, drop=0.05, sway=1.5 * g.sway, elbow=0.15),
    "sneaky": lambda g: replace(g, speed=0.5 * g.speed, cadence=0.7 * g.cadence, lift=0.2, drop=0.15, lean=0.3, bend=0.35,
                                nod=-0.45, swing=0.3, elbow=1.75, arms_out=0.2, kick=0.7),
    "proud": lambda g: replace(g, lean=-0.06, bend=-0.28, nod=-0.1, swing=1.35 * g.swing, arms_out=0.34, sway=1.5 * g.sway,
                               lift=g.lift + 0.02, elbow=0.45, width=1.2),
    "drunk": lambda g: replace(g, speed=0.65 * g.speed, cadence=0.85 * g.cadence, sway=0.06, wander=0.22, arms_out=0.55,
                               bend=0.15, nod=0.2, width=1.3, swing=0.5 * g.swing, elbow=0.6),
    "old": lambda g: replace(g, speed=0.42 * g.speed, cadence=0.8 * g.cadence, lift=0.5 * g.lift, lean=0.3, bend=0.65,
                             nod=-0.35, drop=0.08, swing=0.25, elbow=0.9, kick=0.4),
}  # fmt: skip


def travel(take: Take, gait: Gait, motion: Array) -> tuple[Array, Array]:
    """Path (T,2) and heading (T,) that the direction asks for; `motion` (T,) is 0 at rest and 1 at full speed."""
    direction = take.spec.direction
    share = np.cumsum(motion) - motion[0]
    turned = TURNING.get(direction or "", 0.0) * (share / max(share[-1], 1e-9))
    pace = {"in place": 0.0, "backward": -0.62}.get(direction or "", 1.0)
    sideways = slow_noise(take.seconds, 1, take.rng, top=0.45)[:, 0] * (gait.wander + 0.008) * motion
    path = turn_and_walk(pace * gait.speed * take.pace**0.6 * take.spec.amplitude**0.5 * motion, turned, 0.05)
    path += sideways[:, None] * np.stack([np.cos(turned), -np.sin(turned)], axis=1)
    return path, turned


def roll(steps: Footsteps, half: Array, kick: float, backward: bool) -> Array:
    """(T,2) pitch of feet that land on the heel and leave over the toe; the other way round when going backward."""
    late = 1.0 - steps.late if backward else steps.late
    half = half[:, None]
    centre = half + 0.5 * (1.0 - 2.0 * half) * 0.25
    away = 0.5 + 0.5 * np.cos(np.pi * np.clip((late - centre) / np.where(late < centre, 0.17, 0.22), -1.0, 1.0))
    strike = bump(late, 0.0, 0.13)
    landing = 0.5 + 0.5 * np.cos(np.pi * np.clip((late - (1.0 - half)) / 0.13, -1.0, 1.0))
    return kick * away - 0.3 * landing * (1.0 - strike)


def stride(take: Take, gait: Gait) -> tuple[Tracks, Array, Array]:
    """Tracks of a regular gait, the left foot's cycles (T,) and how much of the gait is on (T,), for variations."""
    cadence = gait.cadence * take.pace**0.4
    count = half_cycles(take.length, cadence)
    cycles = np.linspace(0.0, count, take.frames)
    phase = phases(cycles)
    edge = 0.26
    motion = ease((cycles - edge) / 0.75) if not take.open_start else np.ones(take.frames)
    motion = motion * (ease((count - edge - cycles) / 0.75) if not take.open_end else 1.0)
    path, yaw = travel(take, gait, motion)
    duty = 0.62 + (gait.duty - 0.62) * motion
    steps = footsteps(phase, path, yaw, duty, take.persona, width=take.persona.width * (1.0 + (gait.width - 1.0) * motion))
    tracks = take.rest()
    tracks.ankle[..., [0, 2]] = steps.place
    tracks.foot_yaw[:] = steps.yaw
    small = np.clip(steps.stride / 0.3, 0.0, 1.0) if take.spec.direction != "in place" else motion[:, None]
    arc = np.sin(np.pi * steps.swing**0.85) ** 2
    tracks.ankle[..., 1] = gait.lift * take.size * arc * small
    strength = motion[:, None] * (0.35 if take.spec.direction == "in place" else 1.0)
    tracks.foot_pitch[:] = roll(steps, duty / 2.0, gait.kick * min(take.size, 1.15),
                                take.spec.direction == "backward") * strength
    left = phase[:, 0]
    wave, beat = np.cos(2.0 * np.pi * left), np.cos(4.0 * np.pi * left)
    sway = gait.sway * wave * motion
    tracks.root[:, 0] = path[:, 0] + sway * np.cos(yaw)
    tracks.root[:, 2] = path[:, 1] - sway * np.sin(yaw)
    tracks.root[:, 1] -= (gait.drop + gait.bounce * beat) * motion
    tracks.yaw[:] = yaw
    # Left foot furthest ahead a quarter of a cycle before the middle of its stance: left hip ahead, left arm back.
    ahead = np.cos(2.0 * np.pi * (left + 0.25)) * motion
    tracks.tilt[:, 0] += gait.lean * motion
    tracks.tilt[:, 1] -= gait.twist * ahead
    tracks.tilt[:, 2] += 0.03 * wave * motion
    tracks.spine[:, 0] += gait.bend * motion
    tracks.spine[:, 1] += 2.0 * gait.twist * ahead
    tracks.spine[:, 2] -= 0.05 * wave * motion
    tracks.head[:, 0] += (gait.nod - 0.3 * gait.lean) * motion
    tracks.head[:, 1] -= gait.twist * ahead
    swing = gait.swing * take.size * min(take.pace, 1.2)
    for hand, sign in ((0, -1.0), (1, 1.0)):
        moving = arm(0.05 + sign * swing * ahead, gait.elbow + 0.25 * swing * (1.0 + sign * ahead), gait.arms_out)
        tracks.hand[:, hand] += motion[:, None] * (moving - tracks.hand[:, hand])
    return tracks, left, motion


def styled(take: Take, gait: Gait) -> Gait:
    """The gait in the manner asked for."""
    change = STYLES.get(take.spec.style or "")
    return change(gait) if change else gait


def walk(take: Take) -> Tracks:
    """Walk, in any of the manners."""
    gait = styled(take, WALK)
    tracks, left, motion = stride(take, gait)
    if take.spec.style == "sneaky":
        raised = arm(0.55, 1.75, 0.2)
        tracks.hand[:] += motion[:, None, None] * (raised - tracks.hand)
        tracks.hand[..., 1] += 0.05 * motion[:, None] * np.stack([np.cos(2 * np.pi * left), -np.cos(2 * np.pi * left)], 1)
    elif take.spec.style == "old":
        tracks.hand[:, 0] += motion[:, None] * (np.array([-0.1, -0.3, -0.2]) - tracks.hand[:, 0])
        tracks.swivel[:, 0] += 0.6 * motion
    return tracks


def run(take: Take) -> Tracks:
    """Run, with a flight between steps."""
    return stride(take, styled(take, RUN))[0]


def jog(take: Take) -> Tracks:
    """Jog: a low, easy run."""
    return stride(take, styled(take, JOG))[0]


def march(take: Take) -> Tracks:
    """March: knees high, straight arms swinging to the shoulder."""
    return stride(take, MARCH)[0]
