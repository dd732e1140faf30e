"""What a reader must know of a run before using its answers: synthetic, small, partial, stale and the like."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from lib.answers.answer import Answer, Stated
from lib.answers.bounds import Bounds
from lib.base.prose import listed
from lib.run.pipeline import PIPELINE

Flag = Literal["synthetic", "stand-in", "small", "partial", "stale", "dirty"]


class Reservation(Stated):
    """One reason not to take the answers at face value."""

    flag: Flag
    text: str = Field(description="one sentence")


def reservations(
    answers: Sequence[Answer],
    bounds: Bounds,
    records: Mapping[str, Mapping[str, Any]],
    *,
    seeds: int,
    chosen: Collection[str],
    stale: Collection[str],
    synthetic: bool,
    stand_in: bool = False,
) -> list[Reservation]:
    """Every reservation that applies.

    Args:
        answers: the answers of the run.
        bounds: which numbers are small.
        records: provenance of the notebooks that ran, by stem.
        seeds: trainings of every generator.
        chosen: stems that the profile asks for.
        stale: stems whose result was made from other inputs than the present ones.
        synthetic: whether the corpora were generated.
        stand_in: whether vectors of captions came from a stand-in for the encoder.
    """
    found: list[Reservation] = []
    if synthetic:
        text = "The datasets were generated, with known truths planted in them; no answer here is about real data."
        found.append(Reservation(flag="synthetic", text=text))
    if stand_in:
        text = (
            "Vectors of captions are random vectors of their words; no answer here that rests on them is about meaning."
        )
        found.append(Reservation(flag="stand-in", text=text))
    few = [*_few(answers, bounds, records, seeds)]
    if few:
        text = f"Some answers rest on {listed(few)}."
        found.append(Reservation(flag="small", text=text))
    missing = [notebook.stem for notebook in PIPELINE if notebook.stem not in records]
    if missing:
        ways = {"without a result": [s for s in missing if s in chosen]}
        ways["not part of this profile"] = [s for s in missing if s not in chosen]
        told = [f"{listed([stem[:2] for stem in stems])} {way}" for way, stems in ways.items() if stems]
        found.append(Reservation(flag="partial", text=f"Notebooks are missing: {'; '.join(told)}."))
    old = sorted(set(stale) & set(records))
    if old:
        which = "All results" if len(old) == len(records) else f"The results of {listed([stem[:2] for stem in old])}"
        text = f"{which} were made with other parameters, code or data than the present ones."
        found.append(Reservation(flag="stale", text=text))
    if text := _uncommitted(records):
        found.append(Reservation(flag="dirty", text=text))
    return found


def _few(answers: Sequence[Answer], bounds: Bounds, records: Mapping[str, Any], seeds: int) -> Iterator[str]:
    counts: dict[str, int] = {}
    for measure in (one for answer in answers for part in answer.parts for one in part.measures):
        counts[measure.counted] = min(measure.n, counts.get(measure.counted, measure.n))
    if "06_evaluation" in records:
        counts["training seeds"] = seeds
    asked = bounds.findings
    bounded = {"test clips": asked.least_test_clips, "respondents": asked.least_respondents}
    for what, least in {**bounded, "training seeds": asked.least_seeds}.items():
        if counts.get(what, least) < least:
            yield f"{counts[what]:,} {what} where {least:,} are asked for"


def _uncommitted(records: Mapping[str, Mapping[str, Any]]) -> str:
    states = {stem: record.get("git", {}) for stem, record in records.items()}
    dirty = [stem[:2] for stem, git in states.items() if git.get("dirty")]
    unknown = [stem[:2] for stem, git in states.items() if not git.get("sha")]
    told = [f"{listed(dirty)} ran code with changes that no commit holds"] if dirty else []
    told += [f"{listed(unknown)} ran outside a git checkout"] if unknown else []
    return f"{'; '.join(told)}." if told else ""
