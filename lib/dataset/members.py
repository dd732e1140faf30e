"""The corpora of an export, and the captions that each of them brings."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from lib.base.errors import ParamsError
from lib.base.prose import listed
from lib.corpus import Corpus


@dataclass(frozen=True, eq=False)
class Member:
    """A corpus that enters an export: its key in the parameter file, and whether it is private."""

    key: str
    corpus: Corpus
    private: bool = False


def allowed(corpora: Mapping[str, bool], named: Collection[str]) -> list[str]:
    """The keys of the corpora that may be exported: public ones, and private ones that were named.

    Args:
        corpora: whether each is private, by key, the benchmark first.
        named: keys of private corpora, as spelled out by the user.

    Raises:
        ParamsError: a name that is no private corpus, or a benchmark that is private and was not named.

    Example:
        >>> allowed({"h3d": False, "dm": True}, []), allowed({"h3d": False, "dm": True}, ["dm"])
        (['h3d'], ['h3d', 'dm'])
    """
    private = [key for key, hidden in corpora.items() if hidden]
    if unknown := [key for key in named if key not in private]:
        there = f"private are {listed(private)}" if private else "none is private"
        raise ParamsError(f"PRIVATE names {unknown[0]}, which is no private corpus here", fix=f"leave it out; {there}")
    keys = [key for key, hidden in corpora.items() if not hidden or key in named]
    first = next(iter(corpora))
    if first not in keys:
        what = f"{first} is private, and val and test are the benchmark's own"
        raise ParamsError(what, fix=f"name it: make dataset DEST=folder PRIVATE={first}")
    return keys


def captions_of(member: Member, captioners: Sequence[str], *, strict: bool) -> tuple[pd.DataFrame, str]:
    """The captions with which a corpus other than the benchmark is trained on.

    Args:
        member: the corpus.
        captioners: those chosen, by name; none for the corpus' own captions.
        strict: whether a corpus without captions by any of them is refused; else it is given its own.

    Returns:
        The captions, and what a reader of the export must know of the choice ("" where nothing).

    Raises:
        ParamsError: none of the captioners wrote a training caption of the corpus.
    """
    corpus = member.corpus
    if not captioners:
        return corpus.captions, ""
    train = {*corpus.clips.loc[corpus.clips["split"] == "train", "clip_id"]}
    own = sorted(corpus.captions["captioner"].unique())
    compared = (
        f"Captions of {corpus.name} are those to compare; leak-free test lists were made with its captions by "
        f"{listed(own)}, so that these may repeat test captions."
    )
    for table, note in ((corpus.captions, ""), (corpus.candidates, compared)):
        if table is None:
            continue
        chosen = table[table["captioner"].isin(captioners)]
        if chosen["clip_id"].isin(train).any():
            return chosen[corpus.captions.columns.intersection(chosen.columns)], note
    if strict:
        fix = f"name captioners of its training clips, such as {listed(own)}"
        raise ParamsError(f"{corpus.name} has no training captions by {listed(list(captioners), 'or')}", fix=fix)
    note = (
        f"The chosen captioner, {listed(list(captioners))}, wrote no caption of a training clip of {corpus.name}; its "
        f"captions are by {listed(own)}."
    )
    return corpus.captions, note
