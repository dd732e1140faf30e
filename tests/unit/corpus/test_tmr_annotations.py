"""TMR's annotation layout, after a sample written in the shape of its published files."""

import json
from pathlib import Path

import numpy as np
import pytest

from lib.base.errors import CorpusError
from lib.corpus import load


def entry(path: str, *texts: str) -> dict[str, object]:
    parts = [{"seg_id": f"{path}_{i}", "text": text, "start": 0.0, "end": 3.78} for i, text in enumerate(texts)]
    return {"path": f"KIT/{path}", "duration": 3.78, "annotations": parts}


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A folder of three annotated clips, one of them mirrored, and a list of dissimilar test clips."""
    found = {"1": entry("1", "A person is walking.", "walks"), "M1": entry("M1", "walks"), "2": entry("2", "waves"),
             "4": entry("4", "nobody lists me")}  # fmt: skip
    (tmp_path / "annotations.json").write_text(json.dumps(found))
    (tmp_path / "splits").mkdir()
    for name, ids in {"train": "1\nM1", "val": "3", "test": "2", "nsim_test": "2\n9"}.items():
        (tmp_path / f"splits/{name}.txt").write_text(ids)
    return tmp_path


def test_annotations_are_read(kit: Path) -> None:
    corpus = load("tmr_annotations", kit, name="KIT")
    assert corpus.captions[["clip_id", "caption_id", "text", "end_s"]].values.tolist() == [
        ["1", "1_0", "A person is walking.", 3.78], ["1", "1_1", "walks", 3.78], ["M1", "M1_0", "walks", 3.78],
        ["2", "2_0", "waves", 3.78]]  # fmt: skip
    clips = corpus.clips.set_index("clip_id")
    assert clips.base_id.to_dict() == {"1": "1", "M1": "1", "3": "3", "2": "2"}
    assert clips.duration_s["1"] == 3.78 and clips.source["1"] == "KIT/1"
    assert corpus.captions.tokens.isna().all()
    assert corpus.subsets == {}
    assert corpus.provenance.missing == {"clips without captions": 1, "clips without motion": 4}
    assert corpus.provenance.dropped.values.tolist() == [["4", "caption of a clip in no split", "4_0"]]


def test_a_list_of_known_ids_becomes_a_subset(kit: Path) -> None:
    (kit / "splits/nsim_test.txt").write_text("2\n1\n9\n")
    assert load("tmr_annotations", kit).subsets == {"nsim_test": ["2", "1", "9"]}


def test_motions_may_lie_elsewhere(kit: Path, tmp_path: Path) -> None:
    folder = tmp_path / "guoh3dfeats"
    folder.mkdir()
    features = np.random.default_rng(0).normal(size=(50, 263)).astype(np.float32)
    np.save(folder / "1.npy", features)
    corpus = load("tmr_annotations", kit, motions=folder)
    np.testing.assert_array_equal(corpus.motion("1"), features)
    before = corpus.provenance.files
    np.save(folder / "1.npy", features + 1)
    after = load("tmr_annotations", kit, motions=folder).provenance.files
    assert {name for name in after if after[name] != before[name]} == {"motions/"}
    with pytest.raises(CorpusError, match="no such folder"):
        load("tmr_annotations", kit, motions=tmp_path / "none")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not readable as JSON"),
        ("[]", "holds no object"),
        ('{"1": {"path": "p"}}', "clip '1': KeyError 'duration'"),
        ('{"1": {"path": "p", "duration": "long", "annotations": []}}', "clip '1': ValueError"),
        ('{"1": {"path": "p", "duration": 1, "annotations": [{"text": "x"}]}}', "clip '1': KeyError 'seg_id'"),
        ('{"1": [], "1": []}', "id or key '1' occurs twice"),
    ],
)
def test_malformed_annotations_are_refused(kit: Path, text: str, told: str) -> None:
    (kit / "annotations.json").write_text(text)
    with pytest.raises(CorpusError) as error:
        load("tmr_annotations", kit)
    assert told in str(error.value) and "annotations.json" in str(error.value) and "\n" not in str(error.value)


def test_missing_annotations_are_refused(kit: Path) -> None:
    (kit / "annotations.json").unlink()
    with pytest.raises(CorpusError, match=r"annotations\.json: no such file; point root at"):
        load("tmr_annotations", kit)
