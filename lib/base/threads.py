"""Calls computed by threads of this process, one a processor, whose results come in order."""

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from threadpoolctl import threadpool_limits

from lib.base.processes import processors

Result = TypeVar("Result")


def in_order(calls: Iterable[Callable[[], Result]], *, threads: int | None = None) -> Generator[Result, None, None]:
    """Computes calls ahead of where their results are taken, a call a thread.

    BLAS has one thread meanwhile: its own wait for each other at every product, and a product would round otherwise
    with another number of them. Calls pay that are spent in libraries that let other threads run, such as products.

    Args:
        calls: drawn as results are taken, a few ahead.
        threads: how many; by default one a processor.

    Yields:
        Results in the order of the calls.

    Example:
        >>> list(in_order(partial(pow, 2, n) for n in range(4)))
        [1, 2, 4, 8]
    """
    threads = processors() if threads is None else threads
    ahead: deque[Future[Result]] = deque()
    # Where BLAS is built with OpenMP, a limit holds for the thread alone that sets it.
    limited = partial(threadpool_limits, 1, user_api="blas")
    with limited(), ThreadPoolExecutor(threads, initializer=limited) as pool:
        for call in calls:
            ahead.append(pool.submit(call))
            if len(ahead) > threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
