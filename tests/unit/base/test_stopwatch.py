"""Laps, their sum, and the installation that went before."""

import pytest

from lib.base.stopwatch import Stopwatch


def test_steps_that_took_no_time_are_not_told():
    assert str(Stopwatch()) == "" and str(Stopwatch({"site": 0.4})) == ""
    assert str(Stopwatch({"a": 59.6, "b": 0.1})) == "a 1 min 0 s · together 1 min 0 s"


def test_a_step_that_fails_leaves_no_lap(monkeypatch):
    now = iter([0.0, 2.0, 10.0, 13.0])
    monkeypatch.setattr("lib.base.stopwatch.time.perf_counter", lambda: next(now))
    watch = Stopwatch()
    with watch.lap("good"):
        pass
    with pytest.raises(ValueError, match="broken"), watch.lap("bad"):
        raise ValueError("broken")
    assert watch.laps == {"good": 2.0}


def test_an_installation_is_told_once(tmp_path):
    noted = tmp_path / "seconds"
    noted.write_text("181.2")
    first, second = Stopwatch(), Stopwatch()
    first.installation(noted)
    second.installation(noted)
    assert first.laps == {"environment": 181.2} and not second.laps
