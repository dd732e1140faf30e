"""Whether a motion supports a claim, contradicts it, or decides nothing."""

from enum import StrEnum
from functools import cache

import numpy as np
from scipy.ndimage import maximum_filter1d

from lib.captioning.claims.actions import ACTIONS, ARMS
from lib.captioning.claims.counts import repeats
from lib.captioning.claims.deeds import Event
from lib.captioning.claims.motion import SIDES, Floats, Motion, gone_left, turned_left
from lib.captioning.claims.sentence import Claim
from lib.captioning.claims.strengths import NEVER, SURE, ramp


class Verdict(StrEnum):
    """What a motion says of a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    UNDECIDABLE = "not decidable"


LEFTWARD = {"left": 1, "counterclockwise": 1, "right": -1, "clockwise": -1}
SIDE_SHARE = 0.12
"""By how much the strength of one side must pass that of the other."""
TURNED = 30.0
"""Degrees of heading that show to which side a body turned."""
WAY_MPS = 0.18
"""Speed, over half a second, that shows a way of the body."""
EARLIER = 0.045
"""How clearly one deed must come first, as a share of the clip."""


class Judge:
    """Verdicts on claims about one clip; what is measured once serves all of its captions.

    Args:
        motion: the clip.
    """

    def __init__(self, motion: Motion) -> None:
        self.motion = motion
        self._strength = cache(lambda action: ACTIONS[action](motion))

    def verdict(self, claim: Claim) -> Verdict:
        """What the clip says of a claim.

        A deed is looked for at any moment of the clip, since a caption does not say when.
        Sides, ways, numbers and speeds are only judged of a deed that is there.
        """
        event, motion = claim.event, self.motion
        if len(motion.joints) < 2 or (motion.upper and event.action not in ARMS):
            return Verdict.UNDECIDABLE
        if claim.kind in ("action", "posture"):
            return self.deed(event)
        if claim.kind == "order":
            return self.order(event, claim.then) if claim.then is not None else Verdict.UNDECIDABLE
        if self.deed(event) is Verdict.CONTRADICTED:
            return Verdict.UNDECIDABLE
        if claim.kind == "side":
            return self.side(event, claim.value)
        if claim.kind == "limb":
            return self.pair(event)
        if claim.kind == "travel":
            return self.travel(event, claim.value)
        if claim.kind == "turn":
            return self.degrees(float(claim.value)) if claim.value.isdigit() else self.turned(claim.value)
        if claim.kind == "count":
            return self.count(event, int(claim.value))
        if claim.kind == "speed":
            return self.speed(event, claim.value)
        return self.contact(event, claim.value)

    # Each kind of claim

    def deed(self, event: Event) -> Verdict:
        """Whether the action shows anywhere."""
        return _tri(float(self._strength(event.action).max()))

    def side(self, event: Event, side: str) -> Verdict:
        """Whether the limb of one side does it more clearly than the other's."""
        strength = self._limbs(event)
        if strength is None:
            return Verdict.UNDECIDABLE
        left, right = (float(np.sort(strength[:, i])[-_few(len(strength)) :].mean()) for i in (0, 1))
        if max(left, right) < 0.8:
            return Verdict.UNDECIDABLE
        effort = self._effort(event)
        return _signed((left - right) / max(left, right) + 0.5 * effort, SIDE_SHARE + 0.08, side)

    def pair(self, event: Event) -> Verdict:
        """Whether both limbs do it."""
        if event.action in ("jump", "hop", "bounce"):
            in_air = float(self._strength("jump").max()) >= SURE
            return Verdict.SUPPORTED if in_air else Verdict.UNDECIDABLE
        strength = self._limbs(event)
        if strength is None:
            return Verdict.UNDECIDABLE
        best = np.sort(strength.max(axis=0))
        if best[0] >= SURE:
            return Verdict.SUPPORTED
        return Verdict.CONTRADICTED if best[0] < NEVER - 0.15 and best[1] >= SURE else Verdict.UNDECIDABLE

    def travel(self, event: Event, way: str) -> Verdict:
        """Whether the body goes that way, as it faces, at any time; contradicted where it only goes the opposite."""
        m = self.motion
        if way in ("left", "right"):
            return _signed(gone_left(self.motion), 1.0, way)
        sideways, ahead = m.pace[:, 0], m.pace[:, 1]
        if way == "place":
            reach = np.linalg.norm(np.ptp(m.joints[:, 0][:, [0, 2]], axis=0))
            return Verdict.SUPPORTED if reach < 0.5 else Verdict.CONTRADICTED if reach > 1.8 else Verdict.UNDECIDABLE
        if way == "sideways":
            share = np.abs(sideways).sum() / max(np.abs(m.pace).sum(), 1e-9)
            if np.abs(sideways).max() > 1.5 * WAY_MPS and share > 0.4:
                return Verdict.SUPPORTED
            gone = np.abs(ahead).max() > 2 * WAY_MPS
            return Verdict.CONTRADICTED if np.abs(sideways).max() < 0.7 * WAY_MPS and gone else Verdict.UNDECIDABLE
        there, opposite = (ahead, -ahead) if way == "forward" else (-ahead, ahead)
        if there.max() > WAY_MPS:
            return Verdict.SUPPORTED
        against = opposite.max() > 2 * WAY_MPS and (opposite.clip(0).sum() > 1.2 * np.abs(sideways).sum())
        return Verdict.CONTRADICTED if there.max() < WAY_MPS / 2 and against else Verdict.UNDECIDABLE

    def turned(self, way: str) -> Verdict:
        """Whether the body turned that way; there and back decides nothing."""
        return _signed(turned_left(self.motion), TURNED, way)

    def degrees(self, asked: float) -> Verdict:
        """Whether the body turned so far; a clip may be cut, so that only a wide miss contradicts."""
        made = float(np.ptp(self.motion.mean(self.motion.heading, 0.3)))
        miss = abs(made - asked)
        if miss <= max(30.0, 0.25 * asked):
            return Verdict.SUPPORTED
        return Verdict.CONTRADICTED if miss > max(75.0, 0.55 * asked) else Verdict.UNDECIDABLE

    def count(self, event: Event, asked: int) -> Verdict:
        """Whether the action is done that often; a miss by one decides nothing."""
        made = repeats(self.motion, event)
        if made is None or made == 0:
            return Verdict.UNDECIDABLE
        if made == asked:
            return Verdict.SUPPORTED
        return Verdict.CONTRADICTED if abs(made - asked) > max(1, 0.34 * asked) else Verdict.UNDECIDABLE

    def speed(self, event: Event, asked: str) -> Verdict:
        """Whether it is slow or fast, where it is far from the usual."""
        m = self.motion
        if event.action in ("walk", "run", "step", "march", "skip", "crawl", "shuffle"):
            pace = float(np.percentile(m.going, 80))
            slow, fast = {"run": (1.6, 2.6), "crawl": (0.3, 0.7)}.get(event.action, (0.75, 1.35))
        elif event.action in ("turn", "spin"):
            pace = float(np.percentile(np.abs(m.mean(m.rate(m.heading), 0.3)), 90))
            slow, fast = (60.0, 260.0)
        else:
            pace = float(np.percentile(m.stir, 90))
            slow, fast = (0.5, 2.2)
        wide = 1.8
        if asked == "slow":
            return (
                Verdict.SUPPORTED
                if pace < slow
                else Verdict.CONTRADICTED
                if pace > wide * fast
                else Verdict.UNDECIDABLE
            )
        return Verdict.SUPPORTED if pace > fast else Verdict.CONTRADICTED if pace < slow / wide else Verdict.UNDECIDABLE

    def contact(self, event: Event, where: str) -> Verdict:
        """What touches the floor, or leaves it."""
        m = self.motion
        if where == "fours":
            return _tri(float(self._strength("crawl").max()))
        if where == "one leg":
            return _tri(float(self._strength("balance").max())) if event.action != "hop" else self.deed(event)
        if where == "air":
            return _tri(float(self._strength("jump").max())) if event.action in ("jump", "hop") else Verdict.UNDECIDABLE
        lowest = float(np.min(m.joints[:, 0, 1])) if event.action != "kneel" else float(m.joints[:, [4, 5], 1].min())
        return _tri(float(ramp(np.array(lowest), 0.42, 0.3)))

    def order(self, first: Event, then: Event) -> Verdict:
        """Whether the one shows before the other: at which moment the clip is best cut into the two."""
        upper = self.motion.upper and not {first.action, then.action} <= ARMS
        if upper or Verdict.CONTRADICTED in (self.deed(first), self.deed(then)):
            return Verdict.UNDECIDABLE
        early, late = self._course(first), self._course(then)
        gain = np.cumsum((early - early.mean()) - (late - late.mean())) / len(early)
        lead = float(gain.max() + gain.min())
        if abs(lead) < EARLIER:
            return Verdict.UNDECIDABLE
        return Verdict.SUPPORTED if lead > 0 else Verdict.CONTRADICTED

    # What they rest on

    def _limbs(self, event: Event) -> Floats | None:
        action = "raise_leg" if event.action in ("jump", "step") else event.action
        if event.action in ("hop", "bounce"):
            action = "balance"
        strength = self._strength(action)
        if strength.ndim == 1:
            action = {"lift": "raise_arm", "push": "reach", "stretch": "raise_arm", "clap": "raise_arm"}.get(
                event.action, ""
            )
            strength = self._strength(action) if action else strength
        return strength if strength.ndim == 2 else None

    def _effort(self, event: Event) -> float:
        """How much more the left limb moves than the right one, -1 to 1."""
        m = self.motion
        if event.limb != "arm":
            return 0.0
        moved = np.sort(m.hand_speed, axis=0)[-_few(len(m.joints)) * 3 :].mean(axis=0)
        return float((moved[0] - moved[1]) / max(moved.max(), 0.05))

    def _course(self, event: Event) -> Floats:
        """(T,) when a deed shows, 0 to 1, with its side and way."""
        m = self.motion
        strength = self._strength(event.action)
        if strength.ndim == 2:
            strength = strength[:, SIDES.index(event.side)] if event.side in SIDES else strength.max(axis=1)
        course = np.clip((strength - 0.4) / 0.6, 0.0, 1.0)
        if event.way in ("forward", "backward"):
            ahead = m.pace[:, 1] * (1 if event.way == "forward" else -1)
            course = np.minimum(course, np.clip(ahead / WAY_MPS, 0, 1))
        elif event.way in LEFTWARD and event.action in ("turn", "spin"):
            rate = m.mean(m.rate(m.heading), 0.4) * LEFTWARD[event.way]
            course = np.minimum(course, np.clip(rate / 30.0, 0, 1))
        return np.asarray(maximum_filter1d(course, m.window(0.3), mode="nearest"))


def _few(frames: int) -> int:
    return max(1, frames // 20)


def _tri(strength: float) -> Verdict:
    if strength >= SURE:
        return Verdict.SUPPORTED
    return Verdict.CONTRADICTED if strength < NEVER else Verdict.UNDECIDABLE


def _signed(leftward: float, enough: float, side: str) -> Verdict:
    """A side against a measure that a mirror turns round, so that a mirror turns the verdict round."""
    if abs(leftward) < enough:
        return Verdict.UNDECIDABLE
    return Verdict.SUPPORTED if leftward * LEFTWARD[side] > 0 else Verdict.CONTRADICTED
