"""What a worker of the engine does for a captioner that computes here: asks a partition's questions, one by one.

The journal and the answers stay with the process that hands partitions out, see `lib.captioning.computed`.
"""

import atexit
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from lib.base.errors import UserError
from lib.captioning.asking import checked
from lib.captioning.clients import Client, local_client
from lib.captioning.failures import Answer, Failure, Stopped, Usage
from lib.captioning.journal import ANSWERED
from lib.captioning.parameters import Captioner
from lib.captioning.prompts import Prompt
from lib.captioning.question import Clip, Question

UNASKED = "unasked"
"""The outcome of questions that were not asked any more, since nothing more can be had of the captioner."""
_TEXTS = ("key", "clip_id", "outcome", "text", "detail", "reply", "stopped")
_COUNTS = ("input", "cached", "output")


def question_table(questions: Sequence[Question]) -> pd.DataFrame:
    """Questions to one captioner as rows for its workers.

    Args:
        questions: with keys that differ.

    Returns:
        key, and what `questions_of` makes questions of again.
    """
    spans = [one.clip.span or (None, None) for one in questions]
    texts = {
        "key": [one.key for one in questions],
        "clip_id": [one.clip.clip_id for one in questions],
        "video": [str(one.clip.video) for one in questions],
        "sha256": [one.clip.sha256 for one in questions],
        "prompt": [one.prompt.name for one in questions],
    }
    numbers = {
        "seconds": [one.clip.seconds for one in questions],
        "begin_s": [begin for begin, _ in spans],
        "end_s": [end for _, end in spans],
        "temperature": [one.temperature for one in questions],
    }
    table = pd.DataFrame(texts | numbers)
    return table.astype({**dict.fromkeys(texts, "str"), **dict.fromkeys(numbers, "Float64")})


def questions_of(rows: pd.DataFrame, name: str, asked: Captioner, prompts: Mapping[str, Prompt]) -> Iterator[Question]:
    """The questions of `question_table`.

    Example:
        >>> asked = Captioner(client="command", command=["valor"], prompts=["p"])
        >>> clip = Clip("c", Path("c.mp4"), 2.5, "abc", (1.0, 3.5))
        >>> told = [Question("mine", asked, Prompt("p", "Say."), heat, clip) for heat in (None, 0.5)]
        >>> [*questions_of(question_table(told), "mine", asked, {"p": Prompt("p", "Say.")})] == told
        True
    """
    for row in rows.to_dict("records"):
        begin, heat = row["begin_s"], row["temperature"]
        span = None if pd.isna(begin) else (float(begin), float(row["end_s"]))
        clip = Clip(row["clip_id"], Path(row["video"]), float(row["seconds"]), row["sha256"], span)
        yield Question(name, asked, prompts[row["prompt"]], None if pd.isna(heat) else float(heat), clip)


def ask_rows(rows: pd.DataFrame, *, name: str, asked: Captioner, prompts: Mapping[str, Prompt]) -> pd.DataFrame:
    """Asks a partition's questions, each once.

    Args:
        rows: of `question_table`.
        name: of the captioner.
        asked: the captioner, one of `lib.captioning.parameters.ALONE`.
        prompts: by name.

    Returns:
        A row a question, in order: key, clip_id, outcome (`ANSWERED`, a class of failure, or `UNASKED`), text, detail
        (why the model stopped, or a few words on the failure), reply, tokens, seconds, and ``stopped``, why nothing
        more can be had of the captioner.
    """
    told: list[dict[str, Any]] = []
    stopped = ""
    for question in questions_of(rows, name, asked, prompts):
        row: dict[str, Any] = {
            "key": question.key,
            "clip_id": question.clip.clip_id,
            "outcome": UNASKED,
            "seconds": 0.0,
        }
        if not stopped:
            began = time.monotonic()
            try:
                reached = _client(asked)
                began = time.monotonic()
                row |= _answered(checked(question, reached.ask(question)))
            except Failure as failure:
                row |= _failed(failure)
            except Stopped as error:
                stopped = str(error)
                row |= _failed(Failure("refused", error.detail))
            except UserError as error:  # the captioner cannot be opened
                stopped = str(error)
            row["seconds"] = time.monotonic() - began
        told.append({"seconds": 0.0, **row, "stopped": stopped})
    table = pd.DataFrame(told, columns=[*_TEXTS, *_COUNTS, "seconds"])
    return table.astype({**dict.fromkeys(_TEXTS, "str"), **dict.fromkeys(_COUNTS, "Int64"), "seconds": "float64"})


def _answered(answer: Answer) -> dict[str, Any]:
    told = {"outcome": ANSWERED, "text": answer.text, "detail": answer.finish, "reply": "arrived"}
    return told | _counts(answer.usage)


def _failed(failure: Failure) -> dict[str, Any]:
    told = {"outcome": failure.kind, "detail": failure.detail, "reply": failure.reply}
    return told | _counts(failure.usage)


def _counts(usage: Usage) -> dict[str, Any]:
    return {"input": usage.input, "cached": usage.cached, "output": usage.output}


_open: dict[str, Client] = {}


def _client(asked: Captioner) -> Client:
    """The captioner, opened once a process and kept, since a model takes long to load; another one's is closed."""
    described = asked.model_dump_json()
    if described not in _open:
        close()
        _open[described] = local_client(asked)
    return _open[described]


def close() -> None:
    """Lets go of the captioner that this process has open, if it has any."""
    while _open:
        _open.popitem()[1].close()


atexit.register(close)
