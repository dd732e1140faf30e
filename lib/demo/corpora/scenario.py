"""What happens in a clip: the specifications of its actions, drawn by an action mix."""

from collections.abc import Mapping, Sequence

import numpy as np

from lib.demo.corpora.scenes import FAMILY
from lib.demo.synthesis import ACTIONS, Spec
from lib.demo.synthesis.catalogue import LOW
from lib.motion.skeleton import FPS

WALK_HEAVY = {
    "walk": 0.36,
    "run": 0.06,
    "turn": 0.06,
    "jump": 0.05,
    "wave": 0.04,
    "kick": 0.04,
    "sit": 0.04,
    "dance": 0.03,
}
DANCE_HEAVY = {
    "dance": 0.42,
    "walk": 0.07,
    "spin": 0.04,
    "wave": 0.04,
    "clap": 0.03,
    "jump": 0.03,
    "stretch": 0.03,
    "punch": 0.03,
}
SECONDS = {"slow": 1.25, "normal": 1.0, "fast": 0.85}
"""A slow action takes longer."""


def shares(heavy: Mapping[str, float]) -> dict[str, float]:
    """Chance of every action: the named ones as given, the rest of the mass spread evenly over all others.

    Example:
        >>> round(sum(shares(WALK_HEAVY).values()), 6)
        1.0
    """
    others = [action for action in ACTIONS if action not in heavy]
    rest = (1.0 - sum(heavy.values())) / len(others)
    return {action: heavy.get(action, rest) for action in ACTIONS}


def draw_action(mix: Mapping[str, float], rng: np.random.Generator, without: Sequence[str] = ()) -> str:
    """One action by its chance, none of `without`."""
    names = [action for action in mix if action not in without]
    chances = np.array([mix[action] for action in names])
    return names[int(rng.choice(len(names), p=chances / chances.sum()))]


def draw_spec(action: str, rng: np.random.Generator, *, frames: int | None = None) -> Spec:
    """A performance of an action with options at random among those it admits.

    Args:
        action: a key of `ACTIONS`.
        rng: source of randomness.
        frames: its length; drawn when None, never below what the action needs.
    """
    admitted = ACTIONS[action]
    speed = str(rng.choice(admitted.speeds, p=[0.25, 0.5, 0.25] if len(admitted.speeds) == 3 else None))
    sides, directions, styles = admitted.sides, _usual(admitted.directions), admitted.styles
    pick = [options[int(rng.integers(len(options)))] for options in (sides, directions, styles)]
    seconds = max(admitted.seconds, float(rng.uniform(2.5, 4.0)) * SECONDS[speed])
    length = round(seconds * FPS) if frames is None else frames
    side, direction, style = pick
    if admitted.own_side and direction in ("left", "right") and side is not None:
        side = direction
    if style in admitted.alone:
        side = direction = None
    return Spec(action, speed, side, direction, style, float(rng.uniform(0.85, 1.2)), length / FPS)


def draw_take(mix: Mapping[str, float], count: int, rng: np.random.Generator) -> list[Spec]:
    """Actions performed one after the other; after a low posture the performer stands up.

    Returns:
        `count` specifications; neighbours differ in action.
    """
    specs = [draw_spec(draw_action(mix, rng, () if count == 1 else ("stand",)), rng)]
    while len(specs) < count:
        before = specs[-1].action
        action = "stand" if before in LOW else draw_action(mix, rng, (before, "stand"))
        specs.append(draw_spec(action, rng))
    return specs


def draw_timed_take(mix: Mapping[str, float], frames: Sequence[int], rng: np.random.Generator) -> list[Spec]:
    """Upright actions one after the other, each as many frames long as asked, so that cuts fall where planned."""
    unfit = {a for a in mix if a in LOW or a == "stand" or ACTIONS[a].seconds * FPS > min(frames)}
    specs: list[Spec] = []
    for length in frames:
        action = draw_action(mix, rng, (*sorted(unfit), *(spec.action for spec in specs)))
        specs.append(draw_spec(action, rng, frames=length))
    return specs


def poses(specs: Sequence[Spec]) -> list[int]:
    """Frames of each specification, as `synthesise` counts them."""
    return [round(spec.seconds * FPS) for spec in specs]


def _usual(directions: Sequence[str | None]) -> list[str | None]:
    """Straight on is commoner than round in circles."""
    return [*directions, *(2 * [d for d in directions if d in (None, "forward")])]


def family(specs: Sequence[Spec]) -> str | None:
    """Semantic family of a clip, or None where its actions belong to several."""
    found = {FAMILY[spec.action] for spec in specs}
    return found.pop() if len(found) == 1 else None
