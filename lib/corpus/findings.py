"""Rows that were left out or found faulty: which clip, why, and where to look."""

import numpy as np
import pandas as pd

COLUMNS = ["clip_id", "reason", "detail"]


def findings(rows: list[tuple[str, str, str]] | None = None) -> pd.DataFrame:
    """Rows of (clip_id, reason, detail) as the table `Provenance` keeps.

    Example:
        >>> findings([("000001", "NaN in the motion", "frame 3")]).reason.tolist()
        ['NaN in the motion']
    """
    return pd.DataFrame(rows or [], columns=COLUMNS, dtype="str")


def of_captions(captions: pd.DataFrame, reason: str) -> pd.DataFrame:
    """The same reason for every caption of a table; the detail is its caption_id.

    Example:
        >>> of_captions(pd.DataFrame({"clip_id": ["a"], "caption_id": ["a#0"]}), "empty caption").detail.tolist()
        ['a#0']
    """
    return findings([(c, reason, k) for c, k in zip(captions.clip_id, captions.caption_id, strict=True)])


def sound_captions(
    captions: pd.DataFrame, known: "pd.Series[bool]", stray: str
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The captions that say something of a stretch of a clip of the corpus, and what is wrong with the others.

    Args:
        captions: clip_id, caption_id, text, start_s, end_s.
        known: which belong to a clip of the corpus.
        stray: what to call those that do not.

    Returns:
        (the usable captions, findings on the others: each caption once, by its first fault).
    """
    faults = {
        stray: ~known,
        "empty caption": blank(captions),
        "caption that ends before it starts": captions.end_s < captions.start_s,
        "caption that starts before its clip": captions.start_s < 0,
    }
    kept, dropped = np.ones(len(captions), dtype=bool), []
    for reason, faulty in faults.items():
        now = kept & faulty.to_numpy(dtype=bool)
        dropped.append(of_captions(captions[now], reason))
        kept &= ~now
    return captions[kept].reset_index(drop=True), dropped


def blank(captions: pd.DataFrame) -> "pd.Series[bool]":
    """Which captions hold no text: null, empty, or white space only."""
    return captions.text.isna() | (captions.text.str.strip() == "")
