"""How far each respondent can be relied on: agreement with themselves, gold items, and the time they took."""

import numpy as np
import pandas as pd

FALSE = "(false caption)"
"""Stands for the captioner of a caption that was taken from another clip."""
COLUMNS = ["respondent", "answers", "seconds", "repeats", "agreement", "gold", "passed", "note"]
BLIND = 0.5
"""Agreement with themselves of somebody who orders two captions by tossing a coin."""


def respondents(votes: pd.DataFrame) -> pd.DataFrame:
    """What the repeated and gold items say of each respondent; nobody is left out for it.

    Two answers to one item agree on a pair of captions where both put the same one first, or both put them level.
    A gold item is passed where the false caption stands last, and not level with all others.

    Args:
        votes: as `lib.survey.merging.Merged.votes`; without a column `check` nothing was repeated or gold, without
            `seconds` no time was taken.

    Returns:
        ``respondent, answers, seconds, repeats, agreement, gold, passed, note``: items answered, the median of the
        seconds an item, repeated items, the share of their pairs of captions ordered alike, gold items and how many
        were passed; NaN where there is nothing to measure. ``note`` says who missed gold items, or agrees with
        themselves no better than a coin.

    Example:
        >>> rows = [("r", "c", "x", 1, 5.0, ""), ("r", "c", "y", 2, 5.0, "")]
        >>> rows += [("r", "c", "x", 2, 9.0, "repeat"), ("r", "c", "y", 1, 9.0, "repeat")]
        >>> table = pd.DataFrame(rows, columns=["respondent", "clip_id", "captioner", "rank", "seconds", "check"])
        >>> respondents(table)[["answers", "seconds", "repeats", "agreement", "note"]].values.tolist()
        [[2, 7.0, 1, 0.0, 'contradicts their own answers (0 of 1 pairs alike)']]
    """
    told = {name: votes.get(name, default) for name, default in (("check", ""), ("seconds", np.nan))}
    table = votes.assign(**told).fillna({"check": ""})
    rows = [_row(str(name), own) for name, own in table.groupby("respondent", sort=True)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _row(name: str, own: pd.DataFrame) -> tuple[str, int, float, int, float, int, int, str]:
    answers = own.drop_duplicates(["clip_id", "check"])
    again = own[own.check == "repeat"].merge(own[own.check == ""], on=["clip_id", "captioner"], suffixes=("", "_first"))
    alike = np.concatenate([_alike(both) for _, both in again.groupby("clip_id")] or [np.zeros(0, dtype=bool)])
    passed = [_passed(item) for _, item in own[own.check == "gold"].groupby("clip_id")]
    notes = []
    if passed and not all(passed):
        notes.append(f"missed {len(passed) - sum(passed)} of {len(passed)} gold items")
    if len(alike) and alike.mean() <= BLIND:
        notes.append(f"contradicts their own answers ({alike.sum()} of {len(alike)} pairs alike)")
    seconds = float(answers.seconds.median()) if answers.seconds.notna().any() else float("nan")
    agreement = float(alike.mean()) if len(alike) else float("nan")
    repeats = again.clip_id.nunique()
    return name, len(answers), seconds, repeats, agreement, len(passed), sum(passed), " and ".join(notes)


def _alike(both: pd.DataFrame) -> np.ndarray:
    """Which pairs of captions two answers order alike."""
    first, second = both.rank_first.to_numpy(dtype=float), both["rank"].to_numpy(dtype=float)
    upper = np.triu_indices(len(both), 1)
    return np.asarray(np.sign(first[:, None] - first)[upper] == np.sign(second[:, None] - second)[upper])


def _passed(item: pd.DataFrame) -> bool:
    false = item["rank"][item.captioner == FALSE].max()
    return bool(false == item["rank"].max() and false > item["rank"].min())
