"""Fixtures every test may use."""

from pathlib import Path

import pytest
from hypothesis import settings

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
