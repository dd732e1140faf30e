"""Partitions computed by Ray, on this machine or on a cluster whose machines see the same files.

Plain tasks are used, not Ray Data: a partition's result is a file under its content's key, which the task writes
itself, so that nothing has to travel back, be ordered or be kept in Ray's object store; and a task is begun again by
itself when its worker or its machine is lost, whereas a dataset of Ray's is computed as one and knows no results of an
earlier run. The environment and the checkout must lie at the same place on every machine, as a shared file system has
them.
"""

import logging
import os
from collections.abc import Iterator
from typing import Any

from lib.base import device
from lib.base.errors import ParamsError, RunError
from lib.base.processes import keep_freed_memory, processors
from lib.engine import work
from lib.engine.local import Outcome
from lib.engine.parameters import EngineParameters
from lib.engine.work import ATTEMPTS, DIED, FEWER, Fault, Task

AHEAD = 2
"""Partitions that are handed out for each processor of the cluster: one is computed, one is at hand."""


def on_ray(call: bytes, tasks: Iterator[Task], engine: EngineParameters, *, on_device: bool) -> Iterator[Outcome]:
    """Computes partitions as tasks of Ray.

    Args:
        call: from `lib.engine.work.packed`.
        tasks: drawn as tasks end, so that few are held at a time.
        engine: where Ray is.
        on_device: whether a task takes its share of a GPU, where the cluster has some and `device` is not ``cpu``.

    Yields:
        Tasks as they end, with what went wrong.

    Raises:
        ParamsError: Ray is not installed.
        RunError: no Ray answers at the address.
    """
    ray = _connected(engine)
    there = ray.cluster_resources()
    wants_gpu = on_device and there.get("GPU") and os.environ.get(device.CHOSEN) != "cpu"
    gpus = engine.gpus_per_task if wants_gpu else 0
    begun = ray.remote(_compute).options(num_cpus=1, num_gpus=gpus, max_retries=ATTEMPTS - 1)
    shared = ray.put(call)
    room = AHEAD * max(int(there.get("CPU", 1)), 1)
    running: dict[Any, Task] = {}
    try:
        while True:
            while len(running) < room and (task := next(tasks, None)):
                running[begun.remote(shared, task)] = task
            if not running:
                return
            for one in ray.wait([*running], num_returns=1)[0]:
                task = running.pop(one)
                try:
                    fault = ray.get(one)
                except ray.exceptions.RayError as error:
                    fault = Fault(f"{DIED} ({type(error).__name__})", FEWER, str(error))
                yield task, fault
    finally:
        # Ray stays connected: what nobody waits for any more would be computed all the same, and again by the next run.
        # Its worker ends as if it died, since an interrupt within would leave a model or a program in an unknown state.
        for one in running if ray.is_initialized() else ():
            ray.cancel(one, force=True)


def _compute(call: bytes, task: Task) -> Fault | None:
    keep_freed_memory()
    return work.compute(call, task)


def _connected(engine: EngineParameters) -> Any:
    """The module of Ray, connected; it stays so until this process ends, since to start one takes seconds."""
    try:
        import ray
    except ImportError:
        fix = "make cluster installs it, or set engine.kind: local"
        raise ParamsError("Ray is not installed", where="engine.kind: ray", fix=fix) from None
    if not ray.is_initialized():
        started: dict[str, Any] = {}
        if engine.address == "local":
            started = {"num_cpus": engine.workers or processors(), "include_dashboard": False}
        try:
            ray.init(address=engine.address, logging_level=logging.ERROR, log_to_driver=False, **started)
        except Exception as error:  # one that starts too slowly raises no class of its own
            fix = "start Ray there, or set engine.address: local"
            told = " ".join(str(error).split())[:160]
            raise RunError(f"no Ray ({told})", where=f"engine.address: {engine.address}", fix=fix) from None
    return ray
