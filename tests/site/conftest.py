"""A made-up run of every notebook and the preview site built from it, once for all processes of a session."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from lib.site import site
from lib.site.stage import REPORT, stage
from tests.site import fixture
from tests.site import quarto_stand_in as stand_in


@pytest.fixture(scope="session")
def run() -> ModuleType:
    """The module that writes the made-up run."""
    return fixture


@pytest.fixture(scope="session")
def whole(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A folder with ``results``, ``pages`` and ``site`` of the made-up run."""
    return once("whole_run", _build)


def _build(folder: Path) -> None:
    staged = stage(
        fixture.write(folder / "results", REPORT, stems=fixture.EVERY),
        profile="fixture",
        notebooks=fixture.EVERY,
        synthetic=True,
        parameters={"similarity": {"thresholds": [0.9, 0.95]}},
        folder=folder / "pages",
    )
    site.build(staged, folder / "site", renderer="preview")


@pytest.fixture(scope="session")
def results(whole: Path) -> Path:
    return whole / "results"


@pytest.fixture(scope="session")
def built(whole: Path) -> Path:
    return whole / "site"


@pytest.fixture(scope="session")
def quarto_stand_in() -> ModuleType:
    """The program that stands in for Quarto."""
    return stand_in
