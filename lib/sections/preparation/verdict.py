"""Second question: is the other dataset larger, more varied in words and clean enough?"""

from lib.metrics.decision import Relation, above, against_all, all_of, at_least, relation
from lib.metrics.intervals import Counted, number, percent
from lib.sections.answers import Answer, Bounds, Part, Reason, Recorded
from lib.sections.preparation.parameters import Preparation

STEM = "00_data_preparation"
ONE = "this run has one dataset"
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
        rule="Yes when all three parts are; in part when some are.",
        parts=parts,
    )


def _larger(recorded: Recorded, bounds: Bounds) -> Part:
    times = bounds.findings.larger
    rule = f"More{f' than {times:g} times' if times != 1 else ''} clips than the benchmark has, after the funnel."
    if not bounds.candidate:
        return Part.unmeasured("Larger", rule, ONE)
    sizes, name = _counts(recorded, bounds, "funnel_kept"), "as many clips pass the funnel"
    link = recorded.place(STEM, "kept-clips", "kept")
    if sizes is None:
        sizes, name = _counts(recorded, bounds, "clips"), "as many clips, mirrors left out; there is no funnel"
        link = recorded.place(STEM, "more-clips", "larger")
    if sizes is None:
        return Part.unmeasured("Larger", rule, recorded.lacking(STEM) or "no clips were counted")
    ratio = sizes[1] / sizes[0]
    outcome = above(ratio, ratio, times)
    text = f"{number(ratio, 1)} times ({sizes[1]:,} against {sizes[0]:,}, counted in full)"
    times_as_many = Counted(ratio, "times", 1)
    return Part(
        name="Larger",
        rule=rule,
        outcome=outcome,
        measures=[Reason.of(times_as_many, name, counted="clips", said=outcome, link=link, n=sizes[1], text=text)],
    )


def _counts(recorded: Recorded, bounds: Bounds, what: str) -> tuple[int, int] | None:
    first, *_, last = bounds.corpora
    theirs, ours = (recorded.number(STEM, f"{key}_{what}") for key in (first, last))
    return (int(theirs), int(ours)) if theirs and ours is not None else None


def _varied(recorded: Recorded, bounds: Bounds) -> Part:
    name, share = "More varied in words", bounds.findings.no_difference
    rule = "In equally many captions and running words, the interval of the difference lies above zero, and not within "
    rule += f"{percent(share, 0)} of the benchmark’s words."
    found = {equal: recorded.measure(STEM, f"more_words_by_{equal}") for equal in EQUAL}
    words = recorded.number(STEM, f"{next(iter(bounds.corpora))}_rarefied_words")
    known = [(equal, one) for equal, one in found.items() if one is not None]
    if not bounds.candidate or len(known) < len(EQUAL) or words is None:
        why = recorded.lacking(STEM) or (ONE if not bounds.candidate else "too few captions to compare")
        return Part.unmeasured(name, rule, why)
    relations: list[Relation] = []
    measures = []
    for equal, one in sorted(known, key=lambda pair: pair[1].low):
        relations.append(relation(one.value, one.low, one.high, share * words))
        told = f"more than {bounds.benchmark} in equally many {EQUAL[equal]} (N)"
        link = recorded.place(STEM, "more-words", f"more_words_by_{equal}")
        measures.append(Reason.of(one, told, counted=EQUAL[equal], said=relations[-1], link=link))
    return Part(name=name, rule=rule, outcome=against_all(relations), measures=measures)


def _clean(recorded: Recorded, bounds: Bounds) -> Part:
    share = bounds.findings.clean_share
    rule = f"The interval lies at or above {percent(share, 0)} of clips with consent."
    found = recorded.measure(STEM, f"{[*bounds.corpora][-1]}_clean")
    if not bounds.candidate or found is None:
        why = recorded.lacking(STEM) or (ONE if not bounds.candidate else "no motions to judge")
        return Part.unmeasured("Clean enough", rule, why)
    outcome = at_least(found.low, found.high, share)
    link = recorded.place(STEM, "kept-clips", "kept")
    one = Reason.of(found, "of its clips with consent pass the funnel", counted="clips", said=outcome, link=link)
    return Part(name="Clean enough", rule=rule, outcome=outcome, measures=[one])
