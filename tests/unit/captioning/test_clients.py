"""Both protocols through the vendors' packages, against a server on the loopback that counts for itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

from lib.captioning.clients.gemini import Gemini
from lib.captioning.making import Made
from lib.captioning.question import Question
from lib.demo.mllm_server import MLLMServer, gemini, openai_protocol
from lib.demo.mllm_server.served import Reply
from tests.unit.captioning.conftest import KEY, block

Start = Callable[..., MLLMServer]
Run = Callable[..., Made]
BOTH = pytest.mark.parametrize("client", ["gemini", "openai"])


def tallied(server: MLLMServer, *, whole: bool = True) -> tuple[int, int, int, int]:
    """Requests and tokens by the server's own count, of replies that it sent whole."""
    those = [one for one in server.counted if one.whole == whole]
    return (
        len(those),
        sum(one.input for one in those),
        sum(one.cached for one in those),
        sum(one.output for one in those),
    )


def booked(ledger: pd.DataFrame) -> tuple[int, int, int, int]:
    return tuple(int(ledger[name].sum()) for name in ("requests", "tokens_in", "tokens_cached", "tokens_out"))  # type: ignore[return-value]


@BOTH
def test_every_clip_is_captioned_and_the_ledger_is_the_servers_count(client: str, start: Start, run: Run) -> None:
    server = start(key=KEY)
    asked = block(server, client, prompts=["describe", "steps"], temperatures=[0.2, 0.8])
    made = run(asked)
    assert len(made.captions) == 12 * 4 and made.failures.empty and not made.stopped
    assert booked(made.ledger) == tallied(server)
    assert {one.temperature for one in server.counted} == {0.2, 0.8}
    assert {one.fps for one in server.counted} == {4.0}
    assert server.authorisations == {KEY}
    assert made.captions.text.str.contains("kick").all()
    structured = made.captions[made.captions.prompt == "steps"]
    assert structured.structured.str.startswith("{").all() and not structured.text.str.startswith("{").any()
    requests, tokens_in, cached, out = tallied(server)
    dollars = ((tokens_in - cached) * 0.3 + cached * 0.1 + out * 2.5) / 1e6
    assert made.ledger.dollars.sum() == pytest.approx(dollars) == made.captions.cost.sum()
    assert requests == 48


@BOTH
def test_a_second_run_asks_nothing(client: str, start: Start, run: Run) -> None:
    server = start()
    first = run(block(server, client))
    asked = len(server.counted)
    second = run(block(server, client))
    assert asked == 12 == len(server.counted)
    pd.testing.assert_frame_equal(first.captions, second.captions)


def test_another_temperature_asks_only_what_is_new(start: Start, run: Run) -> None:
    server = start()
    run(block(server, temperatures=[0.2]))
    run(block(server, temperatures=[0.2, 0.8]))
    assert [one.temperature for one in server.counted] == [0.2] * 12 + [0.8] * 12


@BOTH
def test_every_fault_is_got_over_or_named(client: str, start: Start, run: Run, tmp_path: Path) -> None:
    faults = {
        0: ["429:0.2"],
        1: ["500", "503"],
        2: ["cut"],
        3: ["blocked"],
        4: ["empty"],
        5: ["unreadable"],
        6: ["long"],
        7: ["400"],
        8: ["500"] * 9,
    }
    server = start(faults)
    made = run(block(server, client, attempts=3))
    reasons = dict(zip(made.failures.clip_id, made.failures.failure, strict=True))
    unread = {"unreadable"}
    assert reasons == {
        "clip03": "blocked",
        "clip04": "empty",
        "clip05": reasons["clip05"],
        "clip06": "too_long",
        "clip07": "refused",
        "clip08": "server",
    }
    assert reasons["clip05"] in unread
    assert {*made.captions.clip_id} | {*reasons} == {f"clip{n:02d}" for n in range(12)}
    assert booked(made.ledger) == tallied(server)
    lost = tallied(server, whole=False)[0]
    assert int(made.ledger.unknown.sum()) == lost == 2
    assert (pd.read_csv(tmp_path / "out" / "captioner_failures.csv").failure == made.failures.failure).all()


def test_only_what_may_pass_is_asked_again_unless_it_is_named(start: Start, run: Run) -> None:
    server = start({3: ["blocked"], 4: ["empty"], 8: ["500", "500"]})
    assert {*run(block(server, attempts=2)).failures.failure} == {"blocked", "empty", "server"}
    before = len(server.counted)
    assert {*run(block(server)).failures.failure} == {"blocked", "empty"}
    assert len(server.counted) == before + 1
    assert {*run(block(server), retry={"blocked"}).failures.failure} == {"empty"}
    assert run(block(server), retry={"empty"}).failures.empty


