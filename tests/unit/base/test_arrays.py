"""Where arrays lie: numpy's on a processor, PyTorch's where its device is asked for."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from lib.base.arrays import ROWS_OF_A_GPU, Place, place_of
from lib.base.device import CHOSEN
from lib.base.errors import ParamsError
from lib.base.paths import ROOT


def test_a_processor_is_numpy_s_unless_pytorch_s_device_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CHOSEN, "cpu")
    assert {place_of(device) for device in (None, "cpu", "cpu:0")} == {Place(np, None)}
    assert place_of(torch.device("cpu")) == Place(torch, torch.device("cpu"))
    monkeypatch.setenv(CHOSEN, "cuda:99")
    with pytest.raises(ParamsError, match="device cuda:99"):
        place_of()


def test_arrays_come_back_as_they_were_also_those_that_cannot_be_written_to() -> None:
    whole = np.arange(24, dtype=np.float32).reshape(4, 6)
    whole.flags.writeable = False
    for place in (place_of("cpu"), place_of(torch.device("cpu"))):
        for array in (whole, whole[::-1, ::2], whole.T, np.array([True, False]), np.zeros((0, 3))):
            back = place.back(place.put(array))
            assert back.dtype == array.dtype
            np.testing.assert_array_equal(back, array)


@pytest.mark.filterwarnings("error")
def test_pytorch_says_nothing_of_arrays_that_cannot_be_written_to() -> None:
    read_only = np.frombuffer(np.ones(4, dtype=np.float32).tobytes(), dtype=np.float32)
    assert place_of(torch.device("cpu")).put(read_only).sum() == 4


def test_tiles_are_those_that_are_asked_for_but_on_a_gpu() -> None:
    gpu = Place(torch, torch.device("cuda", 0))  # no GPU is needed to name one
    asked = [place_of("cpu").block(7), place_of(torch.device("cpu")).block(7), gpu.block(7), gpu.block(10**6)]
    assert asked == [7, 7, ROWS_OF_A_GPU, 10**6]


def test_on_a_chosen_processor_nothing_imports_pytorch() -> None:
    code = (
        f"import os, sys; os.environ['{CHOSEN}'] = 'cpu'\n"
        "import numpy as np\n"
        "from lib.metrics.nearest import nearest\n"
        "from lib.metrics.ranking import rank_pairs\n"
        "nearest(np.eye(2), np.eye(2)); rank_pairs(np.eye(2), np.eye(2)); print('torch' in sys.modules)"
    )
    seen = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert seen.stdout == "False\n"
