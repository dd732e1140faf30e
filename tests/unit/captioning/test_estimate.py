"""What a dry run says: the greatest cost before any answer, and from earlier answers what the next will take."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lib.captioning.estimate import SECONDS, TOKENS_OUT, estimate
from lib.captioning.failures import Usage
from lib.captioning.journal import ANSWERED, Journal
from lib.captioning.parameters import CaptioningParameters
from lib.captioning.plan import Plan
from tests.unit.captioning.conftest import block

Planned = Callable[[CaptioningParameters], Plan]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "out", cache=tmp_path / "cache")


def answered(journal: Journal, usage: Usage, seconds: float) -> None:
    journal.complete(journal.begin("k", "mine", "describe", None, 0.0), ANSWERED, "stop", usage, 0.0, seconds)


def test_before_any_answer_a_question_takes_what_it_takes_at_most(planned: Planned, journal: Journal) -> None:
    questions = planned(block("http://127.0.0.1:1")).questions
    row = estimate({"mine": questions}, journal, 4).iloc[0]
    tokens = sum(one.tokens for one in questions)
    assert (row.requests, row.tokens_in, row.tokens_out) == (12, tokens, 12 * TOKENS_OUT)
    assert row.seconds == pytest.approx(12 * SECONDS / 4)
    assert (
        row.dollars == pytest.approx((tokens * 0.3 + 12 * TOKENS_OUT * 2.5) / 1e6) and row.dollars <= row.dollars_most
    )


def test_earlier_answers_say_what_the_next_take_as_far_as_they_were_counted(planned: Planned, journal: Journal) -> None:
    questions = planned(block("http://127.0.0.1:1")).questions
    answered(journal, Usage(100, 0, None), 2.0)
    answered(journal, Usage(200, 0, None), 4.0)
    answered(journal, Usage(), 6.0)
    row = estimate({"mine": questions}, journal, 2).iloc[0]
    assert (row.tokens_in, row.tokens_out) == (12 * 150, 12 * TOKENS_OUT)
    assert row.seconds == pytest.approx(12 * 4.0 / 2)


def test_a_model_on_this_machine_is_asked_one_question_at_a_time(planned: Planned, journal: Journal) -> None:
    own = block("http://127.0.0.1:1", "command", command=["own"], model=None, key=None, base_url=None, price=None)
    row = estimate({"mine": planned(own).questions}, journal, 4).iloc[0]
    assert row.seconds == pytest.approx(12 * SECONDS) and row.dollars == 0
