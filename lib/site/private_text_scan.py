"""A search of a finished site for texts of private corpora, independent of the redaction that should keep them out."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lib.base.paths import NOTEBOOKS, ROOT
from lib.corpus import Corpus
from lib.corpus.captioners import HUMAN
from lib.run.redaction import Phrases, normal
from lib.run.redaction.captioners import captioner_names
from lib.run.redaction.phrases import LONG, RarestWords, telling
from lib.run.redaction.secrets import report_words
from lib.site.decoded_layers import folded, is_text, readings

Kind = tuple[str, str]
Held = dict[Kind, set[str]]
WITHOUT = "texts of rows without consent"
CAPTIONERS = "names of captioners"
INDEX = ("theme/search_index.js", "search.json")
"""The search indexes of the preview and of Quarto, which repeat what all pages say."""
_PART = re.compile(r"[\n\r\t<>\",;|{}\[\]]")
"""What separates cells, attributes and strings from one another."""


@dataclass
class Exposed:
    """The texts of one kind that a site shows of one corpus.

    Attributes:
        corpus: its name.
        kind: ``captions``, ``ids``, ``CAPTIONERS`` or ``WITHOUT``, of rows that must never be shown.
        pages: how many of them each file holds.
        texts: those that were found.
    """

    corpus: str
    kind: str
    pages: dict[str, int] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    def summary(self) -> str:
        """One line: how many, where, and the first of them, except of rows without consent."""
        files = ", ".join(f"{page} ({n:,})" for page, n in list(self.pages.items())[:6])
        more = f" and {len(self.pages) - 6:,} more" if len(self.pages) > 6 else ""
        first = "" if self.refused else f"; first: {sorted(self.texts)[0][:80]!r}"
        line = f"{self.corpus}: {len(self.texts):,} {self.kind} in {files}{more}{first}"
        return " ".join(line.encode("utf-8", "replace").decode().split())

    @property
    def refused(self) -> bool:
        """Whether it may not be published at all."""
        return self.kind == WITHOUT


def secrets(private: Iterable[Corpus], public: Iterable[Corpus], named: Collection[str] = ()) -> Held:
    """Captions, ids and captioners of private corpora that no public one has, as far as they can be recognised.

    A single word is no caption that one could recognise, and a short number no id.

    Args:
        private: corpora to be kept.
        public: the others.
        named: captioners that may be named.
    """
    others = [*public]
    public_texts = {normal(text) for corpus in others for text in captions(corpus)}
    open_names = {*named, *HUMAN}.union(*map(captioner_names, others))
    by_kind: Held = {}
    for corpus in private:
        texts = {text for text in captions(corpus) if " " in (plain := normal(text)) and plain not in public_texts}
        ids = {str(value) for name in ("clip_id", "source") for value in corpus.clips[name].dropna()}
        ids |= {str(value) for value in corpus.captions["caption_id"]}
        kinds = {"captions": texts, "ids": {*filter(telling, ids)}, CAPTIONERS: captioner_names(corpus) - open_names}
        for kind, members in kinds.items():
            by_kind.setdefault((corpus.name, kind), set()).update(members)  # two corpora may have the same name
    return by_kind


def exposed(site: Path, held: Held) -> list[Exposed]:
    """Looks for texts in every reading of every file, and in the names of files and folders.

    A sentence of a page's own source, such as an example of the tutorial, is not counted on that page and in the search
    index; anywhere else it is.

    Args:
        site: a finished site.
        held: texts by corpus and kind, as :func:`secrets` gives them.

    Returns:
        One entry a corpus and kind of which anything was found.
    """
    sought = Sought.of(held)
    clean_layers: dict[int, int] = {}
    exposures = {kind: Exposed(*kind) for kind in held}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        places = {"the name of a file or folder": _in_file(_spelled(path.name), sought)}
        if path.is_file():
            known = {**clean_layers}
            places[name] = _in_file(path.read_bytes(), sought, known)
            if not places[name]:
                clean_layers = known  # a figure of a page stands in its notebook too and is not searched there again
        for place, texts_by_kind in places.items():
            for kind, texts in texts_by_kind.items():
                if private_texts := {text for text in texts if " " not in text or f" {text} " not in _own_prose(place)}:
                    exposures[kind].pages[place] = exposures[kind].pages.get(place, 0) + len(private_texts)
                    exposures[kind].texts |= private_texts
    return [exposure for exposure in exposures.values() if exposure.pages]


@dataclass(frozen=True)
class Sought:
    """What is looked for, in plain letters.

    Attributes:
        phrases: everything but the names of captioners that are ordinary words.
        kinds: of each text.
        ordinary: the kinds of those names, by name.
        named: finds them where a captioner is named: behind that word, in quotes, or alone in the cell of a table.
        rarest: all of them, to pass over most texts at a glance.
    """

    phrases: Phrases
    kinds: Mapping[str, list[Kind]]
    ordinary: Mapping[str, list[Kind]]
    named: re.Pattern[str] | None
    rarest: RarestWords

    @classmethod
    def of(cls, held: Held) -> "Sought":
        """From texts by corpus and kind."""
        kinds: dict[str, list[Kind]] = defaultdict(list)
        ordinary: dict[str, list[Kind]] = defaultdict(list)
        anywhere: set[str] = set()
        for kind, texts in held.items():
            for text in map(folded, texts):
                plain = normal(text)
                if kind[1] == CAPTIONERS and not telling(text):
                    if plain.isdecimal() or not plain:
                        continue
                    if len(plain) < 3 or {*plain.split()} <= _site_words():
                        ordinary[text.strip()].append(kind)
                        continue
                    anywhere.add(plain)
                kinds[plain].append(kind)
        either = "|".join(map(re.escape, sorted(ordinary, key=len, reverse=True)))
        named = re.compile(_NAMED.format(either), re.DOTALL) if ordinary else None
        return cls(Phrases(kinds, anywhere), kinds, ordinary, named, RarestWords([*kinds, *map(normal, ordinary)]))


_NAMED = (
    r"(?i:\bcaptioners?(?:_\d+)?)\W{{1,6}}({0})(?!\w)|<t[dh]\b[^>]*>\s*({0})\s*</t[dh]>|[“‘]({0})[”’]"
    r"|(?:^|(?<=\n)|,)({0})(?=,|\r?\n|$)"
)
"""The last is a cell of a table in commas, which counts where a column of it is called captioner."""


def _spelled(name: str) -> bytes:
    """The name of a file or folder, with and without its ending."""
    return f"{name}\n{name.rpartition('.')[0]}\n".encode("utf-8", "ignore")


def _in_file(data: bytes, sought: Sought, known: dict[int, int] | None = None) -> dict[Kind, set[str]]:
    """The sought texts of a file; layers in ``known`` are passed over, see :func:`readings`."""
    by_kind: dict[Kind, set[str]] = defaultdict(set)
    searched: set[int] = set()
    for reading in readings(data, known):
        if hash(reading) in searched or not is_text(reading):
            continue
        searched.add(hash(reading))
        text = folded(reading.decode("utf-8", "ignore"))
        if sought.rarest.any_possible(text):
            for kind, texts in _in_text(text, sought).items():
                by_kind[kind] |= texts
    return by_kind


def _in_text(text: str, sought: Sought) -> dict[Kind, set[str]]:
    by_kind: dict[Kind, set[str]] = defaultdict(set)
    spans = [text[start:end] for start, end in sought.phrases.spans(text)]
    spans += [part for part in {*_PART.split(text)} if 0 < len(part) <= LONG and sought.phrases.is_one(part)]
    for plain in map(normal, spans):
        for kind in sought.kinds[plain]:
            by_kind[kind].add(plain)
    has_column = "captioner" in text.partition("\n")[0].split(",")
    for match in sought.named.finditer(text) if sought.named else ():
        if match[4] is None or has_column:
            for kind in sought.ordinary[match[match.lastindex or 0]]:
                by_kind[kind].add(match[match.lastindex or 0])
    return by_kind


@cache
def _site_words() -> frozenset[str]:
    """The words of the report's prose and of the files that every site ships: pages, notebooks, theme, package names.

    Python source is not read, so that naming a variable hides no captioner.
    """
    kinds = {".js", ".css", ".qmd", ".j2", ".ipynb", ".bib"}
    folders = [ROOT / "lib", ROOT / "report", NOTEBOOKS]
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix in kinds]
    texts = (file.read_text(encoding="utf-8") for file in [*files, ROOT / "constraints.txt"])
    return report_words().union(word for text in texts for word in re.split(r"[\W_]+", text.casefold()))


@cache
def _own_prose(name: str) -> str:
    """The words of the page source behind a file of the site; of all sources for the search index."""
    pages = sorted((ROOT / "report").rglob("*.qmd"))
    if name not in INDEX:
        pages = [page for page in pages if page.stem == name.removesuffix(".html")]
    return f" {normal(' '.join(page.read_text(encoding='utf-8') for page in pages))} "


def captions(corpus: Corpus) -> list[str]:
    """Every caption of a corpus, those to be compared too."""
    tables = (corpus.captions, corpus.candidates)
    return [str(text) for table in tables if table is not None for text in table["text"]]
