"""Sentences of 00: size, language and cleanliness of the corpora."""

from collections.abc import Sequence

import pandas as pd

from lib.corpus import Corpus
from lib.draw.table import records
from lib.metrics.intervals import Measure, percent, wilson
from lib.sections.preparation.funnel import Funnel, Thresholds
from lib.sections.preparation.motion_quality import MotionQuality


def values(
    keys: Sequence[str],
    sizes: pd.DataFrame,
    language: pd.DataFrame,
    funnels: Sequence[Funnel],
    bounds: Thresholds | None,
    recovered: pd.DataFrame | None,
) -> dict[str, int | float | str | Measure]:
    """The numbers of each corpus under its key, as in ``h3d_clips``."""
    found: dict[str, int | float | str | Measure] = {}
    for key, size, words in zip(keys, records(sizes), records(language), strict=True):
        found |= {
            f"{key}_clips": size["clips"],
            f"{key}_clips_with_mirrors": size["clips_with_mirrors"],
            f"{key}_captions": size["captions"],
            f"{key}_clips_with_motion": size["clips_with_motion"],
            f"{key}_hours": size["hours_with_motion"],
            f"{key}_words_per_caption": Measure(
                words["words_per_caption"], words["low"], words["high"], words["captions"], "words"
            ),
            f"{key}_distinct_words": words["distinct_words"],
            f"{key}_rarefied_words": float(words["rarefied_words"]),
        }
    if warning := partial(sizes):
        found["partial"] = warning
    if bounds is not None:
        found |= {"realism_min": bounds.realism_min, "high_pass_max": bounds.high_pass_max}
    for one in funnels:
        key = keys[sizes["corpus"].tolist().index(one.summary["corpus"].iloc[0])]
        found[f"{key}_funnel_entering"] = int(one.summary["entering"].iloc[0])
        found[f"{key}_funnel_kept"] = int(one.summary["kept"].iloc[-1])
        if len(one.flags):
            found[f"{key}_clean"] = wilson(int(one.flags["kept"].sum()), len(one.flags))
    for row in records(recovered) if recovered is not None else []:
        name = f"auc_{row['score']}_{row['defect']}".replace(" ", "_")
        found[name] = Measure(row["auc"], row["low"], row["high"], row["defective"] + row["clean"], digits=3)
    return found


def partial(sizes: pd.DataFrame) -> str:
    """Which corpora lack captions, or an empty text."""
    lacking = [row for row in records(sizes) if row["clips_captioned"] < row["clips"]]
    return "; ".join(
        f"only {r['clips_captioned']:,} of {r['clips']:,} clips of {r['corpus']} have captions here" for r in lacking
    )


def finding(sizes: pd.DataFrame, language: pd.DataFrame, funnels: Sequence[Funnel]) -> str:
    """Size and vocabulary of every corpus, and what the funnel keeps of the candidate."""
    parts = []
    for size, words in zip(records(sizes), records(language), strict=True):
        told = f"{size['corpus']} holds {size['clips']:,} clips and {size['captions']:,} captions without mirrors, "
        told += f"{words['distinct_words']:,} distinct words"
        if words["rarefied_to"] < words["captions"]:
            told += f" ({words['rarefied_words']:,.0f} expected in {words['rarefied_to']:,} captions)"
        parts.append(told)
    for one in funnels[-1:]:
        first, last = one.summary.iloc[0], one.summary.iloc[-1]
        parts.append(f"the funnel keeps {last['kept']:,} of {first['entering']:,} clips of {last['corpus']}")
    parts += [warning] if (warning := partial(sizes)) else []
    return "; ".join(parts) + "."


def caption_lengths(language: pd.DataFrame) -> str:
    """Alternative text of the caption length figure."""
    told = [f"{row['corpus']} captions have {row['median_words']:.0f} words in the median" for row in records(language)]
    return "Distribution of words per caption: " + ", ".join(told) + "."


def rarefaction(language: pd.DataFrame) -> str:
    """Alternative text of the rarefaction figure."""
    told = [f"{row['corpus']} uses {row['rarefied_words']:,.0f} distinct words" for row in records(language)]
    return f"At {int(language['rarefied_to'].iloc[0]):,} captions " + ", ".join(told) + "."


def funnel(funnels: Sequence[Funnel]) -> str:
    """Alternative text of the funnel figure."""
    told = []
    for one in funnels:
        worst = one.summary.sort_values("dropped", kind="stable").iloc[-1]
        kept, entering = one.summary["kept"].iloc[-1], one.summary["entering"].iloc[0]
        lost = f"most are lost to {worst['stage']} ({worst['dropped']:,})"
        told.append(f"{worst['corpus']} keeps {kept:,} of {entering:,} clips, {lost}")
    return "; ".join(told) + "." if told else ""


def scores(quality: MotionQuality, bounds: Thresholds | None) -> str:
    """Alternative text of the score distributions."""
    if bounds is None:
        return ""
    told = [
        f"{name}: {percent((table['realism'] < bounds.realism_min).mean())} of clips below the realism bound, "
        f"{percent((table['high_pass'] > bounds.high_pass_max).mean())} above the high-pass bound"
        for name, table in quality.tables.items()
    ]
    return "; ".join(told) + "."


def sensitivity(table: pd.DataFrame | None) -> str:
    """Alternative text of the sensitivity figure."""
    if table is None:
        return ""
    lowest = table["word_ratio"].min()
    return (
        f"Distinct words stay at {percent(lowest, 0)} or more of what random removal would leave; "
        f"spread of motion falls to {percent(table['motion_ratio'].min(), 0)} at the least, over both scores."
    )


def roc(held_out: pd.DataFrame | None, recovered: pd.DataFrame | None) -> str:
    """Alternative text of the ROC figure."""
    told = (
        [f"{row['score']} against {row['defect']} {row['auc']:.3f}" for row in records(recovered)]
        if recovered is not None
        else []
    )
    if held_out is not None:
        told.append(f"held-out perturbed poses {held_out['auc'].iloc[0]:.3f}")
    return "Areas under the ROC curves: " + ", ".join(told) + "." if told else ""


def examples(corpus: Corpus | None, which: str) -> str:
    """Alternative text of the strips."""
    return f"Stick figures of the {which} clips of {corpus.name} by realism and by high-pass score." if corpus else ""
