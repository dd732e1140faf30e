"""The order of `models` and `report`: where TMR is trained on kept clips, 00 comes first and is timed by itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

from lib.base import locks
from lib.base.stopwatch import Stopwatch
from lib.commands import command_line
from lib.models import parallel
from lib.run import freshness, profile_evaluators, profile_tmr, runner
from lib.run.exploring import last_profile
from lib.run.params import Profile, load

DEMO = "params/demo.yml"


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is called, in order, with nothing done."""
    done: list[str] = []

    @contextmanager
    def exclusive(name: str) -> Iterator[None]:
        done.append(f"lock {name}")
        yield
        done.append("unlock")

    @contextmanager
    def meanwhile(function: Callable[..., object], *args: object) -> Iterator[None]:
        yield
        function(*args)

    monkeypatch.setattr(locks, "exclusive", exclusive)
    monkeypatch.setattr(parallel, "meanwhile", meanwhile)
    monkeypatch.setattr(runner, "run", lambda notebook, *_: done.append(notebook.stem))
    monkeypatch.setattr(runner, "run_all", lambda *_: done.append("notebooks") or {"00_data_preparation": 1.0})
    monkeypatch.setattr("lib.text.mpnet.fetch", lambda *_: None)
    monkeypatch.setattr(profile_tmr, "prepare", lambda *_: None)
    monkeypatch.setattr(profile_tmr, "run_dir", lambda *_: done.append("TMR"))
    monkeypatch.setattr(profile_evaluators, "run_dir", lambda *_: done.append("the evaluator beside it"))
    monkeypatch.setattr(last_profile, "remember", lambda *_: None)
    for name in ("embed_corpora", "site"):
        monkeypatch.setattr(command_line, name, lambda *_: None)
    monkeypatch.setattr(command_line, "ensure_simulated", lambda *_: done.append("captions"))
    monkeypatch.setattr(command_line, "checked", load)
    return done


def stale_after_00(steps: list[str], profile: Profile) -> list[object]:
    """04 is stale, as it is found to be once 00 has run."""
    steps.append("stale?")
    return [one for one in freshness.in_order(profile.notebooks) if one.stem == "04_embedding_gap"]


def test_models_run_the_filter_first_under_the_lock_of_the_results(steps: list[str]) -> None:
    assert CliRunner().invoke(command_line.app, ["models", "--params", DEMO]).exit_code == 0
    assert steps == ["lock results", "00_data_preparation", "unlock", "TMR", "the evaluator beside it"]


def test_a_report_asks_what_is_stale_once_the_filter_is_known(
    steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "stale", lambda profile: stale_after_00(steps, profile))
    assert CliRunner().invoke(command_line.app, ["report", "--params", DEMO]).exit_code == 0
    assert steps == ["captions", "lock results", "00_data_preparation", "unlock", "stale?", "TMR", "notebooks"]


@pytest.mark.parametrize(
    "asked",
    [
        {"models": {"tmr": {"clips": "all"}}},
        {"notebooks": ["02_action_distribution"]},
        {"notebooks": ["00_data_preparation"]},
    ],
    ids=["TMR is trained on all clips", "there is no filter", "no TMR is needed"],
)
def test_otherwise_it_waits_for_its_turn(steps: list[str], monkeypatch: pytest.MonkeyPatch, asked: dict) -> None:
    profile = load(DEMO)
    changed = {name: value if name == "notebooks" else None for name, value in asked.items()}
    if "models" in asked:
        changed["models"] = load(DEMO, asked).models
    monkeypatch.setattr(command_line, "checked", lambda _: profile.model_copy(update=changed))
    assert CliRunner().invoke(command_line.app, ["models", "--params", DEMO]).exit_code == 0
    assert "00_data_preparation" not in steps


def test_a_step_that_ran_before_its_turn_keeps_its_time() -> None:
    watch = Stopwatch({"00_data_preparation": 30.0})
    watch.add({"00_data_preparation": 0.1, "01_similarity_test": 20.0})
    assert str(watch) == "00_data_preparation 30 s · 01_similarity_test 20 s · together 50 s"
