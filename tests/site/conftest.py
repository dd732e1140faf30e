"""A made-up run and the preview site built from it, once a session."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from lib.site import site
from lib.site.stage import REPORT


@pytest.fixture(scope="session")
def run() -> ModuleType:
    """The module that writes the made-up run."""
    return _module("fixture")


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"made_up_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def results(run: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run.write(tmp_path_factory.mktemp("results"), REPORT)


@pytest.fixture(scope="session")
def built(run: ModuleType, results: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("built") / "site"
    site.build(
        results,
        out,
        renderer="preview",
        profile="fixture",
        notebooks=run.STEMS,
        synthetic=True,
        parameters={"similarity": {"thresholds": [0.9, 0.95]}},
        folder=out.with_name("pages"),
    )
    return out


@pytest.fixture(scope="session")
def quarto_stand_in() -> ModuleType:
    """The program that stands in for Quarto."""
    return _module("quarto_stand_in")
