"""An export is read by code that is not ours, and by readers written here from the layouts' descriptions alone."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from lib import corpus
from lib.clustering.sampler import exported, sampler
from tests.unit.dataset.small import FREE, KEPT, PUBLIC, SECRET, WEIGHTS, files

MIRRORED = {"h3d-000001", "h3d-000002", "h3d-000003", "dm-take~202~2fb~2e~c3~a9"}
TRAIN = KEPT | {f"M{clip_id}" for clip_id in MIRRORED}
RULER = {split: {f"{m}h3d-{i}" for i in PUBLIC[split] for m in ("", "M")} for split in ("val", "test")}
SHORT_OR_LONG = {"h3d-000002", "h3d-000003", "Mh3d-000002", "Mh3d-000003"}


def as_public_loaders_read(root: Path, split: str) -> dict[str, list[tuple[str, list[tuple[str, ...]]]]]:
    """Captions and tokens by clip, as MoMask, T2M-GPT and MDM take them: they split at # from the left.

    Those loaders pass over whatever fails; here it fails.
    """
    found: dict[str, list[tuple[str, list[tuple[str, ...]]]]] = {}
    for name in (root / f"{split}.txt").read_text().splitlines():
        motion = np.load(root / "new_joint_vecs" / f"{name}.npy")
        assert motion.ndim == 2 and motion.shape[1] == 263 and motion.dtype == np.float32 and np.isfinite(motion).all()
        if not 40 <= len(motion) < 200:
            continue
        for line in (root / "texts" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
            caption, tokens, start, end = line.strip().split("#")
            pairs = [tuple(token.split("/")) for token in tokens.split(" ")]
            assert caption and all(len(pair) == 2 and all(pair) for pair in pairs)
            first, last = (0.0 if np.isnan(float(time)) else float(time) for time in (start, end))
            if (first, last) == (0, 0) or 40 <= len(motion[int(first * 20) : int(last * 20)]) < 200:
                found.setdefault(name, []).append((caption, pairs))
    return found


def test_the_lists_hold_what_the_filter_keeps_and_the_benchmark_s_own_val_and_test(export: Path) -> None:
    lists = {split: (export / f"{split}.txt").read_text().split() for split in ("train", "val", "test")}
    assert {split: {*ids} for split, ids in lists.items()} == {"train": TRAIN, **RULER}
    assert sum(map(len, lists.values())) == len(list((export / "new_joint_vecs").iterdir()))
    assert (export / "test_leak_free.txt").read_text().split() == [f"h3d-{FREE}", f"Mh3d-{FREE}"]
    for name in [*lists, "test_leak_free"]:
        assert (export / "splits" / f"{name}.txt").read_bytes() == (export / f"{name}.txt").read_bytes()


def test_the_public_loaders_read_every_clip_of_their_lengths(export: Path) -> None:
    train = as_public_loaders_read(export, "train")
    assert {*train} == TRAIN - SHORT_OR_LONG
    assert [caption for caption, _ in train["h3d-000001"]] == ["a man walks to his left", "he waves 2 and stops"]
    assert train["h3d-000001"][1][1] == [("he", "PRON"), ("wave", "VERB"), ("and", "CCONJ"), ("stop", "VERB")]
    assert [caption for caption, _ in train["dm-000001"]] == ["a person dances"]
    assert {*as_public_loaders_read(export, "test")} == RULER["test"]


def test_motions_are_those_of_the_corpora(export: Path, inputs: Path) -> None:
    for ours, own in (("h3d-000001", "000001"), ("Mh3d-000007", "M000007")):
        there = np.load(inputs / "h3d" / "new_joint_vecs" / f"{own}.npy")
        np.testing.assert_array_equal(np.load(export / "new_joint_vecs" / f"{ours}.npy"), there)
    private = corpus.load("manifest", inputs / "dm")
    made = np.load(export / "new_joint_vecs" / "dm-take~202~2fb~2e~c3~a9.npy")
    np.testing.assert_array_equal(made, private.motion("take 2/b.é"))


def test_mean_and_std_are_those_of_train_by_the_published_rule(export: Path) -> None:
    ids = (export / "train.txt").read_text().split()
    rows = np.concatenate([np.load(export / "new_joint_vecs" / f"{clip_id}.npy") for clip_id in ids]).astype(float)
    std = rows.std(axis=0)
    for begin, end in ((0, 1), (1, 3), (3, 4), (4, 67), (67, 193), (193, 259), (259, 263)):
        std[begin:end] = std[begin:end].mean()
    np.testing.assert_allclose(np.load(export / "Mean.npy"), rows.mean(axis=0), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(np.load(export / "Std.npy"), std, rtol=1e-6)


def test_tmr_reads_whole_clips_and_stretches(export: Path) -> None:
    annotations = json.loads((export / "annotations.json").read_text(encoding="utf-8"))
    assert {*annotations} == TRAIN | RULER["val"] | RULER["test"]
    for entry in annotations.values():
        motion = np.load(export / "new_joint_vecs" / f"{entry['path']}.npy")
        whole = entry["annotations"][0]
        assert len(motion[int(whole["start"] * 20) : int(whole["end"] * 20)]) == len(motion)
    second = annotations["h3d-000001"]["annotations"][1]
    assert (second["text"], second["start"], second["end"]) == ("he waves #2 and stops", 0.0, 2.0)
    assert annotations["dm-take~202~2fb~2e~c3~a9"]["annotations"][0]["text"] == "someone spins\nand bows"


def test_our_own_loader_reads_it_with_its_mirrors(export: Path) -> None:
    again = corpus.load("humanml3d", export, check_motions=True)
    assert len(again.clips) == 17 and again.clips["has_motion"].all() and again.clips["has_captions"].all()
    assert again.clips["mirror_of"].notna().sum() == 4 + 4 and not len(again.provenance.dropped)


def test_datasets_reads_both_tables_by_the_card_s_metadata(export: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets")
    clips, captions = (
        datasets.load_dataset(str(export), name, cache_dir=str(tmp_path), split=name) for name in ("clips", "captions")
    )
    assert {*clips["id"]} == TRAIN | RULER["val"] | RULER["test"] and len(clips) == 17
    one = next(row for row in clips if row["id"] == "dm-000001")
    assert (one["corpus"], one["clip_id"], one["recording"], one["kept"]) == ("dm", "000001", "video 1", True)
    assert (one["cluster"], one["cluster_name"], one["licence"]) == (2, "dance", "not stated")
    assert one["score_high_pass"] == 0.5 and one["weight"] == pytest.approx(0.25)
    assert len(captions) == 14 * 2 + 3 and {*captions["captioner"]} == {"crowd", "good"}


def test_a_mirror_shares_the_weight_of_its_base_and_weights_sum_to_one(export: Path) -> None:
    clips = pd.read_parquet(export / "clips.parquet").set_index("id")
    assert clips["weight"].sum() == pytest.approx(1) and clips.loc[clips["split"] != "train", "weight"].isna().all()
    pairs = {"h3d-000001": 0.4, "h3d-000002": 0.2, "h3d-000003": 0.1, "dm-take~202~2fb~2e~c3~a9": 0.05}
    for base, weight in pairs.items():
        assert clips.loc[[base, f"M{base}"], "weight"].tolist() == pytest.approx([weight / 2] * 2)
    assert clips.loc["Mh3d-000001", "mirror_of"] == "h3d-000001" and sum(WEIGHTS.values()) == pytest.approx(1)


def test_webdataset_yields_every_clip_with_its_motion_captions_and_weight(export: Path) -> None:
    webdataset = pytest.importorskip("webdataset")
    clips = pd.read_parquet(export / "clips.parquet").set_index("id")
    seen = {}
    shards = [str(path) for path in sorted((export / "shards").glob("train-*.tar"))]
    assert len(shards) == 3, "nine clips, four a shard"
    for sample in webdataset.WebDataset(shards, shardshuffle=False).decode():
        record = sample["json"]
        assert sample["__key__"] == record["id"]
        np.testing.assert_array_equal(sample["npy"], np.load(export / "new_joint_vecs" / f"{record['id']}.npy"))
        seen[record["id"]] = record
    assert {*seen} == TRAIN
    assert {name: one["weight"] for name, one in seen.items()} == clips.loc[[*seen], "weight"].to_dict()
    assert [one["text"] for one in seen["h3d-000001"]["captions"]] == [
        "a man walks to his left",
        "he waves #2 and stops",
    ]


def test_mlcroissant_validates_it_and_iterates_the_records(export: Path) -> None:
    import mlcroissant

    content = json.loads((export / "croissant.json").read_text(encoding="utf-8"))
    assert content["conformsTo"] == ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]
    assert {"rai:dataCollection", "rai:dataBiases", "rai:personalSensitiveInformation"} <= {*content}
    described = mlcroissant.Dataset(str(export / "croissant.json"))
    assert not described.metadata.ctx.issues.errors
    records = list(described.records("clips"))
    assert {record["clips/id"].decode() for record in records} == TRAIN | RULER["val"] | RULER["test"]
    assert len(list(described.records("captions"))) == 31
    for file in content["distribution"]:
        if file["@type"] == "cr:FileObject":
            assert hashlib.sha256((export / file["contentUrl"]).read_bytes()).hexdigest() == file["sha256"]
        else:
            assert list(export.glob(file["includes"]))


def test_every_file_has_the_hash_that_is_listed(export: Path) -> None:
    listed = dict(line.split("  ")[::-1] for line in (export / "SHA256SUMS").read_text().splitlines())
    there = {name: hashlib.sha256(content).hexdigest() for name, content in files(export).items()}
    del there["SHA256SUMS"]
    assert listed == there


def test_the_card_says_what_is_in_it_and_that_it_is_internal(export: Path) -> None:
    _, metadata, text = (export / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    told = yaml.safe_load(metadata)
    assert told["size_categories"] == ["n<1K"] and [one["config_name"] for one in told["configs"]] == [
        "clips",
        "captions",
    ]
    assert "**internal**" in text and "17 clips with 31 captions" in text and "9 clips train" in text
    assert "| Own | train | filter: high-pass | 1 |" in text and "| Own | train | no caption | 2 |" in text
    assert "A test clip is kept when nothing of it trains." in text and "Public licence 1.0" in text
    record = json.loads((export / "provenance.json").read_text(encoding="utf-8"))
    assert record["commit"]["sha"] == "0123abc" and record["counts"]["clips"] == 17


def test_a_clip_without_consent_is_in_no_byte_of_it(export: Path, inputs: Path) -> None:
    assert SECRET.encode() in (inputs / "dm" / "clips.parquet").read_bytes()
    holds = [name for name, content in files(export).items() if SECRET.encode() in content.lower()]
    assert holds == []
    clips = pd.read_parquet(inputs / "dm" / "clips.parquet").set_index("clip_id")
    row = clips.loc[f"{SECRET}1"]
    from lib.motion.features import from_joints

    joints = np.load(inputs / "dm" / "joints.npy")[row.offset : row.offset + row.n_frames] / np.float32(1000)
    secret = from_joints(joints.astype(np.float32))[10].tobytes()
    assert not [name for name, content in files(export).items() if secret in content]


def test_draws_follow_the_exported_weights(export: Path) -> None:
    clips = pd.read_parquet(export / "clips.parquet").query("split == 'train'")
    table = clips[["id", "weight"]].rename(columns={"id": "clip_id"})
    n = 200_000
    seen = np.bincount(list(sampler(table, table["clip_id"].tolist(), seed=3, draws=n)), minlength=len(table))
    expected = n * table["weight"].to_numpy()
    assert float((np.square(seen - expected) / expected).sum()) < 26.12, "chi-square of 8 degrees, p = 0.001"


def test_the_folder_yields_motions_captions_and_ids_by_weight(export: Path) -> None:
    drawn = list(exported(export, seed=1, draws=600))
    assert [one[2] for one in exported(export, seed=1, draws=20)] == [one[2] for one in drawn[:20]]
    counts = pd.Series([clip_id for _, _, clip_id in drawn]).value_counts()
    assert {*counts.index} <= TRAIN and counts["dm-000001"] > counts.get("dm-take~202~2fb~2e~c3~a9", 0)
    for motion, caption, clip_id in drawn:
        whole = np.load(export / "new_joint_vecs" / f"{clip_id}.npy")
        stretch = caption == "he waves #2 and stops"
        np.testing.assert_array_equal(motion, whole[:40] if stretch else whole)
    assert {caption for _, caption, _ in drawn} == {
        "a man walks to his left",
        "he waves #2 and stops",
        "a person dances",
        "someone spins\nand bows",
        "someone spins back",
    }
