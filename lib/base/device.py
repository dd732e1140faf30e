"""What numbers are computed on: the device, chosen by the parameter ``device``, its precision, and threads of BLAS.

One rule, `resolve_device`, holds for all that may run on a GPU: sentence vectors and token states, TMR, the evaluators,
MoMask, the video-text judge, captioners in this process, the networks of pose realism, nearest neighbours,
near-duplicates, retrieval, expected R-precision, effective numbers, and K-means with its seeds. Search and K-means are
numpy's and faiss's on a processor and PyTorch's on a GPU (`lib.base.arrays`).

What is kept under a key is computed once on whichever device came first. A key names the device only where another one
gives other results than the tolerance here admits, which are those of float32 against float64 on a processor too:

| kept | another device moves it by | device in the key |
|---|---|---|
| sentence vectors, conditions of MoMask | less than 1e-5 a number | no |
| token states, float16 | less than a step of float16, 1e-3 of a state | no |
| latents of a given model | less than 1e-4 a number | no |
| vectors of the video-text judge | less than 1e-5 a number | no |
| ranks, float64 | nothing: ties are cosines within 1e-9 | no |
| nearest neighbours, float32 | cosines by 1e-6; among closer ones another may win | no |
| weights that are trained | as another seed would: rounding grows with every step | yes, see `device_in_key` |
| motions that are drawn | as another seed would, where a token changes | yes, of the drawing |
| anything in bf16 | cosines to float32's vectors are 0.999 or more | the precision is, see `precision` |

The kind of device counts, not its number. On a processor the keys are those from before there was a choice. Weights
that were trained on a GPU are read on a processor where the parameters name their folder, as ``models.tmr.run_dir``.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Literal, ParamSpec, TypeVar, cast, get_args

from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    import torch

from lib.base.errors import ParamsError

NO_DEVICE = "not a device"
DEVICES = "give auto, cpu, cuda or cuda:N"
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
CHOSEN, CHOSEN_PRECISION = "LIB_DEVICE", "LIB_PRECISION"
"""The environment variables by which processes that a run starts learn its device and its precision."""
Precision = Literal["float32", "bf16"]


def choose(name: str, precision: Precision = "float32") -> None:
    """Makes everything from now on, in processes that this one starts too, run on a device; see `resolve_device`.

    Args:
        name: of the device.
        precision: of text models, see `precision`.
    """
    os.environ[CHOSEN], os.environ[CHOSEN_PRECISION] = name, precision


def chosen() -> str:
    """The name of the device that was chosen for the run, ``auto`` where none was; PyTorch is not asked for it."""
    return os.environ.get(CHOSEN, "auto")


def precision() -> Precision:
    """The precision that was chosen for text models: ``float32``, or ``bf16``, whose products round to 8 bits.

    Raises:
        ParamsError: the environment names another one.
    """
    name = os.environ.get(CHOSEN_PRECISION, "float32")
    if name not in get_args(Precision):
        raise ParamsError("no such precision", where=f"precision {name}", fix="give float32 or bf16")
    return cast(Precision, name)


def device_in_key() -> dict[str, str]:
    """What the device adds to the key of weights that are trained here: nothing on a processor, else its kind."""
    kind = resolve_device().type
    return {} if kind == "cpu" else {"device": kind}


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

    name = chosen() if name is None else name
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


def one_thread(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """A function of many small matrices, done by one thread of BLAS.

    Several threads gain nothing below some hundred rows, and where other processes compute they wait for each other at
    every product: an FID of 150 motions then took 1.1 s in place of 2 ms.
    """

    @wraps(function)
    def alone(*args: Arguments.args, **ways: Arguments.kwargs) -> Result:
        with threadpool_limits(1, user_api="blas"):
            result = function(*args, **ways)
        return result

    return alone


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Gives PyTorch a number of threads meanwhile, its own MKL included; nothing where PyTorch is not loaded.

    `threadpool_limits` does not reach that MKL once anything has set PyTorch's number, as a training does.

    Args:
        count: of threads.

    Example:
        >>> import torch
        >>> before = torch.get_num_threads()
        >>> with torch_threads(1):
        ...     torch.get_num_threads()
        1
        >>> torch.get_num_threads() == before
        True
    """
    torch = sys.modules.get("torch")
    if torch is None:
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
