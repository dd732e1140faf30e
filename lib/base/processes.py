"""Processes that compute beside this one: how many are worth having, and a pool whose workers end with it."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

CONTEXT = multiprocessing.get_context("spawn")
"""How processes start: from nothing, since a copy of one that has threads may hang."""


def processors() -> int:
    """How many processors this process may use, which can be fewer than the machine has.

    Example:
        >>> processors() >= 1
        True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pool(workers: int, initializer: Callable[..., object] | None = None, *arguments: object) -> ProcessPoolExecutor:
    """Processes for functions of modules; they end when this process is killed, which would leave them waiting.

    Args:
        workers: how many, started as there is work for them.
        initializer: a function of a module that each calls first.
        arguments: of `initializer`; what can be pickled, or handed to a process that starts.

    Returns:
        A pool to be used in a ``with`` block.

    Example:
        >>> with pool(1) as one:
        ...     one.submit(max, 2, 3).result()
        3
    """
    return ProcessPoolExecutor(workers, CONTEXT, _begin, (initializer, arguments))


def _begin(initializer: Callable[..., object] | None, arguments: tuple[object, ...]) -> None:
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    if initializer is not None:
        initializer(*arguments)


def _leave_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
