"""Answers of a survey, ready to be counted: one row a ballot, one column a captioner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.survey.checks import FALSE, respondents
from lib.survey.key import SurveyError
from lib.survey.merging import CHECK

Floats = npt.NDArray[np.float64]
KEYS = ["respondent", "clip_id"]


@dataclass(frozen=True)
class Ballots:
    """What respondents answered: a ballot is one respondent's order of the captions of one clip.

    Args:
        captioners: their names, sorted; columns of the arrays.
        respondents: who filled in each ballot (n,).
        clips: the clip of each ballot (n,).
        ranks: 1 for the best of a ballot, ties sharing the mean of their places, NaN for captions not shown (n, k).
        positions: the place at which each caption was shown, from 1; None where it was not recorded.
        set_aside: what was not counted: ``reason, answers``.
        checks: how far each respondent can be relied on, from `lib.survey.checks.respondents`.
    """

    captioners: tuple[str, ...]
    respondents: npt.NDArray[np.object_]
    clips: npt.NDArray[np.object_]
    ranks: Floats
    positions: Floats | None = None
    set_aside: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["reason", "answers"]))
    checks: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __len__(self) -> int:
        """Number of ballots."""
        return len(self.ranks)

    @cached_property
    def people(self) -> npt.NDArray[np.object_]:
        """The respondents, sorted."""
        return np.unique(self.respondents)

    @cached_property
    def complete(self) -> npt.NDArray[np.bool_]:
        """Which ballots rank every captioner (n,)."""
        return np.asarray(~np.isnan(self.ranks).any(axis=1))

    @cached_property
    def ties(self) -> npt.NDArray[np.bool_]:
        """Whether two captioners share a rank (n, k, k), which none does with itself."""
        level = self.ranks[:, :, None] == self.ranks[:, None, :]
        return np.asarray(level & ~np.eye(len(self.captioners), dtype=bool))

    @cached_property
    def wins(self) -> Floats:
        """Whether a captioner (second axis) is ranked above another (third axis), half for a tie (n, k, k)."""
        first, second = self.ranks[:, :, None], self.ranks[:, None, :]
        beaten = (first < second) + 0.5 * (first == second)
        beaten[:, np.arange(len(self.captioners)), np.arange(len(self.captioners))] = 0.0
        return np.asarray(beaten, dtype=np.float64)

    def rows(self, chosen: npt.ArrayLike) -> "Ballots":
        """Some of the ballots."""
        at = np.asarray(chosen)
        positions = None if self.positions is None else self.positions[at]
        return replace(
            self, respondents=self.respondents[at], clips=self.clips[at], ranks=self.ranks[at], positions=positions
        )


def read(path: Path, *, clips: Sequence[str] | None = None, called: Mapping[str, str] | None = None) -> Ballots:
    """Reads survey.csv: ``respondent, clip_id, captioner, rank`` or ``score``, and ``position`` where it was recorded.

    Args:
        path: the file.
        clips: ids that may be seen; answers about others are counted and left out.
        called: what stands for the names of captioners.

    Raises:
        SurveyError: as `from_table`; a file that is missing or no table.
    """
    if path.exists() and not path.is_file():
        raise SurveyError("no regular file", where=path, fix="join the exports with: python -m lib survey merge")
    try:
        table = pd.read_csv(path, dtype={"respondent": str, "clip_id": str, "captioner": str})
    except FileNotFoundError:
        raise SurveyError("no such file", where=path, fix="join the exports with: python -m lib survey merge") from None
    except (OSError, ValueError, ArithmeticError) as error:
        raise SurveyError(f"not a readable table ({error})", where=path, fix="write it as CSV in UTF-8") from error
    if called and "captioner" in table:
        called = {name: other for name, other in called.items() if name != FALSE}
        table = table.assign(captioner=table["captioner"].map(lambda name: called.get(name, name)))
    return from_table(table, where=path, clips=clips)


def from_table(table: pd.DataFrame, *, where: str | Path = "survey", clips: Sequence[str] | None = None) -> Ballots:
    """Ballots from answers, one row an answer.

    A respondent who ranked a clip twice is counted once, with the first answer, as when exports are merged. Ranks
    are made anew within each ballot, so that it does not matter whether ties read 1, 1, 3 or 1, 1, 2. A ballot with
    fewer than two answers compares nothing. Where a column `check` marks answers to repeated and gold items, they say
    how far their respondent can be relied on and compare no captioners.

    Args:
        table: ``respondent, clip_id, captioner`` and ``rank`` (1 is best) or ``score`` (more is better); ``position``.
        where: what to call it in a message.
        clips: ids that may be seen; None for all.

    Raises:
        SurveyError: a column is missing, a rank or score is no number, or nothing is left to compare.

    Example:
        >>> rows = [("r1", "c1", "x", 1), ("r1", "c1", "y", 2), ("r2", "c1", "x", 1), ("r2", "c1", "y", 1)]
        >>> from_table(pd.DataFrame(rows, columns=["respondent", "clip_id", "captioner", "rank"])).ranks.tolist()
        [[1.0, 2.0], [1.5, 1.5]]
    """
    measure = "rank" if "rank" in table else "score"
    missing = [name for name in (*KEYS, "captioner", measure) if name not in table]
    if missing:
        fix = "give respondent, clip_id, captioner, and rank or score"
        raise SurveyError(f"column {missing[0]} is missing", where=where, fix=fix)
    value = pd.to_numeric(table[measure], errors="coerce")
    wrong = value.isna() & table[measure].notna()
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0]) + 2
        what = f"{measure} {table.loc[wrong, measure].iloc[0]!r} in row {row} is no number"
        raise SurveyError(what, where=where, fix="write a number, or nothing where there was no answer")
    aside: list[tuple[str, int]] = []
    answers = table.assign(value=value if measure == "rank" else -value)
    if clips is not None and CHECK in table:
        table = table[table["clip_id"].isin(set(clips))]
    checks = respondents(table[table[measure].notna()]) if measure == "rank" else pd.DataFrame()
    if CHECK in answers:
        answers = _kept(answers, answers[CHECK].fillna("") == "", "to a repeated or gold item", aside)
    answers = _kept(
        answers, answers[[*KEYS, "captioner"]].notna().all(axis=1), "no respondent, clip or captioner", aside
    )
    if clips is not None:
        answers = _kept(answers, answers["clip_id"].isin(set(clips)), "clip not among those that are used", aside)
    answers = _kept(answers, answers["value"].notna(), f"no {measure}", aside)
    first = ~answers.duplicated([*KEYS, "captioner"])
    answers = _kept(answers, first, "answered again: the first answer counts", aside)
    shared = answers.groupby(KEYS)["captioner"].transform("size") >= 2
    answers = _kept(answers, shared, "the only caption ranked on its ballot", aside)
    if answers.empty:
        what = f"no respondent ranked two captioners against each other ({len(table):,} answers)"
        raise SurveyError(what, where=where, fix="ask about two or more captioners of the same clip")
    wide = answers.pivot(index=KEYS, columns="captioner", values="value").sort_index()
    positions = None
    if "position" in answers and answers["position"].notna().all():
        positions = (
            answers.pivot(index=KEYS, columns="captioner", values="position").sort_index().to_numpy(dtype=np.float64)
        )
    return Ballots(
        captioners=tuple(str(name) for name in wide.columns),
        respondents=wide.index.get_level_values(0).to_numpy(dtype=object),
        clips=wide.index.get_level_values(1).to_numpy(dtype=object),
        ranks=wide.rank(axis=1).to_numpy(dtype=np.float64),
        positions=positions,
        set_aside=pd.DataFrame(aside, columns=["reason", "answers"]),
        checks=checks,
    )


def _kept(answers: pd.DataFrame, keep: "pd.Series[bool]", reason: str, aside: list[tuple[str, int]]) -> pd.DataFrame:
    if not keep.all():
        aside.append((reason, int((~keep).sum())))
    return answers[keep]
