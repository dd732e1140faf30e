"""Where partitions are computed: a block of the parameters that changes no result and enters no notebook's stamp."""

import os
from typing import Annotated, Literal

from pydantic import Field

from lib.base.parameters import Count, Section

CHOSEN = "LIB_ENGINE"
"""The environment variable by which processes that a run starts learn their engine."""


class EngineParameters(Section):
    """Where partitions are computed, and how large they are.

    Attributes:
        kind: ``local``, processes of this machine; ``ray``, a cluster, whose machines see the same files.
        workers: processes of this machine, also of a Ray that is started here; by default one a processor.
        address: of Ray: ``local`` starts one here, ``auto`` joins the one that runs here, ``ray://host:port`` another.
        gpus_per_task: of a cluster's GPUs, for what runs on the device.
        rows: of a partition, where a step names no number of its own; memory grows with it.
    """

    kind: Literal["local", "ray"] = "local"
    workers: Count | None = None
    address: Annotated[str, Field(pattern=r"^(auto|local|ray://[^\s/:]+:\d+)$")] = "local"
    gpus_per_task: Annotated[float, Field(gt=0, le=16)] = 0.5
    rows: Count = 4096


def choose_engine(engine: EngineParameters) -> None:
    """Makes every map from now on, in processes that this one starts too, run on an engine."""
    os.environ[CHOSEN] = engine.model_dump_json()


def chosen_engine() -> EngineParameters:
    """The engine that was chosen for the run, else processes of this machine.

    Example:
        >>> chosen_engine().rows
        4096
    """
    return EngineParameters.model_validate_json(os.environ.get(CHOSEN, "{}"))
