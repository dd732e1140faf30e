"""Captioners that compute here, a model in a process or a program: their questions go by partitions through the engine.

So two of them share the work on one machine, and a cluster's machines share it by one parameter. The journal stays the
one record and this process its one writer: an attempt is written when its partition is handed out, and completed when
its result is there, with the answer kept first, as `lib.captioning.asking` does. A result that a killed run left is
taken down by the next one before anything is asked.

Only what costs nothing goes this way. A captioner with a price, and every server, is asked from this process alone: a
budget that holds needs what each request costs at most set aside before it leaves, the pauses that a server asks for
are held by all who ask it, uploaded videos are shared by the questions about them, and the engine begins a partition
again by itself whose worker died, which would pay for it twice. Servers gain nothing from more processes either: a
request waits for the server, and threads wait well. Where every machine of a cluster has a server of its own, put one
address before them, as the routers of vLLM and SGLang are.
"""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from lib.base import atomic
from lib.base.errors import RunError
from lib.captioning.answers import Answers, Kept
from lib.captioning.asked_here import UNASKED, ask_rows, close, question_table
from lib.captioning.asking import Desk
from lib.captioning.failures import PASSING, Stopped, Usage
from lib.captioning.journal import ANSWERED, UNKNOWN, Journal, finish
from lib.captioning.pace import HIGHEST_S
from lib.captioning.parameters import ALONE, Captioner
from lib.captioning.question import Question
from lib.engine.keys import Keyed
from lib.engine.mapping import partition_files
from lib.engine.parameters import chosen_engine
from lib.engine.partitions import Partition
from lib.engine.results import is_kept, read

ROWS = 1
"""Questions of a partition: one is seconds of work, so that a death costs one."""


def computes_here(asked: Captioner) -> bool:
    """Whether a captioner is asked through the engine: it computes on the machine that asks it, and costs nothing."""
    return asked.client in ALONE and asked.price is None


def take_down(journal: Journal, answers: Answers) -> None:
    """Takes down the results that a run left which was killed between a partition's end and its entry.

    Args:
        journal: whose attempts were left open.
        answers: where answers go.
    """
    for file in sorted(journal.partitions.glob("*/*.parquet")):
        if is_kept(file):
            _enter(read([file]), journal.open_attempts(), journal, answers)
        atomic.remove(file)
    atomic.remove(journal.partitions)


class Computed:
    """Asks one captioner that computes here.

    Args:
        name: of the captioner.
        asked: the captioner.
        desk: what the run shares.
        often: how many times a question is asked at most that fails in a way that passes, and the pause in seconds
            before it is asked again, doubled each time.
        rows: questions of a partition.
    """

    def __init__(self, name: str, asked: Captioner, desk: Desk, often: tuple[int, float], *, rows: int = ROWS) -> None:
        self.name, self.asked, self.desk, self.rows = name, asked, desk, rows
        self.attempts, self.backoff_s = often
        self.begun: dict[str, int] = {}
        self.stopped = ""

    def ask_all(self, questions: Sequence[Question]) -> None:
        """Asks every question; failures of single ones stay in the journal.

        Raises:
            Stopped: nothing more can be had of this captioner in this run.
            RunError: partitions whose workers died each time; their questions stand as unknown.
        """
        try:
            for number in range(self.attempts):
                if number:
                    time.sleep(min(self.backoff_s * 2 ** (number - 1), HIGHEST_S))
                passing = self._once(questions, last=number == self.attempts - 1)
                questions = [one for one in questions if one.key in passing]
                if not questions:
                    return
        finally:
            close()

    def _once(self, questions: Sequence[Question], *, last: bool) -> set[str]:
        """Asks each question once; the keys of those that may get over their failure."""
        by_key = {one.key: one for one in questions}
        prompts = {one.prompt.name: one.prompt for one in questions}
        passing: set[str] = set()

        def handed_out(one: Partition) -> bool:
            if not self.stopped:
                self.begun |= {key: self._begin(by_key[key]) for key in one.rows["key"]}
            return not self.stopped

        def ended(_: Partition, file: Path) -> None:
            rows = read([file])
            _enter(rows, self.begun, self.desk.journal, self.desk.answers)
            atomic.remove(file)
            again = {*rows.loc[rows["outcome"].isin(PASSING), "key"]} if not last else set()
            passing.update(again)
            self.stopped = self.stopped or next(filter(None, rows["stopped"]), "")
            for key in rows["key"]:
                self.begun.pop(key, None)
                if key not in again:
                    self.desk.done()

        try:
            partition_files(
                ask_rows,
                question_table(questions),
                step=self.name,
                folder=self.desk.journal.partitions,
                arguments={
                    "name": self.name,
                    "asked": Keyed(self.asked, ""),
                    "prompts": Keyed(prompts, ""),
                },
                code="questions have keys of their own",
                rows=self.rows,
                workers=self._workers(),
                on_device=True,
                handed_out=handed_out,
                ended=ended,
            )
        except RunError:
            for attempt in self.begun.values():
                self.desk.journal.complete(attempt, UNKNOWN, "its worker failed", Usage(), 0.0, 0.0, reply="lost")
                self.desk.done()
            self.begun = {}
            raise
        if self.stopped:
            raise Stopped(self.stopped)
        return passing

    def _workers(self) -> int | None:
        """Of a program as many run as `engine` has workers, else one: nobody knows what it takes of the machine."""
        return None if self.asked.client == "transformers" else chosen_engine().workers or 1

    def _begin(self, question: Question) -> int:
        name = question.prompt.name
        return self.desk.journal.begin(question.key, question.captioner, name, question.temperature, 0.0)


def _enter(rows: pd.DataFrame, attempts: Mapping[str, int], journal: Journal, answers: Answers) -> None:
    """Completes the attempts of a result's questions; each answer is kept first."""
    for row in rows.to_dict("records"):
        attempt = attempts.get(row["key"])
        if attempt is None:
            continue
        usage = Usage(*(None if pd.isna(row[name]) else int(row[name]) for name in ("input", "cached", "output")))
        if row["outcome"] == ANSWERED:
            told = row["key"], attempt, row["clip_id"], row["text"], row["detail"]
            finish(journal, answers, Kept(*told, usage.input, usage.cached, usage.output, 0.0, row["seconds"]))
        elif row["outcome"] == UNASKED:
            journal.withdraw(attempt)
        else:
            outcome, detail, seconds = row["outcome"], row["detail"], row["seconds"]
            journal.complete(attempt, outcome, detail, usage, 0.0, seconds, reply=row["reply"])
