"""Claims of captions held against the motion: a row a claim, flags a caption, and the precision of each captioner."""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from lib.captioning.claims.motion import Motion
from lib.captioning.claims.sentence import KINDS, many
from lib.captioning.claims.verdicts import Judge, Verdict
from lib.metrics.intervals import Measure, share
from lib.motion.skeleton import FPS, Array
from lib.text import spacy_model

COLUMNS = ("clip_id", "caption_id", "captioner", "kind", "action", "value", "words", "verdict")
FLAGS = ("clip_id", "caption_id", "captioner", "claims", "decided", "contradicted", "score", "is_false")


@dataclass(frozen=True)
class Checked:
    """What motions say of captions.

    Attributes:
        claims: a row a claim, columns as in `COLUMNS`; `verdict` is supported, contradicted or not decidable.
        flags: a row a caption, columns as in `FLAGS`: how many claims it makes, how many the motion decides and
            contradicts, the share of the decided that it supports (`score`, NaN without any), and whether one is false.
        info: numbers by kind and verdict, the parser, and clips whose joints are too few to judge.
    """

    claims: pd.DataFrame = field(repr=False)
    flags: pd.DataFrame = field(repr=False)
    info: dict[str, Any]

    @property
    def summary(self) -> pd.DataFrame:
        """A row a captioner and kind of claim: how many claims are supported, contradicted and not decidable."""
        counts = self.claims.groupby(["captioner", "kind", "verdict"]).size().unstack(fill_value=0)
        return counts.reindex(columns=[v.value for v in Verdict], fill_value=0).reset_index()

    def false_claims(self) -> pd.DataFrame:
        """The contradicted claims, in the order of their captions: what a clip shows beside its caption."""
        return self.claims[self.claims.verdict == Verdict.CONTRADICTED].reset_index(drop=True)


def check(
    captions: pd.DataFrame,
    joints: Callable[[str], Array],
    *,
    fps: float | Mapping[str, float] = FPS,
    upper: Collection[str] = (),
    progress: bool = True,
) -> Checked:
    """Holds every claim of every caption against its clip's joints; a text is parsed once.

    Args:
        captions: rows with `clip_id`, `caption_id`, `text` and `captioner`.
        joints: (T, 22, 3) metres, Y up, of a clip; asked once a clip, and not kept.
        fps: frames a second, of all clips or by clip id.
        upper: clips of which only the upper body was seen; claims about legs and travel are not decidable there.
        progress: whether to show a bar.

    Returns:
        Claims and flags in the order of the captions.

    Raises:
        ModelError: no spaCy model is installed.

    Example:
        >>> table = pd.DataFrame({"clip_id": ["a"], "caption_id": ["a#0"], "text": ["he kicks"], "captioner": ["m"]})
        >>> check(table, lambda _: np.zeros((1, 22, 3)), progress=False).claims.verdict.tolist()
        ['not decidable']
    """
    order = captions.reset_index(drop=True)
    rates = order["clip_id"].map({**fps}).to_numpy() if isinstance(fps, Mapping) else fps
    rows = order[["clip_id", "text"]].assign(fps=rates, upper=order["clip_id"].isin([*upper]))
    return gathered(order, judged(rows, joints, progress=progress))


def judged(rows: pd.DataFrame, joints: Callable[[str], Array], *, progress: bool = False) -> pd.DataFrame:
    """What motions say of each caption; each depends on its text and its clip alone.

    Args:
        rows: `clip_id`, `text`, `fps` and `upper`, see `check`.
        joints: see `check`.
        progress: whether to show a bar.

    Returns:
        Indexed as `rows`: `claims`, JSON of a list of kind, action, value, words and verdict of each claim, and
        `short`, whether the clip has less than two poses.

    Raises:
        ModelError: no spaCy model is installed.
    """
    texts = rows["text"].unique()
    said = dict(zip(texts, many(texts), strict=True))
    made = pd.DataFrame({"claims": "", "short": False}, index=rows.index)
    with tqdm(total=len(rows), desc="claims", unit=" captions", disable=not progress) as bar:
        for clip_id, group in rows.groupby("clip_id", sort=False):
            motion = Motion(joints(str(clip_id)), float(group["fps"].iloc[0]), bool(group["upper"].iloc[0]))
            judge = Judge(motion)
            for at, text in group["text"].items():
                found = [(c.kind, c.event.action, c.value, c.words, judge.verdict(c).value) for c in said[text]]
                made.loc[at] = json.dumps(found), len(motion.raw) < 2
            bar.update(len(group))
    return made


