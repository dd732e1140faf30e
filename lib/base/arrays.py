"""Arrays where they are computed on: numpy's on a processor, PyTorch's on a GPU, by the names that both have.

One piece of code then serves both, as long as it keeps to what numpy and PyTorch call alike: operators, slices,
``axis=``, `argmax`, `argmin`, `amax`, `where`, `argwhere`, `maximum`. PyTorch takes the first of equals in `argmax` and
`argmin` as numpy does. Products of float32 are float32's: TF32, which rounds them to 10 bits, is off unless someone
turns it on.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lib.base.device import chosen, resolve_device

if TYPE_CHECKING:
    import torch

ROWS_OF_A_GPU = 8192
"""Rows and columns of a tile that keep a GPU busy; one of float64 with its masks takes it some 1.5 GB."""


@dataclass(frozen=True)
class Place:
    """Where arrays lie.

    Attributes:
        library: numpy, or torch.
        device: PyTorch's; None for numpy.

    Example:
        >>> import torch
        >>> for place in (place_of("cpu"), place_of(torch.device("cpu"))):
        ...     tile = place.put(np.eye(2)) @ place.put(np.array([[1.0, 2.0], [4.0, 3.0]]))
        ...     place.library.__name__, place.back(tile.argmax(axis=1)).tolist()
        ('numpy', [1, 0])
        ('torch', [1, 0])
    """

    library: Any
    device: "torch.device | None"

    def put(self, array: npt.NDArray[Any]) -> Any:
        """An array laid there: itself for numpy, else a tensor, which on a processor may share its memory."""
        if self.device is None:
            return array
        return self.library.as_tensor(np.require(array, requirements=["C", "W"]), device=self.device)

    def back(self, array: Any) -> npt.NDArray[Any]:
        """An array that lies there, as numpy's."""
        return np.asarray(array if self.device is None else array.cpu().numpy())

    def block(self, asked: int) -> int:
        """Rows and columns of a tile: those that are asked for, on a GPU at least `ROWS_OF_A_GPU`."""
        return max(asked, ROWS_OF_A_GPU) if self.device is not None and self.device.type == "cuda" else asked


def place_of(device: "str | torch.device | None" = None) -> Place:
    """Where arrays are computed on for a device.

    Args:
        device: a name as `lib.base.device.resolve_device` takes it, by default that of the run: numpy for a processor,
            PyTorch for a GPU. A `torch.device` asks for PyTorch, on a processor too.

    Raises:
        ParamsError: no such device.
    """
    name = chosen() if device is None else device
    if name == "cpu":
        return Place(np, None)
    there = resolve_device(name) if isinstance(name, str) else name
    if there.type == "cpu" and isinstance(name, str):
        return Place(np, None)
    import torch

    return Place(torch, there)
