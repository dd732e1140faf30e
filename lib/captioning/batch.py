"""Gemini's batch mode: questions are handed in as one file, and answers matched by key, never by their order."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from google.genai import types

from lib.base.hashes import text_sha256
from lib.captioning.asking import Desk, OverBudget, checked, keep
from lib.captioning.clients.gemini import Gemini, read, translated
from lib.captioning.failures import PASSING, Failure, Stopped, of_status
from lib.captioning.pace import Pace
from lib.captioning.question import Question, filmed

POLL_S, LONGEST_POLL_S = 1.0, 60.0
ENDED = frozenset({"SUCCEEDED", "PARTIALLY_SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED"})
MOST_LINES, MOST_BYTES = 10_000, 1_500_000_000
"""Of one file, which Gemini takes up to 2 GB of: videos beyond so many bytes are uploaded beside it."""


class Batches:
    """The batches of one captioner.

    Args:
        client: that reaches it.
        desk: what the run shares.
        pace: its pauses.
    """

    def __init__(self, client: Gemini, desk: Desk, pace: Pace) -> None:
        self.client, self.desk, self.pace = client, desk, pace

    def resume(self, name: str, questions: Mapping[str, Question]) -> None:
        """Waits for the batches that an earlier run handed in, so that none of their questions is asked twice.

        Args:
            name: of the captioner.
            questions: the block's, by key; answers to others are passed over, and stand as unknown.
        """
        for label, handed_in in self.desk.journal.batches(name):
            for _, most in self.desk.journal.of_batch(label).values():
                self.desk.budget.reopen(most)
            with self._booked(label):
                job = handed_in or self._labelled(label)
                if job is None:
                    self._end(label, name, Failure("unknown", "never handed in", reply="unsent"))
                else:
                    self._collect(label, name, job, questions)

    def ask_all(self, name: str, questions: list[Question]) -> None:
        """Hands questions in and waits for their answers.

        Raises:
            OverBudget: not all fitted; the answers to those that did are kept.
            Stopped: the key or the model is refused.
        """
        for begin in range(0, len(questions), MOST_LINES):
            part = questions[begin : begin + MOST_LINES]
            fitting = [one for one in part if self.desk.budget.reserve_now(one.most)]
            if fitting:
                label = self._begin(name, fitting)
                with self._booked(label):
                    self._hand_in(label, name, fitting)
            if len(fitting) < len(part):
                raise OverBudget

    @contextmanager
    def _booked(self, label: str) -> Iterator[None]:
        """Books at most, whatever happens, those of a batch whose end is not known, so that nobody waits for them."""
        try:
            yield
        finally:
            for _, most in self.desk.journal.of_batch(label).values():
                self.desk.budget.settle(most, most)

    def _begin(self, name: str, questions: list[Question]) -> str:
        journal = self.desk.journal
        label = "captions-" + text_sha256("".join(one.key for one in questions) + str(journal.last_number()))[:16]
        journal.batch(label, name)
        for one in questions:
            journal.begin(one.key, one.captioner, one.prompt.name, one.temperature, one.most, label)
        return label

    def _hand_in(self, label: str, name: str, questions: list[Question]) -> None:
        uploaded: list[str] = []
        there: dict[str, types.Part] = {}
        handed_in, sent = "", False

        def hand_in() -> None:
            nonlocal handed_in, sent
            if sent and (known := self._labelled(label)) is not None:  # it arrived, its reply did not
                handed_in = known
                return
            with translated(), tempfile.TemporaryFile() as stream:
                self._write(stream, questions, uploaded, there)
                stream.seek(0)
                config = types.UploadFileConfig(mime_type="jsonl", display_name=label)
                file = self.client.client.files.upload(file=stream, config=config)
                self.client.uploads.add(str(file.name))
                uploaded.append(str(file.name))
                sent = True
                job = self.client.client.batches.create(
                    model=str(self.client.asked.model), src=str(file.name), config={"display_name": label}
                )
            handed_in = str(job.name)

        try:
            self.pace.run(hand_in)
        except (Failure, Stopped) as error:
            failure = error if isinstance(error, Failure) else Failure("refused", error.detail)
            if sent and failure.reply == "lost":  # perhaps it arrived: the next run looks for its label
                raise
            self._end(label, name, failure.before_asking())
            self._delete(uploaded)
            if isinstance(error, Stopped):
                raise
            return
        self.desk.journal.batch(label, name, handed_in)
        self._collect(label, name, handed_in, {one.key: one for one in questions})
        self._delete(uploaded)

    def _write(
        self, stream: IO[bytes], questions: list[Question], uploaded: list[str], there: dict[str, types.Part]
    ) -> None:
        for one in questions:
            if (part := there.get(one.clip.sha256)) is not None:
                pass
            elif stream.tell() < MOST_BYTES and (content := self._inline(one)) is not None:
                part = types.Part(inline_data=types.Blob(data=content, mime_type=one.clip.mime))
            else:
                file = self.client.upload(one)
                uploaded.append(str(file.name))
                part = there[one.clip.sha256] = self.client.ready(file)
            line = {"key": one.key, "request": request(self.client, one, part)}
            stream.write(json.dumps(line).encode() + b"\n")

    def _inline(self, one: Question) -> bytes | None:
        with filmed(one) as video:
            small = video.stat().st_size <= self.client.asked.inline_mb * 1e6 / 10
            return video.read_bytes() if small else None

    def _collect(self, label: str, name: str, job_name: str, questions: Mapping[str, Question]) -> None:
        with translated():
            job = self.client.client.batches.get(name=job_name)
        pause = POLL_S
        while _state(job) not in ENDED:
            self.client.sleep(pause)
            pause = min(2 * pause, LONGEST_POLL_S)
            try:
                with translated():
                    job = self.client.client.batches.get(name=job_name)
            except Failure as failure:
                if failure.kind not in PASSING:
                    raise
        answers = str(job.dest.file_name) if job.dest is not None and job.dest.file_name else None
        if answers is not None:
            with translated():
                content = self.client.client.files.download(file=answers)
            self._keep(label, questions, content)
            self.client.uploads.add(answers)
        failed = _state(job) in {"FAILED", "CANCELLED"}
        missing = Failure("server" if failed else "expired", _state(job).lower(), reply="lost")
        self._end(label, name, missing, free=_state(job) == "EXPIRED")
        if answers is not None:
            self.client.delete(answers)

    def _keep(self, label: str, questions: Mapping[str, Question], content: bytes) -> None:
        waiting = self.desk.journal.of_batch(label)
        for key, line in lines(content):
            if key not in waiting or key not in questions:
                continue
            attempt, most = waiting.pop(key)
            question = questions[key]
            try:
                if "error" in line:
                    raise _refused(line["error"])
                reply = types.GenerateContentResponse.model_validate(line.get("response"))
                cost = keep(self.desk, question, attempt, checked(question, read(reply)), most, 0.0)
            except Failure as failure:
                used = failure.usage
                cost = question.cost(used.input or 0, used.cached or 0, used.output or 0)
                self.desk.journal.complete(attempt, failure.kind, failure.detail, used, cost, 0.0)
            except ValueError:
                cost = most
                self.desk.journal.complete(
                    attempt, "unreadable", "batch line", Failure("unreadable").usage, most, 0.0, reply="lost"
                )
            self.desk.budget.settle(most, cost)
            self.desk.done()

    def _end(self, label: str, name: str, failure: Failure, *, free: bool = False) -> None:
        """Names what is still open in a batch, and closes it; what was perhaps answered counts at most, unless free."""
        for attempt, most in self.desk.journal.of_batch(label).values():
            cost = most if failure.reply == "lost" and not free else 0.0
            self.desk.journal.complete(
                attempt, failure.kind, failure.detail, failure.usage, cost, 0.0, reply=failure.reply
            )
            self.desk.budget.settle(most, cost)
            self.desk.done()
        self.desk.journal.batch(label, name, done=True)

    def _labelled(self, label: str) -> str | None:
        """The server's name for a batch that was handed in, where the run ended before it was written down."""
        with translated():
            jobs = self.client.client.batches.list()
            return next((str(job.name) for job in jobs if job.display_name == label), None)

    def _delete(self, names: list[str]) -> None:
        for name in names:
            self.client.delete(name)


