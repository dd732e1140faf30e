"""What a survey says of captioners, all measures at once, and how it compares with retrieval."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.corpus import Corpus
from lib.metrics.rank_correlation import RankCorrelation, spearman
from lib.sections.captioners.preferences.abilities import abilities
from lib.sections.captioners.preferences.agreement import agreement
from lib.sections.captioners.preferences.ballots import Ballots, read
from lib.sections.captioners.preferences.pairs import preferences
from lib.sections.captioners.preferences.position import PositionBias, bias
from lib.sections.captioners.preferences.random_respondents import random_respondents, without
from lib.sections.captioners.preferences.ranks import friedman, mean_ranks
from lib.sections.captioners.preferences.shares import preference
from lib.survey.key import SurveyError

SHOWN = {
    "recall_1": ".1 recall_low recall_high",
    "preferred": "percent preferred_low preferred_high",
    "mean_rank": ".2 rank_low rank_high",
    "ability": ".2 ability_low ability_high",
}
"""How the columns of `side_by_side` are shown."""
SHARES = {
    "first": ".1",
    "share": "percent low high",
    "wilson_low": "percent",
    "wilson_high": "percent",
    "chance": "percent",
}
PLACES = {"first_share": "percent low high", "chance": "percent", "rank_shift": ".2 shift_low shift_high"}
"""How those of `Votes.shares` and of `Votes.position` are."""


@dataclass(frozen=True)
class Votes:
    """The measures of one survey; None where there is no survey, or it holds nothing to compare.

    Attributes:
        ballots: the answers.
        why_not: what is lacking; empty where nothing is.
        shares: from `lib.sections.captioners.preferences.shares.preference`.
        ranks: from `lib.sections.captioners.preferences.ranks.mean_ranks`.
        friedman: from `lib.sections.captioners.preferences.ranks.friedman`.
        abilities: from `lib.sections.captioners.preferences.abilities.abilities`.
        sure: the same without the respondents who could not be told from chance; None where nobody could.
        pairs: from `lib.sections.captioners.preferences.pairs.preferences`.
        agreement: from `lib.sections.captioners.preferences.agreement.agreement`.
        people: from `lib.sections.captioners.preferences.random_respondents.random_respondents`.
        position: from `lib.sections.captioners.preferences.position.bias`; None also where places were not recorded.
    """

    ballots: Ballots | None = None
    why_not: str = ""
    shares: pd.DataFrame | None = None
    ranks: pd.DataFrame | None = None
    friedman: pd.DataFrame | None = None
    abilities: pd.DataFrame | None = None
    sure: pd.DataFrame | None = None
    pairs: pd.DataFrame | None = None
    agreement: pd.DataFrame | None = None
    people: pd.DataFrame | None = None
    position: PositionBias | None = None


def votes(corpus: Corpus | None, *, draws: int, rng: np.random.Generator, alpha: float = 0.05) -> Votes:
    """Measures the survey that lies beside a dataset, in ``survey.csv``.

    Args:
        corpus: the dataset; None for none.
        draws: bootstrap replicates, permutations and sign patterns.
        rng: source of randomness.
        alpha: level of the tests.
    """
    path = None if corpus is None else corpus.provenance.root / "survey.csv"
    if corpus is None or path is None or not path.is_file():
        return Votes(why_not="no survey lies beside the captions")
    try:
        cast = read(path, clips=corpus.clips["clip_id"].tolist(), called=corpus.called)
    except SurveyError as error:
        return Votes(why_not=error.what)
    people = random_respondents(cast, draws=draws, rng=rng, alpha=alpha)
    sure = without(cast, people)
    return Votes(
        cast,
        shares=preference(cast, draws=draws, rng=rng),
        ranks=mean_ranks(cast, draws=draws, rng=rng),
        friedman=friedman(cast),
        abilities=abilities(cast, draws=draws, rng=rng),
        sure=None if sure is None else abilities(sure, draws=draws, rng=rng),
        pairs=preferences(cast, draws=draws, rng=rng, alpha=alpha),
        agreement=agreement(cast, draws=draws, rng=rng),
        people=people,
        position=bias(cast, draws=draws, rng=rng),
    )


def side_by_side(recalls: pd.DataFrame, found: Votes) -> pd.DataFrame | None:
    """Recall and preference of each captioner in one table, as the technical report's Table 3 has them.

    Args:
        recalls: from `lib.sections.captioners.metrics.captioners.recalls`; may be empty.
        found: the survey.

    Returns:
        ``captioner, recall_1, recall_low, recall_high, preferred, preferred_low, preferred_high, mean_rank, rank_low,
        rank_high, ability, ability_low, ability_high``, the most preferred first; columns of what is lacking are left
        out; None where both are.
    """
    parts = []
    if found.shares is not None and found.ranks is not None and found.abilities is not None:
        parts += [
            _named(found.shares, "preferred", "share"),
            _named(found.ranks, "rank", "mean_rank", keep="mean_rank"),
            _named(found.abilities, "ability", "ability"),
        ]
    if not recalls.empty:
        first = recalls[(recalls["direction"] == "video to text") & (recalls["measure"] == "R@1")]
        parts.insert(0, _named(first, "recall", "value", keep="recall_1"))
    if not parts:
        return None
    table = pd.concat([part.set_index("captioner") for part in parts], axis=1)
    by = "preferred" if "preferred" in table else "recall_1"
    return table.sort_values(by, ascending=False, kind="stable").rename_axis("captioner").reset_index()


def alike(table: pd.DataFrame | None, *, rng: np.random.Generator) -> RankCorrelation | None:
    """How far recall and the survey's abilities order the captioners alike; None where either is lacking."""
    if table is None or not {"recall_1", "ability"} <= {*table.columns}:
        return None
    both = table.dropna(subset=["recall_1", "ability"])
    return spearman(both["recall_1"], both["ability"], rng=rng) if len(both) > 1 else None


def _named(table: pd.DataFrame, prefix: str, value: str, *, keep: str | None = None) -> pd.DataFrame:
    names = {value: keep or prefix, "low": f"{prefix}_low", "high": f"{prefix}_high"}
    return table[["captioner", value, "low", "high"]].rename(columns=names)
