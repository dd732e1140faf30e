"""Sentences of 01: near-duplicates by text, shared recordings, both together, and what is left without them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from lib.base.prose import number, sentence
from lib.base.slugs import hundredths
from lib.metrics.duplicates import Duplicates
from lib.metrics.intervals import Measure, percent, span
from lib.sections.similarity.either_way import WAYS, EitherWay
from lib.sections.similarity.leak_free_lists import kept_by_all
from lib.sections.similarity.leakage import FLAGS, SourceOverlap
from lib.sections.similarity.split import LeakFree
from lib.sections.similarity.text_leak import SCALES, HeldOut, TextLeak

NAMES = dict(zip(SCALES, ("cosine", "half"), strict=True))


def values(
    leak: TextLeak,
    held: HeldOut,
    exact: pd.DataFrame,
    recordings: Mapping[str, SourceOverlap],
    groups: Mapping[str, Duplicates],
    captioned: Mapping[str, int],
) -> dict[str, int | float | str | Measure]:
    """Numbers of the benchmark.

    Shares are named by unit, scale, threshold and mirrors: ``clip_cosine_090`` leaves mirrors out,
    ``clip_cosine_090_mirrored`` counts them; ``half`` is the scale (cosine + 1) / 2. ``beside_held_out_…`` is the
    share of the test set in the training clips that ``held_out_…`` is a share in.
    """
    found: dict[str, int | float | str | Measure] = {}
    for row in leak.summary.to_dict("records"):
        ending = "_mirrored" if row["mirrors"] == "with" else ""
        name = f"{row['unit']}_{NAMES[row['scale']]}_{hundredths(row['threshold'])}{ending}"
        found[name] = Measure(row["share"], row["low"], row["high"], row["n"], "share")
    for row in held.summary.to_dict("records"):
        name = f"held_out_{row['unit']}_cosine_{hundredths(row['cosine'])}"
        spread = f"range over {row['draws']} draws"
        found[name] = Measure(row["held_out_share"], row["low"], row["high"], row["draws"], "share", kind=spread)
        found[f"beside_{name}"] = float(row["test_share"])
    for row in exact.to_dict("records"):
        found[f"exact_{row['unit']}"] = Measure(row["share"], row["low"], row["high"], row["n"], "share")
    name = leak.test
    if name in recordings:
        audit = recordings[name]
        found["source_test_clips"] = len(audit.flags)
        found |= {f"source_{flag}": audit.count(flag) for flag in FLAGS if flag in audit.flags}
    if below := less_alike(held):
        found["less_alike"] = below
    found["beside_held_out"] = beside_held_out(held)
    found |= {f"{row['kind']}_groups": row["groups"] for row in groups[name].summary.to_dict("records")}
    found |= {f"{part}_clips": n for part, n in captioned.items()}
    if warning := partial(captioned):
        found["partial"] = warning
    return found | _ruled(leak, held)


def together(either: EitherWay | None) -> dict[str, int | float | str | Measure]:
    """The share of test clips that leak by recording or by text, and how the two overlap; nothing of None."""
    if either is None:
        return {}
    whole = either.shares[WAYS[0]]
    return {
        "either_share": whole,
        "either_clips": either.clips(WAYS[0]),
        "both_clips": either.clips(WAYS[3]),
        "both_expected": either.expected,
        "either_cosine": either.threshold,
        "overlap": either.overlap,
    }


def lists(keys: Sequence[str], clean: Mapping[str, LeakFree]) -> dict[str, int | str]:
    """What the leak-free lists keep, mirrors counted, and the rule of the benchmark's own.

    Args:
        keys: of the corpora, the benchmark first.
        clean: the lists, the benchmark's own first.
    """
    own, *others = clean.values()
    mixes = {f"leak_free_{key}_clips": len(one.clip_ids) for key, one in zip(keys[1:], others, strict=True)}
    every = {"leak_free_mix_clips": len(kept_by_all(clean))} if others else {}
    return {
        "leak_free_clips": len(own.clip_ids),
        "leak_free_of": len(own.flags),
        "leak_free_rule": own.rule,
        **mixes,
        **every,
    }


def partial(captioned: Mapping[str, int]) -> str:
    """What missing captions do to the shares, or an empty text when none are missing."""
    if captioned["test_captioned"] == captioned["test"] and captioned["train_captioned"] == captioned["train"]:
        return ""
    parts = [f"{captioned[f'{name}_captioned']:,} of {captioned[name]:,} {name} clips" for name in ("test", "train")]
    return f"only {parts[0]} and {parts[1]} have captions here, so every share by text is a lower bound"


def finding(
    leak: TextLeak,
    held: HeldOut,
    recordings: Mapping[str, SourceOverlap],
    either: EitherWay | None,
    captioned: Mapping[str, int],
) -> str:
    """What leaks by either way, by recording, and by text beside what redundancy alone gives."""
    strict = leak.summary["threshold"].max()
    row, level = _strict(leak), _strictest(held)
    told = []
    if either is not None:
        whole = either.shares[WAYS[0]]
        interval = f"{percent(whole.value)}, 95 % CI {span(100 * whole.low, 100 * whole.high, 1)}"
        leaking = f"Of {whole.n:,} test clips of {leak.test}, {either.clips(WAYS[0]):,} leak ({interval})"
        told.append(f"{leaking}: {either.overlap}.")
    audit = recordings.get(leak.test)
    if audit is not None:
        shared, clips = audit.count("shares_source"), len(audit.flags)
        part = f"{shared:,} of {clips:,} test clips ({percent(shared / clips)})"
        told.append(f"By recording: {part} are cut from a recording that feeds training.")
    ends = f"95 % CI {100 * row['low']:.1f}–{100 * row['high']:.1f}, N = {int(row['n']):,}"
    near = f"have a training caption at cosine {strict:g} or above"
    told.append(f"By text: {percent(row['share'])} of test clips ({ends}) {near}.")
    beside = (
        f"{percent(level['test_share'])} of test clips do, and {percent(level['held_out_share'])} of held-out clips"
    )
    told.append(f"Where recordings are held out of training, {beside} ({_spread(level)}).")
    told += [sentence([warning])] if (warning := partial(captioned)) else []
    return " ".join(told)


def beside_held_out(held: HeldOut) -> str:
    """How test clips and held-out clips compare at the highest cosine, both against the same training clips."""
    row = _strictest(held)
    told = f"Against the same training clips, {percent(row['test_share'])} of test clips reach cosine {row['cosine']:g}"
    if not row["held_out_share"]:
        return f"{told}, and none of the held-out clips."
    times = number(row["test_share"] / row["held_out_share"], 1)
    return f"{told}: {times} times the {percent(row['held_out_share'])} of held-out clips ({_spread(row)})."


def less_alike(held: HeldOut) -> str:
    """At which cosines fewer test clips than held-out clips of any draw reach training, or an empty text."""
    clips = held.summary[held.summary["unit"] == "clip"]
    told = [
        f"At cosine {row['cosine']:g} it is the other way round: {percent(row['test_share'])} of test clips reach it, "
        f"and {percent(row['held_out_share'])} of held-out clips ({_spread(row)})."
        for _, row in clips[clips["test_share"] < clips["low"]].iterrows()
    ]
    return " ".join([*told, "So the comparison speaks of close wording only."]) if told else ""


def lines(leaks: Mapping[str, TextLeak], held: HeldOut) -> "dict[str, pd.Series[float]]":
    """The lines of the distribution figure: every audit, then the recordings held out of training."""
    first = next(iter(leaks.values()))
    found = {f"{leak.test} test, {leak.train} train": leak.flags["cosine"] for leak in leaks.values()}
    return {**found, f"{first.train} train, recordings held out": held.flags["cosine"]}


def ecdf(leak: TextLeak, held: HeldOut) -> str:
    """Alternative text of the distribution of nearest similarities."""
    median, level = leak.flags["cosine"].median(), held.flags["cosine"].median()
    return (
        f"Half of the test captions of {leak.test} have a training caption at cosine {median:.2f} or above; "
        f"for training captions whose recordings were held out it is {level:.2f}."
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
        sizes, clips = audit.info["sizes"], audit.flags.dropna(subset="group")["clip_id"].nunique()
        told.append(f"{name} has {len(sizes):,} groups over {clips:,} clips, the largest of {max(sizes, default=0):,}")
    return "Groups of near-duplicates: " + "; ".join(told) + "."


def _ruled(leak: TextLeak, held: HeldOut) -> dict[str, float | Measure]:
    """What the rule by text reads, at the highest threshold: ``text_cosine``, and three shares of clips at it."""
    strict, level = _strict(leak), _strictest(held)
    spread = f"range over {level['draws']:.0f} draws"
    return {
        "text_cosine": float(leak.summary["threshold"].max()),
        "text_share": Measure(strict["share"], strict["low"], strict["high"], int(strict["n"]), "share"),
        "held_out_share": Measure(
            level["held_out_share"], level["low"], level["high"], int(level["draws"]), "share", kind=spread
        ),
        "beside_held_out_share": float(level["test_share"]),
    }


def _spread(row: "pd.Series[Any]") -> str:
    return f"{100 * row['low']:.1f}–{100 * row['high']:.1f} over {row['draws']:.0f} draws"


def _strict(leak: TextLeak) -> "pd.Series[float]":
    return leak.at(unit="clip", scale=SCALES[0], threshold=leak.summary["threshold"].max())


def _strictest(held: HeldOut) -> "pd.Series[float]":
    return held.summary[held.summary["unit"] == "clip"].sort_values("cosine").iloc[-1]
