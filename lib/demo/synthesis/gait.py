"""The measures of a gait, those of the usual gaits, and how a mood changes them."""

from collections.abc import Callable
from dataclasses import dataclass, replace


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
        ahead: where the ankle stands against the pelvis in the middle of a stance, metres.
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
    arms_out: float = 0.04
    ahead: float = -0.05
    width: float = 0.75
    wander: float = 0.0


WALK = Gait()
RUN = Gait(speed=2.7, cadence=1.35, duty=0.34, lift=0.14, kick=1.3, bounce=0.035, drop=0.07, lean=0.16, ahead=-0.14,
           sway=0.012, twist=0.16, swing=0.75, elbow=1.5, arms_out=0.16, width=0.55)  # fmt: skip
JOG = Gait(speed=1.8, cadence=1.3, duty=0.4, lift=0.11, kick=1.1, bounce=0.03, drop=0.06, lean=0.07, ahead=-0.1,
           sway=0.015, twist=0.12, swing=0.4, elbow=1.65, arms_out=0.18, width=0.65)  # fmt: skip
MARCH = Gait(speed=0.85, cadence=0.9, duty=0.6, lift=0.3, kick=0.35, lean=-0.03, bend=-0.04, sway=0.03, twist=0.04,
             swing=0.85, elbow=0.12, arms_out=0.06, width=0.85)  # fmt: skip
LIMP = replace(WALK, speed=0.7, cadence=0.8, lift=0.05, kick=0.5, swing=0.15, sway=0.03)
SKIP = replace(WALK, speed=1.35, cadence=0.85, duty=0.62, lift=0.26, kick=0.7, swing=1.0, elbow=0.6, arms_out=0.15,
               ahead=-0.2)  # fmt: skip

STYLES: dict[str, Callable[[Gait], Gait]] = {
    "happy": lambda g: replace(g, lift=g.lift + 0.06, bounce=g.bounce + 0.02, swing=1.7 * g.swing, bend=-0.1,
                               nod=-0.12, sway=1.6 * g.sway, arms_out=g.arms_out + 0.12, elbow=g.elbow + 0.35),
    "tired": lambda g: replace(g, speed=0.6 * g.speed, cadence=0.78 * g.cadence, lift=0.6 * g.lift, lean=0.12,
                               bend=0.55, nod=0.45, swing=0.3 * g.swing, drop=0.05, sway=1.5 * g.sway, elbow=0.15),
    "sneaky": lambda g: replace(g, speed=0.5 * g.speed, cadence=0.7 * g.cadence, lift=0.2, drop=0.15, lean=0.3,
                                bend=0.35, nod=-0.45, swing=0.3, elbow=1.75, arms_out=0.2, kick=0.7),
    "proud": lambda g: replace(g, lean=-0.06, bend=-0.28, nod=-0.1, swing=1.35 * g.swing, arms_out=0.34,
                               sway=1.5 * g.sway, lift=g.lift + 0.02, elbow=0.45, width=1.2),
    "drunk": lambda g: replace(g, speed=0.65 * g.speed, cadence=0.85 * g.cadence, sway=0.06, wander=0.22,
                               arms_out=0.55, bend=0.15, nod=0.2, width=1.3, swing=0.5 * g.swing, elbow=0.6),
    "old": lambda g: replace(g, speed=0.42 * g.speed, cadence=0.8 * g.cadence, lift=0.5 * g.lift, lean=0.3,
                             bend=0.65, nod=-0.35, drop=0.08, swing=0.12, elbow=0.5, kick=0.4),
}  # fmt: skip


def styled(gait: Gait, style: str | None) -> Gait:
    """The gait in the manner asked for.

    Example:
        >>> styled(WALK, "tired").speed < WALK.speed
        True
    """
    change = STYLES.get(style or "")
    return change(gait) if change else gait
