"""Sentences of 01: near-duplicates by text, shared recordings, and what is left without them."""

from collections.abc import Mapping

import pandas as pd

from lib.audit.text_leak import SCALES, TextLeak
from lib.metrics.intervals import Estimate

NAMES = dict(zip(SCALES, ("cosine", "half"), strict=True))


def values(leak: TextLeak) -> dict[str, Estimate]:
    """Every share of the summary: ``clip_cosine_090`` is by clip, cosine 0.90, without mirrors; ``…_mirrored`` with."""
    found = {}
    for row in leak.summary.to_dict("records"):
        ending = "_mirrored" if row["mirrors"] == "with" else ""
        name = f"{row['unit']}_{NAMES[row['scale']]}_{round(100 * row['threshold']):03d}{ending}"
        found[name] = Estimate(row["share"], row["low"], row["high"], row["n"], "share")
    return found


def finding(leak: TextLeak, baseline: pd.DataFrame, overlap: Mapping[str, float] | None) -> str:
    """The share of test clips with a near-duplicate, beside what redundancy alone gives, and shared recordings."""
    strict = leak.summary["threshold"].max()
    row = leak.at(unit="clip", scale=SCALES[0], threshold=strict)
    chance = clips_at(baseline, strict)
    told = [
        f"{row['share']:.1%} of {int(row['n']):,} unmirrored test clips of {leak.info['test']} "
        f"(95 % CI {100 * row['low']:.1f}–{100 * row['high']:.1f}) have a training caption at cosine {strict:g} or above; "
        f"so have {chance:.1%} of as many training clips held out at random"
    ]
    if overlap is not None:
        told.append(
            f"{overlap['shared']:,} of {overlap['clips']:,} test clips ({overlap['shared'] / overlap['clips']:.1%}) "
            "are cut from a recording that also feeds training"
        )
    return "; ".join(told) + "."


def ecdf(leak: TextLeak, baseline: pd.DataFrame) -> str:
    """Alternative text of the distribution of nearest similarities."""
    median, chance = leak.flags["cosine"].median(), baseline["cosine"].median()
    return (
        f"Half of the test captions of {leak.info['test']} have a training caption at cosine {median:.2f} or above; for "
        f"training captions held out at random it is {chance:.2f}."
    )


def bars(leaks: Mapping[str, TextLeak]) -> str:
    """Alternative text of the bars of shares."""
    told = []
    for name, leak in leaks.items():
        strict = leak.summary["threshold"].max()
        row = leak.at(unit="clip", scale=SCALES[0], threshold=strict)
        told.append(f"{name}: {row['share']:.1%} of clips at cosine {strict:g} or above")
    return "Near-duplicates in training, " + "; ".join(told) + "."


def groups(sizes: "pd.Series[int]") -> str:
    """Alternative text of the group sizes."""
    if sizes.empty:
        return ""
    return f"{len(sizes):,} groups of near-duplicates hold {int(sizes.sum()):,} clips; the largest has {int(sizes.max()):,}."


def clips_at(flags: pd.DataFrame, threshold: float) -> float:
    """Share of clips any of whose captions reaches a cosine."""
    return float((flags.groupby("clip_id")["cosine"].max() >= threshold).mean())
