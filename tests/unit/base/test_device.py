"""Which device a name stands for."""

import pytest
import torch

from lib.base.device import resolve_device
from lib.base.errors import ParamsError


@pytest.mark.parametrize(("gpus", "expected"), [(0, "cpu"), (2, "cuda")])
def test_auto_takes_a_gpu_where_there_is_one(monkeypatch: pytest.MonkeyPatch, gpus: int, expected: str) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: gpus > 0)
    assert resolve_device().type == expected


@pytest.mark.parametrize("name", ["gpu", "", "mps", "meta", "cpu:x", "cuda:2", "cuda:99"])
def test_what_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    with pytest.raises(ParamsError, match="give auto, cpu, cuda or cuda:N") as refusal:
        resolve_device(name)
    assert "\n" not in str(refusal.value)
    assert [str(resolve_device(name)) for name in ("cpu", "cuda", "cuda:1")] == ["cpu", "cuda", "cuda:1"]
