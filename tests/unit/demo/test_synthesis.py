"""The procedural performer: bodies stay whole, feet stay put, and what is asked for is what is seen."""

from functools import cache

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lib.demo.synthesis import ACTIONS, Spec, synthesise
from lib.demo.synthesis.action import refusal
from lib.motion.high_pass import high_pass_score
from lib.motion.skeleton import FACING, FPS, OFFSETS, PARENTS, mirror

LENGTHS = np.linalg.norm(OFFSETS, axis=1)
TOE_REST = 0.01
OPTIONS = ("side", "direction", "style")
# On the floor the foot rests on its heel or its back, where the ankle joint is what stands lowest.
DOWN = {"lie", "crawl", "sit", "stand"}


def admitted(action):
    """Every option of an action by itself, and every speed."""
    entry = ACTIONS[action]
    specs = [Spec(action, seconds=4.0, speed=speed) for speed in entry.speeds]
    for option in OPTIONS:
        specs += [Spec(action, **{option: value}) for value in getattr(entry, option + "s") if value is not None]
    return specs


EVERY = [spec for action in ACTIONS for spec in admitted(action)]


@cache
def clip(spec, seed=0):
    return synthesise([spec], np.random.default_rng(seed)).astype(np.float64)


def label(spec):
    return " ".join(x for x in (spec.action, spec.speed, spec.side, spec.direction, spec.style) if x)


def heading(pose):
    right_hip, left_hip, right_shoulder, left_shoulder = (pose[..., joint, :] for joint in FACING)
    across = right_hip - left_hip + right_shoulder - left_shoulder
    return np.arctan2(across[..., 2], -across[..., 0])


def turned(spec, seed=0):
    """Net yaw of the hips over a clip, radians to the left."""
    across = clip(spec, seed)[:, 1] - clip(spec, seed)[:, 2]
    yaw = np.unwrap(np.arctan2(-across[:, 2], across[:, 0]))
    return yaw[-1] - yaw[0]


def peak(spec, joint, axis=1, seed=0):
    return clip(spec, seed)[:, joint, axis].max()


def test_enough_actions_and_each_says_what_it_shows():
    assert len(ACTIONS) >= 28
    assert all(action.about.endswith(".") for action in ACTIONS.values())
    assert {"walk", "run", "jump", "dance", "kick", "punch", "wave", "sit", "crawl", "turn"} <= set(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS)
def test_every_admitted_option_gives_a_whole_body_on_the_floor(action):
    for spec in admitted(action):
        for seed in (0, 1):
            joints = clip(spec, seed)
            assert joints.shape == (80, 22, 3) and np.isfinite(joints).all(), label(spec)
            bones = np.linalg.norm(joints[:, 1:] - joints[:, list(PARENTS[1:])], axis=-1)
            assert np.abs(bones - LENGTHS[1:]).max() < 1e-4, label(spec)
            assert joints[..., 1].min() > 0.0, label(spec)


def test_starts_over_the_origin_facing_ahead():
    for spec in EVERY:
        pose = clip(spec)[0]
        assert np.abs(pose[0, [0, 2]]).max() < 1e-6, label(spec)
        assert abs(heading(pose)) < 1e-5, label(spec)


def test_a_foot_is_on_the_floor_unless_the_action_leaves_it():
    for spec in EVERY:
        lowest = clip(spec)[:, [7, 8, 10, 11], 1].min(axis=1)
        if not ACTIONS[spec.action].airborne:
            limit = 0.07 if spec.action in DOWN else 0.02
            assert np.abs(lowest - TOE_REST).max() < limit, label(spec)


def test_airborne_actions_leave_the_floor():
    for action, entry in ACTIONS.items():
        highest = clip(Spec(action))[:, [10, 11], 1].min(axis=1).max()
        assert (highest > 0.02) == (entry.airborne or action in {"lie", "crawl"}), action


