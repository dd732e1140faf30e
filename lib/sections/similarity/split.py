"""A test list without the clips that training has seen, by recording or by text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.sections.similarity.leakage import SourceOverlap
from lib.sections.similarity.sharded import nearest


@dataclass(frozen=True)
class LeakFree:
    """The part of a test set that leaks by neither measure.

    Args:
        flags: one row a test clip, mirrors included: `clip_id, base_id, cosine` (highest of its own and its mirror's
            captions to any train caption, NaN without captions), `by_recording`, `by_text` and `by_added` (whether it
            leaks so, NA where that cannot be judged), `reason` ("" when kept), `kept`.
        summary: one row a reason: `reason, clips, base_clips`.
        rule: what was kept, in words.
        threshold: the cosine from which on a clip leaks by text.
    """

    flags: pd.DataFrame
    summary: pd.DataFrame
    rule: str
    threshold: float

    @property
    def clip_ids(self) -> list[str]:
        """The clips kept, in the order of the test set."""
        return list(self.flags.loc[self.flags["kept"], "clip_id"])

    @property
    def text(self) -> str:
        """The list as a file: the rule as a comment, then one id a line."""
        return "".join(f"{line}\n" for line in [f"# {self.rule}", *self.clip_ids])


def leak_free(
    clips: pd.DataFrame,
    captions: pd.DataFrame,
    vectors: Mapping[str, NDArray[np.float32]],
    overlap: SourceOverlap | None,
    *,
    threshold: float,
    block: int = 2048,
    added: Mapping[str, Sequence[str]] | None = None,
) -> LeakFree:
    """Keeps the test clips that share neither recording nor wording with training.

    A clip and its mirror stand or fall together: captions of both count, on the test side and on the train side. What
    cannot be judged, for want of a caption or of a known recording, is not kept. Other data that is trained on as well
    leaks by its captions alone: its recordings have names of their own.

    Args:
        clips: `clip_id, split, base_id`.
        captions: `clip_id, text`.
        vectors: the unit vector of every distinct text of test and train.
        overlap: the audit of recordings; None skips it.
        threshold: a test clip with a train caption at this cosine or above is left out.
        block: captions compared at a time.
        added: training captions of other data, by its name.

    Returns:
        The list, its rule and every clip's reason.

    Raises:
        KeyError: a text without a vector.

    Example:
        >>> clips = pd.DataFrame({"clip_id": ["a", "b", "Mb", "c"], "base_id": ["a", "b", "b", "c"],
        ...                       "split": ["train", "test", "test", "test"]})
        >>> captions = pd.DataFrame({"clip_id": ["a", "b", "c"], "text": ["walk", "jump", "strolls"]})
        >>> vectors = {"walk": np.float32([1, 0]), "jump": np.float32([0, 1]), "strolls": np.float32([1, 0])}
        >>> leak_free(clips, captions, vectors, None, threshold=0.95).clip_ids
        ['b', 'Mb']
        >>> leak_free(clips, captions, vectors, None, threshold=0.95, added={"more": ["jump"]}).clip_ids
        []
    """
    added = added or {}
    text = captions[["clip_id", "text"]].merge(clips[["clip_id", "base_id", "split"]], on="clip_id")
    asked, known = (text[text["split"] == name] for name in ("test", "train"))
    more = pd.Series([caption for texts in added.values() for caption in texts], dtype=object)
    nearest_own, nearest_added = (
        _cosine(asked["text"], texts, vectors, block).groupby(asked["base_id"]).max() for texts in (known["text"], more)
    )
    flags = clips.loc[clips["split"] == "test", ["clip_id", "base_id"]].reset_index(drop=True)
    flags["cosine"] = flags["base_id"].map(nearest_own)
    flags["by_text"] = _reached(flags["cosine"], threshold)
    flags["by_added"] = _reached(flags["base_id"].map(nearest_added), threshold)
    shares = overlap.flags.set_index("clip_id")["shares_source"] if overlap is not None else pd.Series(dtype=object)
    flags["by_recording"] = flags["base_id"].map(shares).astype("boolean")
    reason = pd.Series("", index=flags.index)
    reason[flags["by_text"].isna()] = "no caption"
    reason[flags["by_added"].fillna(False)] = "caption in added data"
    reason[flags["by_text"].fillna(False)] = "caption in train"
    if overlap is not None:
        reason[flags["by_recording"].isna()] = "recording unknown"
        reason[flags["by_recording"].fillna(False)] = "recording in train"
    flags["reason"], flags["kept"] = reason, reason == ""
    summary = (
        flags.assign(reason=reason.replace("", "kept"))
        .groupby("reason")
        .agg(clips=("clip_id", "size"), base_clips=("base_id", "nunique"))
    )
    counts = {name: len(texts) for name, texts in added.items()}
    rule = _rule(threshold, overlap is not None, len(known), counts)
    return LeakFree(flags, summary.reset_index(), rule, threshold)


def _rule(threshold: float, by_recording: bool, captions: int, added: Mapping[str, int]) -> str:
    recording = "its recording feeds no train clip and " if by_recording else ""
    others = "".join(f" and {count:,} of {name}" for name, count in added.items())
    compared = f"all-mpnet-base-v2, {captions:,} train captions{others}, mirrors included"
    return (
        f"A test clip is kept when {recording}none of its captions reaches a train caption at cosine {threshold:g} "
        f"({compared}). Captions of its mirror count as its own. A mirror is kept when its base clip is. Clips that "
        "cannot be judged are left out."
    )


def _reached(cosine: "pd.Series[float]", threshold: float) -> "pd.Series[bool]":
    return (cosine >= threshold).astype("boolean").mask(cosine.isna())


def _cosine(
    asked: "pd.Series[str]", known: "pd.Series[str]", vectors: Mapping[str, NDArray[np.float32]], block: int
) -> "pd.Series[float]":
    if asked.empty or known.empty:
        return pd.Series(-1.0, index=asked.index, dtype=np.float32)
    texts, references = (list(dict.fromkeys(part)) for part in (asked, known))
    scores, _ = nearest(np.stack([vectors[t] for t in texts]), np.stack([vectors[t] for t in references]), block=block)
    return asked.map(dict(zip(texts, scores, strict=True))).astype(np.float32)
