"""Second question: is the other dataset larger, more varied in words and clean enough?"""

from lib.metrics.decision import above, all_of, at_least, relation
from lib.metrics.intervals import number, percent
from lib.site.answers.answer import Answer, Part, measure
from lib.site.answers.bounds import Bounds
from lib.site.answers.sources import Sources

STEM = "00_data_preparation"
ONE = "this run has one dataset"
EQUAL = {"captions": "captions", "running_words": "running words"}


def candidate(sources: Sources, bounds: Bounds) -> Answer:
    """Each of the three is a part.

    Example:
        >>> candidate(Sources({}), Bounds.of({})).verdict
        'not answered'
    """
    other = bounds.candidate or "another dataset"
    parts = [_larger(sources, bounds), _varied(sources, bounds), _clean(sources, bounds)]
    return Answer(
        key="candidate",
        question=f"Is {other} larger than {bounds.benchmark}, more varied in words, and clean enough?",
        verdict=all_of([part.outcome for part in parts]),
        rule="Yes when all three parts are; in part when some are.",
        parts=parts,
    )


def _larger(sources: Sources, bounds: Bounds) -> Part:
    times = bounds.findings.larger
    rule = f"More{f' than {times:g} times' if times != 1 else ''} clips than the benchmark has, after the funnel."
    if not bounds.candidate:
        return _unmeasured("Larger", rule, ONE)
    sizes, name = _counts(sources, bounds, "funnel_kept"), "as many clips pass the funnel"
    link = sources.place(STEM, "kept-clips", "kept")
    if sizes is None:
        sizes, name = _counts(sources, bounds, "clips"), "as many clips, mirrors left out; there is no funnel"
        link = sources.place(STEM, "more-clips", "larger")
    if sizes is None:
        return _unmeasured("Larger", rule, sources.lacking(STEM) or "no clips were counted")
    ratio = sizes[1] / sizes[0]
    outcome = above(ratio, ratio, times)
    text = f"{number(ratio, 1)} times ({sizes[1]:,} against {sizes[0]:,}, counted in full)"
    one = {"value": ratio, "low": None, "high": None, "n": sizes[1], "unit": "times", "text": text}
    return Part(
        name="Larger",
        rule=rule,
        outcome=outcome,
        measures=[measure(one, name, counted="clips", said=outcome, link=link)],
    )


def _counts(sources: Sources, bounds: Bounds, what: str) -> tuple[int, int] | None:
    first, *_, last = bounds.corpora
    theirs, ours = (sources.value(STEM, f"{key}_{what}") for key in (first, last))
    return (theirs, ours) if isinstance(theirs, int) and isinstance(ours, int) and theirs else None


def _varied(sources: Sources, bounds: Bounds) -> Part:
    name, share = "More varied in words", bounds.findings.no_difference
    rule = "In equally many captions and running words, the interval of the difference lies above zero, and not within "
    rule += f"{percent(share, 0)} of the benchmark’s words."
    found = {equal: sources.estimate(STEM, f"more_words_by_{equal}") for equal in EQUAL}
    words = sources.value(STEM, f"{next(iter(bounds.corpora))}_rarefied_words")
    known = [(equal, one) for equal, one in found.items() if one is not None]
    if not bounds.candidate or len(known) < len(EQUAL) or not isinstance(words, float):
        why = sources.lacking(STEM) or (ONE if not bounds.candidate else "too few captions to compare")
        return _unmeasured(name, rule, why)
    measures, relations = [], []
    for equal, one in sorted(known, key=lambda pair: pair[1]["low"]):
        relations.append(relation(one["low"], one["high"], share * words))
        told = f"more than {bounds.benchmark} in equally many {EQUAL[equal]} (N)"
        link = sources.place(STEM, "more-words", f"more_words_by_{equal}")
        measures.append(measure(one, told, counted=EQUAL[equal], said=relations[-1], link=link))
    said = set(relations)
    outcome = "yes" if said == {"better"} else "not shown" if said <= {"better", "not shown"} else "no"
    return Part.model_validate({"name": name, "rule": rule, "outcome": outcome, "measures": measures})


def _clean(sources: Sources, bounds: Bounds) -> Part:
    share = bounds.findings.clean_share
    rule = f"The interval lies at or above {percent(share, 0)} of clips with consent."
    found = sources.estimate(STEM, f"{[*bounds.corpora][-1]}_clean")
    if not bounds.candidate or found is None:
        why = sources.lacking(STEM) or (ONE if not bounds.candidate else "no motions to judge")
        return _unmeasured("Clean enough", rule, why)
    outcome = at_least(found["low"], found["high"], share)
    link = sources.place(STEM, "kept-clips", "kept")
    one = measure(found, "of its clips with consent pass the funnel", counted="clips", said=outcome, link=link)
    return Part(name="Clean enough", rule=rule, outcome=outcome, measures=[one])


def _unmeasured(name: str, rule: str, why: str) -> Part:
    return Part(name=name, rule=rule, outcome="not answered", measures=[], lacking=why)
