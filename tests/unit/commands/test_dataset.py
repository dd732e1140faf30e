"""``python -m lib dataset`` and ``make dataset``: only what is asked for on the command line is written."""

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from lib.base import locks
from lib.base.paths import ROOT
from lib.commands import dataset as command
from lib.run import freshness, params, runner
from tests.unit.dataset import small

PROFILE = """\
profile: own_small
corpora:
  h3d: {{label: Public, kind: humanml3d, root: "{root}/h3d"}}
  dm: {{label: Own, kind: manifest, root: "{root}/dm", private: true}}
notebooks: []
findings: {{captioner: good}}
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A parameter file without notebooks, one corpus of which is private."""
    small.write_public(tmp_path / "h3d")
    small.write_private(tmp_path / "dm")
    file = tmp_path / "own.yml"
    file.write_text(PROFILE.format(root=tmp_path), encoding="utf-8")
    return file


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lib", "dataset", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_a_private_corpus_goes_out_by_its_name_alone(profile: Path, tmp_path: Path) -> None:
    public = run(tmp_path / "public", "--params", profile)
    assert public.returncode == 0 and "16 clips" in public.stdout and "internal" not in public.stdout
    assert not (tmp_path / "public" / "shards").exists()
    whole = run(tmp_path / "whole", "--params", profile, "--private", "dm", "--webdataset")
    assert whole.returncode == 0 and "internal, do not pass it on" in whole.stdout
    assert "**internal**" in (tmp_path / "whole" / "README.md").read_text(encoding="utf-8")
    assert list((tmp_path / "whole" / "shards").glob("train-*.tar"))
    again = run(tmp_path / "whole", "--params", profile, "--private", "dm", "--webdataset")
    assert again.returncode == 0 and "is as it should be" in again.stdout
    for folder in ("public", "whole"):
        for name, content in small.files(tmp_path / folder).items():
            assert small.SECRET.encode() not in content.lower() and str(tmp_path).encode() not in content, name
    record = json.loads((tmp_path / "public" / "provenance.json").read_text(encoding="utf-8"))
    assert {*record["parameters"]["corpora"]} == {"h3d"} and "captioners" not in record["parameters"]["dataset"]


def test_a_wrong_name_is_one_line(profile: Path, tmp_path: Path) -> None:
    done = run(tmp_path / "out", "--params", profile, "--private", "h3d")
    assert done.returncode == 2 and done.stderr.startswith("error: PRIVATE names h3d") and done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_what_an_export_reads_is_made_first_with_its_models(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(locks, "exclusive", lambda name: nullcontext(done.append(f"lock {name}")))
    monkeypatch.setattr(freshness, "stamp", lambda *_: {})
    monkeypatch.setattr(freshness, "is_fresh", lambda folder, _: folder.name == "01_similarity_test")
    monkeypatch.setattr(runner, "run", lambda notebook, *_: done.append(notebook.stem))
    monkeypatch.setattr(command, "prepare", lambda _, notebooks: done.extend(f"for {one.stem}" for one in notebooks))
    command._run(params.load("params/demo.yml"), "params/demo.yml")
    stems = ("00_data_preparation", "04_embedding_gap", "05_clustering")
    assert done == [step for stem in stems for step in (f"for {stem}", "lock results", stem)]


def made(*arguments: str, **environment: str) -> str:
    clean = {
        key: value for key, value in os.environ.items() if not key.startswith("MAKE") and key not in {"DEST", "PRIVATE"}
    }
    command = ["make", "-n", "dataset", *arguments]
    told = subprocess.run(command, cwd=ROOT, env=clean | environment, capture_output=True, text=True).stdout
    return next(line for line in told.splitlines() if "lib dataset" in line).split("lib dataset")[1].strip()


def test_make_takes_a_private_corpus_from_its_command_line_alone() -> None:
    assert made("DEST=out") == '"$DEST"'
    assert made("DEST=out", "PRIVATE=dm", "WEBDATASET=1") == '"$DEST"  --webdataset --private "$PRIVATE"'.replace(
        "  ", " "
    )
    assert made(DEST="out", PRIVATE="dm") == '"$DEST"'
    assert made() == "", "without a folder the command says that one is missing"
