"""The manifest loader: consent before all else, then every way two tables and an array can contradict each other."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.base import atomic
from lib.base.errors import CorpusError
from lib.corpus import load
from lib.corpus.captioners import compared, human
from lib.corpus.embeddings import read_embeddings
from lib.corpus.texts_without_consent import refused as texts_without_consent

Table = pd.DataFrame


def refused(root: Path, **options: object) -> str:
    with pytest.raises(CorpusError) as error:
        load("manifest", root, **options)
    told = str(error.value)
    assert "\n" not in told and str(root) in told and "secret" not in told
    return told


def test_packed_joints_are_read_by_offset(clips: Table, captions: Table, packed: np.ndarray, manifest) -> None:
    corpus = load("manifest", manifest(clips, captions, joints=packed))
    assert corpus.name == "dm"
    assert corpus.clips.clip_id.tolist() == ["a", "b", "c", "d"]
    assert corpus.clips.genre.tolist() == ["salsa", "waltz", "salsa", "waltz"]
    assert corpus.splits == {"train": ["a", "b"], "val": ["c"], "test": ["d"]}
    np.testing.assert_allclose(corpus.joints("c"), packed[20:30] / 1000, rtol=1e-6)
    assert corpus.motion("c").shape == (9, 263)


@pytest.mark.parametrize("kind", ["f2", "f4"])
def test_packed_features_are_read_by_offset(clips: Table, captions: Table, manifest, kind: str) -> None:
    features = np.random.default_rng(0).normal(size=(50, 263)).astype(kind)
    corpus = load("manifest", manifest(clips, captions, features=features))
    np.testing.assert_array_equal(corpus.motion("b"), features[10:20].astype(np.float32))
    assert corpus.joints("b").shape == (10, 22, 3)


def test_separate_files_are_read(clips: Table, captions: Table, packed: np.ndarray, manifest) -> None:
    clips["offset"] = pd.array([None] * 5, dtype="Int64")
    root = manifest(clips, captions)
    (root / "joints").mkdir()
    for clip_id, at in (("a", 0), ("b", 10)):
        np.save(root / f"joints/{clip_id}.npy", packed[at : at + 10])
    np.save(root / "joints/c.npy", packed[:3].astype(np.float32))
    corpus = load("manifest", root)
    assert corpus.clips.has_motion.tolist() == [True, True, False, False]
    assert corpus.provenance.dropped[["clip_id", "reason"]].values.tolist() == [["c", "motion: wrong type"]]
    np.testing.assert_allclose(corpus.joints("b"), packed[10:20] / 1000, rtol=1e-6)


@pytest.mark.parametrize("refusal", [False, None])
def test_nothing_of_a_row_without_consent_is_left(
    clips: Table, captions: Table, packed: np.ndarray, manifest, refusal
) -> None:
    clips["consent"] = pd.array([True, True, True, True, refusal], dtype="boolean")
    root = manifest(clips, captions, joints=packed)
    table = pd.DataFrame({"clip_id": ["secret", "a"], "vector": [[1.0, 2.0], [3.0, 4.0]]})
    table.to_parquet(root / "video_embeddings.parquet")
    corpus = load("manifest", root, check_motions=True)
    assert corpus.provenance.withheld == {"consent": 1, "captions of withheld clips": 1}
    assert corpus.provenance.listed == {"clips": 5, "captions": 5}
    for frame in (corpus.clips, corpus.captions, corpus.provenance.dropped, corpus.provenance.counts()):
        assert "secret" not in frame.to_csv()
    assert "secret" not in str(corpus.splits)
    with pytest.raises(CorpusError):
        corpus.joints("secret")
    ids, vectors = read_embeddings(corpus, "video")
    assert ids == ["a"] and vectors.tolist() == [[3.0, 4.0]]


def test_the_mirror_of_a_clip_without_consent_is_withheld_too(clips: Table, captions: Table, manifest) -> None:
    clips["mirror_of"] = pd.array([None, "secret", None, None, None], dtype="str")
    corpus = load("manifest", manifest(clips, captions))
    assert corpus.provenance.withheld == {
        "consent": 1, "consent of the mirrored clip": 1, "captions of withheld clips": 2}  # fmt: skip
    assert corpus.clips.clip_id.tolist() == ["a", "c", "d"]


@pytest.mark.parametrize("order", [["b", "c", "d"], ["d", "c", "b"], ["c", "b", "d"]])
def test_mirrors_of_mirrors_of_a_refused_clip_are_withheld_to_the_end(
    clips: Table, captions: Table, manifest, order: list[str]
) -> None:
    of = dict(zip(order, ["secret", *order[:-1]], strict=True))
    clips["mirror_of"] = pd.array([of.get(clip) for clip in clips["clip_id"]], dtype="str")
    clips["split"] = ["train", *clips["split"][1:]]
    more = clips.iloc[:2].assign(clip_id=["e", "f"], split=["val", "test"])
    root = manifest(pd.concat([clips, more.assign(mirror_of=None)]), captions)
    found = load("manifest", root)
    assert found.clips.clip_id.tolist() == ["a", "e", "f"] and not {*order} & {*found.captions.clip_id}
    assert found.provenance.withheld["consent of the mirrored clip"] == 3
    assert {*order, "secret"} <= texts_without_consent(root)


def test_what_a_killed_import_withdraws_is_sought_before_the_import_is_finished(
    clips: Table, captions: Table, manifest
) -> None:
    root = manifest(clips, captions)
    assert "b" not in texts_without_consent(root)
    (root / f"{atomic.ARRIVING}clips.parquet").mkdir()
    later = clips.assign(
        consent=[given and clip != "b" for given, clip in zip(clips.consent, clips.clip_id, strict=True)]
    )
    later.to_parquet(root / f"{atomic.ARRIVING}clips.parquet" / "clips.parquet")
    assert "b" in texts_without_consent(root)


@pytest.mark.parametrize("of", [{"a": "a"}, {"a": "b", "b": "a"}, {"a": "b", "b": "c", "c": "a", "d": "a"}])
def test_mirrors_in_a_circle_are_refused(clips: Table, captions: Table, manifest, of: dict[str, str]) -> None:
    clips["mirror_of"] = pd.array([of.get(clip) for clip in clips["clip_id"]], dtype="str")
    assert f"mirror_of of {min(len(of), 3)} clip(s) leads in a circle" in refused(manifest(clips, captions))


def test_a_long_chain_of_mirrors_is_followed(clips: Table, captions: Table, manifest) -> None:
    long = pd.concat([clips.iloc[:1]] * 5000, ignore_index=True)
    ids = [f"m{i}" for i in range(5000)]
    long = long.assign(clip_id=ids, mirror_of=[*ids[1:], "secret"])
    root = manifest(pd.concat([clips, long]), captions)
    assert load("manifest", root).provenance.withheld["consent of the mirrored clip"] == 5000


def test_one_refusal_withholds_every_row_of_the_id(clips: Table, captions: Table, manifest) -> None:
    clips.loc[0, "clip_id"] = "secret"
    corpus = load("manifest", manifest(clips, captions))
    assert corpus.provenance.withheld["consent"] == 2


@pytest.mark.parametrize("value", ["yes", 1, 0.5])
def test_consent_that_is_not_boolean_is_refused(clips: Table, captions: Table, manifest, value: object) -> None:
    clips["consent"] = value
    assert "column consent is" in refused(manifest(clips, captions))


def test_missing_files_and_foreign_files_are_refused(clips: Table, captions: Table, manifest) -> None:
    root = manifest(clips, captions)
    (root / "captions.parquet").write_bytes(b"PAR1 nonsense")
    assert "captions.parquet: not a readable parquet file" in refused(root)
    (root / "captions.parquet").unlink()
    assert "captions.parquet: no such file" in refused(root)


@pytest.mark.parametrize("column", ["clip_id", "split", "fps", "n_frames", "offset", "source", "body_mode",
                                    "person_count", "consent", "mirror_of"])  # fmt: skip
def test_a_missing_column_is_named(clips: Table, captions: Table, manifest, column: str) -> None:
    assert f"column {column} is missing" in refused(manifest(clips.drop(columns=column), captions))


@pytest.mark.parametrize("column", ["clip_id", "caption_id", "text", "captioner", "tokens", "start_s", "end_s"])
def test_a_missing_caption_column_is_named(clips: Table, captions: Table, manifest, column: str) -> None:
    assert f"column {column} is missing" in refused(manifest(clips, captions.drop(columns=column)))


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("split", ["train", "tset", "val", "test", "train"], "column split, row 1: 'tset' is none of train, val, test"),
        ("fps", ["20"] * 5, "column fps is str instead of float64"),
        ("fps", [20.0, -1.0, 20.0, 20.0, 20.0], "column fps, row 1: -1.0"),
        ("n_frames", [10, 10.5, 10, 10, 10], "column n_frames is float64 instead of Int64"),
        ("n_frames", [10, 0, 10, 10, 10], "column n_frames, row 1: 0"),
        ("offset", [0, -10, 20, 30, 40], "column offset, row 1: -10"),
        ("body_mode", ["full", "lower", "full", "full", "full"], "'lower' is none of full, upper"),
        ("person_count", [1, None, 1, 1, 1], "column person_count, row 1: no value"),
        ("source", [1, 2, 3, 4, 5], "column source, row 0: 1 is no str"),
        ("clip_id", ["a", "a", "c", "d", "secret"], "column clip_id, row 0: 'a' occurs more than once"),
    ],
)
def test_wrong_values_are_told_with_column_and_row(
    clips: Table, captions: Table, manifest, column: str, values: list[object], told: str
) -> None:
    clips[column] = values
    assert told in refused(manifest(clips, captions))


def test_all_faults_are_told_at_once(clips: Table, captions: Table, manifest) -> None:
    clips["fps"], clips["split"] = "20", ["x", "y", "val", "test", "train"]
    clips.loc[1, "split"] = "train"
    told = refused(manifest(clips, captions))
    assert "2 fault(s)" in told and "column fps" in told and "'x'" in told


def test_an_id_in_two_splits_and_an_empty_split_are_refused(clips: Table, captions: Table, manifest) -> None:
    clips["clip_id"] = ["a", "b", "a", "d", "secret"]
    root = manifest(clips, captions)
    assert "1 id(s) in two splits: 'a'" in refused(root)
    clips["clip_id"], clips["split"] = ["a", "b", "c", "secret", "secret"], ["train", "train", "val", "test", "test"]
    manifest(clips, captions)
    assert "the split is empty: test; put at least one clip with consent" in refused(root)


def test_faulty_captions_are_left_out_or_refused(clips: Table, captions: Table, manifest) -> None:
    captions.loc[0, "text"], captions.loc[1, "text"], captions.loc[2, "clip_id"] = None, " \t", "stranger"
    root = manifest(clips, captions)
    corpus = load("manifest", root)
    assert corpus.provenance.dropped[["clip_id", "reason"]].values.tolist() == [
        ["stranger", "caption of no listed clip"], ["a", "empty caption"], ["b", "empty caption"]]  # fmt: skip
    assert corpus.provenance.missing["clips without captions"] == 3
    captions["caption_id"] = "same"
    assert "column caption_id" in refused(manifest(clips, captions))


def test_times_may_be_null(clips: Table, captions: Table, manifest) -> None:
    captions["end_s"] = [None, 1.5, np.nan, 2, 3]
    assert load("manifest", manifest(clips, captions)).captions.end_s.tolist() == [0.0, 1.5, 0.0, 2.0]


def test_a_clip_beyond_the_packed_array_is_refused(clips: Table, captions: Table, packed: np.ndarray, manifest) -> None:
    told = refused(manifest(clips, captions, joints=packed[:35]))
    assert "joints.npy: 1 clip(s) lie beyond its 35 rows: 'd' at 30 + 10" in told


@pytest.mark.parametrize("spoil", ["shape", "type", "truncated"])
def test_a_packed_array_of_another_kind_is_refused(
    clips: Table, captions: Table, packed: np.ndarray, manifest, spoil: str
) -> None:
    root = manifest(
        clips, captions, joints={"shape": packed[:, :21], "type": packed.astype("f4"), "truncated": packed}[spoil]
    )
    if spoil == "truncated":
        (root / "joints.npy").write_bytes((root / "joints.npy").read_bytes()[:-100])
    assert "joints.npy: " in refused(root)


def test_nan_in_packed_features_is_left_out_when_checked(clips: Table, captions: Table, manifest) -> None:
    features = np.zeros((50, 263), dtype=np.float32)
    features[25, 7] = np.inf
    root = manifest(clips, captions, features=features)
    corpus = load("manifest", root, check_motions=True)
    assert corpus.provenance.dropped.values.tolist() == [
        ["c", "motion: NaN or infinite values", "features.npy: NaN or infinite values from frame 5"]]  # fmt: skip
    assert corpus.clips.has_motion.tolist() == [True, True, False, True]
    with pytest.raises(CorpusError, match="from frame 5"):
        load("manifest", root).motion("c")


def test_another_frame_rate_is_reported(clips: Table, captions: Table, manifest) -> None:
    clips["fps"] = [20, 30, 20, 20, 20]
    reported = load("manifest", manifest(clips, captions)).provenance.reported
    assert reported.values.tolist() == [["b", "not at the features' 20 fps", "30 fps"]]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (pd.DataFrame({"clip_id": ["a"]}), "column vector is missing"),
        (pd.DataFrame({"clip_id": ["secret"], "vector": [[1.0]]}), "no vector of this corpus"),
        (pd.DataFrame({"clip_id": ["a", "b"], "vector": [[1.0], [1.0, 2.0]]}), "vectors of lengths [1, 2]"),
        (pd.DataFrame({"clip_id": ["a", "a"], "vector": [[1.0], [1.0]]}), "'a'"),
        (pd.DataFrame({"clip_id": ["a"], "vector": [[float("nan")]]}), "not finite: 'a'"),
    ],
)
def test_malformed_embeddings_are_refused(clips: Table, captions: Table, manifest, table: Table, told: str) -> None:
    root = manifest(clips, captions)
    table.to_parquet(root / "video_embeddings.parquet")
    with pytest.raises(CorpusError) as error:
        read_embeddings(load("manifest", root), "video")
    assert told in str(error.value) and "secret" not in str(error.value)


def candidates(**columns: object) -> Table:
    """Two captioners on two clips with consent and one without, the first in a setting."""
    table = pd.DataFrame({"clip_id": ["c", "d", "secret", "c"], "captioner": ["one", "one", "one", "two"]})
    table = table.assign(
        caption_id=[f"{c}#{name}" for c, name in zip(table.clip_id, table.captioner, strict=True)],
        text="somebody turns", tokens=pd.array([None] * 4, dtype="str"), start_s=0.0, end_s=0.0,
        prompt=pd.array(["short", "short", "short", None], dtype="str"), temperature=[0.5, 0.5, 0.5, None],
    )  # fmt: skip
    return table.assign(**columns)


def test_captions_to_compare_stay_apart_from_the_datasets_own(clips: Table, captions: Table, manifest) -> None:
    root = manifest(clips, captions)
    candidates().to_parquet(root / "captioner_captions.parquet")
    pd.DataFrame({"caption_id": ["c#one", "secret#one", "a#0"], "vector": [[1.0], [2.0], [3.0]]}).to_parquet(
        root / "caption_embeddings.parquet"
    )
    corpus = load("manifest", root)
    assert corpus.captions.captioner.unique().tolist() == ["model"] and "prompt" not in corpus.captions
    assert corpus.provenance.listed == {"clips": 5, "captions": 5, "captions to compare": 4}
    assert corpus.provenance.withheld["captions to compare of withheld clips"] == 1
    assert "captioner_captions.parquet" in corpus.provenance.files
    told = compared(corpus)
    assert told.caption_id.tolist() == ["c#one", "d#one", "c#two"]
    assert told.prompt.fillna("").tolist() == ["short", "short", ""] and told.temperature[:2].tolist() == [0.5, 0.5]
    assert human(corpus).empty
    assert read_embeddings(corpus, "caption")[0] == ["c#one", "a#0"]


def test_several_captioners_in_the_captions_are_compared_where_there_is_no_other_file(
    clips: Table, captions: Table, manifest
) -> None:
    people = captions.assign(caption_id=captions.caption_id + "h", captioner="human")
    corpus = load("manifest", manifest(clips, pd.concat([captions.assign(prompt="brief", temperature=1), people])))
    assert compared(corpus).captioner.unique().tolist() == ["model"] and len(human(corpus)) == 4
    assert compared(corpus).prompt.eq("brief").all() and compared(corpus).temperature.eq(1.0).all()
    assert corpus.captions.temperature.isna().sum() == 4


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"caption_id": ["c#0", "d#1", "s#1", "c#1"]}, "1 caption id(s) are in captions.parquet too: 'c#0'"),
        ({"temperature": [-1.0, 0, 0, 0]}, "column temperature, row 0: -1.0 fails"),
        ({"prompt": 3}, "column prompt, row 0: 3 is no str"),
    ],
)
def test_faulty_captions_to_compare_are_refused(
    clips: Table, captions: Table, manifest, columns: dict[str, object], told: str
) -> None:
    root = manifest(clips, captions)
    candidates(**columns).to_parquet(root / "captioner_captions.parquet")
    assert told in refused(root)


def test_a_clip_of_which_no_features_can_be_made_is_counted_as_without_motion(
    clips: Table, captions: Table, packed: np.ndarray, manifest
) -> None:
    clips.loc[clips["clip_id"] == "a", "n_frames"] = 1
    packed[25, 4] = packed[25, 1]  # the left knee of clip c lies on the left hip in one frame
    corpus = load("manifest", manifest(clips, captions, joints=packed))
    assert corpus.clips.set_index("clip_id")["has_motion"].to_dict() == {"a": False, "b": True, "c": False, "d": True}
    assert corpus.provenance.dropped[["clip_id", "reason", "detail"]].values.tolist() == [
        ["a", "motion: one pose, no features", "features need two poses"],
        ["c", "motion: a bone without length, no features", "a joint lies on its parent in 1 of 10 frames"],
    ]
    for clip_id in ("b", "d"):
        assert np.isfinite(corpus.motion(clip_id)).all()
    with pytest.raises(CorpusError, match="lies on its parent"):
        corpus.motion("c")


def test_stored_features_need_neither_two_poses_nor_bones(
    clips: Table, captions: Table, packed: np.ndarray, manifest
) -> None:
    clips.loc[clips["clip_id"] == "a", "n_frames"] = 1
    features = np.random.default_rng(0).normal(size=(50, 263)).astype("f4")
    corpus = load("manifest", manifest(clips, captions, joints=np.zeros_like(packed), features=features))
    assert corpus.clips["has_motion"].all()


def test_a_file_of_one_pose_is_counted_as_without_motion(
    clips: Table, captions: Table, packed: np.ndarray, manifest
) -> None:
    clips["offset"] = pd.array([None] * 5, dtype="Int64")
    root = manifest(clips, captions)
    (root / "joints").mkdir()
    for clip_id, n in (("a", 1), ("b", 2)):
        np.save(root / f"joints/{clip_id}.npy", packed[:n])
    assert load("manifest", root).clips.has_motion.tolist() == [False, True, False, False]
