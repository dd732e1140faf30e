"""Which clip of the test set each generated motion was made for: by name, by the prompt's text, or by a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from lib.base.errors import CorpusError
from lib.corpus import Corpus
from lib.corpus.foreign_files import nfc, read_text
from lib.corpus.foreign_generations.samples import Sample
from lib.motion.skeleton import FPS

LENGTH_MARK = "#"
"""What MoMask's lists of prompts have between a prompt and its length."""


@dataclass(eq=False)
class Matched:
    """The motions by repeat and clip, and what there is to tell of the others.

    Attributes:
        motions: by repeat from 0, then by clip.
        notes: clauses that a reader should know, each with a count and a first example.
    """

    motions: dict[int, dict[str, Sample]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def test_captions(corpus: Corpus, fewest: int, most: int) -> pd.DataFrame:
    """The captions of the test clips that generators are judged on.

    Args:
        corpus: the benchmark.
        fewest: frames of the shortest clip that counts.
        most: frames from which on a clip is too long.

    Returns:
        A row a caption: ``clip_id, base_id, text, frames, first``; frames are those that the clip's first caption
        describes, and `first` says whether it is that one, by which generators are judged.
    """
    clips = corpus.clips[corpus.clips["split"].eq("test") & corpus.clips["n_frames"].notna()]
    rows = corpus.captions.merge(clips[["clip_id", "base_id", "n_frames"]], on="clip_id")
    rows["first"] = ~rows["clip_id"].duplicated()
    total = rows["n_frames"].astype("int64")
    begin, end = (rows[column] * FPS for column in ("start_s", "end_s"))
    part = end.astype("int64").where(end.ge(1), total).clip(upper=total) - begin.astype("int64")
    lengths = part.where(part.gt(0), total)[rows["first"]]
    rows["frames"] = rows["clip_id"].map(dict(zip(rows["clip_id"][rows["first"]], lengths, strict=True)))
    kept = rows["frames"].ge(fewest) & rows["frames"].lt(most)
    return rows.loc[kept, ["clip_id", "base_id", "text", "frames", "first"]].reset_index(drop=True)


def read_list(path: Path) -> list[str]:
    """The lines of a list, one for each of the generator's prompts in order; empty lines at the end do not count."""
    lines = [nfc(line.strip()) for line in read_text(path, fix="give a text file, a line a prompt").splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def read_lengths(path: Path) -> list[int]:
    """The whole numbers of a list, such as MDM's `results_len.txt`.

    Raises:
        CorpusError: a line that is no whole number.
    """
    lines = read_list(path)
    for at, line in enumerate(lines, start=1):
        if not (line.isascii() and line.isdigit()):
            raise CorpusError(f"line {at} is {line[:40]!r}, no number of frames", where=path, fix="give one a line")
    return [int(line) for line in lines]


def without_length(prompt: str) -> str:
    """A prompt of MoMask's lists without the length behind it.

    Example:
        >>> without_length("A man jumps.#196"), without_length("A man jumps.")
        ('A man jumps.', 'A man jumps.')
    """
    text, mark, length = prompt.rpartition(LENGTH_MARK)
    return text.strip() if mark and (length.strip().isdigit() or length.strip() == "NA") else prompt


def match(
    samples: Sequence[Sample],
    captions: pd.DataFrame,
    *,
    ids: Sequence[str] | None = None,
    prompts: Sequence[str] | None = None,
) -> Matched:
    """Assigns motions to clips of the test set.

    A text stands for the clip that has it as its first caption, else for the one that has it at all; the mirror of a
    clip takes the next motion for their text in a repeat. A text of clips that do not mirror each other is none's.

    Args:
        samples: as read.
        captions: of the test clips, as `test_captions` gives them.
        ids: the clip of each numbered prompt; it goes before the text.
        prompts: the text of each numbered prompt, exactly that of a caption.

    Raises:
        CorpusError: numbered motions, and nothing says what for.
    """
    for sample in samples:
        if sample.name is None and sample.text is None and ids is None and prompts is None:
            what = f"{sample.place} is numbered, and nothing says which clip it is for"
            raise CorpusError(what, fix="give --ids (a clip a line) or --captions (a prompt a line)")
    wanted, texts = {*captions["clip_id"]}, _by_text(captions)
    matched = Matched()
    unknown: list[str] = []
    several: list[str] = []
    again: list[str] = []
    other: list[str] = []
    for sample in samples:
        meant = _meant(sample, wanted, texts, ids, prompts)
        own = matched.motions.setdefault(sample.repeat, {})
        clip = next((clip for clip in meant.clips if clip not in own), None)
        if not meant.clips or meant.ambiguous:
            (several if meant.clips else unknown).append(sample.place)
        elif clip is None:
            again.append(sample.place)
        else:
            own[clip] = sample
            other += [] if meant.first else [sample.place]
    for places, what in (
        (unknown, "match no test clip and are left out"),
        (several, "have a text of several test clips and are left out"),
        (again, "are for a clip that has a motion in the same repeat, and are left out"),
        (other, "were made for another caption than their clip's first, which they are judged by"),
    ):
        if places:
            matched.notes.append(f"{len(places):,} of {len(samples):,} motions {what} (first: {places[0]})")
    return matched


@dataclass(frozen=True)
class _Meant:
    """The clips that a name or a text stands for, whether they are unlike, and whether it is their first caption."""

    clips: tuple[str, ...] = ()
    ambiguous: bool = False
    first: bool = True


def _by_text(captions: pd.DataFrame) -> dict[str, _Meant]:
    found = {}
    for text, rows in captions.groupby(captions["text"].str.strip()):
        best = rows[rows["first"]] if rows["first"].any() else rows
        clips = best.drop_duplicates("clip_id")
        mirrors = clips["clip_id"].ne(clips["base_id"])
        ordered = (*clips.loc[~mirrors, "clip_id"], *clips.loc[mirrors, "clip_id"])
        found[nfc(str(text))] = _Meant(ordered, clips["base_id"].nunique() > 1, bool(rows["first"].any()))
    return found


def _meant(
    sample: Sample,
    wanted: set[str],
    texts: Mapping[str, _Meant],
    ids: Sequence[str] | None,
    prompts: Sequence[str] | None,
) -> _Meant:
    number = sample.number
    if sample.name is not None:
        return _Meant((sample.name,)) if sample.name in wanted else _Meant()
    if ids is not None:
        clip = ids[number] if number is not None and number < len(ids) else ""
        return _Meant((clip,)) if clip in wanted else _Meant()
    text = sample.text or ""
    if prompts is not None:
        text = without_length(prompts[number]) if number is not None and number < len(prompts) else ""
    return texts.get(nfc(text.strip()), _Meant())
