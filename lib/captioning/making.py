"""`make captions`: one block of a parameter file, from the sample to the files beside the corpus."""

import socket
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import pandas as pd
from tqdm import tqdm

from lib.base.errors import ParamsError, RunError
from lib.captioning import result
from lib.captioning.answers import Answers
from lib.captioning.asking import Asker, Desk, OverBudget
from lib.captioning.budget import Budget
from lib.captioning.clients import Client, client
from lib.captioning.computed import ROWS, Computed, computes_here, take_down
from lib.captioning.failures import Failure, Stopped
from lib.captioning.journal import Journal
from lib.captioning.ledger import ledger
from lib.captioning.pace import Pace
from lib.captioning.parameters import Captioner, CaptioningParameters
from lib.captioning.plan import BLOCK, Plan, key_of
from lib.captioning.question import Question

if TYPE_CHECKING:
    from lib.captioning.batch import Batches

REACHED_S = 5.0


@dataclass
class Made:
    """What came of a run.

    Attributes:
        captions: of the block, those of earlier runs included.
        failures: every question without one, with its reason.
        ledger: of the corpus.
        stopped: why a captioner was left, by name.
        over_budget: whether the budget ended the run.
        unknown: requests that an earlier run left without an end.
    """

    captions: pd.DataFrame
    failures: pd.DataFrame
    ledger: pd.DataFrame
    stopped: dict[str, str] = field(default_factory=dict)
    over_budget: bool = False
    unknown: int = 0


def make(
    asked: CaptioningParameters,
    plan: Plan,
    folder: Path,
    *,
    retry: Collection[str] = (),
    progress: bool = True,
    journal: Journal | None = None,
    rows: int = ROWS,
) -> Made:
    """Asks what is not answered yet and writes what there is.

    Args:
        asked: the block.
        plan: its questions.
        folder: of captions and answers.
        retry: classes of failure to ask again.
        progress: whether to show a bar.
        journal: the folder's own by default.
        rows: questions of a partition, of captioners that compute here.

    Raises:
        ParamsError: a key that is not set, a server that cannot be reached, a budget too small for one request.
        CorpusError: journal or answers are damaged.
    """
    keys = {name: key_of(name, one) for name, one in asked.captioners.items()}
    journal = journal or Journal(folder)
    answers = Answers(folder)
    made = Made(pd.DataFrame(), pd.DataFrame(), pd.DataFrame())
    try:
        take_down(journal, answers)
        made.unknown = journal.recover(answers)
        budget = Budget(asked.budget, journal.spent())
        pending = plan.pending(answers.keys(), journal.last(), retry)
        begun = {name for name, one in asked.captioners.items() if one.batch and journal.batches(name)}
        for name in {*pending, *begun}:
            reach(name, asked.captioners[name])
        _refuse_small(budget, [questions[0] for questions in pending.values()])
        try:
            with _bar(sum(map(len, pending.values())), budget, shown=progress) as done:
                desk = Desk(journal, answers, budget, done)
                for name in [name for name in asked.captioners if name in pending or name in begun]:
                    one = asked.captioners[name]
                    try:
                        if computes_here(one):
                            often = asked.attempts, asked.backoff_s
                            Computed(name, one, desk, often, rows=rows).ask_all(pending[name])
                            continue
                        pace = Pace(asked.attempts, asked.backoff_s, asked.longest_wait_s)
                        with opened(name, one, keys[name], journal) as reached:
                            if name in begun:
                                _resume(reached, name, plan, desk, pace)
                            reached.tidy()
                            again = plan.pending(answers.keys(), journal.last(), retry)
                            _ask(reached, name, again.get(name, []), desk, pace, asked.concurrency)
                    except (Failure, Stopped, RunError) as error:
                        made.stopped[name] = str(error)
                    except OverBudget:
                        made.over_budget = True
        finally:
            made.captions = result.write(folder, plan, journal, answers, asked.captioners)
            made.failures = plan.failures(answers.keys(), journal.last())
            made.ledger = ledger(journal)
    finally:
        journal.close()
        answers.close()
    return made


def _ask(reached: Client, name: str, questions: list[Question], desk: Desk, pace: Pace, concurrency: int) -> None:
    if not (questions and questions[0].asked.batch):
        Asker(reached, desk, pace).ask_all(questions, concurrency)
        return
    _batches(reached, desk, pace).ask_all(name, questions)


def _resume(reached: Client, name: str, plan: Plan, desk: Desk, pace: Pace) -> None:
    _batches(reached, desk, pace).resume(name, {one.key: one for one in plan.questions if one.captioner == name})


def _batches(reached: Client, desk: Desk, pace: Pace) -> "Batches":
    from lib.captioning.batch import Batches
    from lib.captioning.clients.gemini import Gemini

    assert isinstance(reached, Gemini)
    return Batches(reached, desk, pace)


@contextmanager
def opened(name: str, asked: Captioner, key: str, journal: Journal) -> Iterator[Client]:
    """The client of a captioner, closed afterwards."""
    reached = client(name, asked, key, journal.uploads(name))
    try:
        yield reached
    finally:
        reached.close()


def reach(name: str, asked: Captioner) -> None:
    """Looks whether a captioner's server listens, where no proxy stands before it.

    Raises:
        ParamsError: it does not.
    """
    if asked.base_url is None or (asked.remote and getproxies()):
        return
    parts = urlsplit(asked.base_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((str(parts.hostname), port), timeout=REACHED_S).close()
    except OSError as error:
        what = f"the server {asked.server} cannot be reached ({error.strerror or error})"
        raise ParamsError(what, where=f"{BLOCK}.{name}.base_url", fix="start it, or correct the address") from None


def _refuse_small(budget: Budget, firsts: list[Question]) -> None:
    for first in firsts:
        if budget.limit is not None and not budget.spent and first.most > budget.limit:
            what = f"${budget.limit:g} is too small for one request to {first.captioner}, of up to ${first.most:.4f}"
            raise ParamsError(what, where="captioning.budget", fix="raise it, or lower max_tokens or fps")


@contextmanager
def _bar(total: int, budget: Budget, *, shown: bool) -> Iterator["_Done"]:
    with tqdm(total=total, desc="captions", unit="", file=sys.stderr, disable=None if shown else True) as bar:
        yield _Done(bar, budget)


@dataclass
class _Done:
    bar: Any
    budget: Budget
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> None:
        with self.lock:
            self.bar.set_postfix_str(f"${self.budget.spent:.4f}", refresh=False)
            self.bar.update()