def test_planted_feet_do_not_skate():
    """Planted: a toe within 3 mm of its rest height in three frames running, so not just touching down or off."""
    for spec in EVERY:
        toes = clip(spec)[:, [10, 11]]
        low = np.abs(toes[..., 1] - TOE_REST) < 0.003
        planted = low[:-2] & low[1:-1] & low[2:]
        speed = FPS * 0.5 * np.linalg.norm(toes[2:, :, ::2] - toes[:-2, :, ::2], axis=-1)
        if planted.any():
            assert np.median(speed[planted]) < 0.02, label(spec)
            assert np.quantile(speed[planted], 0.9) < 0.15, label(spec)


def test_knees_bend_forward():
    """The knee lies on the side of the hip-ankle line that flexion puts it: along (shank x thigh's lateral axis)."""
    for spec in EVERY:
        joints = clip(spec)
        left_to_right = joints[:, 2] - joints[:, 1]
        for hip, knee, ankle in ((1, 4, 7), (2, 5, 8)):
            line = joints[:, ankle] - joints[:, hip]
            bulge = joints[:, knee] - joints[:, hip]
            front = np.cross(left_to_right, line)
            signed = (bulge * front).sum(axis=1) / np.linalg.norm(front, axis=1)
            # A knee that rolls out to the side is no hyperextension, so only a backward bulge counts.
            assert signed.min() > -0.06, (label(spec), knee)


def flexion(joints, start, middle, end):
    upper, lower = joints[:, middle] - joints[:, start], joints[:, end] - joints[:, middle]
    cosine = (upper * lower).sum(axis=1) / np.linalg.norm(upper, axis=1) / np.linalg.norm(lower, axis=1)
    return np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))


def test_limbs_bend_within_human_limits():
    for spec in EVERY:
        for start, middle, end in ((1, 4, 7), (2, 5, 8), (16, 18, 20), (17, 19, 21)):
            bend = flexion(clip(spec), start, middle, end)
            assert bend.max() < 155.0, (label(spec), middle)


def test_elbows_bend_behind_below_or_outside_the_arm():
    """Seen from the chest, an elbow never lies in front of, above and inside the shoulder-wrist line at once."""
    for spec in EVERY:
        joints = clip(spec)
        up = joints[:, 12] - joints[:, 6]
        up /= np.linalg.norm(up, axis=1, keepdims=True)
        for sign, shoulder, elbow, wrist in ((1.0, 16, 18, 20), (-1.0, 17, 19, 21)):
            outward = sign * (joints[:, 16] - joints[:, 17])
            outward /= np.linalg.norm(outward, axis=1, keepdims=True)
            line = joints[:, wrist] - joints[:, shoulder]
            along = ((joints[:, elbow] - joints[:, shoulder]) * line).sum(1) / (line**2).sum(1)
            bulge = joints[:, elbow] - joints[:, shoulder] - along[:, None] * line
            ahead = np.cross(outward, up) * sign
            inside = (bulge * outward).sum(1) < -0.06
            before = (bulge * ahead).sum(1) > 0.06
            above = (bulge * up).sum(1) > 0.06
            assert not (inside & before & above).any(), label(spec)


def test_motion_has_little_energy_above_five_hertz():
    rng = np.random.default_rng(1)
    clean, shaken = [], []
    for spec in EVERY:
        joints = clip(spec)
        clean.append(high_pass_score(joints).score)
        shaken.append(high_pass_score(joints + rng.normal(scale=0.01, size=joints.shape)).score)
    wins = np.mean(np.array(shaken)[:, None] > np.array(clean)[None, :])
    assert wins > 0.97  # area under the ROC curve, by brute force over pairs
    assert np.median(clean) < 0.05


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(EVERY), min_size=1, max_size=3), st.integers(0, 2**32 - 1))
def test_any_sequence_is_deterministic_and_joins_without_a_jump(specs, seed):
    first = synthesise(specs, np.random.default_rng(seed))
    again = synthesise(specs, np.random.default_rng(seed))
    assert first.dtype == np.float32 and len(first) == sum(round(spec.seconds * FPS) for spec in specs)
    assert first.tobytes() == again.tobytes()
    step = np.linalg.norm(np.diff(first.astype(np.float64), axis=0), axis=-1)
    edges = np.cumsum([round(spec.seconds * FPS) for spec in specs])[:-1]
    assert step.max() < 0.55  # 11 m/s: a fist or a foot at its fastest
    for edge in edges:
        assert step[edge - 1].max() < 0.05  # the performer stands still between two actions


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_any_admitted_combination_is_performed(data):
    action = data.draw(st.sampled_from(sorted(ACTIONS)))
    entry = ACTIONS[action]
    spec = Spec(
        action,
        speed=data.draw(st.sampled_from(entry.speeds)),
        **{option: data.draw(st.sampled_from(getattr(entry, option + "s"))) for option in OPTIONS},
        amplitude=data.draw(st.floats(0.3, 1.6)),
        seconds=data.draw(st.floats(1.0, 12.0)),
    )
    assume(refusal(spec, entry) is None)
    joints = synthesise([spec], np.random.default_rng(data.draw(st.integers(0, 2**32 - 1))))
    assert joints.shape == (round(spec.seconds * FPS), 22, 3) and np.isfinite(joints).all()
    assert joints[..., 1].min() > -0.01


