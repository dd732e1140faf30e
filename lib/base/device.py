"""The device that the project's networks run on."""

import torch

from lib.base.errors import ParamsError

NO_DEVICE = "not a device"
DEVICES = "give auto, cpu, cuda or cuda:N"


def resolve_device(name: str = "auto") -> torch.device:
    """The device that a name stands for.

    Args:
        name: ``auto`` (the first GPU where PyTorch sees one, else the processor), ``cpu``, ``cuda`` or ``cuda:1``.

    Raises:
        ParamsError: no such device, or PyTorch does not see it.

    Example:
        >>> resolve_device("cpu")
        device(type='cpu')
        >>> resolve_device("gpu")
        Traceback (most recent call last):
        lib.base.errors.ParamsError: device gpu: not a device; give auto, cpu, cuda or cuda:N
    """
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
