"""One performance: what is asked for, and its making, with a clock, envelopes, repetitions and the choice of limb."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lib.demo.synthesis.curves import ease
from lib.demo.synthesis.persona import Persona
from lib.demo.synthesis.tracks import Tracks
from lib.motion.skeleton import FPS

Array = NDArray[np.float64]

PACE = {"slow": 0.72, "normal": 1.0, "fast": 1.35}


@dataclass(frozen=True, slots=True)
class Spec:
    """One performance of an action.

    Attributes:
        action: a key of `ACTIONS`.
        speed: slow, normal or fast.
        side: left, right, both or None.
        direction: as the action admits.
        style: as the action admits.
        amplitude: 1 is usual; 0.7 is restrained, 1.3 is expansive.
        seconds: duration.

    Example:
        >>> Spec("kick", side="left").seconds
        4.0
    """

    action: str
    speed: str = "normal"
    side: str | None = None
    direction: str | None = None
    style: str | None = None
    amplitude: float = 1.0
    seconds: float = 4.0


@dataclass(frozen=True)
class Take:
    """What an action's builder is given.

    Attributes:
        spec: what is asked for.
        persona: who performs.
        frames: length in frames, with any part that will be cut off.
        first: nothing precedes the take.
        last: nothing follows it.
        open_start: the take begins inside the action; only where nothing precedes.
        open_end: the take stops inside the action; only where nothing follows.
        rng: chance within the take.
        rise: seconds at the end spent getting up again, when a `stand` follows a low posture.
    """

    spec: Spec
    persona: Persona
    frames: int
    first: bool
    last: bool
    open_start: bool
    open_end: bool
    rng: np.random.Generator
    rise: float = 0.0

    def rest(self) -> Tracks:
        """The performer standing still for the whole take."""
        return self.persona.rest(self.frames)

    @property
    def seconds(self) -> Array:
        """(T,) time of each frame."""
        return np.arange(self.frames) / FPS

    @property
    def length(self) -> float:
        """Seconds from the first to the last frame."""
        return (self.frames - 1) / FPS

    @property
    def pace(self) -> float:
        """How fast against the usual."""
        return PACE[self.spec.speed] * self.persona.tempo

    @property
    def size(self) -> float:
        """How large against the usual."""
        return self.spec.amplitude * self.persona.vigour

    def hold(self, rise: float, fall: float | None = None) -> Array:
        """(T,) envelope: 0 to 1 in `rise` seconds, back in `fall`; an open end stays at 1."""
        rise = min(rise, 0.45 * self.length)
        fall = min(rise if fall is None else fall, 0.45 * self.length)
        start = np.ones(self.frames) if self.open_start else ease(self.seconds / rise)
        end = np.ones(self.frames) if self.open_end else ease((self.length - self.seconds) / fall)
        return start * end

    def placing(self) -> Array:
        """(T,) course of setting the feet for what follows and of bringing them back: even between eased ends."""
        start = 1.0 if self.open_start else np.clip(self.seconds / 0.9, 0.0, 1.0)
        end = 1.0 if self.open_end else np.clip((self.length - self.seconds) / 0.9, 0.0, 1.0)
        raw = np.broadcast_to(np.minimum(start, end), self.frames)
        return 0.5 * (ease(2.0 * raw) + ease(2.0 * raw - 1.0))

    def widen(self, tracks: Tracks, times: float) -> None:
        """Set the feet `times` as far apart as usual for the length of the action."""
        out = (times - 1.0) * self.persona.width
        tracks.stance((out, 0.0), (-out, 0.0), self.placing())

    def lower(self, seconds: float) -> Array:
        """(T,) course of getting down: 0 standing, 1 down, up again unless nothing follows."""
        down = min(seconds / self.pace, (0.75 if self.last else 0.42) * self.length)
        up = min(self.rise or down, 0.5 * self.length)
        fall = np.zeros(self.frames) if self.last else ease((self.seconds - self.length + up) / up)
        return ease((self.seconds - 0.15) / down) - fall

    def cycles(self, period: float, least: int = 1) -> Array:
        """(T,) repetitions done, from 0 to a whole number, of `period` seconds at the usual pace."""
        count = max(least, round(self.length * self.pace / period))
        return np.linspace(0.0, count, self.frames)

    def repeats(self, period: float) -> Array:
        """(T,) place within the repetition, 0..1; the very last frame is the end of a repetition, not a new start."""
        cycles = self.cycles(period)
        place: Array = cycles % 1.0
        place[-1] = 1.0
        return place

    def limb(self) -> int:
        """0 left, 1 right: the side asked for, or one at random."""
        return {"left": 0, "right": 1}.get(self.spec.side or "", int(self.rng.integers(2)))

    def limbs(self) -> list[int]:
        """The sides asked for: one, or both."""
        return [0, 1] if self.spec.side == "both" else [self.limb()]
