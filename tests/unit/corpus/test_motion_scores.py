"""Quality scores through the engine: those of the clips in memory, whatever the layout and however they are cut."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.base.errors import RunError
from lib.corpus import Corpus, load
from lib.corpus.motion_places import motions_at, places
from lib.corpus.motion_scores import motion_scores
from lib.engine import results
from lib.motion.discriminator import cross_fit
from lib.motion.features import from_joints
from lib.motion.quality import quality
from lib.motion.realism import Realism
from tests.unit.motion.bodies import swinging

N = 21
LENGTHS = [5 if k == 4 else 30 + 7 * (k % 5) for k in range(N)]
JOINTS = [np.round(swinging(n, seed=k) * 1000).astype(np.int16) for k, n in enumerate(LENGTHS)]
IDS = [f"c{k:02d}" for k in range(N)]
NETWORKLESS = ["clip_id", "n_poses", "high_pass", "shakiest", "foot_skate", "movement", "floor", "off_floor"]


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(results, "PARTITIONS", tmp_path / "kept")
    return tmp_path / "kept"


@pytest.fixture(scope="module")
def realism() -> Realism:
    poses = np.concatenate(JOINTS).astype(np.float32) / 1000
    return cross_fit(poses, groups=np.repeat(IDS, LENGTHS), seed=0, folds=3, epochs=2)


def dataset(root: Path, layout: str) -> Corpus:
    root.mkdir()
    packed = layout.startswith("packed")
    features = (
        [np.asarray(from_joints(joints / 1000.0), np.float32) for joints in JOINTS] if "features" in layout else []
    )
    lengths = [len(one) for one in features] or LENGTHS
    offsets = np.cumsum([0, *lengths[:-1]])
    pd.DataFrame(
        {
            "clip_id": IDS,
            "split": ["train", "val", "test"] * (N // 3),
            "fps": [20.0, 40.0, 20.0] * (N // 3),
            "n_frames": pd.array(lengths, dtype="Int64"),
            "offset": pd.array(offsets if packed else [None] * N, dtype="Int64"),
            "source": "s",
            "body_mode": "full",
            "person_count": 1,
            "consent": True,
            "mirror_of": pd.array([None] * N, dtype="str"),
        }
    ).to_parquet(root / "clips.parquet")
    captions = {"clip_id": IDS, "caption_id": [f"{one}#0" for one in IDS], "text": "a man", "captioner": "m"}
    more = {"tokens": pd.array([None] * N, dtype="str"), "start_s": 0.0, "end_s": 0.0}
    pd.DataFrame({**captions, **more}).to_parquet(root / "captions.parquet")
    form, arrays = ("features", features) if features else ("joints", JOINTS)
    if packed:
        np.save(root / f"{form}.npy", np.concatenate(arrays))
    else:
        (root / form).mkdir()
        for clip_id, array in zip(IDS, arrays, strict=True):
            np.save(root / form / f"{clip_id}.npy", array)
    return load("manifest", root)


LAYOUTS = ["packed joints", "joints", "packed features", "features"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_places_open_the_motions_of_the_corpus_wherever_it_lies(tmp_path: Path, layout: str) -> None:
    dm = dataset(tmp_path / "dm", layout)
    table = places(dm.motions, IDS, dm.provenance.root)
    (tmp_path / "dm").rename(tmp_path / "moved")
    moved = load("manifest", tmp_path / "moved")
    pd.testing.assert_frame_equal(table, places(moved.motions, IDS, moved.provenance.root))
    for some in (table.iloc[::-1], table.iloc[3:5], table.iloc[[7]]):
        opened = motions_at(some, tmp_path / "moved")
        assert [clip_id in opened for clip_id in IDS] == [clip_id in {*some.clip_id} for clip_id in IDS]
        for clip_id in some.clip_id:
            np.testing.assert_array_equal(opened.joints(clip_id), moved.joints(clip_id))
            np.testing.assert_array_equal(opened.features(clip_id), moved.motion(clip_id))
    assert IDS[0] not in motions_at(table[:0], tmp_path / "moved")


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("rows", [N, 11, 3], ids=["1", "2", "7"])
def test_scores_are_those_of_the_clips_in_memory(
    tmp_path: Path, kept: Path, realism: Realism, layout: str, rows: int
) -> None:
    dm = dataset(tmp_path / "dm", layout)
    groups = {clip_id: clip_id for clip_id in IDS[:9]}
    fps = dict(zip(dm.clips.clip_id, dm.clips.fps, strict=True))
    clips = ((clip_id, dm.joints(clip_id)) for clip_id in IDS)
    there = quality(clips, realism, groups=groups, fps=fps, cutoff=4.0, progress=False)
    found = motion_scores(dm, dm.clips, realism, groups=groups, cutoff=4.0, rows=rows)
    pd.testing.assert_frame_equal(found[NETWORKLESS], there[NETWORKLESS], check_exact=True)
    for column in ("realism", "impossible"):
        if rows == N:  # the poses that the networks see together are the same
            np.testing.assert_array_equal(found[column], there[column])
        np.testing.assert_allclose(found[column], there[column], rtol=0, atol=1e-5)
    assert len([*kept.glob("motion quality/*.parquet")]) == -(-N // rows)


def test_scores_are_kept_until_motions_networks_or_cutoff_change(tmp_path: Path, kept: Path, realism: Realism) -> None:
    dm = dataset(tmp_path / "dm", "packed joints")
    made = lambda: len([*kept.glob("motion quality/*.parquet")])
    first = motion_scores(dm, dm.clips, realism)
    pd.testing.assert_frame_equal(motion_scores(dm, dm.clips, realism), first, check_exact=True)
    captions = pd.read_parquet(tmp_path / "dm" / "captions.parquet").assign(text="a woman")
    captions.to_parquet(tmp_path / "dm" / "captions.parquet")
    motion_scores(load("manifest", tmp_path / "dm"), dm.clips, realism)
    assert made() == 1
    motion_scores(dm, dm.clips, realism, cutoff=3.0)
    motion_scores(dm, dm.clips, realism, groups=dict.fromkeys(IDS, IDS[0]))
    other = cross_fit(np.concatenate(JOINTS) / 1000.0, groups=np.repeat(IDS, LENGTHS), seed=1, folds=3, epochs=2)
    motion_scores(dm, dm.clips, other)
    assert made() == 4
    joints = np.load(tmp_path / "dm" / "joints.npy")
    joints[40:60] += 300
    np.save(tmp_path / "dm" / "joints.npy", joints)
    changed = motion_scores(load("manifest", tmp_path / "dm"), dm.clips, realism)
    assert made() == 5 and not changed.movement.equals(first.movement)


def test_a_motion_that_cannot_be_read_is_named_with_its_rows(tmp_path: Path, realism: Realism) -> None:
    dm = dataset(tmp_path / "dm", "joints")
    (tmp_path / "dm" / "joints" / "c10.npy").write_bytes(b"")
    with pytest.raises(RunError, match=r"^motion quality: rows 8 to 11 failed: .*c10\.npy: .*; take a fresh copy"):
        motion_scores(dm, dm.clips, realism, rows=4)
