"""Programs that caption: kept running, started anew when they die, bounded in time."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lib.captioning.making import Made
from lib.captioning.parameters import CaptioningParameters
from tests.unit.captioning.conftest import block
from tests.unit.captioning.test_deaths import alive

PROGRAM = """
import json, os, sys
print("loading weights …", flush=True)
started = open(sys.argv[1], "a"); started.write(str(os.getpid()) + "\\n"); started.close()
assert not os.environ.get("PYTHONPATH")
for line in sys.stdin:
    asked = json.loads(line)
    clip = asked["clip_id"]
    if clip == "clip02" and not os.path.exists(sys.argv[1] + ".died"):
        open(sys.argv[1] + ".died", "w"); os._exit(1)
    if clip == "clip05":
        print(json.dumps({"clip_id": clip, "text": 5}), flush=True); continue
    assert os.path.isfile(asked["video"]) and asked["parameters"]["fps"] == 4.0
    print(json.dumps({"clip_id": clip, "text": "a man waves", "output_tokens": 3}), flush=True)
"""


def command(program: list[str], **changed: Any) -> CaptioningParameters:
    changed = {"model": None, "key": None, "base_url": None, "price": None, **changed}
    return block("http://127.0.0.1:1", "command", command=program, **{"attempts": 1, **changed})


def test_a_program_is_kept_running_and_started_anew_when_it_dies(run: Callable[..., Made], tmp_path: Path) -> None:
    (tmp_path / "valor.py").write_text(PROGRAM)
    started = tmp_path / "started"
    made = run(command([sys.executable, str(tmp_path / "valor.py"), str(started)], timeout_s=600.0))
    reasons = dict(zip(made.failures.clip_id, made.failures.failure, strict=True))
    assert reasons == {"clip02": "server", "clip05": "unreadable"}
    assert len(made.captions) == 10 and {*made.captions.text} == {"a man waves"}
    assert len(started.read_text().split()) == 2  # the first, and the one after its death
    assert int(made.ledger.tokens_out.sum()) == 3 * 10 and made.ledger.dollars.sum() == 0


def test_a_program_that_cannot_run_ends_its_captioner(run: Callable[..., Made]) -> None:
    assert "cannot be started" in run(command(["no-such-program-at-all"])).stopped["mine"]
    assert "ended" in run(command([sys.executable, "-c", "pass"], attempts=5)).stopped["mine"]


def test_the_journal_holds_no_folder_of_a_program(run: Callable[..., Made], tmp_path: Path) -> None:
    absent = str(tmp_path / "no-such-program")
    made = run(command([absent]))
    assert made.stopped["mine"] == "the program 'no-such-program' cannot be started (No such file or directory)"
    ends = tmp_path / "ends"
    ends.write_text("#!/bin/sh\nexit 1\n")
    ends.chmod(0o755)
    run(command([str(ends), f"--weights={tmp_path}"], attempts=5))
    written = [*(tmp_path / "cache").rglob("*.sqlite*"), tmp_path / "out" / "captioner_failures.csv"]
    assert len(written) > 1 and not any(str(tmp_path).encode() in file.read_bytes() for file in written)


def test_what_a_program_started_ends_with_it(run: Callable[..., Made], tmp_path: Path) -> None:
    started = tmp_path / "started"
    shell = ["sh", "-c", f"sleep 600 & echo $! >> {started}; wait"]
    made = run(command(shell, timeout_s=0.5))
    assert made.failures.detail.tolist()[:1] == ["no answer in 0.5 s"]
    pids = [int(pid) for pid in started.read_text().split()]
    deadline = time.monotonic() + 10
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert pids and not any(map(alive, pids))


def test_a_program_that_hangs_is_ended_and_its_clips_are_named(run: Callable[..., Made]) -> None:
    hangs = [sys.executable, "-c", "import time; time.sleep(600)"]
    made = run(command(hangs, timeout_s=0.1))
    assert len(made.failures) == 12 and {*made.failures.detail} == {"no answer in 0.1 s"}
    assert int(made.ledger.unknown.sum()) == 12
