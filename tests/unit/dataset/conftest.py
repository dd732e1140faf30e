"""One export of the small corpora, which tests read and none alters."""

from pathlib import Path

import pytest

from tests.unit.dataset import small


@pytest.fixture(scope="session")
def inputs(once) -> Path:
    """The corpora and the results."""
    return once("dataset_inputs", small.write)


@pytest.fixture(scope="session")
def export(once, inputs) -> Path:
    """Everything, with shards."""
    return once("dataset_export", lambda folder: small.make(inputs, folder / "out", webdataset=True)) / "out"
