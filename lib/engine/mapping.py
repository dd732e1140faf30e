"""A function mapped over the partitions of a table: computed once, kept by content, put together in order."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice, takewhile
from pathlib import Path
from types import ModuleType
from typing import Any, Required, TypedDict, Unpack

import pandas as pd
from tqdm import tqdm

from lib.base import cache_use
from lib.base.device import resolve_device
from lib.base.errors import RunError
from lib.base.processes import processors
from lib.engine import results
from lib.engine.cluster import on_ray
from lib.engine.keys import Keyed, code_sha256, partition_key, step_sha256
from lib.engine.local import Outcome, here, in_processes
from lib.engine.parameters import EngineParameters, chosen_engine
from lib.engine.partitions import Partition, Source, partitions, row_count
from lib.engine.work import Fault, Function, Task, packed

ENOUGH = 3
"""Failed partitions after which no further one is begun."""


class How(TypedDict, total=False):
    """The arguments by name of `partition_files`, which says what they are."""

    step: Required[str]
    arguments: Mapping[str, Any] | None
    columns: Sequence[str] | None
    code: str | None
    rows: int | None
    workers: int | None
    on_device: bool
    engine: EngineParameters | None
    folder: Path | None
    progress: bool
    handed_out: Callable[[Partition], bool] | None
    ended: Callable[[Partition, Path], None] | None


def map_partitions(function: Function, table: Source, **how: Unpack[How]) -> pd.DataFrame:
    """Computes a table from a table, partition by partition; what was computed before is read.

    Args:
        function: see `partition_files`.
        table: see `partition_files`.
        how: the other arguments of `partition_files`.

    Returns:
        The results under one another, in the order of the table's rows, numbered from 0. It is what the files hold,
        whether or not they were there before: see `lib.engine.results.read` about the types of its columns.

    Raises:
        RunError: see `partition_files`.

    Example:
        >>> import tempfile
        >>> table = pd.DataFrame({"m": [-1.0, 2.0, -3.0]})
        >>> kept = Path(tempfile.mkdtemp())
        >>> map_partitions(pd.DataFrame.abs, table, step="sizes", code="abs", rows=2, workers=1, folder=kept).m.tolist()
        [1.0, 2.0, 3.0]
        >>> len([*kept.glob("sizes/*.parquet")])
        2
    """
    return results.read(partition_files(function, table, **how))


def partition_files(
    function: Function,
    table: Source,
    *,
    step: str,
    arguments: Mapping[str, Any] | None = None,
    columns: Sequence[str] | None = None,
    code: str | None = None,
    rows: int | None = None,
    workers: int | None = None,
    on_device: bool = False,
    engine: EngineParameters | None = None,
    folder: Path | None = None,
    progress: bool = False,
    handed_out: Callable[[Partition], bool] | None = None,
    ended: Callable[[Partition, Path], None] | None = None,
) -> list[Path]:
    """Computes the result of every partition of a table that is not kept yet.

    A table is cut into blocks of `rows` rows by position, so that the number of workers changes nothing. A result is
    kept under a hash of the step's name, code and arguments, and of the partition's rows, as a file that appears
    whole: whatever dies costs the partitions it was at, and running again does only what is missing. Partitions of
    the same rows are computed once.

    Args:
        function: of a module; called with a partition's rows, numbered from 0, and `arguments` by name. What it needs
            beside them, such as motions, it opens itself, by path and offset. It returns a table, of a row each or of
            any number, whose columns Parquet knows. It must depend on nothing else, and on no other partition.
        table: in memory, or the path of Parquet, which is read a partition at a time.
        step: the name of what is computed, and of the folder of its files.
        arguments: JSON values, or `Keyed` ones.
        columns: of the table that the function gets and the key depends on; by default all.
        code: what stands for the code in the keys, such as a version of a rule; by default `code_sha256(function)`.
        rows: of a partition; by default those of the engine. Memory grows with it, times the workers.
        workers: processes of this machine; by default those of the engine, else one a processor.
        on_device: whether the function runs networks on the device: where that is a GPU, one process of this machine
            has it, and tasks of a cluster take their shares.
        engine: where to compute; by default what was chosen for the run.
        folder: holds the folder of the step; by default ``.cache/partitions``.
        progress: whether to show a bar.
        handed_out: called in this process just before a partition is computed, not where its result is kept; where it
            says False, that one and those after it are left, and what is under way comes to its end.
        ended: called in this process with each partition whose result is there, kept ones too, as they end; it may
            take the file away.

    Returns:
        A file for each partition, in order, but for those that were left; of a table without rows one, of what the
        function makes of no rows. With `lib.engine.results.read` they can be read one at a time, where the whole does
        not fit in memory.

    Raises:
        RunError: partitions that failed, the first one named; all others are kept, as far as they were begun. A script
            without a guard, where processes are to compute.
        ParamsError: the engine is not installed.
        CorpusError: a table that cannot be read.
        OSError: results cannot be kept.
    """
    engine = chosen_engine() if engine is None else engine
    rows = engine.rows if rows is None else rows
    arguments = {} if arguments is None else arguments
    place = (results.PARTITIONS if folder is None else folder) / step
    shared = step_sha256(step, code_sha256(function) if code is None else code, arguments)
    call = packed(function, {name: one.value if isinstance(one, Keyed) else one for name, one in arguments.items()})
    files: list[Path] = []
    done: set[Path] = set()
    failed: list[tuple[Task, Fault]] = []
    with tqdm(total=row_count(table), desc=step, unit=" rows", disable=not progress) as bar:

        def finished(one: Partition, target: Path) -> None:
            done.add(target)
            if ended is not None:
                ended(one, target)

        def missing() -> Iterator[Task]:
            asked: set[Path] = set()
            for one in partitions(table, rows, columns):
                if len(failed) >= ENOUGH:
                    return
                files.append(target := cache_use.note(place / f"{partition_key(shared, one.rows)}.parquet"))
                if target in asked:
                    bar.update(len(one.rows))
                    continue
                asked.add(target)
                if results.is_kept(target):
                    finished(one, target)
                    bar.update(len(one.rows))
                else:
                    yield Task(one, target)

        for task, fault in _outcomes(call, missing(), engine, workers, handed_out, on_device=on_device):
            if fault is not None:
                failed.append((task, fault))
            else:
                finished(task.partition, task.target)
            bar.update(len(task.partition.rows))
    if failed:
        raise _error(step, failed) from RuntimeError(failed[0][1].trace)
    return [file for file in files if file in done]


def _outcomes(
    call: bytes,
    tasks: Iterator[Task],
    engine: EngineParameters,
    workers: int | None,
    handed_out: Callable[[Partition], bool] | None,
    *,
    on_device: bool,
) -> Iterator[Outcome]:
    """Chooses the engine; a single partition is not worth a process, unless it may want a cluster's GPU."""
    first = [*islice(tasks, 2)]
    tasks = chain(first, tasks)
    if handed_out is not None:
        tasks = takewhile(lambda task: handed_out(task.partition), tasks)
    if first and engine.kind == "ray" and (len(first) > 1 or on_device):
        return on_ray(call, tasks, engine, on_device=on_device)
    workers = workers or engine.workers or processors()
    if len(first) < 2 or workers == 1 or (on_device and resolve_device().type == "cuda"):
        return here(call, tasks)
    _refuse_script(sys.modules["__main__"])
    return in_processes(call, tasks, workers)


def _refuse_script(main: ModuleType) -> None:
    """Refuses a script that its own processes would run again, since each begins by reading it.

    Raises:
        RunError: it is a file without a guard; as a module (``python -m``), or in a notebook, it needs none.
    """
    file = getattr(main, "__file__", None)
    if file is None or getattr(main, "__spec__", None) is not None or not Path(file).is_file():
        return
    if not any(guard in Path(file).read_text("utf-8", "replace") for guard in ("__main__", "parent_process")):
        what = "processes that compute beside it would run this script again"
        fix = 'put what it does under: if __name__ == "__main__":'
        raise RunError(what, where=file, fix=fix)


def _error(step: str, failed: list[tuple[Task, Fault]]) -> RunError:
    first = min(failed, key=lambda one: one[0].partition.start)
    more = f", and {len(failed) - 1} more partitions" if len(failed) > 1 else ""
    fix = f"{first[1].fix or 'mend that'}, then run again: what is done is kept"
    return RunError(f"{first[0].partition.name}{more} failed: {first[1].what}", where=step, fix=fix)
