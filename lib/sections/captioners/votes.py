"""What a survey says of captioners, all measures at once."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from lib.corpus import Corpus
from lib.sections.captioners.preferences.abilities import abilities
from lib.sections.captioners.preferences.agreement import agreement
from lib.sections.captioners.preferences.ballots import Ballots, read
from lib.sections.captioners.preferences.davidson import TiedAbilities, tied_abilities
from lib.sections.captioners.preferences.pairs import paired_preferences
from lib.sections.captioners.preferences.places import first_place_shares, friedman, mean_ranks
from lib.sections.captioners.preferences.position import PositionBias, position_bias
from lib.sections.captioners.preferences.random_respondents import random_respondents, without_random
from lib.survey.key import SurveyError


@dataclass(frozen=True)
class Votes:
    """The measures of one survey; tables without rows where there is no survey, or it holds nothing to compare.

    Attributes:
        ballots: the answers; None where there are none.
        why_not: what is lacking; empty where nothing is.
        shares: from `places.first_place_shares`.
        ranks: from `places.mean_ranks`.
        friedman: from `places.friedman`.
        abilities: from `abilities.abilities`.
        careful_abilities: the same without the respondents who are not distinguished from chance.
        pairs: from `pairs.paired_preferences`.
        agreement: from `agreement.agreement`.
        people: from `random_respondents.random_respondents`.
        position: from `position.position_bias`; None also where places were not recorded.
        tied: from `davidson.tied_abilities`; None also where nobody called two captions equally good.
    """

    ballots: Ballots | None = field(default=None, repr=False)
    why_not: str = ""
    shares: pd.DataFrame = field(default_factory=pd.DataFrame)
    ranks: pd.DataFrame = field(default_factory=pd.DataFrame)
    friedman: pd.DataFrame = field(default_factory=pd.DataFrame)
    abilities: pd.DataFrame = field(default_factory=pd.DataFrame)
    careful_abilities: pd.DataFrame = field(default_factory=pd.DataFrame)
    pairs: pd.DataFrame = field(default_factory=pd.DataFrame)
    agreement: pd.DataFrame = field(default_factory=pd.DataFrame)
    people: pd.DataFrame = field(default_factory=pd.DataFrame)
    position: PositionBias | None = None
    tied: TiedAbilities | None = None

    @property
    def places(self) -> pd.DataFrame | None:
        """First places and shifts of rank by the place shown; None where places were not recorded."""
        return None if self.position is None else self.position.table

    @property
    def checks(self) -> pd.DataFrame | None:
        """What repeated and gold items, and the time, say of each respondent; None where there were none of them."""
        table = pd.DataFrame() if self.ballots is None else self.ballots.checks
        unknown = table.empty or (table["gold"].sum() == 0 and table[["seconds", "agreement"]].isna().all(axis=None))
        return None if unknown else table.rename(columns={"respondent": "respondent_id"})

    @property
    def set_aside(self) -> pd.DataFrame | None:
        """The answers that were not counted, ``reason, answers``; None without a survey."""
        return None if self.ballots is None else self.ballots.set_aside


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
        ballots = read(path, clips=corpus.clips["clip_id"].tolist(), called=corpus.called)
    except SurveyError as error:
        return Votes(why_not=error.what)
    people = random_respondents(ballots, draws=draws, rng=rng, alpha=alpha)
    careful = without_random(ballots, people)
    return Votes(
        ballots,
        shares=first_place_shares(ballots, draws=draws, rng=rng),
        ranks=mean_ranks(ballots, draws=draws, rng=rng),
        friedman=friedman(ballots),
        abilities=abilities(ballots, draws=draws, rng=rng),
        careful_abilities=pd.DataFrame() if careful is None else abilities(careful, draws=draws, rng=rng),
        pairs=paired_preferences(ballots, draws=draws, rng=rng, alpha=alpha),
        agreement=agreement(ballots, draws=draws, rng=rng),
        people=people,
        position=position_bias(ballots, draws=draws, rng=rng),
        tied=tied_abilities(ballots, draws=draws, rng=rng),
    )
