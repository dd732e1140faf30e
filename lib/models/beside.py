"""One long piece of work in a process of its own while this one goes on, its bar among the bars here."""

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from tqdm import tqdm

from lib.base.errors import ModelError
from lib.models.parallel import leave_with_parent

Told = Callable[[int, int], object]
"""To be called with the steps made and the most that there may be."""
Wait = Callable[[], None]

_shared: list[Any] = []


@contextmanager
def beside(work: Callable[..., object], *given: Any, desc: str) -> Iterator[Wait]:
    """Does work that is over on leaving: waited for, or stopped at its next step where an error leaves.

    Args:
        work: a function of a module; called with what is given and with a `Told`.
        given: what can be pickled.
        desc: of the bar.

    Yields:
        A function that returns once the work is done.

    Raises:
        ModelError: the process died, or what `work` raises; by the function, or on leaving.
    """
    context = multiprocessing.get_context("spawn")
    steps, stop = context.Array("q", 2), context.Event()
    with ProcessPoolExecutor(1, context, _begin, (steps, stop)) as pool:
        running = pool.submit(_do, work, given)
        bar = threading.Thread(target=_show, args=(desc, steps, running), daemon=True)
        bar.start()

        def waited() -> None:
            try:
                running.result()
            except BrokenProcessPool as error:
                raise ModelError(f"{desc}: the process died", fix="free memory, and run again") from error

        try:
            yield waited
            waited()
        finally:
            stop.set()
            bar.join()


def _show(desc: str, steps: Any, running: "Future[None]") -> None:
    with tqdm(desc=desc, unit=" steps", mininterval=1) as bar:
        over = False
        while not over:
            over = bool(wait([running], timeout=1).done)  # asked before the steps are read: the last ones count
            done, bar.total = steps[0], steps[1] or None
            bar.update(done - bar.n)


def _begin(*shared: Any) -> None:
    _shared[:] = shared
    threading.Thread(target=leave_with_parent, daemon=True).start()


def _do(work: Callable[..., object], given: tuple[Any, ...]) -> None:
    steps, stop = _shared

    def told(done: int, total: int) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        steps[:] = (done, total)

    work(*given, told)
