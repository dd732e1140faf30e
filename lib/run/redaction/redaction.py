"""The one rule of what a profile's results may show; everything that writes one asks it."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol, TypeVar

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.text import Text

from lib.base.withheld import COMMON, WITHHELD
from lib.corpus import Corpus
from lib.run.redaction.phrases import WORD
from lib.run.redaction.secrets import Secrets, of

IDS = {"id", "ids", "respondent"}
TEXTS = {"caption", "captions", "source", "text"}
"""Last words of the names of columns that hold raw ids, or raw texts where they hold no numbers."""

ARTICLES = {"A", "a", "I"}
"""Names that are words: before another word they are taken for these."""


class Shown(Protocol):
    """Anything that says whether a private profile may show it."""

    @property
    def public(self) -> bool:
        """Whether it comes from a public corpus."""
        ...


Item = TypeVar("Item", bound=Shown)
OneCorpus = TypeVar("OneCorpus", bound="Corpus | None")


class Redaction:
    """What may be shown of the corpora of a profile.

    Two rules at once, so that either may fail: columns whose names say that they hold raw texts or ids are withheld
    whatever is in them, and whatever a private corpus holds is taken out of every text wherever it stands.

    Args:
        private: keys of the corpora to be kept; none where nothing is to be withheld.
        corpora: the corpora read so far, by key; texts of a corpus that was not read stay.
        named: captioners of private corpora that may be named.

    Example:
        >>> Redaction([], dict).text("a person walks"), Redaction(["dm"], dict).frame(pd.DataFrame({"clip_id": ["7"]}))
        ('a person walks',       clip_id
        0  [withheld])
    """

    def __init__(
        self, private: Collection[str], corpora: Callable[[], Mapping[str, Corpus]], named: Collection[str] = ()
    ) -> None:
        self.private = frozenset(private)
        self._corpora, self._named = corpora, named
        self._cleared_texts: dict[str, str] = {}
        self.withheld: Counter[str] = Counter()

    @property
    def on(self) -> bool:
        """Whether anything is withheld at all."""
        return bool(self.private)

    @cached_property
    def _secrets_by_number(self) -> dict[int, Secrets]:
        return {}

    @property
    def secrets(self) -> Secrets:
        """What the private corpora read so far hold."""
        corpora = self._corpora()
        if len(corpora) not in self._secrets_by_number:
            sides: dict[bool, list[Corpus]] = {True: [], False: []}
            for key, corpus in corpora.items():
                sides[key in self.private].append(corpus)
            self._secrets_by_number[len(corpora)] = of(sides[True], sides[False], named=self._named)
            self._cleared_texts.clear()
        return self._secrets_by_number[len(corpora)]

    def text(self, text: str) -> str:
        """A text without captions, ids, names or rare words of a private corpus."""
        if not self.on:
            return text
        secrets = self.secrets
        if text not in self._cleared_texts:
            self._cleared_texts[text] = self._cleared(text, secrets)
        self.withheld["texts"] += self._cleared_texts[text] != text
        return self._cleared_texts[text]

    def value(self, value: Any) -> Any:
        """The same of a value for prose: of a text, of every text in an object or a list, of nothing else."""
        if isinstance(value, Mapping):
            return {key: self.value(part) for key, part in value.items()}
        if isinstance(value, list):
            return [self.value(part) for part in value]
        return self.text(value) if isinstance(value, str) else value

    def frame(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A table whose raw columns are withheld, without verbs that hardly occur, with every other text cleared."""
        if not self.on:
            return frame
        if {"verb", "count"} <= {*frame.columns}:
            kept = frame["count"] >= COMMON
            self.withheld["rows of rare verbs"] += int((~kept).sum())
            frame = frame[kept]
        raw = [c for c in frame.columns if _is_raw(str(c), frame[c])]
        self.withheld["cells"] += len(raw) * len(frame)
        frame = frame.assign(**dict.fromkeys(raw, WITHHELD))
        for column in frame.columns.difference(raw):
            if frame[column].dtype == object or not pd.api.types.is_numeric_dtype(frame[column]):
                frame[column] = frame[column].map(self.value)
        return frame.rename(columns={c: self.text(c) for c in frame.columns if isinstance(c, str) and c not in raw})

    def figure(self, figure: Figure) -> None:
        """Clears every text that a figure draws, in place."""
        if not self.on:
            return
        figure.draw_without_rendering()
        for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
            labels = [label.get_text() for label in axis.get_ticklabels()]
            cleared = [self.text(label) for label in labels]
            if cleared != labels:
                axis.set_ticks(axis.get_majorticklocs(), cleared)
        for artist in figure.findobj(Text):
            assert isinstance(artist, Text)
            if artist.get_text():
                artist.set_text(self.text(artist.get_text()))

    @property
    def least(self) -> int:
        """Times a word must occur to be named."""
        return COMMON if self.on else 1

    def drawable(self, corpus: OneCorpus) -> OneCorpus | None:
        """The corpus if its motions may be drawn, else None."""
        private = {one.name for key, one in self._corpora().items() if key in self.private}
        hidden = corpus is not None and corpus.name in private
        self.withheld["figures of motions"] += hidden
        return None if hidden else corpus

    def drawable_rows(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows, with the key of a corpus in ``key``, whose motions may be drawn."""
        kept = ~rows["key"].isin(self.private)
        self.withheld["figures of motions"] += int((~kept).sum())
        return rows[kept]

    def motions(self, motions: Sequence[Item]) -> list[Item]:
        """The motions that may be played: all, or under redaction those marked public."""
        kept = [motion for motion in motions if motion.public or not self.on]
        self.withheld["motions"] += len(motions) - len(kept)
        return kept

    def account(self) -> dict[str, dict[str, Any]]:
        """How much was withheld: ``private``, what each corpus holds; ``outputs``, what was left out or cleared."""
        held: dict[str, dict[str, int]] = {}
        for (name, what), n in self.secrets.counts.items():
            held.setdefault(name, {})[what] = n
        return {"private": held, "outputs": {what: n for what, n in self.withheld.items() if n}}

    def _cleared(self, text: str, secrets: Secrets) -> str:
        text = secrets.phrases.hidden(text, WITHHELD)
        for name, alias in secrets.aliases.items():
            if name in text:
                text = _renamed(text, name, alias)
        return WORD.sub(lambda word: WITHHELD if word[0].casefold() in secrets.rare else word[0], text)


def _renamed(text: str, name: str, alias: str) -> str:
    """A text with a name replaced where it stands by itself; not where a short one is an article, a formula or a mark.

    Names that short are numbers from the reading of the corpus on, see :mod:`lib.run.redaction.captioners`.
    """
    if name == text:
        return alias
    prose = "" if len(name) > 2 else r"(?![@-]| ?[=<>≤≥])" + r"(?! [a-z])" * (name in ARTICLES)
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\w){prose}", alias, text)


def _is_raw(name: str, values: "pd.Series[Any]") -> bool:
    last = name.split("_")[-1]
    return last in IDS or (last in TEXTS and not pd.api.types.is_numeric_dtype(values))
