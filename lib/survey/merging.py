"""Responses of one survey joined into the table that the analysis reads."""

import os
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from lib.survey.checks import FALSE, respondents
from lib.survey.key import Key, SurveyError
from lib.survey.responses import Answer, Problem, Response, fault, read

COLUMNS = ["respondent", "clip_id", "captioner", "rank", "position", "seconds"]
CHECK = "check"
"""A further column where items are repeated or gold: repeat, gold, or nothing for an answer that counts."""


@dataclass(frozen=True, eq=False)
class Merged:
    """Votes that count, and everything that does not.

    Attributes:
        votes: one row a caption ranked: respondent, clip_id, captioner, rank (1 = best), position (1 = shown first),
            seconds spent on the item; check where the survey has repeated or gold items.
        rankings: items answered, repeated and gold ones included.
        problems: of what was passed over, then in the order of the files.
        files: how many were read.
        items: of the survey.
    """

    votes: pd.DataFrame
    rankings: int
    problems: list[Problem]
    files: int
    items: int

    def summary(self) -> str:
        """What was joined, in one line."""
        people = self.votes.respondent.nunique()
        return (
            f"{people} respondent{'s' * (people != 1)}, {self.rankings} of {people * self.items} rankings, "
            f"{self.files} file{'s' * (self.files != 1)}, {len(self.problems)} remark{'s' * (len(self.problems) != 1)}"
        )


