"""Which clips a section is given: what the filter keeps, all on request, and always the benchmark's val and test."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from lib.base.errors import UserError
from lib.base.paths import ROOT
from lib.corpus import Corpus, Provenance
from lib.run import profile_tmr, selection
from lib.run.params import Profile, load
from lib.run.pipeline import BY_STEM, PREPARATION
from lib.run.redaction import Redaction
from lib.run.results import Run

SPLITS = ("train", "val", "test")


def corpus(name: str) -> Corpus:
    """Two clips a split, all with a motion of two seconds and a caption."""
    rows = [(f"{split}{n}", split) for split in SPLITS for n in range(2)]
    clips = pd.DataFrame(rows, columns=["clip_id", "split"])
    clips = clips.assign(base_id=clips["clip_id"], mirror_of=None, has_motion=True, n_frames=40)
    captions = clips[["clip_id"]].assign(caption_id=clips["clip_id"] + "#0", text="x", start_s=0.0, end_s=0.0)
    splits = {split: clips.loc[clips["split"] == split, "clip_id"].tolist() for split in SPLITS}
    return Corpus(name, clips, captions, splits, None, Provenance(Path("x"), {}))  # type: ignore[arg-type]


WHOLE = {"h3d": corpus("demo-h3d"), "dm": corpus("demo-dm")}


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Results of a run whose 00 keeps the first clip of each split of either corpus."""
    monkeypatch.setattr("lib.run.pipeline.RESULTS", tmp_path)
    folder = BY_STEM[PREPARATION].results("demo")
    folder.mkdir(parents=True)
    rows = [(key, clip, clip.endswith("0")) for key, one in WHOLE.items() for clip in one.clips["clip_id"]]
    table = pd.DataFrame(rows, columns=["corpus", "clip_id", "kept"])
    table.assign(reason=["" if kept else "persons" for kept in table["kept"]]).to_parquet(folder / "kept.parquet")
    return folder


@pytest.fixture
def run(results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("LIB_RESULTS", str(tmp_path / "05"))
    run = Run("05_clustering", {"params": "params/demo.yml"})
    run.__dict__["all_clips"] = WHOLE
    return run


def ids(corpora: dict[str, Corpus], key: str) -> list[str]:
    return corpora[key].clips["clip_id"].tolist()


def test_the_filter_shortens_the_benchmark_s_training_split_and_every_split_of_the_others(run: Run) -> None:
    assert ids(run.corpora, "h3d") == ["train0", "val0", "val1", "test0", "test1"]
    assert ids(run.corpora, "dm") == ["train0", "val0", "test0"]
    assert ids(run.selected("all"), "dm") == ids(WHOLE, "dm") and ids(run.all_clips, "dm") == ids(WHOLE, "dm")
    assert run.selection == {
        "selection": "Of the clips, mirrors left out, those that the filter keeps are used: 5 of 6 of demo-h3d and "
        "3 of 6 of demo-dm."
    }


def test_what_tmr_was_trained_on_is_counted_of_what_there_is(run: Run) -> None:
    kept = "1 of 2 training clips of demo-h3d and 1 of 2 training clips of demo-dm"
    assert profile_tmr.trained_on(run) == f"TMR was trained on what the filter keeps, {kept}."
    models = run.profile.models
    every = models.model_copy(update={"tmr": models.tmr.model_copy(update={"clips": "all"})})
    run.profile = run.profile.model_copy(update={"models": every})
    assert (
        profile_tmr.trained_on(run)
        == "TMR was trained on all 2 training clips of demo-h3d and 2 training clips of demo-dm."
    )


def profile(**changed: object) -> Profile:
    return load("params/demo.yml").model_copy(update=changed)


def test_without_00_all_clips_are_used_and_the_page_says_so(results: Path) -> None:
    alone = profile(notebooks=["05_clustering"])
    assert selection.selected(alone, WHOLE, "kept") == WHOLE
    assert selection.said(alone, WHOLE, WHOLE, "kept") == "All clips are used, since this run has no filter."
    assert "those that the filter drops among them" in selection.said(profile(), WHOLE, WHOLE, "all")
    assert "drops none" in selection.said(profile(), WHOLE, WHOLE, "kept")


def test_a_filter_that_has_not_run_says_what_to_run(results: Path) -> None:
    (results / "kept.parquet").unlink()
    with pytest.raises(UserError, match="python -m lib run 00_data_preparation"):
        selection.selected(profile(), WHOLE, "kept")


def test_00_and_01_read_no_filter_and_07_that_of_06(results: Path) -> None:
    reading = {stem for stem, one in BY_STEM.items() if PREPARATION in profile().upstream(one)}
    assert reading == {*BY_STEM} - {PREPARATION, "01_similarity_test"}
    evaluation = profile().evaluation.model_copy(update={"clips": "all"})
    assert PREPARATION not in profile(evaluation=evaluation).upstream(BY_STEM["07_visualization"])


def test_a_public_tmr_is_filtered_by_nothing(results: Path) -> None:
    assert profile().filters_tmr and not profile(notebooks=["04_embedding_gap"]).filters_tmr
    models = profile().models
    public = models.model_copy(update={"tmr": models.tmr.model_copy(update={"run_dir": "x"})})
    assert not profile(models=public).filters_tmr


def test_a_private_corpus_is_not_drawn_for_having_fewer_clips(run: Run) -> None:
    rule = Redaction(["dm"], lambda: run.all_clips)
    assert run.corpora["dm"] is not run.all_clips["dm"] and rule.drawable(run.corpora["dm"]) is None
    assert rule.drawable(run.corpora["h3d"]) is run.corpora["h3d"]


def test_asking_what_is_stale_loads_no_dataset_reader_and_no_network() -> None:
    code = "import sys, lib.commands.command_line, lib.run.freshness, lib.run.runner;"
    code += "print([m for m in sys.modules if m == 'torch' or m.startswith('lib.corpus')])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
