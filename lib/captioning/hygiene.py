"""Captions of captioners cleaned before anything is judged, each fault counted by captioner with examples."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lib.captioning.hygiene_rows import ROWS, cleaned_all
from lib.captioning.hygiene_text import FAULTS
from lib.captioning.likeness import Likeness, told_of_unlike
from lib.text.language import ENGLISH, STORE, languages


@dataclass(frozen=True)
class Hygiene:
    """Captions after cleaning, and what was done to them.

    Attributes:
        captions: the rows that stay, with `text` repaired, in their order.
        flags: a row a caption that came in, indexed as it: `captioner, caption_id, text, cleaned, dropped`, and one
            flag a fault of `FAULTS`.
        info: numbers of captions that came in, were repaired and were dropped.
    """

    captions: pd.DataFrame = field(repr=False)
    flags: pd.DataFrame = field(repr=False)
    info: dict[str, Any]

    @property
    def summary(self) -> pd.DataFrame:
        """A row a captioner and fault that it has: `captioner, fault, captions, repaired, dropped, example`."""
        rows = []
        for name, group in self.flags.groupby("captioner", sort=False):
            for fault in FAULTS:
                hit = group[group[fault]]
                if len(hit):
                    gone = int(hit.dropped.sum())
                    rows.append((name, fault, len(hit), len(hit) - gone, gone, str(hit.text.iloc[0])))
        return pd.DataFrame(rows, columns=["captioner", "fault", "captions", "repaired", "dropped", "example"])


def clean(
    captions: pd.DataFrame,
    *,
    likeness: Likeness | None = None,
    rng: np.random.Generator | None = None,
    store: Path = STORE,
    rows: int = ROWS,
) -> Hygiene:
    """Repairs or drops every caption that cannot be judged as it is.

    Args:
        captions: rows with `clip_id`, `caption_id`, `text`, `captioner`, and `finish` (why the model stopped) if known.
        likeness: gives profiles of clips; with them, one text for many unlike clips is dropped.
        rng: draws the clips that say how unlike clips usually are; needed with `likeness`.
        store: the file that keeps languages.
        rows: captions of a partition; it changes nothing.

    Returns:
        What stays, flags and counts.

    Raises:
        UserError: languages or cleaned texts cannot be kept, such as on a full disk.
        ValueError: `likeness` without `rng`.

    Example:
        >>> import tempfile
        >>> table = pd.DataFrame({"clip_id": ["a", "b"], "caption_id": ["a#0", "b#0"], "captioner": "m",
        ...                       "text": ["In this clip, a man walks.", ""]})
        >>> clean(table, store=Path(tempfile.mkdtemp()) / "languages.sqlite").captions.text.tolist()
        ['A man walks.']
    """
    finish = captions["finish"].fillna("").astype(str) if "finish" in captions else pd.Series("", index=captions.index)
    made = cleaned_all(captions["text"], finish, rows=rows)
    spoken = languages({m.text for m in made if m.text}, store=store)
    faults = [{*m.faults, "language"} if m.text and spoken[m.text] != ENGLISH else set(m.faults) for m in made]
    texts = pd.Series([m.text for m in made], index=captions.index, dtype="str")
    if likeness is not None and rng is None:
        raise ValueError("likeness needs an rng")
    flags = captions[["captioner", "caption_id", "text"]].assign(cleaned=texts)
    for fault in FAULTS:
        flags[fault] = [fault in kinds for kinds in faults]
    flags["dropped"] = (texts == "") | flags.language
    if likeness is not None and rng is not None:
        rest = captions.assign(text=texts)[~flags.dropped]
        flags.loc[rest.index, "shared"] = told_of_unlike(rest, likeness, rng)
        flags["dropped"] |= flags.shared
    kept = captions.assign(text=texts)[~flags.dropped]
    changed = ~flags.dropped & (flags.cleaned != captions["text"].astype("str"))
    info = {"captions": len(captions), "repaired": int(changed.sum()), "dropped": int(flags.dropped.sum())}
    return Hygiene(kept, flags, info)
