"""Everything that a block asks, and what of it is still to be asked."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lib.base.errors import ParamsError
from lib.captioning import prompts
from lib.captioning.failures import AGAIN, FAILURES
from lib.captioning.journal import ANSWERED, OPEN, Entry
from lib.captioning.parameters import Captioner, CaptioningParameters
from lib.captioning.question import Question
from lib.captioning.sample import Sampled

BLOCK = "captioning.captioners"


@dataclass(frozen=True)
class Plan:
    """The questions of a block, captioner by captioner and clip by clip.

    Attributes:
        questions: all of them; two captioners of one model and setting share a key.
        sampled: the clips.
    """

    questions: list[Question]
    sampled: Sampled

    def pending(
        self, answered: Collection[str], last: Mapping[str, Entry], retry: Collection[str]
    ) -> dict[str, list[Question]]:
        """What is asked now, by captioner, each key once.

        Args:
            answered: keys whose answer is kept.
            last: the last attempt of each key.
            retry: classes of failure that are asked again beside those that are so anyhow.
        """
        seen = set(answered)
        waiting: dict[str, list[Question]] = {}
        for question in self.questions:
            entry = last.get(question.key)
            again = entry is None or entry.outcome in {ANSWERED, OPEN, *AGAIN, *retry}
            if question.key not in seen and again:
                seen.add(question.key)
                waiting.setdefault(question.captioner, []).append(question)
        return waiting

    def failures(self, answered: Collection[str], last: Mapping[str, Entry]) -> pd.DataFrame:
        """Every question without an answer: clip_id, captioner, prompt, temperature, failure, detail."""
        rows: list[tuple[str, str, str | None, float | None, str, str]] = []
        for question in self.questions:
            if question.key in answered:
                continue
            entry = last.get(question.key)
            outcome, detail = ("not asked", "") if entry is None else (entry.outcome, entry.detail)
            clip_id, prompt = question.clip.clip_id, question.prompt.name
            rows.append((clip_id, question.captioner, prompt, question.temperature, outcome, detail))
        for name in dict.fromkeys(question.captioner for question in self.questions):
            rows += [(clip, name, None, None, "video", why) for clip, why in self.sampled.unreadable.items()]
        columns = ["clip_id", "captioner", "prompt", "temperature", "failure", "detail"]
        return pd.DataFrame(rows, columns=columns)


def plan(asked: CaptioningParameters, sampled: Sampled, folder: Path = prompts.FOLDER) -> Plan:
    """All questions of a block.

    Args:
        asked: the block.
        sampled: the clips.
        folder: of the prompts.

    Raises:
        ParamsError: a prompt that is missing or cannot be used.
    """
    read = {name: prompts.read(name, folder) for one in asked.captioners.values() for name in one.prompts}
    questions = [
        Question(name, one, read[prompt], temperature, clip)
        for name, one in asked.captioners.items()
        for clip in sampled.clips
        for prompt in one.prompts
        for temperature in (one.temperatures or (None,))
    ]
    return Plan(questions, sampled)


def key_of(name: str, asked: Captioner) -> str:
    """The key of a captioner's server, from the environment; empty where it wants none.

    Raises:
        ParamsError: the variable is not set.
    """
    if asked.key is None:
        return ""
    key = os.environ.get(asked.key, "").strip()
    if not key:
        fix = f"export {asked.key}=… in the shell that runs this"
        raise ParamsError(f"the environment variable {asked.key} is not set", where=f"{BLOCK}.{name}.key", fix=fix)
    return key


def refuse_private(asked: CaptioningParameters, *, private: bool) -> None:
    """Keeps a private corpus on this machine, unless the block says otherwise.

    Raises:
        ParamsError: a captioner of the block lies outside the loopback.
    """
    outside = [name for name, one in asked.captioners.items() if one.remote]
    if private and outside and not asked.send_private:
        server = asked.captioners[outside[0]].server
        what = f"the corpus is private, and {outside[0]} would send its videos to {server}"
        fix = "use a server on 127.0.0.1, or set captioning.send_private: true"
        raise ParamsError(what, where="captioning.corpus", fix=fix)


def classes(retry: Collection[str]) -> frozenset[str]:
    """The classes that a user asks to repeat; `all` for every one.

    Raises:
        ParamsError: an unknown one.

    Example:
        >>> sorted(classes(["blocked"])), len(classes(["all"])) == len(FAILURES)
        (['blocked'], True)
    """
    if "all" in retry:
        return frozenset(FAILURES)
    if unknown := [one for one in retry if one not in FAILURES]:
        raise ParamsError("no class of failure", where=f"--retry {unknown[0]}", fix=f"use all, {', '.join(FAILURES)}")
    return frozenset(retry)
