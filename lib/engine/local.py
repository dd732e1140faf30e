"""Partitions computed on this machine, here or by processes beside this one."""

from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from lib.base.processes import pool
from lib.engine import work
from lib.engine.work import ATTEMPTS, DIED, FEWER, Fault, Task

Outcome = tuple[Task, Fault | None]


def here(call: bytes, tasks: Iterator[Task]) -> Iterator[Outcome]:
    """Computes partitions in this process, one after another."""
    for task in tasks:
        yield task, work.compute(call, task)


def in_processes(call: bytes, tasks: Iterator[Task], workers: int) -> Iterator[Outcome]:
    """Computes partitions in processes of one thread each; so many partitions are held in memory.

    Each process is a pool of its own: a pool that loses one of several workers ends the others too. A partition whose
    process died is begun again in a fresh one, up to `ATTEMPTS` times.

    Args:
        call: from `lib.engine.work.packed`.
        tasks: drawn as processes come free.
        workers: processes.

    Yields:
        Tasks as they end, with what went wrong.
    """
    free = [_process(call) for _ in range(workers)]
    again: deque[Task] = deque()
    deaths: Counter[Path] = Counter()
    running: dict[Future[Fault | None], tuple[ProcessPoolExecutor, Task]] = {}
    try:
        while True:
            while free and (task := again.popleft() if again else next(tasks, None)):
                process, future = _handed(task, free.pop(), call)
                running[future] = process, task
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                process, task = running.pop(future)
                try:
                    fault = future.result()
                except BrokenProcessPool:
                    process.shutdown()
                    process = _process(call)
                    deaths[task.target] += 1
                    if deaths[task.target] < ATTEMPTS:
                        free.append(process)
                        again.append(task)
                        continue
                    fault = Fault(DIED, FEWER)
                free.append(process)
                yield task, fault
    finally:
        for process in [*free, *(process for process, _ in running.values())]:
            # They end on their own: to wait for each would take as long as a partition.
            process.shutdown(wait=False, cancel_futures=True)


def _handed(task: Task, process: ProcessPoolExecutor, call: bytes) -> tuple[ProcessPoolExecutor, Future[Fault | None]]:
    """Hands a task to a process, or to a fresh one where that died while it had nothing to do."""
    try:
        return process, process.submit(_compute, task)
    except BrokenProcessPool:
        process.shutdown()
        process = _process(call)
        return process, process.submit(_compute, task)


def _process(call: bytes) -> ProcessPoolExecutor:
    return pool(1, _begin, call)


_call = b""


def _begin(call: bytes) -> None:
    global _call
    _call = call


def _compute(task: Task) -> Fault | None:
    return work.compute(_call, task)
