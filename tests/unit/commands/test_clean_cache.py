"""``python -m lib clean-cache`` shows first, and removes only when it is told to."""

from functools import partial
from pathlib import Path

import pytest

from lib.base import locks
from lib.run import caches
from tests.unit.commands.conftest import printed


@pytest.fixture
def unused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / ".cache" / "models" / f"tmr-{'a' * 16}" / "weights"
    file.parent.mkdir(parents=True)
    file.write_bytes(bytes(2_500_000))
    (tmp_path / ".cache" / "notes.txt").write_text("mine")
    (tmp_path / "params").mkdir()
    here = {"cache": tmp_path / ".cache", "folder": tmp_path / "params", "results": tmp_path / "results"}
    monkeypatch.setattr(locks, "LOCKS", tmp_path / "locks")  # notebooks that other tests run hold the real one
    monkeypatch.setattr(caches, "survey", partial(caches.survey, **here))
    return file


def test_without_yes_it_shows_and_removes_nothing(unused: Path) -> None:
    told = printed("clean-cache").splitlines()
    assert told[0] == "trained models: 2.5 MB in 1 file; no profile uses 2.5 MB"
    assert told[1].startswith("unused ") and told[1].endswith(f"models/{unused.parent.name}: 2.5 MB")
    assert told[2].startswith("left ") and told[2].endswith("notes.txt: not made here")
    assert told[3] == "no profile of params/ uses 2.5 MB: make clean-cache YES=1 removes it" and unused.is_file()


def test_with_yes_it_shows_and_removes_what_no_profile_uses(unused: Path) -> None:
    told = printed("clean-cache", "--yes").splitlines()
    assert len(told) == 4 and told[-1] == "removed 2.5 MB" and not unused.parent.exists()
    assert (unused.parents[2] / "notes.txt").is_file()
    assert printed("clean-cache").splitlines()[-1] == "nothing to remove: profiles use all that could be"
