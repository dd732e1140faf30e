"""Impossible poses are what they say, and the networks find them in clips they have not seen."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.spatial.transform import Rotation
from sklearn.metrics import roc_auc_score

from lib.base.errors import CorpusError
from lib.motion.discriminator import cross_fit, sample_poses
from lib.motion.perturbations import KINDS, perturb
from lib.motion.quality import quality
from lib.motion.realism import PARTS, Realism, describe
from lib.motion.realism_scale import LEAST, MOST, clip_realism
from lib.motion.rotations import about_y
from lib.motion.skeleton import LEFT, PARENTS, RIGHT, mirror

from .bodies import standing, swinging

CLIPS = [swinging(80, seed=seed, turn=seed % 5 - 2, speed=0.5) for seed in range(24)]


def lengths(poses: np.ndarray) -> np.ndarray:
    return np.linalg.norm(poses[:, 1:] - poses[:, PARENTS[1:]], axis=-1)


def bend(poses: np.ndarray, top: int, hinge: int, end: int) -> np.ndarray:
    # How far the lower bone points forwards of the upper one, forwards being across the hips and the spine.
    front = np.cross(poses[:, 1] - poses[:, 2], poses[:, 3] - poses[:, 0])
    upper, lower = poses[:, hinge] - poses[:, top], poses[:, end] - poses[:, hinge]
    along = (lower * upper).sum(1, keepdims=True) / (upper**2).sum(1, keepdims=True)
    return (((lower - along * upper) * front).sum(1)) / np.linalg.norm(front, axis=1)


@pytest.fixture(scope="module")
def poses() -> np.ndarray:
    return np.concatenate(CLIPS)


@pytest.fixture(scope="module")
def realism() -> Realism:
    drawn, groups = sample_poses(
        ((str(i), clip) for i, clip in enumerate(CLIPS)), per_clip=40, rng=np.random.default_rng(0)
    )
    return cross_fit(drawn, groups=groups, seed=0, folds=3)


@pytest.mark.parametrize("kind", ["knee bent back", "elbow bent back", "joint turned"])
def test_turning_kinds_keep_every_bone_length(poses: np.ndarray, kind: str) -> None:
    changed, names = perturb(poses, np.random.default_rng(0), (kind,))
    np.testing.assert_allclose(lengths(changed), lengths(poses), atol=1e-9)
    assert (np.abs(changed - poses).max(axis=(1, 2)) > 0.03).all()
    assert set(names) == {kind}


def test_knees_bent_back_point_forwards() -> None:
    poses = np.repeat(standing(), 50, axis=0)
    changed, _ = perturb(poses, np.random.default_rng(0), ("knee bent back",))
    forwards = np.maximum(bend(changed, 1, 4, 7), bend(changed, 2, 5, 8))
    assert (forwards > 0.2).all()


def test_stretching_changes_one_bone(poses: np.ndarray) -> None:
    changed, _ = perturb(poses, np.random.default_rng(0), ("bone stretched",))
    ratio = lengths(changed) / lengths(poses)
    off = np.abs(ratio - 1) > 1e-6
    assert (off.sum(axis=1) == 1).all()
    assert ((ratio[off] >= 1.5) | (ratio[off] <= 1 / 1.5)).all() and ratio.max() <= 2.5


def test_swapping_exchanges_positions(poses: np.ndarray) -> None:
    changed, _ = perturb(poses, np.random.default_rng(0), ("limbs swapped",))
    swapped = (changed[:, LEFT] == poses[:, RIGHT]).all(axis=-1)
    assert (swapped[:, :4].all(axis=1) ^ swapped[:, 5:].all(axis=1)).all()


def test_perturbing_is_seeded_and_leaves_its_input(poses: np.ndarray) -> None:
    before = poses.copy()
    first, second = (perturb(poses, np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(poses, before)
    assert set(first[1]) == set(KINDS)


def test_place_facing_and_lying_down_do_not_change_a_description(poses: np.ndarray) -> None:
    moved = about_y(poses, np.array(2.0)) + np.array([3.0, 1.0, -2.0])
    np.testing.assert_allclose(describe(moved), describe(poses), atol=1e-4)
    lying = poses @ Rotation.from_euler("xyz", [1.4, 0.3, -0.8]).as_matrix().T
    np.testing.assert_allclose(describe(lying), describe(poses), atol=1e-4)


def test_a_bent_elbow_is_seen_by_its_own_arm_alone(poses: np.ndarray) -> None:
    bent = poses.copy()
    bent[:, 20] += 0.1
    seen = np.abs(describe(bent) - describe(poses)).max(axis=(0, 2)) > 1e-6
    assert [part for part, changed in zip(PARTS, seen, strict=True) if changed] == ["left arm"]


def test_held_out_clips_are_judged(realism: Realism) -> None:
    assert realism.roc.auc > 0.95
    assert set(realism.roc.by_kind) == set(KINDS)
    area = np.trapezoid(realism.roc.tpr, realism.roc.fpr)
    assert area == pytest.approx(realism.roc.auc, abs=1e-6)


def test_scores_are_log_odds_within_the_scale_and_mirror_alike(realism: Realism) -> None:
    per_pose = realism.per_pose(CLIPS[0])
    assert per_pose.shape == (80,) and (per_pose >= LEAST).all() and (per_pose <= MOST).all()
    assert np.median(realism.per_pose(mirror(CLIPS[0]))) > 0
    assert np.exp([LEAST, MOST]) == pytest.approx([1 / 1000, 3])


def test_each_clip_is_judged_by_the_network_that_has_not_seen_it(realism: Realism) -> None:
    assert sorted(realism.fold_of) == sorted(str(i) for i in range(24)) and set(realism.fold_of.values()) == {0, 1, 2}
    for i in (0, 7):
        with torch.inference_mode():
            logits = [network(torch.from_numpy(describe(CLIPS[i]))).numpy() for network in realism.networks]
        own = logits[realism.fold_of[str(i)]]
        for group, expected in ((str(i), own), (None, np.mean(logits, axis=0)), ("elsewhere", np.mean(logits, axis=0))):
            odds = (realism.slope * expected + realism.offset).clip(LEAST, MOST)
            np.testing.assert_allclose(realism.per_pose(CLIPS[i], group), odds, atol=1e-5)


def test_a_network_does_not_depend_on_the_poses_of_its_fold(poses: np.ndarray) -> None:
    groups = np.arange(len(poses)) // 80
    before = cross_fit(poses, groups=groups, seed=5, folds=2, epochs=1)
    out = np.array([before.fold_of[str(group)] == 0 for group in groups])
    other = np.where(out[:, None, None], perturb(poses, np.random.default_rng(1))[0], poses)
    after = cross_fit(other, groups=groups, seed=5, folds=2, epochs=1)
    described = torch.from_numpy(describe(poses[:50]))
    with torch.inference_mode():
        assert torch.equal(before.networks[0](described), after.networks[0](described))
        assert not torch.equal(before.networks[1](described), after.networks[1](described))


def test_log_odds_are_calibrated_on_held_out_poses() -> None:
    rng = np.random.default_rng(0)
    clips = [swinging(40, seed=seed, turn=seed % 5 - 2, swing=0.8) for seed in range(60)]
    poses, groups = np.concatenate(clips[:40]), np.arange(1600) // 40
    realism = cross_fit(poses, groups=groups, seed=0, folds=4, epochs=2)  # two epochs: unsure of many
    real = np.concatenate(clips[40:])
    odds = np.concatenate([realism.per_pose(real), realism.per_pose(perturb(real, rng)[0])])
    truth = np.repeat([1.0, 0.0], len(real))
    middle = np.abs(odds) < 1.09
    assert middle.sum() > 50
    expected = (1 / (1 + np.exp(-odds[middle]))).mean()
    assert truth[middle].mean() == pytest.approx(expected, abs=0.2)


def test_many_clips_at_once_are_judged_like_one_at_a_time(realism: Realism) -> None:
    clips = [*CLIPS[:4], CLIPS[4][:3]]
    together = realism.many(clips, ["0", None, "2", "3", None])
    for odds, clip, group in zip(together, clips, ["0", None, "2", "3", None], strict=True):
        np.testing.assert_allclose(odds, realism.per_pose(clip, group), atol=1e-5)


def test_training_is_deterministic_and_leaves_torch_as_it_was(poses: np.ndarray) -> None:
    torch.manual_seed(3)
    state, threads = torch.random.get_rng_state(), torch.get_num_threads()
    groups = np.arange(len(poses)) // 80
    first, second = (cross_fit(poses, groups=groups, seed=5, folds=2, epochs=2) for _ in range(2))
    np.testing.assert_array_equal(first.per_pose(CLIPS[1]), second.per_pose(CLIPS[1]))
    assert torch.equal(torch.random.get_rng_state(), state) and torch.get_num_threads() == threads


def test_a_kind_never_trained_on_is_judged_too(poses: np.ndarray) -> None:
    seen = tuple(kind for kind in KINDS if kind != "joint turned")
    by_kind = cross_fit(poses, groups=np.arange(len(poses)) // 80, seed=0, folds=4, kinds=seen).roc.by_kind
    assert set(by_kind) == set(KINDS) and by_kind["joint turned"] > 0.8


def test_one_clip_cannot_be_split() -> None:
    with pytest.raises(CorpusError, match="two clips or more"):
        cross_fit(CLIPS[0], groups=["a"] * 80, seed=0)
    with pytest.raises(CorpusError, match="no motion"):
        sample_poses([], per_clip=3, rng=np.random.default_rng(0))


def test_quality_finds_the_bad_clips_and_keeps_the_order(realism: Realism) -> None:
    rng = np.random.default_rng(0)
    shaken = CLIPS[1] + rng.normal(scale=0.03, size=CLIPS[1].shape)
    broken = CLIPS[2].copy()
    broken[20:40] = perturb(broken[20:40], rng, ("bone stretched",))[0]
    clips = [("fine", CLIPS[3]), ("shaken", shaken), ("broken", broken), ("short", CLIPS[4][:5])]
    table = quality(clips, realism, progress=False).set_index("clip_id")
    assert table.index.tolist() == [name for name, _ in clips]
    assert table["high_pass"].idxmax() == "shaken" and np.isnan(table.loc["short", "high_pass"])
    assert table.loc["broken", "realism"] < table.loc["fine", "realism"]
    assert table.loc["broken", "impossible"] > table.loc["fine", "impossible"]
    assert table["n_poses"].tolist() == [80, 80, 80, 5]
    assert table.loc["fine", "realism"] == pytest.approx(np.percentile(realism.per_pose(CLIPS[3]), 5), abs=1e-5)


def test_quality_takes_a_frame_rate_for_each_clip(realism: Realism) -> None:
    clips = [("a", CLIPS[0]), ("b", CLIPS[0])]
    table = quality(clips, realism, fps={"a": 20.0, "b": 40.0}, progress=False)
    assert table["high_pass"].iloc[0] != table["high_pass"].iloc[1]
    assert quality([], realism, progress=False).columns.tolist() == table.columns.tolist()


def test_memory_is_bounded_by_a_chunk_of_poses(realism: Realism, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    many = Realism.many

    def counted(self: Realism, clips: list, groups: list) -> list:
        sizes.append(sum(map(len, clips)))
        return many(self, clips, groups)

    whole = quality(((str(i), clip) for i, clip in enumerate(CLIPS)), realism, progress=False)
    monkeypatch.setattr("lib.motion.quality.AT_ONCE", 200)
    monkeypatch.setattr(Realism, "many", counted)
    parts = quality(((str(i), clip) for i, clip in enumerate(CLIPS)), realism, progress=False)
    assert sizes == [240] * 8
    pd.testing.assert_frame_equal(parts, whole, atol=1e-5)


def test_impossible_passages_of_real_motion_are_found(shared_data: Path) -> None:
    clips = pd.read_parquet(shared_data / "bandai_namco" / "clips.parquet").sample(600, random_state=0)
    packed = np.load(shared_data / "bandai_namco" / "joints.npy", mmap_mode="r")
    motions = [packed[at : at + n] / 1000 for at, n in zip(clips["offset"], clips["n_frames"], strict=True)]
    rng = np.random.default_rng(0)
    poses, groups = sample_poses(zip(clips["clip_id"][:400], motions[:400], strict=True), per_clip=15, rng=rng)
    realism = cross_fit(poses, groups=groups, seed=0, folds=2)
    assert realism.roc.auc > 0.99
    broken = []
    for joints in motions[400:]:
        passage = slice(len(joints) // 2, len(joints) // 2 + max(2, len(joints) // 5))
        joints = joints.copy()
        joints[passage] = perturb(joints[passage], rng, (str(rng.choice(list(KINDS))),))[0]
        broken.append(clip_realism(realism.per_pose(joints)))
    scores = [clip_realism(realism.per_pose(joints)) for joints in motions[400:]] + broken
    assert roc_auc_score(np.repeat([1, 0], 200), scores) > 0.98
