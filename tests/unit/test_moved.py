"""Whoever imports a module of version 0.1.0 reads in one line where it is now."""

import importlib
import subprocess
import sys

import pytest

import lib
from lib.base.paths import ROOT


@pytest.mark.parametrize("old", sorted(lib.MOVED))
def test_a_module_that_moved_says_where_it_is(old: str) -> None:
    with pytest.raises(ModuleNotFoundError, match=f"^{old} of version 0.1.0 is lib"):
        importlib.import_module(old)
    new = lib.MOVED[old].split(" ")[0].rstrip(",")
    assert importlib.import_module(new)


def test_a_notebook_of_version_0_1_0_fails_with_that_line() -> None:
    command = [sys.executable, "-c", "from lib.results import Run"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    last = done.stderr.strip().splitlines()[-1]
    assert last == "ModuleNotFoundError: lib.results of version 0.1.0 is lib.run.results since 0.2.0; see CHANGELOG.md"


def test_a_module_that_never_was_is_missing_as_ever() -> None:
    with pytest.raises(ModuleNotFoundError, match="No module named 'lib.nothing'"):
        importlib.import_module("lib.nothing")
