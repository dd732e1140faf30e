"""Respondents whose answers agree with the others' no better than chance."""

import numpy as np
import pandas as pd

from lib.metrics.intervals import Floats
from lib.metrics.p_values import holm, monte_carlo
from lib.sections.captioners.preferences.ballots import Ballots


def random_respondents(ballots: Ballots, *, draws: int, rng: np.random.Generator, alpha: float = 0.05) -> pd.DataFrame:
    """How well each respondent agrees with all others, against what answering at random would give.

    Agreement is the mean over ballots of the correlation of a respondent's ranks with the mean ranks that the others
    gave the same captions of the same clip. Under the null hypothesis ranks were dealt at random within each ballot.
    ``random`` marks who is not distinguished from that at ``alpha``, which with few ballots may be anybody: it is no
    proof, so nobody is left out for it.

    Args:
        ballots: the answers.
        draws: random deals.
        rng: source of randomness.
        alpha: the level for one respondent; ``p_holm`` is corrected for all.

    Returns:
        Columns ``respondent_id, ballots, agreement, p, test, p_holm, random, note``, least agreement first; ``test``
        says how p was found; without a number where nobody else judged the same clips.
    """
    rows = [(person, *_against_others(ballots, person, draws, rng)) for person in ballots.people]
    table = pd.DataFrame(rows, columns=["respondent_id", "ballots", "agreement", "p"])
    known = table["p"].notna()
    table["test"] = np.where(known, monte_carlo(draws + 1), "")
    table["p_holm"] = holm(table["p"])
    table["random"] = known & (table["p"] > alpha)
    table["note"] = np.where(known, "", "nobody else judged the same clips")
    return table.sort_values("agreement", kind="stable", ignore_index=True)


def without_random(ballots: Ballots, table: pd.DataFrame) -> Ballots | None:
    """The ballots of those who are distinguished from chance; None where nobody is."""
    kept = ~np.isin(ballots.respondents.astype(str), table.loc[table["random"], "respondent_id"].astype(str))
    return ballots.rows(kept) if kept.any() else None


def _against_others(ballots: Ballots, person: object, draws: int, rng: np.random.Generator) -> tuple[int, float, float]:
    own = np.flatnonzero(ballots.respondents == person)
    observed, dealt, compared = 0.0, np.zeros(draws), 0
    for row in own:
        others = (ballots.clips == ballots.clips[row]) & (ballots.respondents != person)
        pair = _centred(ballots.ranks[row], ballots.ranks[others])
        if pair is not None:
            mine, theirs = pair
            observed += float(mine @ theirs)
            dealt += rng.permuted(np.tile(mine, (draws, 1)), axis=1) @ theirs
            compared += 1
    if not compared:
        return len(own), float("nan"), float("nan")
    return len(own), observed / compared, float((1 + (dealt >= observed - 1e-9).sum()) / (draws + 1))


def _centred(mine: Floats, others: Floats) -> tuple[Floats, Floats] | None:
    """Both sides centred and of length one on the captions both judged; zero where a side ties them all."""
    both = ~np.isnan(mine) & ~np.isnan(others).all(axis=0) if len(others) else np.zeros(len(mine), dtype=bool)
    if both.sum() < 2:
        return None
    sides = [mine[both], np.nanmean(others[:, both], axis=0)]
    middle = [x - x.mean() for x in sides]
    lengths = [np.linalg.norm(x) for x in middle]
    first, second = (x / length if length > 1e-12 else x * 0 for x, length in zip(middle, lengths, strict=True))
    return first, second