def test_all_who_ask_a_busy_server_wait_as_long_as_it_says(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("lib.captioning.pace.Pace._sleep", lambda self, seconds: pauses.append(seconds))
    server = start({0: ["429:0"], 1: ["429:7"]})
    made = run(block(server, concurrency=1))
    assert made.failures.empty
    assert max(pauses) == pytest.approx(7, abs=0.5)


def test_a_longer_pause_than_is_waited_for_leaves_the_captioner_for_later(start: Start, run: Run) -> None:
    server = start({0: ["429:3600"]})
    made = run(block(server, concurrency=1))
    assert "3600 s" in made.stopped["mine"] and len(server.counted) == 1
    assert {*made.failures.failure} == {"rate", "not asked"}


@pytest.mark.parametrize("path", ["inline", "files"])
def test_videos_above_the_limit_go_through_the_files_api_and_are_deleted(path: str, start: Start, run: Run) -> None:
    server = start()
    made = run(block(server, inline_mb=14.0 if path == "inline" else 0.0))
    assert len(made.captions) == 12
    assert len(server.uploads) == (12 if path == "files" else 0)
    assert not server.files
    assert {file.get("displayName", "clip") for file in server.uploads.values()} <= {"clip"}


def test_a_video_of_several_questions_is_uploaded_once_and_deleted_after_the_last(start: Start, run: Run) -> None:
    server = start({0: ["429:0"], 1: ["500"], 2: ["blocked"], 3: ["cut"]}, delay_s=0.002)
    asked = block(server, inline_mb=0.0, prompts=["describe", "steps"], temperatures=[0.2, 0.8], concurrency=6)
    made = run(asked)
    assert len(made.captions) == 12 * 4 - 1 and made.failures.failure.tolist() == ["blocked"]
    assert len(server.uploads) == 12 == len(server.deleted) == len({*server.deleted}) and not server.files
    assert booked(made.ledger) == tallied(server)


def test_a_run_that_stops_leaves_no_video_at_the_server(start: Start, run: Run) -> None:
    server = start({5: ["429:3600"]})
    made = run(block(server, inline_mb=0.0, prompts=["describe", "steps"], concurrency=3))
    assert "3600 s" in made.stopped["mine"] and len(server.uploads) == len(server.deleted) and not server.files


def test_a_file_that_stays_in_preparation_is_named_and_deleted(start: Start, run: Run) -> None:
    server = start({0: ["processing"], 1: ["failed"]})
    made = run(block(server, inline_mb=0.0, timeout_s=0.5))
    assert dict(zip(made.failures.clip_id, made.failures.failure, strict=True)) == {
        "clip00": "processing",
        "clip01": "video",
    }
    assert not server.files
    assert booked(made.ledger) == tallied(server) and made.ledger.unknown.sum() == 0
    assert run(block(server, inline_mb=0.0, timeout_s=0.5)).captions.clip_id.tolist() == [
        f"clip{n:02d}" for n in range(12) if n != 1
    ]


def test_frames_are_sent_where_a_server_takes_no_video(start: Start, run: Run) -> None:
    server = start()
    made = run(block(server, "openai", send="frames", fps=3.0))
    assert len(made.captions) == 12 == len({one.video for one in server.counted})
    assert {one.fps for one in server.counted} == {None}


def test_a_video_whose_upload_is_cut_is_named_alone_and_no_question_is_booked(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, upload = start(), Gemini.upload

    def cut(self: Gemini, question: Question) -> Any:
        if question.clip.clip_id == "clip03":
            raise httpx.ReadError("cut")
        return upload(self, question)

    monkeypatch.setattr(Gemini, "upload", cut)
    made = run(block(server, inline_mb=0.0, attempts=2))
    assert made.failures.clip_id.tolist() == ["clip03"] and made.failures.failure.tolist() == ["connection"]
    assert not made.stopped and len(made.captions) == 11
    assert booked(made.ledger) == tallied(server) and made.ledger.unknown.sum() == 0


def test_a_page_in_place_of_an_answer_is_named(start: Start, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    server, reply = start(), openai_protocol.reply
    pages = [b"<html>busy</html>"]

    def answers(*arguments: Any) -> Reply:
        return Reply(pages.pop(), headers={"Content-Type": "text/html"}) if pages else reply(*arguments)

    monkeypatch.setattr(openai_protocol, "reply", answers)
    made = run(block(server, "openai", concurrency=1))
    assert made.failures.failure.tolist() == ["unreadable"] and len(made.captions) == 11
    assert made.ledger.unknown.tolist() == [1]


def test_names_of_an_account_at_openai_reach_no_other_server(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "planted-org")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "planted-project")
    server, reply, sent = start(), openai_protocol.reply, []

    def answers(*arguments: Any) -> Reply:
        sent.append(str(arguments[3]))
        return reply(*arguments)

    monkeypatch.setattr(openai_protocol, "reply", answers)
    assert len(run(block(server, "openai")).captions) == 12 == len(sent)
    assert "planted" not in "".join(sent).replace(KEY, "")


@pytest.mark.parametrize(
    ("client", "message"),
    [
        ("openai", "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens."),
        ("openai", "The prompt (length 9000) is longer than the maximum model length of 4096."),
        ("gemini", "The input token count (2000000) exceeds the maximum number of tokens allowed (1048576)."),
    ],
)
def test_a_question_that_a_server_finds_too_long_is_named_so(
    client: str, message: str, start: Start, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    protocol = {"openai": openai_protocol, "gemini": gemini}[client]
    told = {"code": 400, "message": message, "status": "INVALID_ARGUMENT", "type": "BadRequestError"}
    monkeypatch.setattr(protocol, "reply", lambda *_: Reply({"error": told}, 400))
    made = run(block(start(), client))
    assert {*made.failures.failure} == {"too_long"} and made.ledger.requests.sum() == 12
    journal = b"".join(file.read_bytes() for file in (tmp_path / "cache").rglob("*.sqlite*"))
    assert b"maximum" not in journal
