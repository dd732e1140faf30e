"""Turns between processes that write the same folder."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from lib.base import atomic, state
from lib.base.paths import CACHE

LOCKS = CACHE / "locks"
"""Apart from what ``make clean`` removes: a lock that is deleted while it is held keeps nobody out."""


@contextmanager
def exclusive(name: str) -> Iterator[None]:
    """One process at a time writes ``results``, the ``site`` or a ``dataset``; a second one says whom it waits for."""
    LOCKS.mkdir(parents=True, exist_ok=True)
    holder = LOCKS / f"{name}.pid"
    lock = FileLock(LOCKS / f"{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        pid = state.read(holder, int, then="it is written again") or "unknown"
        print(f"another run (process {pid}) is writing {name}; waiting for it to finish", file=sys.stderr, flush=True)
        lock.acquire()
    try:
        atomic.write_text(holder, str(os.getpid()))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()
