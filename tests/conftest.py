"""Fixtures every test may use, and which tests may run beside one another."""

import os
from pathlib import Path

import pytest
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
