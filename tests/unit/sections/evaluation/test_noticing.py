"""What metrics notice of altered motions: planted evaluators that see one thing alone, and closed forms."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.metrics.movement import bodies
from lib.models.evaluation_prompts import EvaluationPrompts, Judge
from lib.models.generated_latents import TestSet
from lib.motion.alterations import ALTERATIONS
from lib.motion.features import FEATURE_BLOCKS, from_joints
from lib.motion.skeleton import OFFSETS, PARENTS
from lib.sections.evaluation import noticing, sentences, tables
from lib.sections.evaluation.noticing import AS_IT_IS, BODIES, FROZEN, WRONG, by_chance, of_prompts, paired_off
from lib.sections.evaluation.values import SHOWN

BASES, FRAMES = 48, 24
POSE, SPEED, DEAF = "sees the mean pose", "sees speeds", "sees nothing"
Motions = list[np.ndarray]


def clip(at: int) -> np.ndarray:
    """A body that stands with its limbs in a pose of its own and waves them at a speed of its own."""
    rng = np.random.default_rng(at)
    pose = OFFSETS.copy()
    for joint, parent in list(enumerate(PARENTS))[1:]:
        pose[joint] += pose[parent]
    time = np.arange(FRAMES + 1)[:, None, None] / 20
    sway = 0.1 * rng.uniform(0.2, 1) * np.sin(2 * np.pi * rng.uniform(0.5, 2) * time + rng.uniform(0, 6, (22, 3)))
    sway[:, [0, 7, 8, 10, 11]] = 0
    return from_joints(pose + 0.05 * rng.normal(size=(22, 3)) + sway, fix_skeleton=False)


def mean_pose(motions: Motions) -> np.ndarray:
    return np.stack([20 * motion[:, FEATURE_BLOCKS["positions"]].mean(axis=0)[::8] for motion in motions])


def speeds(motions: Motions) -> np.ndarray:
    """Mean speed of every fourth joint by the block of velocities, whatever the order of the frames."""
    steps = [motion[:, FEATURE_BLOCKS["velocities"]].reshape(len(motion), -1, 3)[:, 2::4] for motion in motions]
    return np.stack([200 * np.linalg.norm(some, axis=-1).mean(axis=0) for some in steps])


def judge(name: str, encode: Callable[[Motions], np.ndarray], motions: Motions) -> Judge:
    """An evaluator of one line, whose captions lie near their motions."""
    latents = encode(motions).astype(np.float64)
    text = latents + 0.1 * latents.std(axis=0) * np.random.default_rng(7).normal(size=latents.shape)
    base = [f"b{at // 2:02}" for at in range(len(motions))]
    clips = pd.DataFrame({"clip_id": [*map(str, range(len(motions)))], "base_id": base, "begin": 0, "end": 0})
    measured = {measure: values.to_numpy() for measure, values in bodies(motions).items()}
    test = TestSet(text, latents, np.array(base), measured)
    prompts = EvaluationPrompts("planted", clips, test, False, {})
    return Judge(name, SimpleNamespace(encode_motion=encode), prompts)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def table() -> Iterator[pd.DataFrame]:
    """Three evaluators on 96 motions; fewer splits and blocks than the report's, for time alone."""
    motions = [clip(at) for at in range(2 * BASES)]
    known = np.random.default_rng(1).normal(size=(len(motions), 6))
    encoders = {POSE: mean_pose, SPEED: speeds, DEAF: lambda some: known}
    corpus = SimpleNamespace(motion=lambda clip_id: motions[int(clip_id)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(noticing, "SPLITS", 4)
        patch.setattr(noticing, "BLOCKS", 8)
        judges = [judge(name, encode, motions) for name, encode in encoders.items()]
        made = of_prompts(corpus, judges, levels=[0.0, 0.01, 0.05], pool=32, seed=0)  # type: ignore[arg-type]
        assert of_prompts(corpus, judges, levels=[0.0], pool=33, seed=0) is None  # type: ignore[arg-type]
    assert made is not None
    yield made


def column(table: pd.DataFrame, name: str, evaluator: str, alteration: str) -> dict[str, float]:
    rows = table[(table["evaluator"] == evaluator) & (table["alteration"] == alteration)]
    return dict(zip(rows["metric"], rows[name], strict=True))


def same(table: pd.DataFrame, evaluator: str, alteration: str) -> None:
    """The alteration scores as the motions as they are, but for rounding."""
    values, floor = (column(table, name, evaluator, alteration) for name in ("value", "as_it_is"))
    assert values == pytest.approx(floor, rel=1e-4, abs=1e-4)


def test_every_metric_of_every_evaluator_is_measured_on_every_alteration(table: pd.DataFrame) -> None:
    jitters = ["jitter of 10 mm", "jitter of 50 mm"]
    assert [*dict.fromkeys(table["alteration"])] == [AS_IT_IS, *jitters, *ALTERATIONS, WRONG] and FROZEN in ALTERATIONS
    for evaluator, metrics in {POSE: SHOWN, SPEED: SHOWN, DEAF: SHOWN, "": BODIES}.items():
        for alteration in dict.fromkeys(table["alteration"]):
            assert tuple(column(table, "value", evaluator, alteration)) == metrics
    floor = table[table["alteration"] == AS_IT_IS]
    assert not floor["noticed"].any() and (floor[["difference", "low", "high"]] == 0).all(axis=None)
    assert np.allclose(table["value"] - table["as_it_is"], table["difference"])
    assert (table["n"] == BASES).all() and (table["base_clips"] == BASES).all()


@pytest.mark.parametrize("alteration", [FROZEN, "half the amplitude", "a quarter of the amplitude", "frames shuffled"])
def test_an_evaluator_of_the_mean_pose_misses_what_leaves_the_mean_pose(table: pd.DataFrame, alteration: str) -> None:
    same(table, POSE, alteration)
    assert not {"R@1", "R@2", "R@3"} & {m for m, seen in column(table, "noticed", POSE, alteration).items() if seen}


def test_an_evaluator_of_speeds_misses_the_order_of_frames_alone(table: pd.DataFrame) -> None:
    same(table, SPEED, "frames shuffled")
    for alteration in ("jitter of 50 mm", FROZEN, "half the amplitude", "half the speed", "sliding"):
        noticed = column(table, "noticed", SPEED, alteration)
        assert noticed["FID"] and noticed["MM-dist"] and noticed["R@3"], alteration


def test_an_evaluator_that_sees_no_motion_notices_wrong_captions_alone(table: pd.DataFrame) -> None:
    for alteration in dict.fromkeys(table["alteration"]):
        if alteration != WRONG:
            assert not any(column(table, "noticed", DEAF, alteration).values()), alteration
    told = sentences.noticed(table[table["evaluator"].isin([DEAF, ""])], ["R@3", "FID"])["noticed"]
    others = [name for name in dict.fromkeys(table["alteration"]) if name not in (AS_IT_IS, WRONG, FROZEN)]
    missed = ", ".join([FROZEN, *others[:-1]])
    assert f"R@3 by {DEAF} misses {missed} and {others[-1]}." in told
    assert f"FID by {DEAF} misses {missed}, {others[-1]} and {WRONG}." in told
    assert f"None of them detects {missed} and {others[-1]}." in told


def test_wrong_captions_bring_recall_to_chance_and_leave_the_motions_as_a_whole(table: pd.DataFrame) -> None:
    """The wrong motion has any place but the first among n, that of the right one: (k n / 32 - 1) / (n - 1)."""
    for evaluator in (POSE, DEAF):
        wrong, right = (column(table, "value", evaluator, name) for name in (WRONG, AS_IT_IS))
        for k in (1, 3):
            assert wrong[f"R@{k}"] == pytest.approx((k * BASES / 32 - 1) / (BASES - 1), abs=0.05)
            assert right[f"R@{k}"] > 0.8
        assert [wrong["FID"], wrong["KID"]] == pytest.approx([right["FID"], right["KID"]])
        noticed = column(table, "noticed", evaluator, WRONG)
        assert noticed["R@1"] and noticed["R@3"] and noticed["MM-dist"] and not noticed["FID"] and not noticed["KID"]
    assert not any(column(table, "noticed", "", WRONG).values())


def test_bodies_move_as_much_as_their_amplitude_says(table: pd.DataFrame) -> None:
    real = column(table, "value", "", AS_IT_IS)
    assert real["motion energy"] > 0.05 and real["pose spread"] > 0.01
    shares = {"half the amplitude": 0.5, "a quarter of the amplitude": 0.25, FROZEN: 0.0}
    for alteration, share in shares.items():
        altered, noticed = (column(table, name, "", alteration) for name in ("value", "noticed"))
        for measure in ("motion energy", "pose spread"):
            assert altered[measure] == pytest.approx(share * real[measure], rel=1e-4, abs=1e-7) and noticed[measure]
    assert column(table, "noticed", "", "interpolated from 10 frames a second")["jerk"]
    assert column(table, "noticed", "", "frames shuffled")["motion energy"]
    sliding = column(table, "noticed", "", "sliding")
    assert sliding["foot skate"] and not sliding["motion energy"] and not sliding["pose spread"] and not sliding["jerk"]


def test_a_cell_has_a_star_where_the_metric_notices() -> None:
    rows = [
        (AS_IT_IS, "TMR", "FID", "", 0.1, False), (AS_IT_IS, "TMR", "KID", "", 0.0012, False),
        (AS_IT_IS, "", "pose spread", "m", 0.06, False), (AS_IT_IS, "", "jerk", "m/s³", 71.2, False),
        (FROZEN, "TMR", "FID", "", 12.345, True), (FROZEN, "TMR", "KID", "", 0.0034, False),
        (FROZEN, "", "pose spread", "m", 0.0, True), (FROZEN, "", "jerk", "m/s³", 0.0, True),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["alteration", "evaluator", "metric", "unit", "value", "noticed"])
    assert tables.noticed(table).to_dict("records") == [
        {"alteration": AS_IT_IS, "evaluator": "TMR", "FID": "0.100", "KID": "0.0012"},
        {"alteration": FROZEN, "evaluator": "TMR", "FID": "12.35*", "KID": "0.0034"},
    ]  # fmt: skip
    assert tables.noticed_bodies(table).to_dict("records") == [
        {"alteration": AS_IT_IS, "pose spread (mm)": "60.0", "jerk (m/s³)": "71"},
        {"alteration": FROZEN, "pose spread (mm)": "0.0*", "jerk (m/s³)": "0*"},
    ]  # fmt: skip
    assert tables.noticed(None) is tables.noticed_bodies(None) is None


def test_what_chance_would_mark_is_told_and_frozen_bodies_come_first() -> None:
    """30 comparisons on one side and 10 on either: 0.75 + 0.5."""
    better = ["higher"] * 20 + ["lower"] * 10 + ["like real"] * 10
    table = pd.DataFrame({"alteration": ["sliding", FROZEN] * 20, "better": better, "metric": "R@3"})
    altered = table.assign(evaluator="TMR", noticed=False)
    both = pd.concat([altered.assign(alteration=AS_IT_IS), altered])
    assert by_chance(both) == pytest.approx(1.25)
    chance = "Chance alone would mark about 1 of the 40 comparisons."
    assert sentences.noticed(both, ["R@3"])["noticed"] == (
        f"Of 2 alterations, R@3 by TMR misses frozen and sliding. None of them detects frozen and sliding. {chance}"
    )
    detected = "Of 2 faults made in half of the real test motions, R@3 detects {} (1.2 by chance), by TMR."
    assert sentences.noticed(both, ["R@3"])["detected"] == detected.format(0)
    assert sentences.noticed(both.assign(noticed=True), ["R@3"])["detected"] == detected.format(2)
    assert sentences.noticed(both.assign(noticed=True), ["R@3"])["noticed"] == (
        f"Of 2 alterations, R@3 by TMR misses none. One of them at least detects each. {chance}"
    )
    assert sentences.noticed(None, ["R@3"]) == {}


@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=40).filter(lambda groups: len({*groups}) > 1), st.integers(0, 9)
)
def test_paired_groups_exchange_rows(groups: list[int], seed: int) -> None:
    labels = np.array(groups)
    pairs, rows = paired_off(labels, np.random.default_rng(seed))
    assert (labels[rows] != labels).all() and (pairs[rows] == pairs).all()
    held = [{*labels[pairs == pair].tolist()} for pair in {*pairs.tolist()}]
    sizes = sorted(map(len, held))
    assert sum(sizes) == len({*groups}) and sizes[:-1] == [2] * (len(sizes) - 1) and sizes[-1] in (2, 3)
    twice = np.repeat(np.unique(labels), 2)
    assert sorted(paired_off(twice, np.random.default_rng(seed))[1].tolist()) == [*range(len(twice))]
