"""Maps over partitions: the same table however it is cut and wherever it is computed, and nothing twice."""

import errno
import os
import signal
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from lib.base import atomic
from lib.base.errors import RunError
from lib.base.paths import ROOT
from lib.engine.mapping import map_partitions, partition_files
from lib.engine.partitions import Partition
from lib.engine.results import read
from tests.unit.engine.functions import calls, dies, divides, gapped, noted, refuses, scored, table, threads

SLOW = """
from pathlib import Path
from lib.engine.mapping import map_partitions
from tests.unit.engine.functions import noted, table

if __name__ == "__main__":
    here = Path(__file__).parent
    map_partitions(noted, table(40), step="s", arguments={"notes": str(here / "notes"), "nap": 0.7}, rows=4, workers=2,
                   folder=here / "kept")
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("rows", [90, 45, 13], ids=["1", "2", "7"])
@pytest.mark.parametrize("workers", [1, 2])
def test_any_partitioning_gives_the_table_of_one_call(tmp_path: Path, rows: int, workers: int) -> None:
    whole = table(90)
    made = map_partitions(scored, whole, step="s", rows=rows, workers=workers, folder=tmp_path)
    pd.testing.assert_frame_equal(made, scored(whole), check_exact=True)
    assert len([*tmp_path.glob("s/*.parquet")]) == -(-90 // rows)


@pytest.mark.parametrize("rows", [90, 45, 13])
def test_a_column_has_one_type_wherever_the_table_is_cut(tmp_path: Path, rows: int) -> None:
    made = map_partitions(gapped, table(90), step="s", rows=rows, workers=1, folder=tmp_path)
    assert dict(made.dtypes.astype(str)) == {"id": "str", "text": "str", "number": "float64"}


def test_parquet_is_mapped_as_its_table_and_hits_the_same_files(tmp_path: Path, notes: Path) -> None:
    whole = table(50)
    whole.to_parquet(tmp_path / "clips.parquet", row_group_size=7)
    how = {"step": "s", "arguments": {"notes": str(notes)}, "rows": 20, "workers": 1, "folder": tmp_path / "kept"}
    made = map_partitions(noted, whole, **how)
    again = map_partitions(noted, tmp_path / "clips.parquet", **how)
    pd.testing.assert_frame_equal(made, again, check_exact=True)
    assert calls(notes) == ["c0", "c20", "c40"]


def test_running_again_computes_what_changed_alone(tmp_path: Path, notes: Path) -> None:
    whole = table(40)
    how = {"step": "s", "arguments": {"notes": str(notes)}, "rows": 10, "workers": 1, "folder": tmp_path / "kept"}
    map_partitions(noted, whole, **how)
    assert calls(notes) == ["c0", "c10", "c20", "c30"]
    pd.testing.assert_frame_equal(map_partitions(noted, whole, **how), scored(whole), check_exact=True)
    assert len(calls(notes)) == 4
    whole.loc[25, "text"] = "jumps"
    more = pd.concat([whole, table(45).iloc[40:]], ignore_index=True)
    pd.testing.assert_frame_equal(map_partitions(noted, more, **how), scored(more), check_exact=True)
    assert calls(notes) == ["c0", "c10", "c20", "c20", "c30", "c40"]
    map_partitions(noted, whole[["id", "x", "text"]].assign(other=1), columns=["id", "x", "text"], **how)
    assert len(calls(notes)) == 6


def test_partitions_of_the_same_rows_are_computed_once(tmp_path: Path, notes: Path) -> None:
    twice = pd.concat([table(10), table(10)], ignore_index=True)
    how = {"step": "s", "arguments": {"notes": str(notes)}, "rows": 10, "workers": 2, "folder": tmp_path / "kept"}
    pd.testing.assert_frame_equal(map_partitions(noted, twice, **how), scored(twice), check_exact=True)
    assert calls(notes) == ["c0"]


def test_a_table_of_no_rows_has_the_columns_of_its_result(tmp_path: Path) -> None:
    made = map_partitions(scored, table(0), step="s", folder=tmp_path)
    assert len(made) == 0 and [*made] == [*scored(table(3))]


def test_a_damaged_result_is_made_again(tmp_path: Path) -> None:
    whole = table(30)
    files = partition_files(scored, whole, step="s", rows=10, workers=1, folder=tmp_path)
    files[1].write_bytes(files[1].read_bytes()[:50])
    pd.testing.assert_frame_equal(
        map_partitions(scored, whole, step="s", rows=10, workers=1, folder=tmp_path), scored(whole), check_exact=True
    )
    assert read(files[1:2]).id.tolist() == [f"c{k}" for k in range(10, 20)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_fault_names_its_rows_and_leaves_the_other_results(tmp_path: Path, notes: Path, workers: int) -> None:
    whole, kept = table(70), tmp_path / "kept"
    arguments = {"notes": str(notes), "at": ["c33"]}
    how = {"step": "quality", "rows": 10, "workers": workers, "folder": kept}
    with pytest.raises(RunError) as caught:
        map_partitions(refuses, whole, arguments=arguments, **how)
    assert str(caught.value) == (
        "quality: rows 30 to 39 failed: dm: no motion of c33; import it again, then run again: what is done is kept"
    )
    assert "refuses" in str(caught.value.__cause__), "the traceback of the worker is lost"
    assert len([*kept.glob("quality/*.parquet")]) == 6
    whole.loc[33, "id"] = "mended"
    pd.testing.assert_frame_equal(map_partitions(refuses, whole, arguments=arguments, **how), scored(whole))
    assert len(calls(notes)) == 8


def test_faults_everywhere_end_it_soon_and_are_counted(tmp_path: Path, notes: Path) -> None:
    arguments = {"notes": str(notes), "at": [f"c{k}" for k in range(1000)]}
    with pytest.raises(RunError, match="^s: rows 0 to 9, and 2 more partitions failed: dm: no motion of c0;"):
        map_partitions(refuses, table(1000), step="s", arguments=arguments, rows=10, workers=1, folder=tmp_path)
    assert len(calls(notes)) == 3


def test_an_error_of_the_code_is_told_by_its_kind(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="^s: rows 4 to 5 failed: ZeroDivisionError: .*; mend that, then run again"):
        map_partitions(divides, table(8), step="s", rows=2, workers=2, folder=tmp_path)


def test_a_disk_that_is_full_is_told_with_its_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(part: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(target))

    monkeypatch.setattr(atomic, "before_rename", full)
    with pytest.raises(RunError, match=r"^s: rows 0 to 3 failed: .*parquet: No space left on device; check its perm"):
        map_partitions(scored, table(4), step="s", folder=tmp_path)
    assert not [*tmp_path.rglob("*.parquet*")]


def test_a_worker_that_is_killed_costs_its_partition_alone(tmp_path: Path, notes: Path) -> None:
    whole = table(70)
    arguments = {"notes": str(notes), "at": "c33", "times": 1}
    made = map_partitions(dies, whole, step="s", arguments=arguments, rows=10, workers=2, folder=tmp_path / "kept")
    pd.testing.assert_frame_equal(made, scored(whole), check_exact=True)
    assert calls(notes) == sorted([*(f"c{k}" for k in range(0, 70, 10)), "c30"])


def test_a_worker_that_is_killed_while_it_has_nothing_to_do_costs_nothing(tmp_path: Path, notes: Path) -> None:
    def back(one: Partition, _: Path) -> None:
        if one.start == 0:
            idle = next(child for child in active_children() if child.pid == noted_by(notes, "c0"))
            assert idle.pid is not None
            os.kill(idle.pid, signal.SIGKILL)
            idle.join()
            time.sleep(0.5)  # until its pool knows

    how = {"step": "s", "arguments": {"notes": str(notes)}, "rows": 5, "workers": 2, "folder": tmp_path / "kept"}
    files = partition_files(noted, table(20), ended=back, **how)
    pd.testing.assert_frame_equal(read(files), scored(table(20)), check_exact=True)
    assert calls(notes) == ["c0", "c10", "c15", "c5"]


def noted_by(notes: Path, first: str) -> int:
    (file,) = notes.glob(f"{first}.*")
    return int(file.name.split(".")[1])


def test_a_partition_whose_process_dies_each_time_is_named(tmp_path: Path, notes: Path) -> None:
    arguments = {"notes": str(notes), "at": "c33", "times": 99}
    with pytest.raises(RunError, match="^s: rows 30 to 39 failed: its process died each time; free memory, or give"):
        map_partitions(dies, table(70), step="s", arguments=arguments, rows=10, workers=2, folder=tmp_path / "kept")
    assert calls(notes).count("c30") == 3 and len([*(tmp_path / "kept").glob("s/*.parquet")]) == 6


def test_a_script_that_its_processes_would_run_again_is_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text(SLOW.replace('if __name__ == "__main__":', "if True:").replace("0.7", "0.0"))
    (tmp_path / "notes").mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    plain = [sys.executable, str(tmp_path / "plain.py")]
    told = subprocess.run(plain, env=environment, capture_output=True, text=True)
    line = f"{tmp_path}/plain.py: processes that compute beside it would run this script again; put what it does under:"
    assert told.stderr.rstrip().endswith(f'RunError: {line} if __name__ == "__main__":')
    assert not [*(tmp_path / "notes").iterdir()], "a partition was computed all the same"
    (tmp_path / "plain.py").write_text((tmp_path / "plain.py").read_text().replace("workers=2", "workers=1"))
    assert subprocess.run(plain, env=environment, capture_output=True).returncode == 0
    assert len(calls(tmp_path / "notes")) == 10


def test_a_killed_run_goes_on_with_what_is_missing(tmp_path: Path, notes: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    kept = tmp_path / "kept"
    run = subprocess.Popen([sys.executable, str(tmp_path / "slow.py")], env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        until = time.monotonic() + 120
        while len([*kept.glob("s/*.parquet")]) < 3 and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
    while any(runs(int(file.name.split(".")[1])) for file in notes.iterdir()):
        time.sleep(0.05)
    before, done = calls(notes), len([*kept.glob("s/*.parquet")])
    assert 3 <= done < 10
    arguments = {"notes": str(notes), "nap": 0.7}
    made = map_partitions(noted, table(40), step="s", arguments=arguments, rows=4, workers=2, folder=kept)
    pd.testing.assert_frame_equal(made, scored(table(40)), check_exact=True)
    assert len(calls(notes)) - len(before) == 10 - done
    assert {*calls(notes)} == {f"c{k}" for k in range(0, 40, 4)}
    assert not [file for file in kept.rglob("*") if file.is_file() and file.suffix != ".parquet"]


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("workers", [1, 2])
def test_partitions_are_told_of_as_they_go_out_and_come_back(tmp_path: Path, notes: Path, workers: int) -> None:
    told: list[tuple[str, int]] = []
    how = {"step": "s", "arguments": {"notes": str(notes)}, "rows": 5, "workers": workers, "folder": tmp_path / "kept"}

    def out(one: Partition) -> bool:
        told.append(("out", one.start))
        assert len(calls(notes)) < 10
        return True

    def back(one: Partition, file: Path) -> None:
        told.append(("back", one.start))
        assert read([file]).id.iloc[0] == f"c{one.start}"
        file.unlink()

    partition_files(noted, table(50)[10:15], **how)
    partition_files(noted, table(50), handed_out=out, ended=back, **how)
    starts = [*range(0, 50, 5)]
    assert [start for kind, start in told if kind == "out"] == [start for start in starts if start != 10]
    assert sorted(start for kind, start in told if kind == "back") == starts
    assert all(told.index(("out", start)) < told.index(("back", start)) for start in starts if start != 10)
    if workers == 1:
        assert told[0] == ("out", 0) and told[1] == ("back", 0), "one is handed out when the one before is back"
    assert not [*tmp_path.glob("kept/s/*")]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_not_handed_out_is_not_computed(tmp_path: Path, notes: Path, workers: int) -> None:
    how = {"step": "s", "arguments": {"notes": str(notes)}, "rows": 5, "workers": workers, "folder": tmp_path / "kept"}
    files = partition_files(noted, table(50), handed_out=lambda one: one.start < 15, **how)
    assert calls(notes) == ["c0", "c10", "c5"] and read(files).id.tolist() == [f"c{k}" for k in range(15)]
    assert partition_files(noted, table(50)[30:], handed_out=lambda _: False, **how) == []
    assert partition_files(noted, table(50)[:15], handed_out=lambda _: False, **how) == files


@pytest.mark.parametrize("workers", [1, 2])
def test_a_partition_is_computed_on_one_thread(tmp_path: Path, workers: int) -> None:
    assert np.__version__  # a BLAS is loaded here; workers load it with the function's module
    made = map_partitions(threads, table(40), step="s", rows=10, workers=workers, folder=tmp_path)
    assert {*made.threads} == {1}
    assert (os.getpid() in {*made.pid}) is (workers == 1)


def threads_of_torch(rows: pd.DataFrame) -> pd.DataFrame:
    """How many threads PyTorch's own MKL would take, which nothing but PyTorch tells."""
    told = torch.__config__.parallel_info()
    return pd.DataFrame({"threads": [int(told.partition("mkl_get_max_threads() : ")[2].split()[0])] * len(rows)})


def test_a_partition_has_one_thread_of_torch_where_a_training_asked_for_more(tmp_path: Path) -> None:
    if "mkl_get_max_threads() : " not in torch.__config__.parallel_info():
        pytest.skip("PyTorch without MKL")
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        made = map_partitions(threads_of_torch, table(4), step="s", rows=2, workers=1, folder=tmp_path)
        assert {*made.threads} == {1} and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_arguments_that_no_key_can_hold_are_refused_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        map_partitions(scored, table(4), step="s", arguments={"power": object()}, folder=tmp_path)
    assert not [*tmp_path.iterdir()]
