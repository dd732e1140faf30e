"""Partitions as tasks of a Ray of two workers: the tables of one process, and nothing lost with a worker."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.base.atomic import alive
from lib.base.errors import RunError
from lib.base.paths import ROOT
from lib.engine.arrays import kept
from lib.engine.mapping import map_partitions, partition_files
from lib.engine.parameters import EngineParameters
from tests.unit.engine.functions import calls, dies, killed_by_another, multiplied, noted, refuses, scored, table

WITHOUT = """
import sys
sys.modules["ray"] = None
from pathlib import Path
from lib.base.errors import UserError
from lib.engine.mapping import map_partitions
from lib.engine.parameters import EngineParameters
from tests.unit.engine.functions import scored, table

try:
    map_partitions(scored, table(9), step="s", rows=3, engine=EngineParameters(kind="ray"), folder=Path(sys.argv[1]))
except UserError as error:
    print(error)
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    return tmp_path / "notes"


def pids(notes: Path) -> set[int]:
    return {int(file.name.split(".")[1]) for file in notes.iterdir()}


@pytest.mark.parametrize("rows", [90, 45, 13], ids=["1", "2", "7"])
def test_two_workers_give_the_table_of_one_call(ray_engine: EngineParameters, tmp_path: Path, rows: int) -> None:
    whole = table(90)
    how = {"step": "s", "rows": rows, "folder": tmp_path}
    made = map_partitions(scored, whole, engine=ray_engine, **how)
    pd.testing.assert_frame_equal(made, scored(whole), check_exact=True)
    files = {file: file.read_bytes() for file in tmp_path.glob("s/*.parquet")}
    for file in files:
        file.unlink()
    map_partitions(scored, whole, workers=1, engine=EngineParameters(), **how)
    assert {file: file.read_bytes() for file in tmp_path.glob("s/*.parquet")} == files


@pytest.mark.parametrize("rows", [42, 21, 6], ids=["1", "2", "7"])
def test_workers_map_an_array_that_was_kept(ray_engine: EngineParameters, tmp_path: Path, rows: int) -> None:
    whole = np.random.default_rng(0).integers(-9, 9, (42, 5)).astype(np.float32)
    array = kept(whole, folder=tmp_path)
    table = pd.DataFrame({"at": np.arange(42)})
    how = {"step": "s", "arguments": {"array": array}, "rows": rows, "folder": tmp_path, "engine": ray_engine}
    made = map_partitions(multiplied, table, **how)
    np.testing.assert_array_equal(made["sum"], (whole @ whole.T).sum(axis=1))
    assert rows == 42 or os.getpid() not in {*made["pid"]}


def test_both_workers_compute_and_what_is_kept_is_not_computed(
    ray_engine: EngineParameters, tmp_path: Path, notes: Path
) -> None:
    how = {"step": "s", "arguments": {"notes": str(notes), "nap": 0.2}, "rows": 5, "folder": tmp_path / "kept"}
    map_partitions(noted, table(60)[:10], workers=1, **how)
    map_partitions(noted, table(60), engine=ray_engine, **how)
    assert calls(notes) == sorted(f"c{k}" for k in range(0, 60, 5))
    assert len(pids(notes) - {os.getpid()}) == 2
    map_partitions(noted, table(60), engine=ray_engine, **how)
    assert len(calls(notes)) == 12


