"""Captions of captioners cleaned before anything is judged, each fault counted by captioner with examples."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.captioning.hygiene_text import FAULTS, cleaned
from lib.text.language import ENGLISH, STORE, languages

SHARED_BY = 5
"""Clips from which on one text is looked at as one text for many clips."""
AS_UNLIKE = 0.8
"""Share of the usual distance of two clips from which on clips of one text are unlike."""
PAIRS = 2000


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
    vectors: Mapping[str, npt.ArrayLike] | None = None,
    rng: np.random.Generator | None = None,
    store: Path = STORE,
) -> Hygiene:
    """Repairs or drops every caption that cannot be judged as it is.

    Args:
        captions: rows with `clip_id`, `caption_id`, `text`, `captioner`, and `finish` (why the model stopped) if known.
        vectors: by clip, what its motion is like; with them, one text for many unlike clips is dropped.
        rng: draws the pairs of clips that say how unlike two clips usually are; needed with `vectors`.
        store: the file that keeps languages.

    Returns:
        What stays, flags and counts.

    Raises:
        UserError: the languages cannot be kept, such as on a full disk.

    Example:
        >>> import tempfile
        >>> table = pd.DataFrame({"clip_id": ["a", "b"], "caption_id": ["a#0", "b#0"], "captioner": "m",
        ...                       "text": ["In this clip, a man walks.", ""]})
        >>> clean(table, store=Path(tempfile.mkdtemp()) / "languages.sqlite").captions.text.tolist()
        ['A man walks.']
    """
    finish = captions["finish"].fillna("").astype(str) if "finish" in captions else pd.Series("", index=captions.index)
    made = [cleaned(text, finish=why) for text, why in zip(captions["text"], finish, strict=True)]
    spoken = languages({m.text for m in made if m.text}, store=store)
    faults = [{*m.faults, "language"} if m.text and spoken[m.text] != ENGLISH else set(m.faults) for m in made]
    texts = pd.Series([m.text for m in made], index=captions.index, dtype="str")
    shared = _shared(captions.assign(text=texts), vectors, rng)
    flags = captions[["captioner", "caption_id", "text"]].assign(cleaned=texts)
    for fault in FAULTS:
        flags[fault] = [fault in kinds for kinds in faults]
    flags["shared"] = shared
    flags["dropped"] = (texts == "") | flags.language | flags.shared
    kept = captions.assign(text=texts)[~flags.dropped]
    changed = ~flags.dropped & (flags.cleaned != captions["text"].astype("str"))
    info = {"captions": len(captions), "repaired": int(changed.sum()), "dropped": int(flags.dropped.sum())}
    return Hygiene(kept, flags, info)


def _shared(
    captions: pd.DataFrame, vectors: Mapping[str, npt.ArrayLike] | None, rng: np.random.Generator | None
) -> "pd.Series[bool]":
    """Rows whose text a captioner gives to many clips that move in unlike ways."""
    found = pd.Series(False, index=captions.index)
    if vectors is None or len(vectors) < 2:
        return found
    if rng is None:
        raise ValueError("vectors need an rng")
    places = {clip_id: np.asarray(vector, dtype=np.float64) for clip_id, vector in vectors.items()}
    ids = list(places)
    usual = _apart([places[ids[i]] for i in rng.integers(len(ids), size=min(PAIRS, 4 * len(ids)))])
    plain = captions["text"].map(lambda text: re.sub(r"\W+", " ", text).strip().lower())
    for (_, text), rows in captions.groupby(["captioner", plain]):
        clips = [clip_id for clip_id in rows.clip_id.unique() if clip_id in places]
        if text and len(clips) >= SHARED_BY and _apart([places[i] for i in clips]) >= AS_UNLIKE * usual > 0:
            found[rows.index] = True
    return found


def _apart(vectors: list[npt.NDArray[np.float64]]) -> float:
    """Mean distance of neighbours in a list, its ends joined."""
    table = np.stack(vectors)
    return float(np.linalg.norm(table - np.roll(table, 1, axis=0), axis=1).mean())
