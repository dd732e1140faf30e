"""Processes that compute beside this one: how many are worth having, and a pool whose workers end with it."""

import ctypes
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache

CONTEXT = multiprocessing.get_context("spawn")
"""How processes start: from nothing, since a copy of one that has threads may hang."""

LARGEST, KEPT = 32 * 2**20, 512 * 2**20
"""Bytes of the largest block that glibc takes from its heap, which is the most it allows, and of free heap it keeps."""


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


@cache
def keep_freed_memory() -> None:
    """Keeps what this process frees for what it needs next, since giving pages back and forth takes the system's time.

    A worker of short arrays spends up to a fifth of its time on that when another does the same. It applies to glibc;
    elsewhere nothing changes.

    Source: glibc: mallopt(3), M_TRIM_THRESHOLD (-1) and M_MMAP_THRESHOLD (-3).
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    mallopt(-3, LARGEST)
    mallopt(-1, KEPT)


def _begin(initializer: Callable[..., object] | None, arguments: tuple[object, ...]) -> None:
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    keep_freed_memory()
    if initializer is not None:
        initializer(*arguments)


def _leave_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