def test_two_performances_differ():
    for action in ACTIONS:
        assert np.abs(clip(Spec(action), 0) - clip(Spec(action), 1)).max() > 0.02, action


def features(joints):
    """Pose statistics free of place: quantiles of root-relative joints, of heights, and speeds."""
    relative = joints - joints[:, :1] * [1.0, 0.0, 1.0]
    speed = FPS * np.linalg.norm(np.diff(joints, axis=0), axis=-1)
    yaw = np.unwrap(heading(joints))
    parts = [np.quantile(relative, q, axis=0).ravel() for q in (0.05, 0.5, 0.95)]
    parts += [relative.std(axis=0).ravel(), speed.mean(axis=0), speed.max(axis=0)]
    return np.concatenate([*parts, [np.ptp(yaw), *np.ptp(joints[:, 0], axis=0)]])


def test_actions_can_be_told_apart():
    """A linear discriminant trained on some clips names the action of others four times out of five."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    x, y = [], []
    for action in ACTIONS:
        for seed in range(14):
            spec = admitted(action)[seed % len(admitted(action))]
            x.append(features(clip(spec, 100 + seed)))
            y.append(action)
    rows, names = np.array(x), np.array(y)
    held = np.arange(len(rows)) % 7 >= 5
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.1).fit(rows[~held], names[~held])
    assert model.score(rows[held], names[held]) > 0.8


LEFT_TO_RIGHT = {"left": (0, 1), "right": (1, 0)}


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_side_asked_for_is_the_side_that_moves(side):
    own, other = LEFT_TO_RIGHT[side]
    for seed in range(3):
        for direction in ("forward", "sideways", "backward"):
            spec = Spec("kick", side=side, direction=direction)
            assert peak(spec, 7 + own, seed=seed) > peak(spec, 7 + other, seed=seed) + 0.2
        for action in ("wave", "point", "salute", "drink", "throw"):
            spec = Spec(action, side=side)
            assert peak(spec, 20 + own, seed=seed) > peak(spec, 20 + other, seed=seed) + 0.15, action
        assert peak(Spec("balance", side=side), 7 + other) > peak(Spec("balance", side=side), 7 + own) + 0.3
        assert peak(Spec("stomp", side=side), 7 + own) > peak(Spec("stomp", side=side), 7 + other) + 0.15
        assert peak(Spec("lunge", side=side), 7 + own, 2) > peak(Spec("lunge", side=side), 7 + other, 2) + 0.3
        assert clip(Spec("kneel", side=side))[-1, 4 + own, 1] < clip(Spec("kneel", side=side))[-1, 4 + other, 1] - 0.2
        hop = clip(Spec("hop", side=side), seed)[10:-20]
        assert hop[:, 7 + own, 1].mean() < hop[:, 7 + other, 1].mean() - 0.15


@pytest.mark.parametrize("seed", range(3))
def test_directions_are_true(seed):
    def end(spec):
        return clip(spec, seed)[-1, 0]

    for action in ("walk", "jump", "hop", "crawl"):
        assert end(Spec(action, direction="forward"))[2] > 0.3, action
        assert end(Spec(action, direction="backward"))[2] < -0.2, action
    for action in ("jump", "hop", "shuffle"):
        assert end(Spec(action, direction="left"))[0] > 0.3, action
        assert end(Spec(action, direction="right"))[0] < -0.3, action
    for action in ("walk", "run", "jog"):
        assert end(Spec(action, direction="left"))[0] > 0.5, action
        assert end(Spec(action, direction="right"))[0] < -0.5, action
    for action, least in (("walk", 1.5 * np.pi), ("run", 1.5 * np.pi), ("turn", 1.9 * np.pi), ("spin", 1.5 * np.pi)):
        assert turned(Spec(action, direction="counterclockwise"), seed) > least, action
        assert turned(Spec(action, direction="clockwise"), seed) < -least, action
    assert abs(turned(Spec("turn", direction="left"), seed) - 0.5 * np.pi) < 0.3
    assert abs(turned(Spec("turn", direction="right"), seed) + 0.5 * np.pi) < 0.3
    assert abs(abs(turned(Spec("turn", direction="around"), seed)) - np.pi) < 0.3
    for side, sign in (("left", 1.0), ("right", -1.0)):
        assert sign * heading(clip(Spec("look", direction=side), seed)).mean() > 0.15
        far = clip(Spec("reach", direction=side), seed)[:, 20 if side == "left" else 21, 0]
        assert (sign * far).max() > 0.6


def test_arms_swing_against_the_legs():
    for spec in (Spec("walk"), Spec("walk", direction="backward"), Spec("run"), Spec("march")):
        joints = clip(spec)[10:-10]
        for ankle, wrist in ((7, 20), (8, 21)):
            leg, arm = (joints[:, joint, 2] - joints[:, 0, 2] for joint in (ankle, wrist))
            assert np.corrcoef(leg, arm)[0, 1] < -0.5, label(spec)


def test_left_is_the_side_of_the_released_clip_that_kicks_with_its_left_leg(shared_data):
    released = np.load(shared_data / "humanml3d" / "new_joints" / "000000.npy")
    ours = clip(Spec("kick", side="left"))
    for joints in (released, ours):
        assert joints[:, 7, 1].max() > joints[:, 8, 1].max() + 0.1
        assert joints[0, 1, 0] > joints[0, 2, 0]


def test_a_mirrored_left_kick_is_a_right_kick():
    seen = mirror(clip(Spec("kick", side="left")))
    assert seen[:, 8, 1].max() > seen[:, 7, 1].max() + 0.2


def test_speed_and_amplitude_are_visible():
    assert clip(Spec("walk", speed="fast"))[-1, 0, 2] > 1.3 * clip(Spec("walk", speed="slow"))[-1, 0, 2]
    small, large = (clip(Spec("squat", amplitude=a))[:, 0, 1].min() for a in (0.6, 1.3))
    assert large < small - 0.1


def test_standing_up_after_a_low_posture_ends_upright():
    for action in ("sit", "lie", "kneel", "squat", "crouch"):
        joints = synthesise([Spec(action), Spec("stand", seconds=3.0)], np.random.default_rng(0))
        assert joints[:, 0, 1].min() < 0.6 and joints[-1, 0, 1] > 0.85 and len(joints) == 140


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (Spec("fly"), "unknown action 'fly'"),
        (Spec("kick", side="both"), "kick admits side"),
        (Spec("walk", seconds=0.2), "at least 1 second"),
        (Spec("walk", amplitude=9.0), "amplitude must lie"),
        (Spec("jump", style="jacks", direction="forward"), "takes neither side nor direction"),
        (Spec("point", side="left", direction="right"), "uses that side"),
    ],
)
def test_refuses_what_it_cannot_perform(spec, message):
    with pytest.raises(ValueError, match=message):
        synthesise([spec], np.random.default_rng(0))


def test_refuses_an_empty_sequence():
    with pytest.raises(ValueError, match="at least one Spec"):
        synthesise([], np.random.default_rng(0))
