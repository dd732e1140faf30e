"""Batches through google-genai: answers in any order, missing ones, expired batches, and a death while one is away."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from google.genai import batches, files

from lib.captioning import making
from lib.captioning.batch import Batches
from lib.captioning.budget import Budget
from lib.captioning.clients.gemini import Gemini
from lib.captioning.journal import Journal
from lib.captioning.making import Made
from lib.captioning.parameters import CaptioningParameters
from lib.captioning.plan import Plan
from lib.demo.mllm_server import MLLMServer
from tests.unit.captioning.conftest import KEY, block
from tests.unit.captioning.test_clients import booked, tallied

Start = Callable[..., MLLMServer]
Run = Callable[..., Made]


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lib.captioning.batch.POLL_S", 0.01)


def test_answers_are_matched_by_key(start: Start, run: Run) -> None:
    server = start()  # answers the last line first
    alone = run(block(server, prompts=["describe", "steps"]))
    by_clip = {one.video: one for one in server.counted}
    assert len(by_clip) == 12
    server.counted.clear()
    server.seen.clear()
    made = run(block(server, prompts=["describe", "steps"], batch=True, max_tokens=1000))
    assert made.captions.text.tolist() == alone.captions.text.tolist()
    assert len(server.batches) == 1 and not server.files and "files/batch-b0" in server.deleted
    assert tallied(server)[0] == 24


def test_missing_lines_and_failed_ones_are_named_and_asked_again(start: Start, run: Run) -> None:
    server = start({5: ["blocked"], 7: ["429"]})
    server.batch_missing = 3
    made = run(block(server, batch=True))
    reasons = dict(zip(made.failures.clip_id, made.failures.failure, strict=True))
    assert reasons == {
        "clip00": "expired",
        "clip01": "expired",
        "clip02": "expired",
        "clip05": "blocked",
        "clip07": "rate",
    }
    assert booked(made.ledger) == tallied(server)
    server.batch_missing = 0
    again = run(block(server, batch=True))
    assert again.failures.failure.tolist() == ["blocked"] and len(again.captions) == 11
    assert len(server.counted) == 9 + 4


def test_an_expired_batch_is_named(start: Start, run: Run) -> None:
    server = start()
    server.batch_state = "BATCH_STATE_EXPIRED"
    made = run(block(server, batch=True))
    assert {*made.failures.failure} == {"expired"} and len(made.failures) == 12


@pytest.mark.parametrize("written_down", [True, False])
def test_a_batch_that_is_away_is_waited_for_not_repeated(
    written_down: bool, start: Start, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start()

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as death:
        if written_down:
            death.setattr(Batches, "_collect", dies)
        else:
            write = Journal.batch
            death.setattr(Journal, "batch", lambda self, *a, **k: dies() if len(a) > 2 else write(self, *a, **k))
        with pytest.raises(KeyboardInterrupt):
            run(block(server, batch=True))
    made = run(block(server, batch=True))
    assert len(server.batches) == 1 and len(server.counted) == 12 == len(made.captions)
    assert booked(made.ledger) == tallied(server)


@pytest.fixture
def budgets(monkeypatch: pytest.MonkeyPatch) -> list[Budget]:
    """The budgets of the runs, in their order."""
    kept: list[Budget] = []

    def budget(limit: float | None, spent: float) -> Budget:
        kept.append(Budget(limit, spent))
        return kept[-1]

    monkeypatch.setattr(making, "Budget", budget)
    return kept


def broken(times: int, then: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """A call whose connection is cut so many times, before or after it reached the server."""
    left = [times]

    def call(*arguments: Any, **named: Any) -> Any:
        cut = left[0] > 0
        left[0] -= 1
        given = then(*arguments, **named) if after or not cut else None
        if cut:
            raise httpx.ReadError("cut")
        return given

    return call


def test_a_batch_that_cannot_be_fetched_holds_nobody_up_and_is_fetched_later(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch, budgets: list[Budget], planned: Callable[..., Plan]
) -> None:
    server = start()
    asked = block(server, batch=True, budget=1.0)
    with monkeypatch.context() as cut:
        cut.setattr(files.Files, "download", broken(1, files.Files.download, after=False))
        made = run(asked)
    most = sum(question.most for question in planned(asked).questions)
    assert "connection" in made.stopped["mine"] and made.captions.empty
    assert (budgets[0].requests, budgets[0].aside) == (0, pytest.approx(0)) and budgets[0].spent == pytest.approx(most)
    made = run(asked)
    assert len(made.captions) == 12 == len(server.counted) and booked(made.ledger) == tallied(server)
    assert budgets[1].requests == 0 and budgets[1].spent == pytest.approx(made.ledger.dollars.sum())


@pytest.mark.parametrize("attempts", [1, 3])
def test_a_batch_whose_receipt_is_cut_is_not_handed_in_again(
    attempts: int, start: Start, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start()
    with monkeypatch.context() as cut:
        cut.setattr(batches.Batches, "create", broken(1, batches.Batches.create, after=True))
        made = run(block(server, batch=True, attempts=attempts))
    assert ("mine" in made.stopped) == (attempts == 1)
    made = run(block(server, batch=True))
    assert len(server.batches) == 1 and len(server.counted) == 12 == len(made.captions)
    assert booked(made.ledger) == tallied(server) and made.ledger.unknown.sum() == 0
    assert not server.files


def test_answers_that_could_not_be_deleted_are_deleted_by_the_next_run(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = start()
    with monkeypatch.context() as cut:
        cut.setattr(files.Files, "delete", broken(1, files.Files.delete, after=False))
        made = run(block(server, batch=True))
    assert len(made.captions) == 12 and [*server.files] == ["files/batch-b0"]
    run(block(server, batch=True, prompts=["describe", "steps"]))
    assert not server.files and len(server.counted) == 24


def test_answers_whose_name_is_too_long_to_be_deleted_are_left_to_the_server(
    start: Start, run: Run, tmp_path: Path
) -> None:
    server = start()
    server.batch_letters = 36
    made = run(block(server, batch=True))
    assert len(made.captions) == 12 and [len(name) for name in server.files] == [len("files/batch-") + 36]
    assert not Journal(tmp_path / "out", cache=tmp_path / "cache").uploads("mine").names()


def test_a_file_is_remembered_where_the_key_is_refused(start: Start, run: Run, tmp_path: Path) -> None:
    server = start(key=KEY)
    run(block(server, batch=True, prompts=["describe"]))
    uploads = Journal(tmp_path / "out", cache=tmp_path / "cache").uploads("mine")
    uploads.add("files/left")
    reached = Gemini(block(server).captioners["mine"], "another", uploads)
    reached.tidy()
    reached.close()
    assert uploads.names() == ["files/left"]


def test_what_was_never_handed_in_costs_nothing(start: Start, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    server = start()

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as death:
        death.setattr(Batches, "_write", dies)
        with pytest.raises(KeyboardInterrupt):
            run(block(server, batch=True))
    made = run(block(server, batch=True))
    assert len(made.captions) == 12 and booked(made.ledger) == tallied(server)
    assert made.ledger.unknown.sum() == 0 and made.ledger.dollars_unknown.sum() == 0


def test_answers_that_nobody_waits_for_count_at_most(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch, planned: Callable[[CaptioningParameters], Plan]
) -> None:
    server, before = start(), {"batch": True, "prompts": ["describe"]}
    with monkeypatch.context() as cut:
        cut.setattr(files.Files, "download", broken(1, files.Files.download, after=False))
        run(block(server, **before))
    made = run(block(server, batch=True, prompts=["steps"]))
    told = made.ledger.set_index("prompt")
    most = sum(question.most for question in planned(block(server, **before)).questions)
    assert told.unknown.to_dict() == {"describe": 12, "steps": 0}
    assert told.dollars_unknown["describe"] == pytest.approx(most) and len(made.captions) == 12


def test_a_key_that_is_refused_while_a_batch_is_away_ends_the_wait(
    start: Start, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = start()
    server.batch_polls = 3
    get = batches.Batches.get

    def looked(*arguments: Any, **named: Any) -> Any:
        job = get(*arguments, **named)
        server.key = "another"
        return job

    monkeypatch.setattr(batches.Batches, "get", looked)
    made = run(block(server, batch=True))
    assert made.stopped["mine"] == "the key is refused (400)" and made.captions.empty
    assert Journal(tmp_path / "out", cache=tmp_path / "cache").batches("mine")
