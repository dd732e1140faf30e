"""Writing the embedded corpora, killed at any time: what is read is whole, and what was written is gone on with."""

import hashlib
import os
import signal
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from lib.demo.corpora import build, recordings_table
from tests.faults import kill

SIZES = {"seed": 3, "h3d_clips": 40, "dm_clips": 40}


@pytest.fixture(autouse=True)
def small_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several partitions of few recordings, one after another in the process that is killed."""
    monkeypatch.setattr(recordings_table, "AT_ONCE", 8)
    monkeypatch.setenv("LIB_ENGINE", '{"workers": 1}')


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_kill_before_any_rename_costs_a_partition_and_changes_no_byte(tmp_path: Path) -> None:
    build(tmp_path / "whole", **SIZES)
    whole, partitions = contents(tmp_path / "whole"), 0
    for n in count():
        died = kill.killed_before(n, lambda: build(tmp_path / "made", **SIZES))
        if not died:
            break
        done = len([*(tmp_path / ".made.unfinished" / "partitions").glob("*/*.parquet")])
        assert not (tmp_path / "made").exists() or contents(tmp_path / "made") == whole
        assert done >= partitions
        partitions = done
    assert n > 1 and partitions >= 4
    assert contents(tmp_path / "made") == whole
    assert {path.name for path in tmp_path.iterdir()} == {"made", "whole"}


def test_a_kill_within_a_partition_changes_no_byte(tmp_path: Path) -> None:
    build(tmp_path / "whole", **SIZES)

    def killed_while_writing() -> None:
        save, saved = np.save, count()

        def last(file: Path, array: np.ndarray) -> None:
            if next(saved) == 23:
                Path(file).write_bytes(b"\x93NUMPY half")
                os.kill(os.getpid(), signal.SIGKILL)
            save(file, array)

        np.save = last
        build(tmp_path / "made", **SIZES)

    assert kill.killed_before(10_000, killed_while_writing)
    build(tmp_path / "made", **SIZES)
    assert contents(tmp_path / "made") == contents(tmp_path / "whole")


def test_what_other_parameters_left_is_not_gone_on_with(tmp_path: Path) -> None:
    build(tmp_path / "whole", **SIZES)
    assert kill.killed_before(6, lambda: build(tmp_path / "made", **{**SIZES, "seed": 4}))
    assert [*(tmp_path / ".made.unfinished" / "partitions").glob("*/*.parquet")]
    build(tmp_path / "made", **SIZES)
    assert contents(tmp_path / "made") == contents(tmp_path / "whole")
