"""The engine's block: what it refuses, that processes learn of it, and that no stamp does."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from lib.base.paths import ROOT
from lib.engine.parameters import CHOSEN, EngineParameters, choose_engine, chosen_engine
from lib.run.freshness import stamp
from lib.run.params import load
from lib.run.pipeline import BY_STEM


@pytest.mark.parametrize("address", ["ray://", "ray://host", "http://host:1", "host:6379", "ray://a b:1", ""])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        EngineParameters(address=address)


def test_processes_that_start_learn_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CHOSEN, raising=False)
    assert chosen_engine() == EngineParameters()
    engine = EngineParameters(kind="ray", workers=3, address="ray://head:10001", gpus_per_task=0.25, rows=128)
    monkeypatch.setenv(CHOSEN, "{}")
    choose_engine(engine)
    code = "from lib.engine.parameters import chosen_engine; print(repr(chosen_engine()))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == repr(engine) == repr(chosen_engine())


def test_no_stamp_holds_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = load("params/smoke.yml")
    other = load("params/smoke.yml", {"engine": {"kind": "ray", "rows": 64}})
    assert other.engine.rows == 64
    for stem in plain.notebooks:
        assert stamp(BY_STEM[stem], plain)["params"] == stamp(BY_STEM[stem], other)["params"]
