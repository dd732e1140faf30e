"""The synthetic corpora: same bytes by seed, and truths found again in the written files by code of its own."""

import csv
import errno
import filecmp
import hashlib
import itertools
import json
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.base.errors import CorpusError, RunError, UserError
from lib.corpus import Corpus, load
from lib.demo.corpora import build, recordings_table
from lib.demo.corpora.build import BYTES
from lib.demo.corpora.dm import drawn
from lib.demo.corpora.scenes import FAMILIES, FAMILY
from lib.demo.corpora.unfinished import bytes_below
from lib.demo.synthesis import ACTIONS, synthesise

H3D, DM = 200, 240
FULL = "^demo-h3d: rows [48] to .*No space left on device.; free some disk space, then run again: what is done is kept$"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both corpora, small."""
    folder = tmp_path_factory.mktemp("demo") / "corpora"
    build(folder, seed=7, h3d_clips=H3D, dm_clips=DM)
    return folder


@pytest.fixture(scope="module")
def truth(demo: Path) -> dict[str, Any]:
    """What was planted."""
    found: dict[str, Any] = json.loads((demo / "truth.json").read_text())
    return found


@pytest.fixture(scope="module")
def h3d(demo: Path) -> Corpus:
    """The HumanML3D-like corpus, as the ordinary loader reads it."""
    return load("humanml3d", demo / "demo-h3d", check_motions=True)


@pytest.fixture(scope="module")
def dm(demo: Path) -> Corpus:
    """The manifest, as the ordinary loader reads it."""
    return load("manifest", demo / "demo-dm", check_motions=True)


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def lines(demo: Path, split: str) -> list[str]:
    return (demo / f"demo-h3d/{split}.txt").read_text().split()


def sentences(demo: Path, clip_id: str) -> list[str]:
    written = (demo / f"demo-h3d/texts/{clip_id}.txt").read_text().splitlines()
    return [line.split("#")[0] for line in written]


def bare(sentence: str) -> str:
    """A sentence without what a trivial edit touches."""
    words = sentence.rstrip(".").split()
    return " ".join(words[1:] if words[0] in ("a", "the") else words)


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("three", 4)):
        build(tmp_path / name, seed=seed, h3d_clips=40, dm_clips=40)
    one, two, three = (contents(tmp_path / name) for name in ("one", "two", "three"))
    assert one == two
    assert one.keys() == three.keys() and one["truth.json"] != three["truth.json"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one", "three", "two"]
    assert filecmp.cmp(tmp_path / "one/demo-dm/joints.npy", tmp_path / "two/demo-dm/joints.npy", shallow=False)


def test_sizes_splits_and_lengths(demo: Path, h3d: Corpus, dm: Corpus) -> None:
    assert {s: len(ids) for s, ids in h3d.splits.items()} == {"train": 160, "val": 10, "test": 30}
    assert len(h3d.clips) == H3D and h3d.clips.mirror_of.notna().sum() == H3D // 2
    assert h3d.subsets["all"] == sorted(h3d.clips.clip_id, key=lambda i: (i.startswith("M"), i))
    assert h3d.clips.n_frames.between(40, 199).all() and dm.clips.n_frames.between(40, 199).all()
    assert dm.provenance.listed["clips"] == DM
    assert h3d.clips.has_captions.all() and h3d.clips.has_motion.all() and dm.clips.has_motion.all()
    assert not len(h3d.provenance.dropped) and not len(h3d.provenance.reported)
    counts = h3d.captions.groupby("clip_id").size()
    assert counts.between(2, 4).all()
    assert "Synthetic" in h3d.provenance.licence


def test_near_duplicates_are_where_they_were_planted_and_nowhere_else(demo: Path, truth: dict[str, Any]) -> None:
    planted = truth["demo-h3d"]["near_duplicates"]
    test = [i for i in lines(demo, "test") if not i.startswith("M")]
    train = {bare(s) for i in lines(demo, "train") for s in sentences(demo, i)}
    found = {f"{i}#{n}" for i in test for n, s in enumerate(sentences(demo, i)) if bare(s) in train}
    assert found == {pair["test"] for pair in planted["pairs"]}
    assert planted["captions"] == len(found) == round(0.15 * planted["test_captions"])
    assert planted["caption_share"] == len(found) / sum(len(sentences(demo, i)) for i in test)
    assert planted["clip_share"] == len({i.split("#")[0] for i in found}) / len(test)
    for pair in planted["pairs"]:
        (one, n), (other, m) = (place.split("#") for place in (pair["test"], pair["train"]))
        copy, model = sentences(demo, one)[int(n)], sentences(demo, other)[int(m)]
        assert (copy == model) == (pair["edit"] == "exact") and bare(copy) == bare(model)


def test_shared_recordings_are_counted_exactly(demo: Path, truth: dict[str, Any]) -> None:
    with (demo / "demo-h3d/index.csv").open() as stream:
        cuts = {row["new_name"][:-4]: row for row in csv.DictReader(stream)}
    test, train = ([cuts[i] for i in lines(demo, s) if i in cuts] for s in ("test", "train"))
    shared, overlapping, half = set(), set(), set()
    for one in test:
        span = set(range(int(one["start_frame"]), int(one["end_frame"])))
        for other in train:
            if one["source_path"] == other["source_path"]:
                shared.add(one["new_name"][:-4])
                both = len(span & set(range(int(other["start_frame"]), int(other["end_frame"]))))
                overlapping |= {one["new_name"][:-4]} if both else set()
                half |= {one["new_name"][:-4]} if 2 * both >= len(span) else set()
    planted = truth["demo-h3d"]["sources"]
    assert [sorted(found) for found in (shared, overlapping, half)] == [
        planted[f"{name}_ids"] for name in ("shared", "overlapping", "overlapping_by_half")
    ]
    assert (planted["shared"], planted["overlapping"], planted["overlapping_by_half"]) == (5, 3, 1)
    assert {len(cuts), planted["test_clips"] + 85} == {100}


def test_clips_of_one_recording_share_their_frames(h3d: Corpus) -> None:
    assert h3d.index is not None
    index = h3d.index.assign(clip_id=h3d.index.new_name.str.removesuffix(".npy"))
    pairs = index.merge(index, on="source_path")
    pairs = pairs[(pairs.start_frame_x < pairs.start_frame_y) & (pairs.start_frame_y < pairs.end_frame_x - 10)]
    assert len(pairs)
    for pair in pairs.itertuples():
        skip = pair.start_frame_y - pair.start_frame_x
        bones = [
            np.linalg.norm(h3d.joints(i)[:, 20] - h3d.joints(i)[:, 7], axis=-1)
            for i in (pair.clip_id_x, pair.clip_id_y)
        ]
        common = min(len(bones[0]) - skip, len(bones[1]))
        np.testing.assert_allclose(bones[0][skip : skip + common], bones[1][:common], atol=1e-4)


def test_mirrors_mirror_motion_and_words(demo: Path, h3d: Corpus) -> None:
    swap = {"left": "right", "right": "left", "clockwise": "counterclockwise", "counterclockwise": "clockwise"}
    for clip in h3d.clips[h3d.clips.mirror_of.notna()].head(20).itertuples():
        assert h3d.clips.set_index("clip_id").split[clip.mirror_of] == clip.split
        for mine, its in zip(sentences(demo, clip.clip_id), sentences(demo, clip.mirror_of), strict=True):
            words = its.replace(".", " .").replace(",", " ,").split()
            assert " ".join(swap.get(w, w) for w in words).replace(" .", ".").replace(" ,", ",") == mine
        mine, its = h3d.joints(clip.clip_id), h3d.joints(clip.mirror_of)
        # Left and right bones differ by a few millimetres in HumanML3D's skeleton, and the path scales with the legs.
        np.testing.assert_allclose(mine[:, 20, 1], its[:, 21, 1], atol=0.03)
        reach = [np.linalg.norm(j[:, wrist] - j[:, 0], axis=-1) for j, wrist in ((mine, 20), (its, 21))]
        np.testing.assert_allclose(*reach, atol=0.03)
        assert np.abs(mine[-1, 0, 0] + its[-1, 0, 0]) < 0.05 + 0.1 * np.abs(mine[-1, 0, 0])


def test_statistics_are_humanml3ds_grouped_ones(demo: Path, h3d: Corpus) -> None:
    rows = np.concatenate([np.load(p) for p in sorted((demo / "demo-h3d/new_joint_vecs").iterdir())]).astype(np.float64)
    std = rows.std(axis=0)
    for first, last in ((0, 1), (1, 3), (3, 4), (4, 67), (67, 193), (193, 259), (259, 263)):
        std[first:last] = std[first:last].mean()
    assert h3d.statistics is not None
    np.testing.assert_allclose(h3d.statistics.mean, rows.mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(h3d.statistics.std, std, rtol=1e-4)


def test_tokens_follow_humanml3ds_rule(h3d: Corpus) -> None:
    for caption in h3d.captions.itertuples():
        written = [w for w in caption.text.replace(",", " ").rstrip(".").split() if w.isalpha()]
        tokens = [token.rpartition("/")[::2] for token in caption.tokens.split()]
        assert len(written) == len(tokens), caption
        for word, (token, tag) in zip(written, tokens, strict=True):
            assert word == token or (tag in ("NOUN", "VERB") and word != "left" and word[0] == token[0]), caption


def test_verbs_and_actions_lean_as_planted(h3d: Corpus, truth: dict[str, Any]) -> None:
    base = h3d.captions[~h3d.captions.clip_id.str.startswith("M")]
    verbs = Counter(t.removesuffix("/VERB") for key in base.tokens for t in key.split() if t.endswith("/VERB"))
    assert truth["demo-h3d"]["verbs"] == dict(verbs)
    assert next(iter(truth["demo-h3d"]["verbs"])) == "walk" and next(iter(truth["demo-dm"]["verbs"])) == "dance"
    assert (
        next(iter(truth["demo-h3d"]["action_mix"])) == "walk" and next(iter(truth["demo-dm"]["action_mix"])) == "dance"
    )


def test_a_family_is_planted_where_all_actions_of_a_clip_are_of_one(truth: dict[str, Any]) -> None:
    assert len(FAMILIES) == 12 and sorted(FAMILY) == sorted(ACTIONS)
    for name in ("demo-dm", "demo-h3d"):
        told = {clip: {FAMILY[a] for a in actions} for clip, actions in truth[name]["actions"].items()}
        assert truth[name]["families"] == {clip: min(some) for clip, some in told.items() if len(some) == 1}
        assert 0.6 < len(truth[name]["families"]) / len(told) < 0.95


def test_defects_are_planted_in_the_asked_shares(demo: Path, dm: Corpus, truth: dict[str, Any]) -> None:
    defects = {name: set(ids) for name, ids in truth["demo-dm"]["defects"].items()}
    wanted = {"jitter": 14, "foot skate": 12, "impossible pose": 12, "upper body": 19, "multi-person": 14}
    assert {name: len(ids) for name, ids in defects.items()} == wanted | {"no consent": 10}
    raw = pd.read_parquet(demo / "demo-dm/clips.parquet").set_index("clip_id")
    refused = raw.consent.map(lambda value: "null" if pd.isna(value) else "true" if value else "false")
    assert set(raw.index[refused != "true"]) == defects["no consent"]
    assert {value: int((refused == value).sum()) for value in ("false", "null")} == truth["demo-dm"]["consent"]
    assert set(raw.index[raw.body_mode == "upper"]) == defects["upper body"]
    assert set(raw.index[raw.person_count > 1]) == defects["multi-person"]
    assert dm.provenance.withheld["consent"] == len(defects["no consent"])
    assert not defects["no consent"] & set(dm.clips.clip_id)
    motion = [defects[name] for name in ("jitter", "foot skate", "impossible pose", "upper body")]
    assert sum(map(len, motion)) == len(set().union(*motion))


def test_planted_defects_can_be_seen(dm: Corpus, truth: dict[str, Any]) -> None:
    planted = truth["demo-dm"]["defects"]
    spoilt = {i for name in ("jitter", "foot skate", "impossible pose", "upper body") for i in planted[name]}
    shaken, sliding = {}, {}
    for clip_id in dm.clips.clip_id:
        joints = dm.joints(clip_id)
        shaken[clip_id] = np.linalg.norm(np.diff(joints, n=2, axis=0), axis=-1).mean()
        feet = joints[:, [7, 8, 10, 11]]
        step = np.linalg.norm(np.diff(feet, axis=0), axis=-1)
        sliding[clip_id] = np.median(step.min(axis=1))
    clean = [i for i in shaken if i not in spoilt]
    jittery = [i for i in shaken if i in set(planted["jitter"])]
    assert min(shaken[i] for i in jittery) > np.quantile([shaken[i] for i in clean], 0.99)
    skating = [i for i in sliding if i in set(planted["foot skate"])]
    assert min(sliding[i] for i in skating) > np.median([sliding[i] for i in clean])
    for clip_id in set(planted["upper body"]) & set(dm.clips.clip_id):
        legs = dm.joints(clip_id)[:, [1, 2, 4, 5, 7, 8, 10, 11]]
        np.testing.assert_allclose(legs, legs[:1].repeat(len(legs), axis=0), atol=1e-6)


def test_shared_videos_are_counted_exactly(dm: Corpus, truth: dict[str, Any]) -> None:
    trained = set(dm.clips.source[dm.clips.split == "train"])
    test = dm.clips[dm.clips.split == "test"]
    assert sorted(test.clip_id[test.source.isin(trained)]) == truth["demo-dm"]["sources"]["shared_ids"]
    assert truth["demo-dm"]["sources"]["test_clips"] == len(test)


def test_captions_are_varied(h3d: Corpus, dm: Corpus) -> None:
    words = {w.strip(".,").lower() for text in (*h3d.captions.text, *dm.captions.text) for w in text.split()}
    assert len(words) > 300
    assert h3d.captions.text.nunique() > 300 and dm.captions.text.nunique() > 0.97 * len(dm.captions)
    assert (h3d.captions.text == h3d.captions.text.str.lower()).all()
    assert dm.captions.text.str.match("^[A-Z].*[.]$").all()
    assert 15 <= dm.captions.text.str.split().str.len().median() <= 24


def test_an_earlier_build_is_replaced_and_anything_else_is_not(tmp_path: Path) -> None:
    build(tmp_path / "a", seed=1, h3d_clips=40, dm_clips=40)
    (tmp_path / "a/stray").write_text("")
    build(tmp_path / "a", seed=1, h3d_clips=40, dm_clips=40)
    assert not (tmp_path / "a/stray").exists()
    (tmp_path / "b").mkdir()
    (tmp_path / "b/thesis.tex").write_text("precious")
    with pytest.raises(CorpusError, match="no demo corpus; choose another folder"):
        build(tmp_path / "b", seed=1, h3d_clips=40, dm_clips=40)
    assert (tmp_path / "b/thesis.tex").read_text() == "precious"


def test_a_full_disk_leaves_the_earlier_build_whole_and_what_is_done_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings_table, "AT_ONCE", 4)
    build(tmp_path / "a", seed=1, h3d_clips=40, dm_clips=40)
    build(tmp_path / "fresh", seed=2, h3d_clips=40, dm_clips=40)
    before, save, room = contents(tmp_path / "a"), np.save, itertools.count()

    def full(file: Path, array: Any) -> None:
        if next(room) > 40:
            raise OSError(errno.ENOSPC, "No space left on device")
        save(file, array)

    with monkeypatch.context() as patched:
        patched.setattr("lib.demo.corpora.h3d.np.save", full)
        patched.setenv("LIB_ENGINE", '{"workers": 1}')
        with pytest.raises(RunError, match=FULL):
            build(tmp_path / "a", seed=2, h3d_clips=40, dm_clips=40)
    assert contents(tmp_path / "a") == before
    (kept,) = tmp_path.glob(".a.unfinished/*/demo-h3d/new_joints")
    written = {path.name: path.stat().st_mtime_ns for path in kept.iterdir()}
    build(tmp_path / "a", seed=2, h3d_clips=40, dm_clips=40)
    assert contents(tmp_path / "a") == contents(tmp_path / "fresh")
    again = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "a/demo-h3d/new_joints").iterdir()}
    assert 16 <= sum(again[name] == at for name, at in written.items()) < len(again)
    assert {path.name for path in tmp_path.iterdir()} == {"a", "fresh"}


def test_a_disk_without_room_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=50_000_000_000))
    told = r"a: corpora of 40 \+ 3,976,000 clips need.* 51\.7 GB and .* to spare, 50\.0 GB are free; free space"
    with pytest.raises(UserError, match=told):
        build(tmp_path / "a", seed=1, h3d_clips=40, dm_clips=3_976_000)
    assert not list(tmp_path.iterdir())


def test_the_stated_bytes_hold_every_clip_and_little_more(demo: Path) -> None:
    for name, clips in (("demo-h3d", H3D), ("demo-dm", DM)):
        assert 0.6 * BYTES[name] < bytes_below(demo / name) / clips < BYTES[name]


@pytest.mark.parametrize("rows", [7, 1000])
def test_partitions_change_no_byte(tmp_path: Path, demo: Path, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings_table, "AT_ONCE", rows)
    monkeypatch.setenv("LIB_ENGINE", '{"workers": 1}')
    build(tmp_path / "again", seed=7, h3d_clips=H3D, dm_clips=DM)
    assert contents(tmp_path / "again") == contents(demo)


def test_every_clip_lies_in_the_file_where_its_row_says(demo: Path) -> None:
    packed = np.load(demo / "demo-dm/joints.npy")
    table = pd.read_parquet(demo / "demo-dm/clips.parquet")
    np.testing.assert_array_equal(table.offset, np.concatenate([[0], np.cumsum(table.n_frames)[:-1]]))
    recordings, ids = drawn(DM, np.random.default_rng([7, 2]))
    planted = json.loads((demo / "truth.json").read_text())["demo-dm"]["defects"]
    spoilt = {clip for name in ("jitter", "foot skate", "impossible pose", "upper body") for clip in planted[name]}
    at = table.set_index("clip_id")
    for clip, cut in zip(ids, recordings.cuts, strict=True):
        if clip not in spoilt:
            whole = synthesise(recordings.takes[cut.source], np.random.default_rng([7 + 1_000_000, cut.source]))
            mine = packed[at.offset[clip] : at.offset[clip] + at.n_frames[clip]]
            np.testing.assert_array_equal(mine, np.round(whole[cut.start : cut.end] * 1000.0).astype(np.int16))


@pytest.mark.parametrize("options", [{"h3d_clips": 38}, {"dm_clips": 0}, {"defects": {"jitter": 0.1}},
                                     {"defects": dict.fromkeys(("jitter", "foot skate", "impossible pose", "upper body",
                                                                "multi-person", "no consent"), 0.5)}])  # fmt: skip
def test_unfit_sizes_are_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(CorpusError):
        build(tmp_path / "a", seed=1, **options)
    assert not list(tmp_path.iterdir())
