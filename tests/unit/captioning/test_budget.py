"""The budget: never passed, whatever is asked at a time, and none too small begins."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.base.errors import ParamsError
from lib.captioning.budget import Budget
from lib.captioning.making import Made
from lib.captioning.parameters import CaptioningParameters
from lib.captioning.plan import Plan
from lib.demo.mllm_server import MLLMServer
from tests.unit.captioning.conftest import block

Start = Callable[..., MLLMServer]
Run = Callable[..., Made]
DEAR = {"input": 100.0, "output": 1000.0}


@pytest.mark.parametrize("concurrency", [1, 8])
def test_a_budget_is_not_passed_and_what_was_bought_is_kept(concurrency: int, start: Start, run: Run) -> None:
    server = start()
    asked = block(server, price=DEAR, max_tokens=100, concurrency=concurrency, budget=0.6)
    made = run(asked)
    paid = sum(100 * one.input + 1000 * one.output for one in server.counted) / 1e6
    assert made.over_budget and 0 < len(made.captions) < 12
    assert made.ledger.dollars.sum() == pytest.approx(paid) and paid <= 0.6
    again = run(asked)
    assert again.over_budget and len(again.captions) == len(made.captions)
    assert len(run(asked.model_copy(update={"budget": 90.0})).captions) == 12


def test_one_that_admits_no_request_is_refused_before_any(start: Start, run: Run) -> None:
    server = start()
    with pytest.raises(
        ParamsError, match=r"captioning.budget: \$0.0001 is too small for one request to mine"
    ) as refused:
        run(block(server, price=DEAR, budget=0.0001))
    assert "\n" not in str(refused.value) and not server.counted


def test_what_a_request_costs_at_most_is_more_than_the_server_counts(
    start: Start, run: Run, planned: Callable[[CaptioningParameters], Plan]
) -> None:
    server = start()
    asked = block(server, prompts=["describe", "steps"])
    run(asked)
    most = {question.clip.sha256: question.tokens for question in planned(asked).questions}
    assert all(one.input <= most[one.video] for one in server.counted)


@given(st.lists(st.tuples(st.floats(0.01, 1.0), st.floats(0.0, 1.0)), max_size=30), st.floats(0.1, 5.0))
def test_spent_and_set_aside_stay_within_the_limit(requests: list[tuple[float, float]], limit: float) -> None:
    budget = Budget(limit, 0.0)
    open_ones = []
    for most, share in requests:
        if budget.reserve_now(most):
            open_ones.append((most, most * share))
        if len(open_ones) > 3:
            budget.settle(*open_ones.pop(0))
        assert budget.spent + budget.aside <= limit + 1e-9
    for one in open_ones:
        budget.settle(*one)
    assert budget.aside == pytest.approx(0) and budget.requests == 0
