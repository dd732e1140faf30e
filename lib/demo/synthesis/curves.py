"""Smooth shapes over time from which every movement is drawn: eases, bumps, keyframes and slow noise."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator

Array = NDArray[np.float64]


def ease(u: ArrayLike) -> Array:
    """Minimum-jerk rise from 0 to 1: flat in speed and acceleration at both ends, clipped outside 0..1.

    Source: Flash & Hogan 1985, the profile of human point-to-point reaches.

    Example:
        >>> ease([-1.0, 0.0, 0.5, 1.0, 2.0]).tolist()
        [0.0, 0.0, 0.5, 1.0, 1.0]
    """
    x = np.clip(np.asarray(u, dtype=np.float64), 0.0, 1.0)
    return x * x * x * (x * (6.0 * x - 15.0) + 10.0)


def bump(x: Array, centre: float, width: float) -> Array:
    """Raised cosine of height 1 at `centre` that reaches 0 at `centre` +- `width`.

    Example:
        >>> bump(np.array([0.0, 0.5, 1.0]), 0.5, 0.5).round(6).tolist()
        [0.0, 1.0, 0.0]
    """
    return 0.5 + 0.5 * np.cos(np.pi * np.clip((x - centre) / width, -1.0, 1.0))


def keyframes(u: Array, keys: Sequence[tuple[float, ArrayLike]]) -> Array:
    """Values between keyframes without overshoot, at rest before the first key and after the last.

    Args:
        u: (T,) times, in the unit of the keys.
        keys: (time, value) pairs in order of time; the values all numbers or all vectors of D numbers.

    Returns:
        (T,) or (T, D) values, once continuously differentiable.

    Source: Fritsch & Carlson 1980, through scipy's PchipInterpolator; the flat ends are added here.

    Example:
        >>> keyframes(np.array([-1.0, 0.0, 1.0, 5.0]), [(0, 2.0), (1, 4.0)]).tolist()
        [2.0, 2.0, 4.0, 4.0]
    """
    times = np.array([keys[0][0] - 1.0, *(time for time, _ in keys), keys[-1][0] + 1.0], dtype=np.float64)
    values = np.array([keys[0][1], *(value for _, value in keys), keys[-1][1]], dtype=np.float64)
    found: Array = PchipInterpolator(times, values)(np.clip(u, times[0], times[-1]))
    return found


def slow_noise(seconds: Array, channels: int, rng: np.random.Generator, *, top: float = 0.9) -> Array:
    """Unit-variance wandering made of three sinusoids a channel, none faster than `top` Hz.

    Human sway and hand drift live below 1 Hz; white or frame-wise noise would read as the jitter defect.

    Args:
        seconds: (T,) times.
        channels: how many independent courses.
        rng: the source of frequencies and phases.
        top: highest frequency in Hz.

    Returns:
        (T, channels) values with mean square about 1.

    Example:
        >>> slow_noise(np.arange(40) / 20, 2, np.random.default_rng(0)).shape
        (40, 2)
    """
    rate = rng.uniform(0.1, top, (3, channels))
    start = rng.uniform(0.0, 2.0 * np.pi, (3, channels))
    return np.asarray(np.sin(2.0 * np.pi * seconds[:, None, None] * rate + start).sum(axis=1) * np.sqrt(2.0 / 3.0))


def turn_and_walk(speed: Array, heading: Array, step: float) -> Array:
    """Path walked at `speed` (m/s) while facing `heading` (rad, 0 = +Z, positive to the left), from the origin.

    Returns:
        (T, 2) x and z in metres, by the trapezoid rule over `step` seconds.

    Example:
        >>> turn_and_walk(np.ones(3), np.zeros(3), 0.5).tolist()
        [[0.0, 0.0], [0.0, 0.5], [0.0, 1.0]]
    """
    velocity = speed[:, None] * np.stack([np.sin(heading), np.cos(heading)], axis=1)
    path: Array = np.zeros_like(velocity)
    np.cumsum((velocity[1:] + velocity[:-1]) * (0.5 * step), axis=0, out=path[1:])
    return path


def there_and_back(u: Array, away: float, arrive: float, leave: float, home: float) -> Array:
    """0 until `away`, 1 from `arrive` to `leave`, 0 again from `home`, eased.

    Example:
        >>> there_and_back(np.array([0.0, 0.5, 1.0]), 0.1, 0.3, 0.7, 0.9).tolist()
        [0.0, 1.0, 0.0]
    """
    return ease((u - away) / (arrive - away)) - ease((u - leave) / (home - leave))