def request(client: Gemini, question: Question, part: types.Part) -> dict[str, Any]:
    """A question as a line of the file has it, in the words of Gemini's REST protocol."""
    settings = client.settings(question)
    content = client.content(question, part).model_dump(mode="json", by_alias=True, exclude_none=True)
    form: dict[str, Any] = {"maxOutputTokens": settings.max_output_tokens}
    if settings.temperature is not None:
        form["temperature"] = settings.temperature
    if settings.thinking_config is not None:
        form["thinkingConfig"] = {"thinkingBudget": settings.thinking_config.thinking_budget}
    if question.prompt.schema is not None:
        form |= {"responseMimeType": settings.response_mime_type, "responseJsonSchema": question.prompt.schema}
    return {"contents": [content], "generationConfig": form}


def lines(content: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    r"""Key and content of every line that can be read.

    Example:
        >>> list(lines(b'{"key": "a", "response": {}}\nbroken\n{"response": {}}'))
        [('a', {'key': 'a', 'response': {}})]
    """
    for line in content.splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if isinstance(told, dict) and isinstance(told.get("key"), str):
            yield told["key"], told


def _refused(error: Any) -> Failure:
    code = error.get("code") if isinstance(error, dict) else None
    try:
        return of_status(code if isinstance(code, int) else 500)
    except Stopped as stopped:
        return Failure("refused", stopped.detail)


def _state(job: types.BatchJob) -> str:
    return job.state.name.removeprefix("JOB_STATE_") if job.state is not None else ""
