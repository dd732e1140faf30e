"""A run killed before any of its renames leaves the older result or the newer one, whole, and its rerun completes."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from lib.base.hashes import corpus_fingerprint
from lib.run import runner
from lib.run.params import Profile, load
from lib.run.pipeline import Notebook
from tests.faults import kill

TINY = Notebook("99_tiny", "similarity", "Does it run?")
FILES = ("values.json", "tables/rows.csv", "figures/curve.txt", "notebook.ipynb", "provenance.json")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of their own, and a notebook that is executed by writing files, whose content is its parameter's."""
    for key in ("h3d", "dm"):
        (tmp_path / key).mkdir()
        (tmp_path / key / "train.txt").write_text(key * 10_000)
    (tmp_path / "notebooks").mkdir()
    cells = [nbformat.v4.new_code_cell("block = 1", id="one")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "notebooks" / f"{TINY.stem}.ipynb")
    folders = ("pipeline.NOTEBOOKS", "pipeline.RESULTS", "runner.RESULTS")
    for name in (*(f"run.{folder}" for folder in folders), "base.locks.LOCKS", "base.hashes.CACHE"):
        monkeypatch.setattr(f"lib.{name}", tmp_path / name.rsplit(".", 1)[1].lower())
    monkeypatch.setattr(runner, "_execute", executed)
    return tmp_path


def executed(notebook: Notebook, profile: Profile, params_file: str, part: Path) -> None:
    block = profile.similarity.block
    for name in FILES[:-1]:
        (part / name).parent.mkdir(exist_ok=True)
        (part / name).write_text(json.dumps({"block": block, "cells": []}))


def profile(place: Path, block: int) -> Profile:
    asked = load("params/demo.yml", {"similarity": {"block": block}})
    corpora = {key: one.model_copy(update={"root": str(place / key)}) for key, one in asked.corpora.items()}
    return asked.model_copy(update={"corpora": corpora})


def run(place: Path, block: int) -> bool:
    corpus_fingerprint.cache_clear()
    return runner.run(TINY, profile(place, block), "params/demo.yml")


def shown(place: Path) -> int | None:
    """The block that every file of the result is of, by json alone; None without a result."""
    folder = place / "results" / "demo" / TINY.stem
    if not folder.exists():
        return None
    blocks = {json.loads((folder / name).read_text())["block"] for name in FILES[:-1]}
    blocks.add(json.loads((folder / "provenance.json").read_text())["params"]["similarity"]["block"])
    assert len(blocks) == 1, "files of two runs are mixed"
    return blocks.pop()


@pytest.mark.parametrize("before", [None, 64])
def test_a_result_is_the_older_or_the_newer_one(place: Path, before: int | None) -> None:
    def prepare() -> None:
        for name in ("results", "cache"):
            shutil.rmtree(place / name, ignore_errors=True)
        if before is not None:
            run(place, before)

    killed = 0
    for _ in kill.points(prepare, lambda: run(place, 128)):
        aside = place / "results" / "demo" / f".{TINY.stem}.old"
        assert shown(place) in {before, 128} or aside.is_dir(), "between the two renames the older one lies beside"
        ran = run(place, 128)
        assert shown(place) == 128 and not run(place, 128), "and then it is fresh"
        assert ran or shown(place) == 128
        assert [path.name for path in (place / "results" / "demo").iterdir()] == [TINY.stem]
        assert not list((place / "results" / ".part" / "demo").iterdir())
        killed += 1
    assert killed >= (1 if before is None else 2) and shown(place) == 128


def test_what_was_moved_aside_comes_back_before_anything_runs(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(place, 64)
    killed = [n for n in range(9) if kill.killed_before(n, lambda: run(place, 128))]
    assert killed == [*range(len(killed))]

    def fails(*_: object) -> None:
        raise RuntimeError("a notebook that fails")

    monkeypatch.setattr(runner, "_execute", fails)
    for n in killed:
        shutil.rmtree(place / "results")
        monkeypatch.setattr(runner, "_execute", executed)
        run(place, 64)
        kill.killed_before(n, lambda: run(place, 128))
        monkeypatch.setattr(runner, "_execute", fails)
        if shown(place) == 128:
            continue
        with pytest.raises(RuntimeError):
            run(place, 128)
        assert shown(place) == 64
