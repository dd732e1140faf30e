"""Work beside: waited for, stopped, and told of when it fails."""

import os
import signal
import time
from concurrent.futures import Future
from pathlib import Path

import pytest

from lib.base.errors import ModelError
from lib.models.beside import Told, _show, beside


def count(folder: Path, steps: int, told: Told) -> None:
    for step in range(1, steps + 1):
        told(step, steps)
        (folder / "done").write_text(f"{step} {os.getpid()}")
        time.sleep(0.05)


def fail(told: Told) -> None:
    raise ModelError("no such weights")


def die(told: Told) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_it_goes_on_beside_and_is_done_after_waiting(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with beside(count, tmp_path, 40, desc="counting") as wait:
        assert not (tmp_path / "done").exists()
        wait()
        step, worker = (tmp_path / "done").read_text().split()
        assert int(step) == 40 and int(worker) != os.getpid()
        wait()
    assert "counting: 100%" in capfd.readouterr().err


def test_leaving_without_waiting_waits(tmp_path: Path) -> None:
    with beside(count, tmp_path, 3, desc="counting"):
        pass
    assert (tmp_path / "done").read_text().startswith("3 ")


def test_an_error_that_leaves_stops_the_work(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), beside(count, tmp_path, 100_000, desc="counting"):
        until = time.monotonic() + 60
        while not (tmp_path / "done").exists() and time.monotonic() < until:
            time.sleep(0.05)
        raise ZeroDivisionError
    assert int((tmp_path / "done").read_text().split()[0]) < 1000


@pytest.mark.parametrize(("work", "told"), [(fail, "no such weights"), (die, "training: the process died")])
def test_its_failure_is_raised_by_waiting_and_by_leaving(work: object, told: str) -> None:
    raised = pytest.raises(ModelError, match=told)
    with raised, beside(work, desc="training") as wait, pytest.raises(ModelError, match=told):
        wait()


def test_the_bar_shows_the_last_step_of_work_that_ends_while_it_is_read(capfd: pytest.CaptureFixture[str]) -> None:
    running: Future[None] = Future()

    class Steps(list[int]):
        def __getitem__(self, at: int) -> int:  # type: ignore[override]
            found = super().__getitem__(at)
            if at == 1 and not running.done():
                self[:] = [40, 40]
                running.set_result(None)
            return found

    _show("counting", Steps([39, 40]), running)
    assert "40/40" in capfd.readouterr().err
