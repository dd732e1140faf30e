"""Asking: every question of one captioner, several at a time, within the budget and into the journal."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from lib.captioning.answers import Answers, Kept
from lib.captioning.budget import Budget
from lib.captioning.clients import Client
from lib.captioning.failures import Answer, Failure, Stopped, Unreachable, Usage
from lib.captioning.journal import Journal, finish
from lib.captioning.pace import Pace
from lib.captioning.question import Question


class OverBudget(Exception):
    """The next request does not fit into the budget."""


@dataclass
class Desk:
    """What the askers of a run share.

    Attributes:
        journal: of the corpus.
        answers: of the corpus.
        budget: of the block.
        done: called after every question that is dealt with.
    """

    journal: Journal
    answers: Answers
    budget: Budget
    done: Callable[[], None]


class Asker:
    """Asks one captioner.

    Args:
        client: that reaches it.
        desk: what the run shares.
        pace: its pauses.
    """

    def __init__(self, client: Client, desk: Desk, pace: Pace) -> None:
        self.client, self.desk, self.pace = client, desk, pace
        self.dearest = 0.0
        self.over: BaseException | None = None
        self.turn = threading.Lock()
        self.left: Counter[str] = Counter()

    def ask_all(self, questions: Sequence[Question], concurrency: int) -> None:
        """Asks every question; failures of single ones stay in the journal.

        Args:
            questions: in their order; those about one clip stand together, so that its video is held briefly.
            concurrency: how many at a time.

        Raises:
            Stopped: nothing more can be had of this captioner in this run.
            OverBudget: the next question does not fit.
        """
        waiting = iter(questions)
        self.left.update(question.clip.sha256 for question in questions)
        at_once = min(concurrency, self.client.parallel or concurrency)
        with ThreadPoolExecutor(at_once, thread_name_prefix="captioner") as pool:
            workers = [pool.submit(self._work, waiting) for _ in range(at_once)]
            try:
                for worker in workers:
                    worker.result()
            except BaseException as error:
                self._end(error)
                raise
        if self.over is not None:
            raise self.over

    def _work(self, waiting: Iterator[Question]) -> None:
        while self.over is None:
            with self.turn:
                question = next(waiting, None)
            if question is None:
                return
            try:
                self.pace.run(lambda asked=question: self._once(asked))  # type: ignore[misc]
            except Failure as failure:
                if isinstance(failure, Unreachable):
                    self._end(Stopped(f"the server cannot be reached ({failure.detail})"))
            except BaseException as error:
                self._end(error)
                return
            self._dealt_with(question)

    def _dealt_with(self, question: Question) -> None:
        clip = question.clip
        with self.turn:
            self.left[clip.sha256] -= 1
            last = not self.left[clip.sha256]
        if last:
            self.client.release(clip)
        self.desk.done()

    def _end(self, why: BaseException) -> None:
        with self.turn:
            self.over = self.over or why
        self.pace.ended.set()

    def _once(self, question: Question) -> None:
        if self.over is not None:
            raise self.over
        most = max(question.most, self.dearest)
        if not self.desk.budget.reserve(most):
            raise OverBudget
        cost = most
        try:
            attempt = self._begin(question, most)
            began = time.monotonic()
            try:
                answer = checked(question, self.client.ask(question))
            except Failure as failure:
                cost = _cost(question, failure, most)
                self._failed(attempt, failure, cost, time.monotonic() - began)
                raise
            except Stopped as error:
                cost = 0.0
                self._failed(attempt, Failure("refused", error.detail), cost, time.monotonic() - began)
                raise
            cost = keep(self.desk, question, attempt, answer, most, time.monotonic() - began)
        finally:
            self.dearest = max(self.dearest, cost)
            self.desk.budget.settle(most, cost)

    def _begin(self, question: Question, most: float) -> int:
        name = question.prompt.name
        return self.desk.journal.begin(question.key, question.captioner, name, question.temperature, most)

    def _failed(self, attempt: int, failure: Failure, cost: float, seconds: float) -> None:
        self.desk.journal.complete(
            attempt, failure.kind, failure.detail, failure.usage, cost, seconds, reply=failure.reply
        )


def checked(question: Question, answer: Answer) -> Answer:
    """The answer, if a caption can be taken from it.

    Raises:
        Failure: it is not what the prompt's schema asks for, or its caption is empty.
    """
    try:
        caption = question.prompt.caption(answer.text)
        (answer.text + caption).encode()  # no file holds half of a letter
    except ValueError as error:
        raise Failure("unreadable", str(error), usage=answer.usage) from None
    if not caption:
        raise Failure("empty", answer.finish, usage=answer.usage)
    return answer


def keep(desk: Desk, question: Question, attempt: int, answer: Answer, most: float, seconds: float) -> float:
    """Keeps an answer.

    Returns:
        What it cost in US dollars; at most, where the server counted nothing.
    """
    used = answer.usage
    cost = most if used.input is None else question.cost(used.input, used.cached or 0, used.output or 0)
    kept = Kept(
        key=question.key,
        attempt=attempt,
        clip_id=question.clip.clip_id,
        text=answer.text,
        finish=answer.finish,
        input=used.input,
        cached=used.cached,
        output=used.output,
        dollars=cost,
        seconds=seconds,
    )
    finish(desk.journal, desk.answers, kept)
    return cost


def _cost(question: Question, failure: Failure, most: float) -> float:
    if failure.reply == "lost":
        return most
    used: Usage = failure.usage
    return question.cost(used.input or 0, used.cached or 0, used.output or 0)
