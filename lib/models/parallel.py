"""Several trainings or generations at a time, a process and a thread each, with one bar for all of them."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
from tqdm import tqdm

from lib.base.device import resolve_device
from lib.base.errors import ModelError
from lib.base.processes import CONTEXT, pool, processors

Job = TypeVar("Job")
Result = TypeVar("Result")
Work = Callable[[Job, Callable[[int], object]], Result]

DIED, FEWER = "a process died", "free memory, or allow it fewer processors"

_shared: list[Any] = []


def run_jobs(
    work: Work[Job, Result],
    jobs: Sequence[Job],
    steps: Sequence[int],
    *,
    desc: str,
    workers: int | None,
    progress: bool,
) -> list[Result]:
    """Does every job, in processes of one thread each where there are several processors.

    At the sizes that a CPU trains, two processes of one thread get nearly twice as far as two threads of one process.

    Args:
        work: a function of a module; called with a job and a function that takes the number of steps just made.
        jobs: what can be pickled.
        steps: of each job, for the bar.
        desc: of the bar.
        workers: processes; by default one a processor, or one where there is a GPU. With one, all is done here.
        progress: whether to show the bar.

    Returns:
        What `work` gives for each job, in their order.

    Raises:
        ModelError: a process died, or what `work` raises; the others stop at their next step.
    """
    workers = _processors() if workers is None else workers
    with tqdm(total=sum(steps), desc=desc, unit=" steps", mininterval=1, disable=not progress) as bar:
        if min(workers, len(jobs)) <= 1:
            return [work(job, bar.update) for job in jobs]
        return _in_processes(work, jobs, workers, bar)


@contextmanager
def meanwhile(function: Callable[..., object], *args: object) -> Iterator[None]:
    """Calls a function of a module in a process of one thread while the block runs, which waits for it at its end.

    With one processor or a GPU, which have nothing to spare, it is called here once the block is done.

    Raises:
        ModelError: the process died, or what the function raises.
    """
    if _processors() == 1:
        yield
        function(*args)
        return
    with pool(1, _begin) as one:
        call = one.submit(function, *args)
        yield
        try:
            call.result()
        except BrokenProcessPool as error:
            raise ModelError(DIED, fix=FEWER) from error


def _processors() -> int:
    return 1 if resolve_device().type == "cuda" else processors()


def _in_processes(work: Work[Job, Result], jobs: Sequence[Job], workers: int, bar: "tqdm[Any]") -> list[Result]:
    counter, stop = CONTEXT.Value("q", 0), CONTEXT.Event()
    with pool(min(workers, len(jobs)), _begin, counter, stop) as several:
        calls = [several.submit(_do, work, job) for job in jobs]
        waiting = {*calls}
        try:
            while waiting:
                done, waiting = wait(waiting, timeout=0.5, return_when=FIRST_EXCEPTION)
                _advance(bar, counter.value)
                for future in done:
                    future.result()
        except BrokenProcessPool as error:
            raise ModelError(DIED, fix=FEWER) from error
        finally:
            stop.set()
            several.shutdown(cancel_futures=True)
    return [call.result() for call in calls]


def _begin(*shared: Any) -> None:
    torch.set_num_threads(1)
    _shared[:] = shared


def _do(work: Work[Job, Result], job: Job) -> Result:
    counter, stop = _shared

    def count(steps: int) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        with counter.get_lock():
            counter.value += steps

    return work(job, count)


def _advance(bar: "tqdm[Any]", steps: int) -> None:
    if steps > bar.n:
        bar.update(steps - bar.n)
