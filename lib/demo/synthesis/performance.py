"""From specifications to one clip: draw a performer, build and join the takes, add life, and put it at the origin."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lib.demo.synthesis.action import refusal
from lib.demo.synthesis.catalogue import ACTIONS, LOW
from lib.demo.synthesis.curves import slow_noise
from lib.demo.synthesis.kinematics import joints
from lib.demo.synthesis.persona import Persona
from lib.demo.synthesis.take import Spec, Take
from lib.demo.synthesis.tracks import Tracks, chain
from lib.motion.skeleton import FACING, FPS


def synthesise(specs: Sequence[Spec], rng: np.random.Generator) -> NDArray[np.float32]:
    """Perform one or more actions in a row.

    Args:
        specs: what to perform, in order. `stand` after a low posture (sit, lie, kneel, squat, crouch) gets up from it.
        rng: the source of everything that differs between two performances of the same specifications.

    Returns:
        (T,22,3) joints in metres at 20 fps, Y up, floor at 0, pelvis of the first frame over the origin, facing +Z;
        T = sum of round(20 * seconds).

    Raises:
        ValueError: an unknown action, or an option the action does not admit.

    Example:
        >>> clip = synthesise([Spec("walk", seconds=2.0), Spec("wave", side="left")], np.random.default_rng(0))
        >>> clip.shape, clip.dtype.name
        ((120, 22, 3), 'float32')
    """
    if not specs:
        raise ValueError("nothing to perform: give at least one Spec")
    for spec in specs:
        if spec.action not in ACTIONS:
            raise ValueError(f"unknown action {spec.action!r}; one of {', '.join(sorted(ACTIONS))}")
        if refused := refusal(spec, ACTIONS[spec.action]):
            raise ValueError(refused)
    persona = Persona.drawn(rng)
    tracks = chain(_parts(specs, persona, rng))
    _live(tracks, rng)
    return _placed(joints(tracks))


def _parts(specs: Sequence[Spec], persona: Persona, rng: np.random.Generator) -> list[Tracks]:
    """Takes in order; only the outer ends may lie inside an action, by a random cut of up to 0.4 s."""
    parts: list[Tracks] = []
    index = 0
    while index < len(specs):
        spec = specs[index]
        frames, rise, last = round(spec.seconds * FPS), 0.0, index
        if spec.action in LOW and index + 1 < len(specs) and specs[index + 1].action == "stand":
            last = index + 1
            rise = specs[last].seconds
            frames += round(rise * FPS)
        first, final = index == 0, last == len(specs) - 1
        opened, closed = (rng.random(2) < (0.75 if ACTIONS[spec.action].locomotion else 0.4)).tolist()
        cut, end = rng.integers(0, 9, 2).tolist()
        before, after = cut if first and opened else 0, end if final and closed else 0
        take = Take(spec, persona, frames + before + after, first=first, last=final and not rise,
                    open_start=first and opened, open_end=final and closed and not rise,
                    rng=rng, rise=rise)  # fmt: skip
        parts.append(ACTIONS[spec.action].build(take).crop(before, before + frames))
        index = last + 1
    return parts


def _live(tracks: Tracks, rng: np.random.Generator) -> None:
    """Breathing, sway and drift of a body that is never quite still."""
    drift = slow_noise(np.arange(len(tracks)) / FPS, 14, rng)
    drift *= np.array([0.006, 0.006, 0.012, 0.02, 0.012, 0.04, 0.06, 0.03, *[0.012] * 6])
    tracks.root[:, ::2] += drift[:, :2]
    tracks.spine += drift[:, 2:5]
    tracks.head += drift[:, 5:8]
    tracks.hand += drift[:, 8:].reshape(-1, 2, 3)


def _placed(pose: NDArray[np.float64]) -> NDArray[np.float32]:
    """The clip turned and carried so that its first frame stands over the origin and faces +Z, the floor at 0."""
    right_hip, left_hip, right_shoulder, left_shoulder = pose[0, list(FACING)]
    across = right_hip - left_hip + right_shoulder - left_shoulder
    yaw = np.arctan2(across[2], -across[0])
    cosine, sine = np.cos(yaw), np.sin(yaw)
    turn = np.array([[cosine, 0.0, -sine], [0.0, 1.0, 0.0], [sine, 0.0, cosine]])
    out = (pose - pose[0, 0] * np.array([1.0, 0.0, 1.0])) @ turn.T
    return np.asarray(out, dtype=np.float32)
