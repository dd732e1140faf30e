"""A Ray of two workers on this machine, for the tests that ask for one."""

import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest

from lib.engine.parameters import EngineParameters


@pytest.fixture(scope="session")
def ray_engine() -> Iterator[EngineParameters]:
    """The engine's block that starts Ray here; its sockets lie in a folder whose name is short enough for them.

    Where `.ci/run` says that the extra `cluster` is installed, its absence is a failure.
    """
    if os.environ.get("CI_CLUSTER"):
        import ray
    else:
        ray = pytest.importorskip("ray", reason="the extra cluster is not installed")
    folder = tempfile.mkdtemp(prefix="ray")
    before = os.environ.get("RAY_TMPDIR")
    os.environ["RAY_TMPDIR"] = folder
    try:
        yield EngineParameters(kind="ray", workers=2, address="local")
    finally:
        ray.shutdown()
        os.environ.pop("RAY_TMPDIR") if before is None else os.environ.update(RAY_TMPDIR=before)
        shutil.rmtree(folder, ignore_errors=True)
