"""SIGKILL: what was answered is not asked again, and what was under way is at most what was asked at a time."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from lib.base.paths import ROOT
from lib.captioning.answers import Answers, Kept
from lib.captioning.journal import Journal
from lib.captioning.making import Made
from lib.demo.mllm_server import MLLMServer
from tests.unit.captioning.conftest import block
from tests.unit.captioning.test_clients import booked, tallied

CONCURRENCY, QUESTIONS = 3, 120
CHILD = """
import sys
from pathlib import Path
from lib.captioning import making
from lib.captioning.journal import Journal
from lib.captioning.plan import plan
from lib.captioning.question import Clip
from lib.captioning.sample import Sampled
from tests.unit.captioning.conftest import block, sha256
import lib.captioning.clients.openai_protocol  # here, since every child would import it anew
videos, out, url = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
clips = [Clip(file.stem, file, 1.0, sha256(file)) for file in sorted(videos.glob("*.mp4"))]
asked = block(url, "openai", concurrency=3, temperatures=[number / 10 for number in range(10)])
while True:
    print("go", flush=True)
    if not sys.stdin.readline():
        break
    pid = __import__("os").fork()
    if pid == 0:
        print("pid", __import__("os").getpid(), flush=True)
        making.make(asked, plan(asked, Sampled(clips, {}, 0)), out / "out", progress=False,
                    journal=Journal(out / "out", cache=out / "cache"))
        __import__("os")._exit(0)
    __import__("os").waitpid(pid, 0)
"""


def test_twenty_kills_repeat_at_most_what_was_under_way(
    start: Callable[..., MLLMServer], videos: Path, tmp_path: Path
) -> None:
    server = start(delay_s=0.02)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    parent = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(videos), str(tmp_path), server.url],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT,
    )  # fmt: skip
    assert parent.stdin is not None and parent.stdout is not None
    kills = 0
    for number in range(21):
        assert parent.stdout.readline() == "go\n"
        parent.stdin.write("\n")
        parent.stdin.flush()
        pid = int(parent.stdout.readline().split()[1])
        if number < 20:  # dies after a few further questions have been counted, at any moment of the next one
            before = len(server.counted)
            while len(server.counted) < before + 1 + number % 3 and alive(pid):
                time.sleep(0.001 * (1 + number % 4))
            kills += _killed(pid)
    assert parent.stdout.readline() == "go\n"
    parent.stdin.close()
    parent.wait()
    asked = Counter((one.video, one.temperature) for one in server.counted)
    assert len(asked) == QUESTIONS and kills == 20
    assert sum(asked.values()) - QUESTIONS <= kills * CONCURRENCY
    journal, answers = Journal(tmp_path / "out", cache=tmp_path / "cache"), Answers(tmp_path / "out")
    assert len(answers.keys()) == QUESTIONS
    attempts = journal.attempts()
    assert {*attempts.outcome} <= {"answered", "unknown"}
    assert (attempts.outcome == "unknown").sum() <= kills * CONCURRENCY
    arrived = attempts[attempts.outcome == "answered"]
    kept = [answers.get(key) for key in arrived.key]
    assert [one.output for one in kept if one] == arrived.output.tolist()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _killed(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("moment", ["sent", "kept"])
def test_a_death_between_two_steps_loses_no_answer(moment: str, tmp_path: Path) -> None:
    journal, answers = Journal(tmp_path / "out", cache=tmp_path / "cache"), Answers(tmp_path / "out")
    number = journal.begin("k", "mine", "describe", 0.2, 0.5)
    if moment == "kept":
        answers.add(Kept("k", number, "c", "a man waves", "stop", 10, 0, 3, 0.01, 1.5))
    assert journal.recover(answers) == (moment == "sent")
    attempt = journal.attempts().iloc[0]
    assert attempt.outcome == ("unknown" if moment == "sent" else "answered")
    assert journal.spent() == pytest.approx(0.5 if moment == "sent" else 0.01)


def test_a_cut_reply_counts_at_most_and_stands_as_unknown(
    start: Callable[..., MLLMServer], run: Callable[..., Made]
) -> None:
    server = start({0: ["cut"]})
    made = run(block(server))
    row = made.ledger.iloc[0]
    assert (row.unknown, row.requests) == (1, 12) and row.dollars_unknown > 0
    assert booked(made.ledger) == tallied(server)


def test_forgotten_answers_are_gone_from_the_file(tmp_path: Path) -> None:
    answers = Answers(tmp_path)
    for number, clip in enumerate(("gone", "stays")):
        answers.add(Kept(f"k{number}", number, clip, f"{clip} waves PLANTED", "stop", 10, 0, 3, 0.01, 1.5))
    assert answers.forget({"gone", "unknown"}) == 1 and answers.keys() == {"k1"}
    answers.close()
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"stays waves PLANTED" in content and b"gone waves PLANTED" not in content
