"""Which device a name stands for."""

import subprocess
import sys

import pytest
import torch

from lib.base.device import CHOSEN, CHOSEN_PRECISION, choose, device_in_key, precision, resolve_device
from lib.base.errors import ParamsError
from lib.base.paths import ROOT


@pytest.mark.parametrize(("gpus", "expected"), [(0, "cpu"), (2, "cuda")])
def test_auto_takes_a_gpu_where_there_is_one(monkeypatch: pytest.MonkeyPatch, gpus: int, expected: str) -> None:
    monkeypatch.setenv(CHOSEN, "auto")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpus > 0)
    assert resolve_device().type == expected


@pytest.mark.parametrize("name", ["gpu", "", "mps", "meta", "cpu:x", "cuda:2", "cuda:99"])
def test_what_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    with pytest.raises(ParamsError, match="give auto, cpu, cuda or cuda:N") as refusal:
        resolve_device(name)
    assert "\n" not in str(refusal.value)
    assert [str(resolve_device(name)) for name in ("cpu", "cuda", "cuda:1")] == ["cpu", "cuda", "cuda:1"]


def test_the_chosen_device_is_that_of_the_run_and_of_the_processes_that_it_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(CHOSEN, "auto")
    choose("cpu")
    assert resolve_device() == torch.device("cpu")
    code = "from lib.base.device import resolve_device; print(resolve_device())"
    seen = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert seen.stdout == "cpu\n"
    choose("cuda:99")
    with pytest.raises(ParamsError, match="device cuda:99: PyTorch sees"):
        resolve_device()
    assert resolve_device("cpu").type == "cpu"


def test_the_device_is_in_the_key_of_weights_unless_it_is_a_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CHOSEN, "cpu")
    assert device_in_key() == {}
    monkeypatch.setenv(CHOSEN, "cuda")
    if torch.cuda.is_available():
        assert device_in_key() == {"device": "cuda"}
    else:
        with pytest.raises(ParamsError, match="device cuda: PyTorch sees 0 GPUs"):
            device_in_key()


def test_the_precision_is_chosen_with_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (CHOSEN, CHOSEN_PRECISION):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(name, "auto")
    monkeypatch.delenv(CHOSEN_PRECISION)
    assert precision() == "float32"
    choose("cpu", "bf16")
    assert precision() == "bf16"
    choose("cpu")
    assert precision() == "float32"
    monkeypatch.setenv(CHOSEN_PRECISION, "half")
    with pytest.raises(ParamsError, match="precision half: no such precision; give float32 or bf16"):
        precision()
