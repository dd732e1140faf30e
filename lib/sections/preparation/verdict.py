"""Second question: is the other dataset larger, more varied in words and clean enough?"""

from math import floor

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.prose import sentence
from lib.metrics.decision import Relation, above, against_all, all_of, at_least, relation
from lib.metrics.intervals import Counted, number, percent
from lib.sections.preparation.parameters import Preparation

STEM = "00_data_preparation"
ONE_DATASET = "this run has one dataset"
EQUAL = {"captions": "captions", "running_words": "running words"}


def answer(recorded: Recorded, bounds: Bounds, parameters: Preparation) -> Answer:
    """Each of the three is a part.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Preparation()).verdict
        'not answered'
    """
    other = bounds.candidate or "another dataset"
    parts = [_larger(recorded, bounds), _varied(recorded, bounds), _clean(recorded, bounds)]
    return Answer(
        key="candidate",
        question=f"Is {other} larger than {bounds.benchmark}, more varied in words, and clean enough?",
        verdict=all_of([part.outcome for part in parts]),
        rule="Yes by all three parts, in part by some.",
        parts=parts,
        action=_action(recorded, bounds, parts),
    )


def _action(recorded: Recorded, bounds: Bounds, parts: list[Part]) -> str:
    """How many clips to go on with, what to drop, which bound to change, and what would make the other parts hold."""
    larger, varied, clean = parts
    if {part.outcome for part in parts} == {"not answered"}:
        return to_answer(recorded, STEM, parts)
    other, kept = bounds.candidate, recorded.quoted(STEM, "candidate_kept")
    clips = kept or recorded.quoted(STEM, "candidate_clips")
    clauses = [f"train on the {clips} clips of {other}{' that pass the funnel and drop the others' if kept else ''}"]
    stage, lost = recorded.text(STEM, "candidate_costliest"), recorded.quoted(STEM, "candidate_costliest_clips")
    if stage and lost:
        bound = "the bound to look at first is that of" if clean.outcome != "yes" else "most are dropped by"
        clauses.append(f"{bound} {stage}, {lost} clips")
    counts = _counts(recorded, "kept") or _counts(recorded, "clips")
    if larger.outcome == "no" and counts:
        more = floor(bounds.findings.larger * counts[0]) + 1 - counts[1]
        clauses.append(f"gather {more:,} more clips for it to be larger")
    if varied.outcome == "no":
        clauses.append("do not claim more words of it")
    elif varied.outcome == "not shown":
        clauses.append("more captions may show whether it has more words")
    return sentence(clauses)


def _larger(recorded: Recorded, bounds: Bounds) -> Part:
    times = bounds.findings.larger
    rule = f"More{f' than {times:g} times' if times != 1 else ''} clips than the benchmark has, after the funnel."
    if not bounds.candidate:
        return Part.unmeasured("Larger", rule, ONE_DATASET)
    counts, name = _counts(recorded, "kept"), "as many clips pass the funnel"
    link = recorded.place(STEM, "kept-clips", "kept")
    if counts is None:
        counts, name = _counts(recorded, "clips"), "as many clips, mirrors left out; there is no funnel"
        link = recorded.place(STEM, "more-clips", "larger")
    if counts is None:
        return Part.unmeasured("Larger", rule, recorded.lacking(STEM) or "no clips were counted")
    benchmark, candidate = counts
    ratio = candidate / benchmark
    outcome = above(ratio, ratio, times)
    text = f"{number(ratio, 1)} times ({candidate:,} against {benchmark:,}, counted in full)"
    many = Counted(ratio, "times", 1)
    measures = [Reason.of(many, name, counted="clips", said=outcome, link=link, n=candidate, text=text)]
    return Part(name="Larger", rule=rule, outcome=outcome, measures=measures)


def _counts(recorded: Recorded, what: str) -> tuple[int, int] | None:
    benchmark, candidate = (recorded.number(STEM, f"{role}_{what}") for role in ("benchmark", "candidate"))
    return (int(benchmark), int(candidate)) if benchmark and candidate is not None else None


def _varied(recorded: Recorded, bounds: Bounds) -> Part:
    name, share = "More varied in words", bounds.findings.no_difference
    rule = "In equally many captions and running words, the interval lies above zero and the difference above "
    rule += f"{percent(share, 0)} of the benchmark’s words."
    differences = [(equal, recorded.measure(STEM, f"more_words_by_{equal}")) for equal in EQUAL]
    words = recorded.number(STEM, "benchmark_words")
    known = [(equal, difference) for equal, difference in differences if difference is not None]
    if not bounds.candidate or len(known) < len(EQUAL) or words is None:
        why = recorded.lacking(STEM) or (ONE_DATASET if not bounds.candidate else "too few captions to compare")
        return Part.unmeasured(name, rule, why)
    relations: list[Relation] = []
    measures = []
    for equal, more in sorted(known, key=lambda pair: pair[1].low):
        relations.append(relation(more.value, more.low, more.high, share * words))
        title = f"more than {bounds.benchmark} in equally many {EQUAL[equal]} (N)"
        link = recorded.place(STEM, "more-words", f"more_words_by_{equal}")
        measures.append(Reason.of(more, title, counted=EQUAL[equal], said=relations[-1], link=link))
    return Part(name=name, rule=rule, outcome=against_all(relations), measures=measures)


def _clean(recorded: Recorded, bounds: Bounds) -> Part:
    share = bounds.findings.clean_share
    rule = f"The interval lies at or above {percent(share, 0)} of clips with consent."
    clean = recorded.measure(STEM, "candidate_clean")
    if not bounds.candidate or clean is None:
        why = recorded.lacking(STEM) or (ONE_DATASET if not bounds.candidate else "no motions to judge")
        return Part.unmeasured("Clean enough", rule, why)
    outcome = at_least(clean.low, clean.high, share)
    link = recorded.place(STEM, "kept-clips", "kept")
    reason = Reason.of(clean, "of its clips with consent pass the funnel", counted="clips", said=outcome, link=link)
    return Part(name="Clean enough", rule=rule, outcome=outcome, measures=[reason])