def files_in(places: Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    """The exports among files and folders, in the order of their names, and what is passed over.

    Subfolders count, and so do exports that a mail program named ``.json.txt``. Hidden files and ``__MACOSX``, which
    operating systems add, are nobody's answers and are not mentioned.

    Returns:
        Files to read; a line for everything else that lies there.

    Raises:
        SurveyError: a place that is not there, or no export in any of them.
    """
    found: list[Path] = []
    passed: list[Problem] = []
    for place in places:
        if not place.exists():
            raise SurveyError("no such file or folder", where=place, fix="name the folder of exported answers")
        for path in _within(place) if place.is_dir() else [place]:
            if reason := _no_export(path, named=path == place):
                passed.append(Problem(path, f"{reason}; not read"))
            else:
                found.append(path)
    if not found:
        fix = f"first remark: {passed[0]}" if passed else "put the exported .json or .csv files there"
        raise SurveyError("no responses", where=", ".join(map(str, places)), fix=fix)
    return list(dict.fromkeys(found)), passed


def _within(folder: Path) -> list[Path]:
    paths = [Path(place) / name for place, _, names in os.walk(folder) for name in names]
    return sorted(
        path
        for path in paths
        if not any(part.startswith(".") or part == "__MACOSX" for part in path.relative_to(folder).parts)
    )


def _no_export(path: Path, *, named: bool) -> str:
    """Why a path is no export to read, or an empty text; of a file that the user names only the content decides."""
    name = path.name.lower().removesuffix(".txt")
    if not path.is_file():
        return "no regular file"
    if name.endswith(".key.json"):
        return "the key of a survey, no answers"
    if zipfile.is_zipfile(path):
        return "an archive; unpack it there"
    return "" if named or name.endswith((".json", ".csv")) else "no .json or .csv"


def join(files: Sequence[Path], key: Key, *, complete: bool = False, passed: Sequence[Problem] = ()) -> Merged:
    """Validates and joins the responses to one survey.

    Of several files of one respondent the one with the most rankings counts, of equals the one started first, then the
    first by name. Of several rankings of one item in a file the first counts. What is left out is reported.

    Args:
        files: exports of the page, JSON or CSV.
        key: of the survey; a file of another survey, or of a page whose texts were changed, is left out.
        complete: leave out respondents who did not rank every item; by default their rankings count.
        passed: what was found beside the files and not read; its remarks come first.

    Raises:
        SurveyError: nothing that counts.
    """
    problems: list[Problem] = []
    counted: dict[Path, tuple[Response, list[Answer]]] = {}
    for path in files:
        response = read(path)
        if isinstance(response, Problem):
            problems.append(response)
        elif response.survey != key.survey:
            problems.append(Problem(path, f"answers another survey or an altered page ({response.survey}); left out"))
        else:
            answers, faults = _checked(path, response, key)
            problems += faults
            counted[path] = (response, answers)
    kept, repeated = _once_each(counted)
    problems += repeated
    for path in list(kept):
        given = len(kept[path][1])
        if given < len(key.items):
            left = "left out" if complete or not given else "they count"
            problems.append(Problem(path, f"unfinished: {given} of {len(key.items)} items ranked; {left}"))
            if complete:
                del kept[path]
    votes = _table(kept.values(), key)
    if votes.empty:
        raise SurveyError(
            f"no ranking counts of {len(files)} file(s)", fix=f"first remark: {problems[0]}" if problems else None
        )
    order = {path: n for n, path in enumerate(files)}
    remarks = [*passed, *sorted(problems, key=lambda p: order[p.file])]
    remarks += _told(votes, {response.respondent: path for path, (response, _) in kept.items()})
    return Merged(votes, sum(len(answers) for _, answers in kept.values()), remarks, len(files), len(key.items))


def _checked(path: Path, response: Response, key: Key) -> tuple[list[Answer], list[Problem]]:
    good: dict[str, Answer] = {}
    faults = []
    for number, answer in enumerate(response.items, start=1):
        wrong = fault(answer, response.seed, key)
        if wrong is None and answer.item in good:
            wrong = "ranked a second time; the first ranking counts"
        if wrong is None:
            good[answer.item] = answer
        else:
            clip = f" ({key.items[answer.item].clip_id})" if answer.item in key.items else ""
            faults.append(Problem(path, f"item {number}{clip}: {wrong}; left out"))
    return list(good.values()), faults


def _once_each(
    counted: dict[Path, tuple[Response, list[Answer]]],
) -> tuple[dict[Path, tuple[Response, list[Answer]]], list[Problem]]:
    best: dict[str, Path] = {}
    by_merit = sorted(counted, key=lambda p: (-len(counted[p][1]), counted[p][0].started or "~", str(p)))
    problems = []
    for path in by_merit:
        response, answers = counted[path]
        first = best.setdefault(response.respondent, path)
        if first != path:
            same = {a.item: a.captions for a in answers} == {a.item: a.captions for a in counted[first][1]}
            how = f"the same answers as in {first.name}" if same else f"other answers than in {first.name}"
            problems.append(Problem(path, f"respondent {response.respondent} again, {how}; left out"))
    return {path: counted[path] for path in counted if path in best.values()}, problems


def _table(kept: Iterable[tuple[Response, list[Answer]]], key: Key) -> pd.DataFrame:
    """The votes by respondent and item; of a repeated item the answer given first is the one that counts."""
    order = {item.clip_id: n for n, item in enumerate(key.items.values())}
    rows = []
    for response, answers in kept:
        seen: set[str] = set()
        for answer in answers:
            item = key.items[answer.item]
            check = "gold" if item.false else "repeat" if item.clip_id in seen else ""
            seen.add(item.clip_id)
            for vote in answer.captions:
                captioner = FALSE if vote.caption == item.false else item.captioners[vote.caption]
                row = (response.respondent, item.clip_id, captioner, vote.rank, vote.position, answer.seconds)
                rows.append((*row, check))
    columns = [*COLUMNS, CHECK] if key.checked else COLUMNS
    table = pd.DataFrame(rows, columns=[*COLUMNS, CHECK])
    by = ["respondent", "place", CHECK, "rank", "position"]
    table = table.assign(place=table.clip_id.map(order)).sort_values(by)
    return table[columns].reset_index(drop=True)


def _told(votes: pd.DataFrame, files: dict[str, Path]) -> list[Problem]:
    """A remark on everybody who missed a gold item or contradicts themselves; their answers count."""
    if CHECK not in votes:
        return []
    table = respondents(votes)
    notes = table[table.note != ""]
    return [
        Problem(files[str(row.respondent)], f"respondent {row.respondent} {row.note}; their answers count")
        for row in notes.itertuples()
    ]