def test_a_worker_that_ends_itself_costs_its_partition_alone(
    ray_engine: EngineParameters, tmp_path: Path, notes: Path
) -> None:
    arguments = {"notes": str(notes), "at": "c33", "times": 1}
    made = map_partitions(
        dies, table(70), step="s", arguments=arguments, rows=10, engine=ray_engine, folder=tmp_path / "kept"
    )
    pd.testing.assert_frame_equal(made, scored(table(70)), check_exact=True)
    assert calls(notes) == sorted([*(f"c{k}" for k in range(0, 70, 10)), "c30"])


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    ray_engine: EngineParameters, tmp_path: Path, notes: Path
) -> None:
    whole, how = table(60), {"step": "s", "rows": 5, "folder": tmp_path / "kept", "engine": ray_engine}
    arguments = {"notes": str(notes), "nap": 0.3}
    killer = threading.Thread(target=killed_by_another, args=(notes, 4))
    killer.start()
    made = map_partitions(noted, whole, arguments=arguments, **how)
    killer.join()
    pd.testing.assert_frame_equal(made, scored(whole), check_exact=True)
    assert {*calls(notes)} == {f"c{k}" for k in range(0, 60, 5)}
    assert 12 <= len(calls(notes)) <= 13 and len(pids(notes)) >= 3


def test_a_partition_whose_worker_dies_each_time_is_named(
    ray_engine: EngineParameters, tmp_path: Path, notes: Path
) -> None:
    arguments, kept = {"notes": str(notes), "at": "c33", "times": 99}, tmp_path / "kept"
    with pytest.raises(RunError, match="^s: rows 30 to 39 failed: its process died each time .*; free memory"):
        map_partitions(dies, table(70), step="s", arguments=arguments, rows=10, engine=ray_engine, folder=kept)
    assert calls(notes).count("c30") == 3 and len([*kept.glob("s/*.parquet")]) == 6


def test_a_fault_names_its_rows_and_leaves_the_other_results(
    ray_engine: EngineParameters, tmp_path: Path, notes: Path
) -> None:
    arguments, kept = {"notes": str(notes), "at": ["c33"]}, tmp_path / "kept"
    with pytest.raises(RunError, match="^s: rows 30 to 39 failed: dm: no motion of c33; import it again, then run"):
        map_partitions(refuses, table(70), step="s", arguments=arguments, rows=10, engine=ray_engine, folder=kept)
    assert len([*kept.glob("s/*.parquet")]) == 6


def test_what_a_run_left_that_was_stopped_is_not_computed(
    ray_engine: EngineParameters, tmp_path: Path, notes: Path
) -> None:
    def stops(*_: object) -> None:
        raise KeyboardInterrupt

    how = {"step": "s", "arguments": {"notes": str(notes), "nap": 1.0}, "rows": 5, "folder": tmp_path / "kept"}
    with pytest.raises(KeyboardInterrupt):
        partition_files(noted, table(60), ended=stops, engine=ray_engine, **how)
    begun = len(calls(notes))
    time.sleep(4)
    assert begun <= len(calls(notes)) <= begun + 1 <= 4, "one may have begun meanwhile"
    parts = [*tmp_path.glob("kept/s/.*")]
    assert not any(alive(int(part.suffix[1:])) for part in parts), "a worker ended within a write leaves its part"
    map_partitions(noted, table(60), engine=ray_engine, **how)
    assert {*calls(notes)} == {f"c{k}" for k in range(0, 60, 5)}
    assert not [*tmp_path.glob("kept/s/.*")]


@pytest.mark.usefixtures("ray_engine")
def test_an_address_where_no_ray_answers_is_told_in_a_line(tmp_path: Path) -> None:
    nowhere = "ray://127.0.0.1:1"
    code = WITHOUT.replace('sys.modules["ray"] = None\n', "").replace('"ray"', f'"ray", address="{nowhere}"')
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run([sys.executable, "-c", code, tmp_path], env=environment, capture_output=True, text=True)
    assert told.stdout.startswith(f"engine.address: {nowhere}: no Ray (") and told.stdout.count("\n") == 1
    assert told.stdout.endswith("); start Ray there, or set engine.address: local\n")


def test_without_the_extra_a_line_says_what_to_install(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = subprocess.run([sys.executable, "-c", WITHOUT, tmp_path], env=environment, capture_output=True, text=True)
    line = "engine.kind: ray: Ray is not installed; make cluster installs it, or set engine.kind: local\n"
    assert told.stdout == line, told.stderr
    assert not [*tmp_path.iterdir()]
