"""The example loads at once, is right by the check, and its README describes the very columns there are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from lib.base.errors import CorpusError
from lib.commands import app
from lib.corpus import load
from lib.own_data import example, manifest_writer
from lib.own_data.check import check
from lib.run import params
from lib.run.pipeline import PIPELINE


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("made") / "mine"
    done = CliRunner().invoke(app, ["corpus", "init", str(made)])
    assert done.exit_code == 0 and "README.md" in done.stdout
    return made


def test_it_loads_and_nothing_in_it_is_wrong(folder: Path) -> None:
    corpus = load("manifest", folder, check_motions=True)
    assert len(corpus.clips) == 5 and corpus.clips.has_motion.all() and corpus.clips.has_captions.all()
    assert corpus.clips.base_id.nunique() == 4 and corpus.provenance.withheld["consent"] == 1
    assert corpus.joints("walk_1_mirror")[:, 0, 0] == pytest.approx(-corpus.joints("walk_1")[:, 0, 0], abs=1e-6)
    assert not check(folder).wrong


def test_every_column_is_explained_and_no_other(folder: Path) -> None:
    assert [*example.CLIP_COLUMNS] == [*manifest_writer.CLIPS] and [*example.CAPTION_COLUMNS] == [
        *manifest_writer.CAPTIONS
    ]
    clips, captions = (pd.read_parquet(folder / f"{name}.parquet") for name in ("clips", "captions"))
    assert [*clips.columns] == [*example.CLIP_COLUMNS, "style"] and [*captions.columns] == [*example.CAPTION_COLUMNS]
    told = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` | " in told for name in [*example.CLIP_COLUMNS, *example.CAPTION_COLUMNS])
    assert all(f"| {clip_id} |" in told for clip_id in clips.clip_id)


def test_its_parameters_are_valid(folder: Path) -> None:
    profile = params.load(folder / "params.yml")
    assert profile.profile == "mine" and profile.redacted and Path(profile.corpora["own"].root) == folder


def test_the_command_lists_every_notebook_and_chooses_those_that_train_nothing(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["corpus", "init", str(tmp_path / "mine")]).exit_code == 0
    text = (tmp_path / "mine" / "params.yml").read_text(encoding="utf-8")
    assert re.findall(r"^  (?:# )?- (\d\d_\w+)", text, re.MULTILINE) == [notebook.stem for notebook in PIPELINE]
    chosen = params.load(tmp_path / "mine" / "params.yml").notebooks
    assert chosen == ["00_data_preparation", "01_similarity_test", "02_action_distribution"]


def test_the_code_in_the_readme_does_what_it_says(tmp_path: Path) -> None:
    example.write(tmp_path / "mine")
    readme = (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "mine", check=True, env={**os.environ, "PYTHONPATH": ""}
    )
    corpus = load("manifest", tmp_path / "mine", check_motions=True)
    assert "walk_2" in corpus.clips.clip_id.tolist() and len(corpus.joints("walk_2")) == 60
    assert not check(tmp_path / "mine").wrong


def test_the_same_seed_writes_the_same_bytes_and_nothing_is_overwritten(folder: Path, tmp_path: Path) -> None:
    example.write(tmp_path / "mine")
    for name in ("clips.parquet", "captions.parquet", "joints.npy"):
        assert (tmp_path / "mine" / name).read_bytes() == (folder / name).read_bytes()
    with pytest.raises(CorpusError, match="holds something already"):
        example.write(tmp_path / "mine")


def test_a_name_that_a_profile_has_gets_another(tmp_path: Path) -> None:
    example.write(tmp_path / "Demo")
    assert params.load(tmp_path / "Demo" / "params.yml").profile == "own-demo"


def test_without_a_command_corpus_still_makes_the_embedded_ones(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["corpus", "--params", str(tmp_path / "gone.yml")])
    assert "no such parameter file" in str(done.exception)
