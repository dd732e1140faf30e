"""The device that the project's networks run on: one for a whole run, chosen by the parameter ``device``."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

from lib.base.errors import ParamsError

NO_DEVICE = "not a device"
DEVICES = "give auto, cpu, cuda or cuda:N"
CHOSEN = "LIB_DEVICE"
"""The environment variable by which processes that a run starts learn its device."""


def choose(name: str) -> None:
    """Makes every network from now on, in processes that this one starts too, run on a device; see `resolve_device`."""
    os.environ[CHOSEN] = name


def resolve_device(name: str | None = None) -> "torch.device":
    """The device that a name stands for.

    Args:
        name: ``auto`` (the first GPU where PyTorch sees one, else the processor), ``cpu``, ``cuda`` or ``cuda:1``. By
            default what was chosen for the run.

    Raises:
        ParamsError: no such device, or PyTorch does not see it.

    Example:
        >>> resolve_device("cpu")
        device(type='cpu')
        >>> resolve_device("gpu")
        Traceback (most recent call last):
        lib.base.errors.ParamsError: device gpu: not a device; give auto, cpu, cuda or cuda:N
    """
    import torch

    name = os.environ.get(CHOSEN, "auto") if name is None else name
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise ParamsError(NO_DEVICE, where=f"device {name}", fix=DEVICES) from None
    if device.type not in ("cpu", "cuda"):
        raise ParamsError(NO_DEVICE, where=f"device {name}", fix=DEVICES)
    if device.type == "cuda" and (device.index or 0) >= (count := torch.cuda.device_count()):
        raise ParamsError(f"PyTorch sees {count} GPUs", where=f"device {name}", fix=DEVICES)
    return device
