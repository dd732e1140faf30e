"""Trainings side by side: what is left of them when their parent is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lib.base.errors import ModelError
from lib.base.paths import ROOT
from lib.models.parallel import meanwhile, run_jobs

NAPS = """
import os, time
from pathlib import Path

def nap(job, told):
    Path(f"worker-{os.getpid()}").touch()
    time.sleep(job)
"""
PARENT = """
from lib.models.parallel import run_jobs
from naps import nap

if __name__ == "__main__":
    run_jobs(nap, [0, 600], [1, 1], desc="", workers=2, progress=False)
"""


def waited(condition, seconds: float = 60.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not condition():
        time.sleep(0.1)
    return bool(condition())


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_workers_idle_or_busy_leave_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "naps.py").write_text(NAPS)
    (tmp_path / "parent.py").write_text(PARENT)
    path = os.pathsep.join((str(ROOT), str(tmp_path)))
    parent = subprocess.Popen([sys.executable, "parent.py"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": path})
    try:
        assert waited(lambda: any(tmp_path.glob("worker-*")))
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
        workers = [int(pid) for pid in children.read_text().split()]
        assert workers and all(runs(pid) for pid in workers)
    finally:
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    assert waited(lambda: not any(runs(pid) for pid in workers))


def doubled(job: int, told: Callable[[int], object]) -> int:
    if job < 0:
        raise ModelError("no such job", fix="give another")
    for _ in range(job):
        told(1)
    return 2 * job


def test_jobs_run_in_processes_and_their_errors_come_back(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_jobs(doubled, [5, 3, 4], [5, 3, 4], desc="counting", workers=2, progress=True) == [10, 6, 8]
    assert "12/12" in capfd.readouterr().err
    with pytest.raises(ModelError, match="no such job; give another"):
        run_jobs(doubled, [1, -1], [1, 1], desc="counting", workers=2, progress=False)


def write_pid(file: Path) -> None:
    if file.name == "refused":
        raise ModelError("no such file", fix="give another")
    file.write_text(str(os.getpid()))


@pytest.mark.parametrize("processors", [1, 2])
def test_work_done_meanwhile_is_complete_after_the_block(tmp_path: Path, monkeypatch, processors: int) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(processors))
    with meanwhile(write_pid, tmp_path / "pid"):
        pass
    assert (int((tmp_path / "pid").read_text()) == os.getpid()) is (processors == 1)
    with pytest.raises(ModelError, match="no such file; give another"), meanwhile(write_pid, tmp_path / "refused"):
        pass
