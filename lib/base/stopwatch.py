"""Where the time of a run goes, told at its end."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lib.base import state
from lib.base.paths import CACHE

INSTALLED = CACHE / "environment_seconds"
"""Where ``lib.base.environment`` leaves how long the installation took, for the run that follows it."""
SHORTEST = 0.5
"""Seconds below which a step is not told."""


@dataclass
class Stopwatch:
    """Seconds by step, in order.

    Example:
        >>> watch = Stopwatch({"corpora": 12.4, "models": 151.0, "nothing": 0.01})
        >>> print(watch)
        corpora 12 s · models 2 min 31 s · together 2 min 43 s
    """

    laps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def lap(self, step: str) -> Iterator[None]:
        """Times a step; one that fails is not told, since its error is."""
        started = time.perf_counter()
        yield
        self.laps[step] = self.laps.get(step, 0.0) + time.perf_counter() - started

    def add(self, laps: Mapping[str, float]) -> None:
        """Adds what was timed elsewhere; a step that has run in part already took both times.

        Example:
            >>> watch = Stopwatch({"00": 9.0})
            >>> watch.add({"00": 1.0, "01": 2.0})
            >>> print(watch)
            00 10 s · 01 2 s · together 12 s
        """
        for step, seconds in laps.items():
            self.laps[step] = self.laps.get(step, 0.0) + seconds

    def installation(self, noted: Path = INSTALLED) -> None:
        """Adds the installation that went before, once."""
        seconds = state.read(noted, float, then="how long the installation took is not told")
        if seconds is not None and 0 <= seconds < float("inf"):
            self.laps["environment"] = seconds
        noted.unlink(missing_ok=True)

    def __str__(self) -> str:
        """Steps that took time, and their sum; empty when none did."""
        told = {step: seconds for step, seconds in self.laps.items() if seconds >= SHORTEST}
        parts = [f"{step} {_said(seconds)}" for step, seconds in told.items()]
        return " · ".join([*parts, f"together {_said(sum(told.values()))}"]) if parts else ""


def _said(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
