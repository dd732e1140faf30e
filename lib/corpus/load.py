"""Reading a dataset by the name of its layout."""

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lib.base.errors import CorpusError
from lib.corpus.corpus import Corpus
from lib.corpus.humanml3d import load_humanml3d
from lib.corpus.manifest import load_manifest
from lib.corpus.tmr_annotations import load_tmr_annotations

KINDS: dict[str, Callable[..., Corpus]] = {
    "humanml3d": load_humanml3d,
    "tmr_annotations": load_tmr_annotations,
    "manifest": load_manifest,
}


def load(kind: str, root: str | Path, **options: Any) -> Corpus:
    """Reads the dataset at `root`.

    Args:
        kind: its layout, one of `KINDS`.
        root: its folder; `~` is expanded.
        **options: `name`, `licence`, `check_motions` and whatever else the layout's loader takes.

    Returns:
        The validated corpus; motions are read when asked for.

    Raises:
        CorpusError: the folder is missing, unreadable or contradicts itself; the message names file, place and cure.

    Example:
        >>> load("humanml", "data")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        lib.base.errors.CorpusError: data: unknown kind of corpus 'humanml'; use one of humanml3d, tmr_annotations, ...
    """
    if kind not in KINDS:
        near = difflib.get_close_matches(kind, KINDS, n=1, cutoff=0.4)
        hint = f" (nearest: {near[0]})" if near else ""
        raise CorpusError(f"unknown kind of corpus {kind!r}", where=root, fix=f"use one of {', '.join(KINDS)}{hint}")
    folder = Path(root).expanduser()
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "no such folder"
        raise CorpusError(what, where=root, fix=f"set the corpus' root to a folder in the {kind} layout")
    return KINDS[kind](folder, **options)
