"""What a worker does, whichever engine runs it: a partition's rows in, a file and perhaps a fault out."""

import os
import pickle
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from lib.base.device import CHOSEN, torch_threads
from lib.base.errors import UserError, of_system
from lib.engine.partitions import Partition
from lib.engine.results import write

ATTEMPTS = 3
"""How often a partition is begun whose workers die."""
DIED = "its process died each time"
FEWER = "free memory, or give engine fewer workers or rows"
Function = Callable[..., pd.DataFrame]


@dataclass(frozen=True)
class Task:
    """A partition whose result is missing, and the file that will hold it."""

    partition: Partition
    target: Path


@dataclass(frozen=True)
class Fault:
    """Why a partition has no result, in words, since not every exception travels between processes.

    Args:
        what: the error.
        fix: what to do about it.
        trace: where it was raised, for who reads a traceback.
    """

    what: str
    fix: str | None = None
    trace: str = field(default="", repr=False)


def packed(function: Function, arguments: Mapping[str, Any]) -> bytes:
    """A function with its arguments and the chosen device as they travel to workers."""
    return pickle.dumps((function, dict(arguments), os.environ.get(CHOSEN)))


def compute(call: bytes, task: Task) -> Fault | None:
    """Computes one partition on one thread, so that no number of workers changes a result or slows another.

    Args:
        call: from `packed`.
        task: the partition and its file.

    Returns:
        What went wrong; None where the file is there.
    """
    try:
        function, arguments = _unpacked(call)
        with torch_threads(1), threadpool_limits(1):
            write(function(task.partition.rows, **arguments), task.target)
    except (UserError, OSError) as error:
        told = of_system(error) if isinstance(error, OSError) else error
        return Fault(f"{told.where}: {told.what}" if told.where else told.what, told.fix, traceback.format_exc())
    except Exception as error:
        return Fault(f"{type(error).__name__}: {error}", None, traceback.format_exc())
    return None


@lru_cache(maxsize=1)
def _unpacked(call: bytes) -> tuple[Function, dict[str, Any]]:
    function, arguments, device = pickle.loads(call)
    if device is not None:
        os.environ[CHOSEN] = device
    return function, arguments
