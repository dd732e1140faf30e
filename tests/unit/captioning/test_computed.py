"""Captioners that compute here: by partitions, each question once, the journal the one record whatever dies."""

import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lib.captioning.answers import Answers
from lib.captioning.asked_here import ask_rows, question_table
from lib.captioning.journal import Journal
from lib.captioning.making import Made
from lib.captioning.parameters import CaptioningParameters
from lib.captioning.plan import Plan
from lib.engine import results
from lib.engine.parameters import CHOSEN, EngineParameters
from tests.unit.captioning.test_program import command

Run = Callable[..., Made]
PROGRAM = """
import json, os, signal, sys
log, manner, at, times = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
for line in sys.stdin:
    asked = json.loads(line)
    clip = asked["clip_id"]
    with open(log, "a") as stream:
        stream.write(f"{clip} {os.getpid()}\\n")
    before = open(log).read().split().count(clip)
    if clip == at and before <= times:
        if manner == "kills":
            os.kill(os.getppid(), signal.SIGKILL)
            os._exit(0)
        print(json.dumps({"clip_id": clip, "error": "busy"}), flush=True); continue
    said = "a man waves " + clip + ("\\ud83d" if manner == "half" else "")
    print(json.dumps({"clip_id": clip, "text": said, "input_tokens": 7, "output_tokens": 1000}), flush=True)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "log").touch()
    return tmp_path / "log"


@pytest.fixture(autouse=True)
def _workers(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen(monkeypatch, 1)


def chosen(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    monkeypatch.setenv(CHOSEN, EngineParameters(workers=workers).model_dump_json())


def program(log: Path, manner: str = "errs", at: str = "", times: int = 0, **changed: Any) -> CaptioningParameters:
    told = [sys.executable, str(log.with_name("program.py")), str(log), manner, at, str(times)]
    return command(told, **{"timeout_s": 60.0, **changed})


def asked(log: Path) -> Counter[str]:
    return Counter(line.split()[0] for line in log.read_text().splitlines())


def attempts(tmp_path: Path) -> pd.DataFrame:
    return Journal(tmp_path / "out", cache=tmp_path / "cache").attempts()


@pytest.mark.parametrize(("rows", "workers"), [(12, 1), (6, 2), (2, 1)], ids=["1", "2", "7"])
def test_any_partitioning_asks_each_question_once_and_gives_the_same_captions(
    log: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, workers: int
) -> None:
    chosen(monkeypatch, workers)
    made = run(program(log), rows=rows)
    clips = [f"clip{number:02d}" for number in range(12)]
    assert made.captions.clip_id.tolist() == clips
    assert made.captions.text.tolist() == [f"a man waves {clip}" for clip in clips]
    assert asked(log) == dict.fromkeys(clips, 1)
    assert len({line.split()[1] for line in log.read_text().splitlines()}) == workers
    told = attempts(tmp_path)
    assert told.outcome.tolist() == ["answered"] * 12 and told.dollars.sum() == 0 and (told.output == 1000).all()
    assert not [*tmp_path.glob("cache/**/*.parquet")]
    assert run(program(log), rows=rows).captions.equals(made.captions) and sum(asked(log).values()) == 12


def test_a_killed_run_asks_nothing_again_that_was_answered(log: Path, run: Run, tmp_path: Path) -> None:
    child = os.fork()
    if not child:
        try:
            run(program(log, "kills", "clip05", 1))
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    made = run(program(log, "kills", "clip05", 1))
    assert made.unknown == 1 and len(made.captions) == 12
    assert asked(log) == {f"clip{number:02d}": 2 if number == 5 else 1 for number in range(12)}
    assert Counter(attempts(tmp_path).outcome) == {"answered": 12, "unknown": 1}


def test_a_result_that_a_killed_run_left_is_taken_down_first(
    log: Path, run: Run, planned: Callable[[CaptioningParameters], Plan], tmp_path: Path
) -> None:
    block = program(log)
    questions = planned(block).questions
    journal = Journal(tmp_path / "out", cache=tmp_path / "cache")
    numbers = [journal.begin(one.key, "mine", one.prompt.name, None, 0.0) for one in questions[:3]]
    rows = question_table(questions[1:2])
    prompts = {"describe": questions[0].prompt}
    left = ask_rows(rows, name="mine", asked=block.captioners["mine"], prompts=prompts)
    results.write(left, journal.partitions / "mine" / "ab12.parquet")
    (journal.partitions / "mine" / "cd34.parquet").write_bytes(b"cut off")
    journal.close()
    made = run(block)
    assert made.unknown == 2 and len(made.captions) == 12 and set(asked(log).values()) == {1}
    kept = Answers(tmp_path / "out").get(questions[1].key)
    assert kept is not None and (kept.attempt, kept.text) == (numbers[1], "a man waves clip01")
    assert attempts(tmp_path).outcome.tolist() == ["unknown", "answered", "unknown"] + ["answered"] * 11


def test_a_question_whose_worker_dies_each_time_stands_as_unknown_and_costs_no_other(
    log: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(monkeypatch, 2)
    made = run(program(log, "kills", "clip05", 99))
    assert made.stopped["mine"].startswith("mine: rows 5 to 5 failed: its process died each time; free memory")
    assert dict(zip(made.failures.clip_id, made.failures.failure, strict=True)) == {"clip05": "unknown"}
    assert len(made.captions) == 11 and asked(log)["clip05"] == 3
    assert Counter(attempts(tmp_path).outcome) == {"answered": 11, "unknown": 1}
    again = run(program(log))
    assert not again.stopped and len(again.captions) == 12 and asked(log)["clip05"] == 4


@pytest.mark.parametrize(("often", "failures"), [(3, []), (2, ["server"])])
def test_a_failure_that_passes_is_asked_again_so_often(
    log: Path, run: Run, tmp_path: Path, often: int, failures: list[str]
) -> None:
    made = run(program(log, "errs", "clip03", 2, attempts=often), rows=6)
    assert made.failures.failure.tolist() == failures
    assert asked(log) == {f"clip{number:02d}": often if number == 3 else 1 for number in range(12)}
    assert len(attempts(tmp_path)) == 12 + often - 1 and int(made.ledger.requests.sum()) == 12 + often - 1


def test_what_was_handed_out_with_a_captioner_that_stopped_was_never_asked(run: Run, tmp_path: Path) -> None:
    made = run(command(["no-such-program-at-all"]), rows=6)
    assert "cannot be started" in made.stopped["mine"]
    assert attempts(tmp_path).outcome.tolist() == ["refused"]
    assert Counter(made.failures.failure) == {"refused": 1, "not asked": 11}


def test_one_with_a_price_is_asked_within_its_budget(log: Path, run: Run) -> None:
    price = {"input": 0.0, "output": 1000.0}
    made = run(program(log, price=price, max_tokens=1000, budget=3.5, concurrency=4))
    assert made.over_budget and len(made.captions) == 3 == sum(asked(log).values())
    assert made.ledger.dollars.sum() == pytest.approx(3.0)


def test_half_a_letter_is_an_answer_that_cannot_be_read(log: Path, run: Run) -> None:
    made = run(program(log, "half"), rows=6)
    assert {*made.failures.failure} == {"unreadable"} and made.captions.empty and not made.stopped
