"""Batches through google-genai: answers in any order, missing ones, expired batches, and a death while one is away."""

from collections.abc import Callable

import pytest

from lib.captioning.batch import Batches
from lib.captioning.making import Made
from lib.demo.mllm_server import MLLMServer
from tests.unit.captioning.conftest import block
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
    assert len(server.batches) == 1 and not [name for name in server.files if "out" not in name]
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
            from lib.captioning.journal import Journal

            write = Journal.batch
            death.setattr(Journal, "batch", lambda self, *a, **k: dies() if len(a) > 2 else write(self, *a, **k))
        with pytest.raises(KeyboardInterrupt):
            run(block(server, batch=True))
    made = run(block(server, batch=True))
    assert len(server.batches) == 1 and len(server.counted) == 12 == len(made.captions)
    assert booked(made.ledger) == tallied(server)