def gathered(captions: pd.DataFrame, said: pd.DataFrame) -> Checked:
    """Puts together what motions say of captions.

    Args:
        captions: rows with `clip_id`, `caption_id` and `captioner`, numbered from 0.
        said: of them, from `judged`.
    """
    heads = captions[["clip_id", "caption_id", "captioner"]].itertuples(name=None)
    rows = [(*head, *claim) for head, told in zip(heads, said["claims"], strict=True) for claim in json.loads(told)]
    table = pd.DataFrame(rows, columns=["at", *COLUMNS])
    info: dict[str, Any] = {v.value: int((table.verdict == v.value).sum()) for v in Verdict}
    short = captions.loc[said["short"].to_numpy(dtype=bool), "clip_id"].nunique()
    info |= {"captions": len(captions), "claims": len(table), "single_frames": int(short)}
    info["parser"] = spacy_model.model_hash()
    return Checked(table[list(COLUMNS)], _flags(captions, table), info)


def precision(
    checked: Checked, groups: Mapping[str, str] | None = None, *, draws: int, rng: np.random.Generator
) -> pd.DataFrame:
    """How true what each captioner claims is: the table that stands beside recall and preference.

    Args:
        checked: from `check`.
        groups: base clip of each clip (its own where absent), which the 95 % interval resamples.
        draws: replicates of the bootstrap.
        rng: source of randomness.

    Returns:
        A row a captioner, the most precise first: `captioner, captions, precision` (share of the decided claims that
        the motion supports) with `low, high`, `decided` (their number), `claims_a_caption`, `decidable` (share of all
        claims), `false_captions` (share of captions with a contradicted claim).
    """
    rows = []
    for name, flags in checked.flags.groupby("captioner", sort=False):
        held = precision_of(checked, str(name), groups, draws=draws, rng=rng)
        row = {"captioner": name, "captions": len(flags), "precision": held.value, "low": held.low, "high": held.high}
        made = int(flags.claims.sum())
        rows.append(
            {
                **row,
                "decided": held.n,
                "claims_a_caption": made / len(flags),
                "decidable": held.n / made if made else np.nan,
                "false_captions": float(flags.is_false.mean()),
            }
        )
    return pd.DataFrame(rows).sort_values("precision", ascending=False, kind="stable", ignore_index=True)


def precision_of(
    checked: Checked,
    captioner: str,
    groups: Mapping[str, str] | None = None,
    *,
    kind: str | None = None,
    draws: int,
    rng: np.random.Generator,
) -> Measure:
    """Precision of one captioner's claims, of all kinds or of one, with an interval over base clips.

    Args:
        checked: from `check`.
        captioner: a value of the column `captioner`.
        groups: base clip of each clip, its own where absent.
        kind: one of `lib.captioning.claims.sentence.KINDS`; all by default.
        draws: replicates of the bootstrap.
        rng: source of randomness.

    Returns:
        A share; NaN where the motions decide nothing.

    Raises:
        ValueError: an unknown kind.
    """
    if kind is not None and kind not in KINDS:
        raise ValueError(f"unknown kind of claim {kind!r}: one of {', '.join(KINDS)}")
    table = checked.claims
    kept = (table.captioner == captioner) & (table.verdict != Verdict.UNDECIDABLE)
    table = table[kept & (table.kind == kind)] if kind else table[kept]
    base = table.clip_id.map(lambda clip_id: (groups or {}).get(clip_id, clip_id))
    return share(table.verdict == Verdict.SUPPORTED, base, draws=draws, rng=rng)


def _flags(captions: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    verdict = table.verdict.to_numpy()
    counts = pd.DataFrame(
        {
            "claims": np.ones(len(table), dtype=int),
            "decided": verdict != Verdict.UNDECIDABLE,
            "contradicted": verdict == Verdict.CONTRADICTED,
        }
    )
    sums = counts.groupby(table["at"]).sum().reindex(captions.index, fill_value=0).astype(int)
    flags = pd.concat([captions[["clip_id", "caption_id", "captioner"]], sums], axis=1)
    with np.errstate(invalid="ignore"):
        flags["score"] = (flags.decided - flags.contradicted) / flags.decided.where(flags.decided > 0)
    return flags.assign(is_false=flags.contradicted > 0)[list(FLAGS)]
