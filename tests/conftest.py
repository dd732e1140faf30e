"""Fixtures every test may use, and which tests may run beside one another."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

try:
    from xdist.scheduler import LoadFileScheduling
except ImportError:  # a plain pytest runs the same tests, one after another
    LoadFileScheduling = None
else:

    class _ByFile(LoadFileScheduling):
        """One process a file, except that all files whose tests write the checkout's `results/` share one."""

        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "results" if file in WRITE_RESULTS else file


WRITE_RESULTS = ("tests/notebooks/test_leak.py", "tests/notebooks/test_notebooks.py")
"""Their tests hold the lock of `results/` for minutes; in two processes one would wait for the other."""

if "PYTEST_XDIST_WORKER" in os.environ:  # as many processes as cores: a second thread in each would only wait
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    return _ByFile(config, log)


# Time is never asserted: a machine that others use must not fail a test.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real captions and motions laid beside a checkout; tests that need it are skipped elsewhere."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no ../shared/data beside this checkout")
    return folder


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, Callable[[Path], object]], Path]]:
    """Makes a folder once a session, in whichever process of pytest-xdist asks for it first; the others read it.

    The maker is called with the empty folder. Tests that alter what is in it copy it first, which the end of the
    session checks.
    """
    base = tmp_path_factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    files: dict[Path, dict[Path, tuple[int, int]]] = {}

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, complete = root / name, root / f"{name}.complete"
        with FileLock(root / f"{name}.lock"):
            if not complete.is_file():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                make(folder)
                complete.touch()
        files.setdefault(folder, _files(folder))
        return folder

    yield made
    assert {folder: _files(folder) for folder in files} == files, "a test altered a shared folder: let it alter a copy"


def _files(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}
