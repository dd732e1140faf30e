"""Verdicts on motions made by hand, one for each kind of claim."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.captioning.claims.motion import Motion
from lib.captioning.claims.sentence import Claim, claims
from lib.captioning.claims.verdicts import LEFTWARD, Judge, Verdict
from lib.motion.skeleton import mirror
from tests.unit.captioning import hand_made as made

YES, NO, OPEN = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.UNDECIDABLE
RAMP = np.linspace(0, 1, 60)


def crawling() -> made.Joints:
    joints = made.standing()
    body = joints - joints[:, :1]
    lying = np.stack([body[..., 0], -body[..., 2], body[..., 1]], axis=-1)  # the trunk level, the head ahead
    lying[..., 1] += 0.5
    for knee, ankle, toe, hip in ((4, 7, 10, 1), (5, 8, 11, 2)):
        lying[:, knee] = lying[:, hip] + (0, -0.42, 0)
        lying[:, ankle] = lying[:, knee] + (0, 0, -0.42)
        lying[:, toe] = lying[:, ankle] + (0, 0, -0.1)
    for elbow, wrist, shoulder in ((18, 20, 16), (19, 21, 17)):
        lying[:, elbow] = lying[:, shoulder] + (0, -0.2, 0)
        lying[:, wrist] = lying[:, elbow] + (0, -0.22, 0)
    return made.travel(lying, made.AHEAD, 1.5)


def right_punch() -> made.Joints:
    """Fists before the chest; the right one shoots out in a fifth of a second and stays out for two fifths."""
    joints = made.standing()
    for shoulder, elbow, wrist in made.ARM.values():
        joints[:, elbow] = joints[:, shoulder] + (0, -0.25, 0)
        joints[:, wrist] = joints[:, elbow] + (0, 0.2, 0.1)
    out = np.clip(2 - np.abs(np.arange(60) - 30) / 4, 0, 1)[:, None]
    shoulder, elbow, wrist = made.ARM["right"]
    for joint, reach in ((elbow, 0.256), (wrist, 0.522)):
        joints[:, joint] = (1 - out) * joints[:, joint] + out * (joints[:, shoulder] + reach * made.AHEAD)
    return joints


SCENES: dict[str, Callable[[], made.Joints]] = {
    "still": made.standing,
    "left kick": lambda: made.kick(made.standing(), "left"),
    "right wave": lambda: made.wave(made.standing(), "right"),
    "both raised": lambda: made.arm_to(
        made.arm_to(made.standing(), "left", made.UP + 0.2 * made.LEFT, RAMP), "right", made.UP - 0.2 * made.LEFT, RAMP
    ),
    "left raised": lambda: made.arm_to(made.standing(), "left", made.UP + 0.2 * made.LEFT, RAMP),
    "ahead": lambda: made.travel(made.standing(), made.AHEAD, 3.0),
    "back": lambda: made.travel(made.standing(), -made.AHEAD, 3.0),
    "to the left": lambda: made.travel(made.standing(), made.LEFT, 2.0),
    "fast": lambda: made.travel(made.standing(), made.AHEAD, 9.0),
    "left turn": lambda: made.turned(made.standing(), 90 * RAMP),
    "full turn right": lambda: made.turned(made.standing(), -360 * RAMP),
    "right and back": lambda: made.turned(made.standing(), 100 * (abs(2 * RAMP - 1) - 1)),
    "hand held still": lambda: np.repeat(made.wave(made.standing(), "right")[:1], 60, axis=0),
    "sitting": lambda: made.lowered(made.standing(), 0.3 * RAMP),
    "on the floor": lambda: made.lowered(made.standing(), 0.75 * RAMP),
    "three jumps": lambda: made.hop(made.standing(80), 3),
    "crawling": crawling,
    "walk, then wave": lambda: np.concatenate(
        [
            made.travel(made.standing(40), made.AHEAD, 2.0),
            made.wave(made.standing(40), "right") + 2.0 * made.AHEAD,
        ]
    ),
}


@pytest.mark.parametrize(
    ("scene", "caption", "kind", "verdict"),
    [
        ("left kick", "a man kicks with his left leg", "action", YES),
        ("left kick", "a man kicks with his left leg", "side", YES),
        ("left kick", "a man kicks with his right leg", "side", NO),
        ("left kick", "a man kicks three times", "count", NO),
        ("left kick", "a man kicks once", "count", YES),
        ("still", "a man kicks with his left leg", "action", NO),
        ("still", "a man kicks with his left leg", "side", OPEN),
        ("still", "a man walks", "action", NO),
        ("right wave", "a man waves his right hand", "action", YES),
        ("right wave", "a man waves his right hand", "side", YES),
        ("right wave", "a man waves his left hand", "side", NO),
        ("right wave", "a man claps", "action", NO),
        ("both raised", "a man raises both hands", "limb", YES),
        ("left raised", "a man raises both hands", "limb", NO),
        ("left raised", "a man raises his left hand", "side", YES),
        ("ahead", "a man walks forward", "travel", YES),
        ("ahead", "a man walks backwards", "travel", NO),
        ("back", "a man walks forward", "travel", NO),
        ("to the left", "a man walks to the left", "travel", YES),
        ("to the left", "a man walks to the right", "travel", NO),
        ("to the left", "a man walks sideways", "travel", YES),
        ("ahead", "a man walks sideways", "travel", NO),
        ("fast", "a man runs fast", "action", YES),
        ("fast", "a man runs fast", "speed", YES),
        ("fast", "a man walks slowly", "speed", NO),
        ("left turn", "a man turns to the left", "turn", YES),
        ("left turn", "a man turns to the right", "turn", NO),
        ("left turn", "a man turns 90 degrees", "turn", YES),
        ("left turn", "a man turns 270 degrees", "turn", NO),
        ("right and back", "a man turns to the right", "turn", OPEN),
        ("right and back", "a man turns to the left", "turn", OPEN),
        ("hand held still", "a man waves his right hand", "action", OPEN),
        ("full turn right", "a man spins clockwise", "turn", YES),
        ("full turn right", "a man spins counterclockwise", "turn", NO),
        ("sitting", "a man sits down", "posture", YES),
        ("still", "a man sits down", "posture", NO),
        ("still", "a man lies down", "posture", NO),
        ("on the floor", "a man sits on the floor", "contact", YES),
        ("sitting", "a man sits on the floor", "contact", NO),
        ("three jumps", "a man jumps three times", "action", YES),
        ("three jumps", "a man jumps three times", "count", YES),
        ("three jumps", "a man jumps once", "count", NO),
        ("three jumps", "a man jumps on both feet", "limb", YES),
        ("still", "a man raises both arms clapping", "action", NO),
        ("crawling", "a man crawls on hands and knees", "contact", YES),
        ("ahead", "a man crawls on hands and knees", "action", NO),
        ("walk, then wave", "a man walks, then waves", "order", YES),
        ("walk, then wave", "a man waves, then walks", "order", NO),
        ("still", "a man walks, then waves", "order", OPEN),
    ],
)
def test_a_motion_made_by_hand_decides_as_it_was_made(scene: str, caption: str, kind: str, verdict: Verdict) -> None:
    judge = Judge(Motion(SCENES[scene]()))
    verdicts = {judge.verdict(claim) for claim in claims(caption) if claim.kind == kind}
    assert verdicts == {verdict}


def test_a_fast_punch_has_a_side() -> None:
    judge = Judge(Motion(right_punch()))
    assert [judge.verdict(c) for c in claims("a man punches with his right fist") if c.kind == "side"] == [YES]
    assert [judge.verdict(c) for c in claims("a man punches with his left fist") if c.kind == "side"] == [NO]


def test_where_only_the_upper_body_was_seen_legs_are_not_judged() -> None:
    judge = Judge(Motion(made.wave(made.standing(), "right"), upper=True))
    verdicts = {c.event.action: judge.verdict(c) for c in claims("a man walks and waves") if c.kind == "action"}
    assert verdicts == {"walk": OPEN, "wave": YES}


def test_a_bounce_on_both_feet_lifts_neither() -> None:
    bob = made.lowered(made.standing(), 0.1 * np.sin(np.arange(60) / 3) ** 2)
    verdicts = {c.kind: Judge(Motion(bob)).verdict(c) for c in claims("a man bounces on both feet")}
    assert verdicts == {"action": YES, "limb": OPEN}


def test_one_pose_decides_nothing() -> None:
    assert {Judge(Motion(made.standing(1))).verdict(c) for c in claims("a man walks and sits down")} == {OPEN}


SIDED = [
    claim
    for text in (
        "a man kicks with his left leg", "a man waves his left hand", "a man raises his right arm",
        "a man punches with his left fist", "a man kneels on his left knee", "a man walks to the left",
        "a man turns to the right", "a man spins clockwise", "a man runs counterclockwise in a circle",
        "a man hops on his left leg", "a man reaches with his right hand", "a man throws a ball with his left hand",
    )
    for claim in claims(text)
    if claim.value in LEFTWARD
]  # fmt: skip
FLIPPED = {YES: NO, NO: YES, OPEN: OPEN}


@settings(max_examples=40)
@given(
    scene=st.sampled_from(sorted(SCENES)),
    way=st.floats(-180, 180),
    sway=st.floats(-1.5, 1.5),
    noise=st.integers(0, 2**16),
)
def test_a_mirror_turns_every_verdict_on_a_side(scene: str, way: float, sway: float, noise: int) -> None:
    rng = np.random.default_rng(noise)
    joints = SCENES[scene]()
    course = np.linspace(0, 1, len(joints))
    joints = made.turned(made.travel(joints, made.LEFT, sway), way * course)
    drift = np.cumsum(rng.normal(0, 0.01, (len(joints), 22, 3)), axis=0)
    joints = joints + drift * rng.choice([0.0, 1.0])
    here, there = Judge(Motion(joints)), Judge(Motion(mirror(joints)))
    assert SIDED and len({c.kind for c in SIDED}) == 3
    for claim in SIDED:
        assert there.verdict(claim) == FLIPPED[here.verdict(claim)], claim


def test_sides_are_decided_at_all() -> None:
    decided = {
        (scene, claim.event.action)
        for scene, joints in SCENES.items()
        for claim in SIDED
        if Judge(Motion(joints())).verdict(claim) is not OPEN
    }
    assert {"kick", "wave", "raise_arm", "walk", "turn", "spin"} <= {action for _, action in decided}


def test_a_claim_is_the_same_wherever_the_clip_lies_and_faces() -> None:
    claim: Claim = claims("a man kicks with his left leg")[1]
    joints = SCENES["left kick"]()
    moved = made.turned(joints, np.full(len(joints), 130.0)) + np.array([3.0, 0.0, -2.0])
    assert Judge(Motion(moved)).verdict(claim) is Judge(Motion(joints)).verdict(claim) is YES
