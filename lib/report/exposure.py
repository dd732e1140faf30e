"""What of private corpora a finished site holds, whatever redaction meant to keep out of it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lib.corpus import Corpus
from lib.paths import ROOT
from lib.redaction import Phrases, normal
from lib.redaction.phrases import LONG, telling
from lib.report.readings import is_text, readings

Kind = tuple[str, str]
Held = dict[Kind, set[str]]
WITHOUT = "texts of rows without consent"
INDEX = ("theme/search_index.js", "search.json")
"""The search indexes of the preview and of Quarto, which repeat what all pages say."""
_PART = re.compile(r"[\n\r\t<>\",;|{}\[\]]")
"""What parts cells, attributes and strings from one another."""


@dataclass
class Exposed:
    """What one corpus gives away.

    Attributes:
        corpus: its name.
        kind: ``captions``, ``ids`` or ``WITHOUT``, of rows that must never be shown.
        pages: how many of them each file holds.
        texts: which.
    """

    corpus: str
    kind: str
    pages: dict[str, int] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    def said(self) -> str:
        """One line: how many, where, and the first of them, except of rows without consent."""
        files = ", ".join(f"{page} ({n:,})" for page, n in list(self.pages.items())[:6])
        more = f" and {len(self.pages) - 6:,} more" if len(self.pages) > 6 else ""
        first = "" if self.refused else f"; first: {sorted(self.texts)[0][:80]!r}"
        return f"{self.corpus}: {len(self.texts):,} {self.kind} in {files}{more}{first}"

    @property
    def refused(self) -> bool:
        """Whether it may not be published at all."""
        return self.kind == WITHOUT


def secrets(private: Iterable[Corpus], public: Iterable[Corpus]) -> Held:
    """Captions and ids of private corpora that no public one has; of either, what can be recognised.

    A single word is no caption that one could recognise, and a short number no id.
    """
    said = {normal(text) for one in public for text in captions(one)}
    found: Held = {}
    for one in private:
        texts = {text for text in captions(one) if " " in (plain := normal(text)) and plain not in said}
        ids = {str(value) for name in ("clip_id", "source") for value in one.clips[name].dropna()}
        ids |= {str(value) for value in one.captions["caption_id"]}
        found |= {(one.name, "captions"): texts, (one.name, "ids"): {*filter(telling, ids)}}
    return found


def exposed(site: Path, held: Held) -> list[Exposed]:
    """Looks for texts in every reading of every file.

    A sentence that a page of the report says by itself, as the tutorial does in its examples, gives no corpus away on
    that page and in the search index; anywhere else it does.

    Args:
        site: a finished site.
        held: texts by corpus and kind, as :func:`secrets` gives them.

    Returns:
        What was found, one entry a corpus and kind.
    """
    names: dict[str, list[Kind]] = defaultdict(list)
    for kind, texts in held.items():
        for text in texts:
            names[normal(text)].append(kind)
    phrases, found = Phrases(names), {kind: Exposed(*kind) for kind in held}
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        for kind, texts in _in_file(path.read_bytes(), phrases, names).items():
            if told := {text for text in texts if " " not in text or f" {text} " not in _own_prose(name)}:
                found[kind].pages[name] = len(told)
                found[kind].texts |= told
    return [one for one in found.values() if one.pages]


def _in_file(data: bytes, phrases: Phrases, names: Mapping[str, list[Kind]]) -> dict[Kind, set[str]]:
    found: dict[Kind, set[str]] = defaultdict(set)
    for reading in filter(is_text, readings(data)):
        text = reading.decode("utf-8", "ignore")
        told = [text[start:end] for start, end in phrases.spans(text)]
        told += [part for part in {*_PART.split(text)} if 0 < len(part) <= LONG and phrases.is_one(part)]
        for said in map(normal, told):
            for kind in names[said]:
                found[kind].add(said)
    return found


@cache
def _own_prose(name: str) -> str:
    """What the source of a file of the site says, as words; of the search index, all sources."""
    sources = "*.qmd" if name in INDEX else f"{name.removesuffix('.html')}.qmd"
    pages = sorted((ROOT / "report").glob(sources))
    return f" {normal(' '.join(page.read_text(encoding='utf-8') for page in pages))} "


def captions(one: Corpus) -> list[str]:
    """Every caption of a corpus, those to be compared too."""
    tables = (one.captions, one.candidates)
    return [str(text) for table in tables if table is not None for text in table["text"]]
