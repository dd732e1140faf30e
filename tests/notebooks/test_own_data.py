"""The tutorial, followed to the letter: its commands are run as the page has them, in a copy of the checkout."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
import yaml
from nbclient import NotebookClient

from lib.base.environment import DESCRIBED_BY
from lib.base.paths import ROOT
from lib.demo.synthesis import Spec, synthesise
from lib.motion import rig
from lib.motion.bvh import bvh
from lib.run.pipeline import PIPELINE
from tests.notebooks.checkout import copied

PAGE = (ROOT / "report" / "own_data.qmd").read_text(encoding="utf-8")
TAKES = {"walk": Spec("walk", seconds=3.0), "wave": Spec("wave", seconds=3.0), "kick": Spec("kick", seconds=3.0)}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A checkout in which every command of the page was run, and what was printed.

    The environment that runs the tests stands in for the one that the page installs; models come from the cache.
    """
    place = copied(tmp_path_factory.mktemp("walk") / "checkout")
    _environment(place / ".venv")
    (place / "data" / "takes").mkdir(parents=True)
    for name, spec in TAKES.items():
        joints = synthesise([spec], np.random.default_rng(0))
        (place / "data" / "takes" / f"{name}.bvh").write_text(bvh(joints, fps=60))
    (table,) = blocks("csv")
    (place / "data" / "captions.csv").write_text(table, encoding="utf-8")
    unset = {"PARAMS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "CONDA_DEFAULT_ENV", "PREFIX", "CONDA", "PYTHONPATH"}
    clean = {key: value for key, value in os.environ.items() if key not in unset}
    clean["PATH"] = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    script = "set -e\n" + "".join(blocks("bash"))
    done = subprocess.run(["bash", "-c", script], cwd=place, env=clean, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return place, done.stdout


def _environment(prefix: Path) -> None:
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (prefix / "bin" / "python").chmod(0o755)
    (prefix / "bin" / "activate").write_text(f'PATH="{prefix}/bin:$PATH"\n')
    described = b"".join((ROOT / name).read_bytes() for name in DESCRIBED_BY)
    (prefix / ".complete").write_text(hashlib.sha256(described).hexdigest())


def test_the_page_s_files_and_commands_fit_together() -> None:
    commands = [line for block in blocks("bash") for line in block.splitlines()]
    assert [line for line in commands if line.startswith("make report PARAMS=data/own/params.yml")]
    (table,) = blocks("csv")
    assert {line.partition(".")[0] for line in table.splitlines()[1:]} == {*TAKES}
    (changed,) = blocks("yaml")
    whole = yaml.safe_load((rig.RIGS / "mixamo.yml").read_text(encoding="utf-8")) | yaml.safe_load(changed)
    assert rig.Rig.model_validate(whole).up == "+Z"


@pytest.mark.notebook
def test_the_commands_lead_to_a_site(followed: tuple[Path, str]) -> None:
    place, said = followed
    assert "data/own: 3 clips" in said and "data/own: fit for a report" in said
    assert (place / "site" / "index.html").is_file() and (place / "site" / "own_data.html").is_file()
    run = [n for n in PIPELINE if (place / "results" / "own" / n.stem / "values.json").is_file()]
    assert run == [n for n in PIPELINE if "tmr" not in n.models + n.may_use]
    for notebook in run:
        values = json.loads((place / "results" / "own" / notebook.stem / "values.json").read_text(encoding="utf-8"))
        assert values["finding"].endswith(".") and f"{notebook.stem}: {values['finding']}" in said


@pytest.mark.notebook
def test_the_site_withholds_the_captions_of_private_data(followed: tuple[Path, str]) -> None:
    place, _ = followed
    # The tutorial's own page shows the example table; everything else is made from the data.
    pages = [path for path in (place / "site").rglob("*") if path.is_file() and path.name != "own_data.html"]
    read = b"".join(path.read_bytes() for path in pages if path.suffix in {".html", ".csv", ".ipynb"})
    assert b"walks ahead" not in read and b"kicks with one leg" not in read


@pytest.mark.notebook
def test_a_notebook_opened_afterwards_runs_on_that_profile_and_alters_no_result(
    followed: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, _ = followed
    monkeypatch.setenv("PYTHONPATH", str(place))
    monkeypatch.delenv("LIB_RESULTS", raising=False)
    results = {path: path.read_bytes() for path in (place / "results").rglob("*") if path.is_file()}
    stem = "02_action_distribution"
    page = nbformat.read(place / "notebooks" / f"{stem}.ipynb", as_version=4)
    NotebookClient(page, kernel_name="python3", resources={"metadata": {"path": str(place / "notebooks")}}).execute()
    said = [output.text for cell in page.cells for output in cell.get("outputs", []) if output.get("name") == "stdout"]
    assert said[0] == "profile own (data/own/params.yml, the last that ran)\n"
    assert {path: path.read_bytes() for path in (place / "results").rglob("*") if path.is_file()} == results
    explored = place / "build" / "explored" / "own" / stem / "values.json"
    assert explored.read_bytes() == results[place / "results" / "own" / stem / "values.json"]
