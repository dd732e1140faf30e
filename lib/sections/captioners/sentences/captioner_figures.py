"""Alternative texts of the figures of 03, each of which states the takeaway."""

import pandas as pd

from lib.draw.table import records
from lib.metrics.intervals import number
from lib.metrics.rank_correlation import RankCorrelation
from lib.sections.captioners.captioners import Material
from lib.sections.captioners.sentences.captioners import first_recalls, sentence
from lib.sections.captioners.votes import Votes


def recalls(table: pd.DataFrame) -> str:
    """Alternative text of the recall figure."""
    told = [
        f"{row['captioner']} {number(row['value'], 1)} %"
        for row in records(first_recalls(table).sort_values("value", ascending=False))
    ]
    return sentence(["video-to-text R@1 of " + ", ".join(told)]) if told else ""


def differences(tests: pd.DataFrame) -> str:
    """Alternative text of the figure of differences."""
    if tests.empty:
        return ""
    apart = int(tests["different"].sum())
    return f"Of {len(tests)} pairs of captioners the test tells {apart} apart."


def by_gallery(curves: pd.DataFrame) -> str:
    """Alternative text of the gallery figure."""
    if curves.empty:
        return ""
    ends = curves.groupby("captioner", sort=False)
    told = [
        f"{name} from {number(one['recall'].iloc[0], 0)} % among {one['size'].iloc[0]} clips to "
        f"{number(one['recall'].iloc[-1], 0)} % among {one['size'].iloc[-1]}"
        for name, one in ends
    ]
    return sentence(["R@1 falls as the gallery grows: " + ", ".join(told)])


def growth(table: pd.DataFrame) -> str:
    """Alternative text of the growth figure."""
    if table.empty:
        return ""
    last = table[table["captions"] == table["captions"].max()].sort_values("words", ascending=False)
    told = ", ".join(f"{row['captioner']} {number(row['words'], 0)}" for row in records(last))
    return f"Distinct words in {int(last['captions'].iloc[0])} captions: {told}."


def preferences(cast: Votes) -> str:
    """Alternative text of the survey figure."""
    if cast.abilities is None:
        return ""
    return f"Captioners by ability, best first: {', '.join(cast.abilities['captioner'])}."


def example(found: Material) -> str:
    """Alternative text of the example item."""
    return f"One motion as stick figures above the blinded captions of {len(found.names)} captioners, to be ranked."


def agreement(agreed: RankCorrelation | None) -> str:
    """Alternative text of the figure of recall and preference."""
    if agreed is None or agreed.rho != agreed.rho:
        return ""
    return f"Recall and ability of {agreed.n} captioners, rank correlation {number(agreed.rho, 2)}."
