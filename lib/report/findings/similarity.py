"""Sentences of 01: near-duplicates by text, shared recordings, and what is left without them."""

from collections.abc import Mapping

import pandas as pd

from lib.audit.duplicates import Duplicates
from lib.audit.leakage import FLAGS, SourceOverlap
from lib.audit.split import LeakFree
from lib.audit.text_leak import SCALES, TextLeak
from lib.metrics.intervals import Estimate, percent

NAMES = dict(zip(SCALES, ("cosine", "half"), strict=True))


def values(
    leak: TextLeak,
    baseline: pd.DataFrame,
    recordings: Mapping[str, SourceOverlap],
    groups: Mapping[str, Duplicates],
    clean: LeakFree,
    captioned: Mapping[str, int],
) -> dict[str, int | float | str | Estimate]:
    """Numbers of the benchmark.

    Shares are named by unit, scale, threshold and mirrors: ``clip_cosine_090`` leaves mirrors out,
    ``clip_cosine_090_mirrored`` counts them; ``half`` is the scale (cosine + 1) / 2.
    """
    found: dict[str, int | float | str | Estimate] = {}
    for row in leak.summary.to_dict("records"):
        ending = "_mirrored" if row["mirrors"] == "with" else ""
        name = f"{row['unit']}_{NAMES[row['scale']]}_{round(100 * row['threshold']):03d}{ending}"
        found[name] = Estimate(row["share"], row["low"], row["high"], row["n"], "share")
    for threshold in leak.summary["threshold"].unique():
        found[f"held_out_clip_cosine_{round(100 * threshold):03d}"] = clips_at(baseline, threshold)
    name = str(leak.info["test"])
    if name in recordings:
        audit = recordings[name]
        found["source_test_clips"] = len(audit.flags)
        found |= {f"source_{flag}": audit.count(flag) for flag in FLAGS if flag in audit.flags}
    found |= {f"{row['kind']}_groups": row["groups"] for row in groups[name].summary.to_dict("records")}
    found["exact_captions"] = int((leak.flags["caption"] == leak.flags["nearest_caption"]).sum())
    found |= {f"{name}_clips": n for name, n in captioned.items()}
    if warning := partial(captioned):
        found["partial"] = warning
    found["leak_free_clips"] = len(clean.clip_ids)
    found["leak_free_of"] = len(clean.flags)
    found["leak_free_rule"] = str(clean.info["rule"])
    return found


def partial(captioned: Mapping[str, int]) -> str:
    """What missing captions do to the shares, or an empty text when none are missing."""
    if captioned["test_captioned"] == captioned["test"] and captioned["train_captioned"] == captioned["train"]:
        return ""
    parts = [f"{captioned[f'{name}_captioned']:,} of {captioned[name]:,} {name} clips" for name in ("test", "train")]
    return (
        f"only {parts[0]} and {parts[1]} have captions here, so every share by text is a lower bound for "
        "these test clips: captions that are missing from training could only add near-duplicates"
    )


def finding(
    leak: TextLeak, baseline: pd.DataFrame, recordings: Mapping[str, SourceOverlap], captioned: Mapping[str, int]
) -> str:
    """The share of test clips with a near-duplicate, beside what redundancy alone gives, and shared recordings."""
    strict = leak.summary["threshold"].max()
    row = leak.at(unit="clip", scale=SCALES[0], threshold=strict)
    told = [
        f"{percent(row['share'])} of {int(row['n']):,} unmirrored test clips of {leak.info['test']} "
        f"(95 % CI {100 * row['low']:.1f}–{100 * row['high']:.1f}) have a training caption at cosine "
        f"{strict:g} or above; so have {percent(clips_at(baseline, strict))} of as many training clips held out at "
        "random"
    ]
    audit = recordings.get(str(leak.info["test"]))
    if audit is not None:
        shared, clips = audit.count("shares_source"), len(audit.flags)
        part = f"{shared:,} of {clips:,} test clips ({percent(shared / clips)})"
        told.append(f"{part} are cut from a recording that feeds training")
    told += [warning] if (warning := partial(captioned)) else []
    return "; ".join(told) + "."


def lines(leaks: Mapping[str, TextLeak], baseline: pd.DataFrame) -> "dict[str, pd.Series[float]]":
    """The lines of the distribution figure: every audit, then the training clips held out at random."""
    first = next(iter(leaks.values()))
    found = {f"{leak.info['test']} test, {leak.info['train']} train": leak.flags["cosine"] for leak in leaks.values()}
    return {**found, f"{first.info['train']} train held out at random": baseline["cosine"]}


def ecdf(leak: TextLeak, baseline: pd.DataFrame) -> str:
    """Alternative text of the distribution of nearest similarities."""
    median, chance = leak.flags["cosine"].median(), baseline["cosine"].median()
    return (
        f"Half of the test captions of {leak.info['test']} have a training caption at cosine {median:.2f} or above; "
        f"for training captions held out at random it is {chance:.2f}."
    )


def bars(leaks: Mapping[str, TextLeak]) -> str:
    """Alternative text of the bars of shares."""
    told = []
    for name, leak in leaks.items():
        strict = leak.summary["threshold"].max()
        row = leak.at(unit="clip", scale=SCALES[0], threshold=strict)
        told.append(f"{name}: {percent(row['share'])} of clips at cosine {strict:g} or above")
    return "Near-duplicates in training, " + "; ".join(told) + "."


def groups(found: Mapping[str, Duplicates]) -> str:
    """Alternative text of the group sizes."""
    told = []
    for name, audit in found.items():
        sizes = audit.info["sizes"]
        told.append(
            f"{name} has {len(sizes):,} groups over {sum(sizes):,} clips, the largest of {max(sizes, default=0):,}"
        )
    return "Groups of near-duplicates: " + "; ".join(told) + "."


def clips_at(flags: pd.DataFrame, threshold: float) -> float:
    """Share of clips any of whose captions reaches a cosine."""
    return float((flags.groupby("clip_id")["cosine"].max() >= threshold).mean())
