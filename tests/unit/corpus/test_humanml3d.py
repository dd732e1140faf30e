"""The HumanML3D loader, on a folder written by hand and then spoilt in every way the issue names."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from lib.base.errors import CorpusError
from lib.corpus import load


def refused(root: Path, **options: object) -> str:
    with pytest.raises(CorpusError) as error:
        load("humanml3d", root, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


def zipped(root: Path) -> Path:
    archive = root / "texts.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted((root / "texts").iterdir()):
            out.write(path, f"texts/{path.name}")
    for path in (root / "texts").iterdir():
        path.unlink()
    (root / "texts").rmdir()
    return archive


def test_a_whole_folder_is_read(h3d: Path) -> None:
    corpus = load("humanml3d", h3d, name="tiny")
    clips = corpus.clips.set_index("clip_id")
    assert corpus.name == "tiny"
    assert corpus.splits == {"train": ["000001", "000002", "M000001", "M000002"], "val": ["000003", "M000003"],
                             "test": ["000004", "M000004"]}  # fmt: skip
    assert clips.loc["M000004", ["mirror_of", "base_id", "source", "split"]].tolist() == [
        "000004", "000004", "./a/000004.npy", "test"]  # fmt: skip
    assert clips.mirror_of.isna().sum() == 4 and clips.has_motion.all() and (clips.n_frames == 40).all()
    assert corpus.captions.text.tolist() == ["a man walks"] * 8
    assert corpus.captions.tokens.tolist() == ["a/DET man/NOUN walk/VERB"] * 8
    assert corpus.index is not None and corpus.index.new_name.tolist() == [f"00000{i}.npy" for i in range(1, 5)]
    assert corpus.statistics is not None and corpus.statistics.std.shape == (263,)
    np.testing.assert_array_equal(corpus.motion("000001"), np.load(h3d / "new_joint_vecs/000001.npy"))
    np.testing.assert_array_equal(corpus.joints("000001"), np.load(h3d / "new_joints/000001.npy"))
    assert corpus.provenance.files["train.txt"] == _sha256(h3d / "train.txt")
    assert not len(corpus.provenance.dropped)


def test_an_archive_reads_like_the_folder_it_was_made_of(h3d: Path) -> None:
    before = load("humanml3d", h3d).captions
    with zipfile.ZipFile(zipped(h3d), "a") as archive:
        archive.writestr("__MACOSX/texts/._000001.txt", b"\x00\x05\x16\x07")
    after = load("humanml3d", h3d).captions
    assert before.equals(after)
    assert not (h3d / "texts").exists()


def test_what_is_missing_is_counted(h3d: Path) -> None:
    (h3d / "texts/000002.txt").unlink()
    (h3d / "new_joint_vecs/M000004.npy").unlink()
    (h3d / "new_joints/M000004.npy").unlink()
    (h3d / "texts/009999.txt").write_text("nobody#nobody/PRON#0.0#0.0\n")
    (h3d / "texts/000003.txt").write_text("\n#a/DET#0.0#0.0\n")
    (h3d / "texts/M000003.txt").write_text("\n")
    corpus = load("humanml3d", h3d)
    assert corpus.provenance.missing == {"clips without captions": 3, "clips without motion": 1}
    assert corpus.provenance.dropped[["clip_id", "reason"]].values.tolist() == [
        ["M000003", "text file without a caption"],
        ["009999", "caption of a clip in no split"],
        ["000003", "empty caption"],
    ]
    assert corpus.clips.n_frames.isna().sum() == 1
    with pytest.raises(CorpusError, match="M000004.*has_motion"):
        corpus.motion("M000004")


def test_a_missing_form_is_derived_from_the_other(h3d: Path) -> None:
    from lib.motion.features import recover_joints

    (h3d / "new_joints/000001.npy").unlink()
    corpus = load("humanml3d", h3d)
    np.testing.assert_allclose(corpus.joints("000001"), recover_joints(corpus.motion("000001")))


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.full((40, 263), np.nan, np.float32), "motion: NaN or infinite values"),
        (np.zeros((40, 262), np.float32), "motion: wrong shape"),
        (np.zeros((0, 263), np.float32), "motion: wrong shape"),
        (np.zeros((40, 263), np.int32), "motion: wrong type"),
        (np.array([{"a": 1}], dtype=object), "motion: pickled objects"),
    ],
)
def test_an_unusable_motion_is_left_out_with_its_reason(h3d: Path, array: np.ndarray, reason: str) -> None:
    np.save(h3d / "new_joint_vecs/000001.npy", array, allow_pickle=True)
    (h3d / "new_joints/000001.npy").unlink()
    corpus = load("humanml3d", h3d, check_motions=True)
    assert corpus.provenance.dropped[["clip_id", "reason"]].values.tolist() == [["000001", reason]]
    clip = corpus.clips.set_index("clip_id").loc["000001"]
    assert not clip.has_motion and clip.has_captions
    assert corpus.provenance.missing["clips without motion"] == 1


def test_a_truncated_motion_is_found_without_reading_it(h3d: Path) -> None:
    path = h3d / "new_joint_vecs/000001.npy"
    path.write_bytes(path.read_bytes()[:-7])
    (h3d / "new_joint_vecs/000002.npy").write_bytes(b"not numpy")
    dropped = load("humanml3d", h3d).provenance.dropped
    assert dropped.clip_id.tolist() == ["000001", "000002"]
    assert dropped.reason.tolist() == ["motion: unreadable"] * 2
    assert "truncated by 7 bytes" in dropped.detail[0]


def test_an_unchecked_nan_raises_when_it_is_asked_for(h3d: Path) -> None:
    np.save(h3d / "new_joint_vecs/000001.npy", np.full((40, 263), np.nan, np.float32))
    with pytest.raises(CorpusError, match=r"000001\.npy: NaN or infinite values from frame 0; load with check_motions"):
        load("humanml3d", h3d).motion("000001")


def test_a_missing_root_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere").endswith("nowhere: no such folder; set the corpus' root to a folder in the "
                                                  "humanml3d layout")  # fmt: skip
    (tmp_path / "file").write_text("")
    assert "is a file" in refused(tmp_path / "file")


def test_a_folder_without_texts_is_refused(h3d: Path) -> None:
    zipped(h3d).unlink()
    assert "neither texts/ nor texts.zip" in refused(h3d)


@pytest.mark.parametrize("spoil", ["truncate", "foreign", "flip"])
def test_an_unreadable_archive_is_refused(h3d: Path, spoil: str) -> None:
    archive = zipped(h3d)
    raw = bytearray(archive.read_bytes())
    if spoil == "flip":
        raw[60] ^= 0xFF
    archive.write_bytes({"truncate": bytes(raw[: len(raw) // 2]), "foreign": b"hello", "flip": bytes(raw)}[spoil])
    told = refused(h3d)
    assert "texts.zip: not a readable zip archive" in told and "fresh copy" in told


@pytest.mark.parametrize("name", ["../000001.txt", "/texts/000001.txt", "texts/../../000001.txt", "C:\\000001.txt"])
def test_an_archive_that_points_outside_is_refused(h3d: Path, name: str) -> None:
    with zipfile.ZipFile(zipped(h3d), "a") as archive:
        archive.writestr(name, "evil#evil/ADJ#0.0#0.0")
    before = sorted(h3d.parent.rglob("*"))
    assert "points outside its folder" in refused(h3d)
    assert sorted(h3d.parent.rglob("*")) == before


def test_two_files_for_one_id_are_refused(h3d: Path) -> None:
    with zipfile.ZipFile(zipped(h3d), "a") as archive:
        archive.writestr("more/000001.txt", "again#again/ADV#0.0#0.0")
    assert "two text files for id '000001'" in refused(h3d)


def test_a_malformed_line_is_told_with_file_and_number(h3d: Path) -> None:
    (h3d / "texts/000002.txt").write_text("fine#fine/ADJ#0.0#0.0\nno fields here\n")
    (h3d / "texts/000003.txt").write_text("a#b/X#0.0#soon\n")
    told = refused(h3d)
    assert told == (
        f"{h3d}/texts/000002.txt:2: 1 of 4 fields (and 1 more such lines); "
        "every caption line must read caption#word/POS word/POS#start#end"
    )


def test_a_text_in_another_encoding_is_refused(h3d: Path) -> None:
    (h3d / "texts/000002.txt").write_bytes("naïve#x/X#0.0#0.0".encode("latin-1"))
    assert "000002.txt: not UTF-8 at byte 2; save the file as UTF-8" in refused(h3d)


def test_an_id_listed_twice_is_refused(h3d: Path) -> None:
    (h3d / "train.txt").write_text("000001\n000001\n")
    assert "train.txt: 1 id(s) occur twice: '000001'" in refused(h3d)


def test_an_id_in_two_splits_is_refused(h3d: Path) -> None:
    (h3d / "val.txt").write_text("000001\n")
    assert "1 id(s) in both train and val: '000001'; remove them from" in refused(h3d)


@pytest.mark.parametrize("split", ["train", "val", "test"])
def test_an_empty_or_missing_split_is_refused(h3d: Path, split: str) -> None:
    (h3d / f"{split}.txt").write_text("\n \n")
    assert f"{split}.txt: the split is empty" in refused(h3d)
    (h3d / f"{split}.txt").unlink()
    assert f"{split}.txt: cannot be read" in refused(h3d)


def test_a_mirror_in_another_split_is_reported_and_kept(h3d: Path) -> None:
    (h3d / "test.txt").write_text("000004\n")
    (h3d / "train.txt").write_text("000001\n000002\nM000001\nM000002\nM000004\n")
    corpus = load("humanml3d", h3d)
    assert len(corpus.clips) == 8
    assert corpus.provenance.reported.values.tolist() == [
        ["M000004", "clip and mirror in different splits", "base 000004: test, train"],
        ["000004", "clip and mirror in different splits", "base 000004: test, train"],
    ]


def test_a_malformed_index_is_refused(h3d: Path) -> None:
    (h3d / "index.csv").write_text("source_path,start_frame,new_name\n./a.npy,zero,000001.npy\n")
    told = refused(h3d)
    assert "column end_frame is missing" in told and "column start_frame, row 0: 'zero' is no int64" in told


@pytest.mark.parametrize(
    ("name", "array"), [("Mean", np.full(263, np.nan)), ("Std", np.zeros(263)), ("Std", np.ones(3))]
)
def test_malformed_statistics_are_refused(h3d: Path, name: str, array: np.ndarray) -> None:
    np.save(h3d / f"{name}.npy", array)
    assert f"{name}.npy" in refused(h3d)


def test_an_unknown_layout_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="nearest: manifest"):
        load("manifests", tmp_path)


def _sha256(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()
