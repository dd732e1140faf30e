"""Rows that were left out or found faulty: which clip, why, and where to look."""

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


def blank(captions: pd.DataFrame) -> "pd.Series[bool]":
    """Which captions hold no text: null, empty, or white space only."""
    return captions.text.isna() | (captions.text.str.strip() == "")
