"""A text model that costs nothing."""

from pathlib import Path

import pytest

from tests.unit.text.tiny import write_tiny_mpnet


@pytest.fixture(scope="session")
def tiny_mpnet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_mpnet(tmp_path_factory.mktemp("tiny_mpnet"))
