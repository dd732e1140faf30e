"""Second question: is the last dataset larger, more varied in words and clean enough? Of one dataset: is it clean?"""

from math import floor

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.prose import listed, sentence
from lib.metrics.decision import Outcome, Relation, above, against_all, all_of, at_least, relation
from lib.metrics.intervals import Counted, number, percent
from lib.sections.preparation.parameters import Preparation

STEM = "00_data_preparation"
EQUAL = {"captions": "captions", "running_words": "running words"}
SIZES, LANGUAGE = ("tbl-sizes", "sizes.html"), ("tbl-language", "language.html")
"""Anchor and file of the tables that count."""
TRAITS = {"Larger": "size", "More varied in words": "words", "Clean enough": "cleanliness"}
"""What each part is about, by its name."""
SPARED: dict[Relation, Outcome] = {"better": "yes", "no difference": "yes", "worse": "no", "not shown": "not shown"}
"""Whether rare words are spared, by whether fewer clips that have one are dropped than of the others."""


def answer(recorded: Recorded, bounds: Bounds, parameters: Preparation) -> Answer:
    """With two datasets each of the three is a part; with one its cleanliness decides, and the rest is counted.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Preparation()).verdict
        'not answered'
    """
    benchmark, other = bounds.benchmark, bounds.candidate
    if other:
        parts = [_larger(recorded, bounds), _varied(recorded, bounds), _clean(recorded, bounds)]
        verdict, action = all_of([part.outcome for part in parts]), _action(recorded, bounds, parts)
    else:
        parts = [_clean(recorded, bounds), *_counted(recorded, bounds)]
        verdict, action = parts[0].outcome, _action_alone(recorded, bounds, parts)
    return Answer(
        key="candidate",
        question=f"Is {other} larger than {benchmark}, more varied in words, and clean enough?"
        if other
        else f"Is {benchmark} clean enough?",
        verdict=verdict,
        said=_said(bounds, parts) if other else _said_alone(bounds, parts),
        rule="Yes by all three parts, in part by some."
        if other
        else "Decided by cleanliness; size and words have nothing to be compared with.",
        parts=parts,
        beside=_spared(recorded, bounds),
        action=action,
    )


def _said(bounds: Bounds, parts: list[Part]) -> str:
    """What the dataset is, is not, and is not shown to be, in one sentence."""
    traits = [f"larger than {bounds.benchmark}", "more varied in words", "clean enough"]
    is_, is_not, open_ = (
        [trait for part, trait in zip(parts, traits, strict=True) if part.outcome == outcome]
        for outcome in ("yes", "no", "not shown")
    )
    unknown = [TRAITS[part.name] for part in parts if part.outcome == "not answered"]
    if len(unknown) == len(parts):
        return f"Nothing about {bounds.candidate} was measured in this run."
    told = [f"is {listed(is_)}"] if is_ else []
    told += [f"is not {listed(is_not, 'or')}"] if is_not else []
    told += [f"is not shown to be {listed(open_, 'or')}"] if open_ else []
    told += [f"has no measure of {listed(unknown, 'or')}"] if unknown else []
    return f"{bounds.candidate} {listed(told, 'but' if is_ and len(told) == 2 else 'and')}."


def _said_alone(bounds: Bounds, parts: list[Part]) -> str:
    clean, *counted = parts
    enough = {"yes": "is", "no": "is not", "not shown": "is not shown to be"}.get(clean.outcome)
    if enough is None and counted:
        return f"{bounds.benchmark} was counted, but nothing here says how clean its motions are."
    if enough is None:
        return f"Nothing about {bounds.benchmark} was measured in this run."
    return f"{bounds.benchmark} {enough} clean enough, by bounds that come from its own clips."


def _action(recorded: Recorded, bounds: Bounds, parts: list[Part]) -> str:
    """How many clips to go on with, what to drop, which bound to change, and what would make the other parts hold."""
    larger, varied, clean = parts
    if {part.outcome for part in parts} == {"not answered"}:
        return to_answer(recorded, STEM, parts)
    clauses = _to_keep(recorded, "candidate", bounds.candidate, clean)
    counts = _counts(recorded, "kept") or _counts(recorded, "clips")
    if larger.outcome == "no" and counts:
        more = floor(bounds.findings.larger * counts[0]) + 1 - counts[1]
        clauses.append(f"gather {more:,} more clips for it to be larger")
    if varied.outcome == "no":
        clauses.append("do not claim more words of it")
    elif varied.outcome == "not shown":
        clauses.append("more captions may show whether it has more words")
    return sentence(clauses)


def _action_alone(recorded: Recorded, bounds: Bounds, parts: list[Part]) -> str:
    clean = parts[0]
    if clean.outcome == "not answered":
        return to_answer(recorded, STEM, parts)
    clauses = _to_keep(recorded, "benchmark", bounds.benchmark, clean)
    return sentence([*clauses, "add a second dataset to the profile to compare size and words"])


def _to_keep(recorded: Recorded, role: str, name: str, clean: Part) -> list[str]:
    """The clips to go on with, and the stage that drops most."""
    kept = recorded.quoted(STEM, f"{role}_kept")
    clips = kept or recorded.quoted(STEM, f"{role}_clips")
    clips_of = f"{clips} clips of {name}"
    clauses = [f"keep the {clips_of} that pass the funnel, and drop the others" if kept else f"keep all {clips_of}"]
    stage, lost = recorded.text(STEM, f"{role}_costliest"), recorded.quoted(STEM, f"{role}_costliest_clips")
    if stage and lost:
        bound = "the bound to look at first is that of" if clean.outcome != "yes" else "most are dropped by"
        clauses.append(f"{bound} {stage}, {lost} clips")
    return clauses


def _larger(recorded: Recorded, bounds: Bounds) -> Part:
    times = bounds.findings.larger
    rule = f"More{f' than {times:g} times' if times != 1 else ''} clips than the benchmark has, after the funnel."
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
    if len(known) < len(EQUAL) or words is None:
        return Part.unmeasured(name, rule, recorded.lacking(STEM) or "too few captions to compare")
    relations: list[Relation] = []
    measures = []
    for equal, more in sorted(known, key=lambda pair: pair[1].low):
        relations.append(relation(more.value, more.low, more.high, share * words))
        title = f"more than {bounds.benchmark} in equally many {EQUAL[equal]} (N)"
        link = recorded.place(STEM, "more-words", f"more_words_by_{equal}")
        measures.append(Reason.of(more, title, counted=EQUAL[equal], said=relations[-1], link=link))
    return Part(name=name, rule=rule, outcome=against_all(relations), measures=measures)


def _clean(recorded: Recorded, bounds: Bounds) -> Part:
    """Of the last dataset, with the first beside it: that is what the same bounds keep where little is wrong."""
    share, role = bounds.findings.clean_share, "candidate" if bounds.candidate else "benchmark"
    rule = f"The interval lies at or above {percent(share, 0)} of clips with consent."
    clean = recorded.measure(STEM, f"{role}_clean")
    if clean is None:
        return Part.unmeasured("Clean enough", rule, recorded.lacking(STEM) or "no motions to judge")
    outcome = at_least(clean.low, clean.high, share)
    link = recorded.place(STEM, "kept-clips", "kept")
    reasons = [Reason.of(clean, "of its clips with consent pass the funnel", counted="clips", said=outcome, link=link)]
    own = recorded.measure(STEM, "benchmark_clean")
    if bounds.candidate and own is not None:
        name = f"of {bounds.benchmark}’s clips pass the same funnel"
        reasons.append(Reason.of(own, name, counted="clips", said="beside it", link=link))
    return Part(name="Clean enough", rule=rule, outcome=outcome, measures=reasons)


def _counted(recorded: Recorded, bounds: Bounds) -> list[Part]:
    """Size and words of a dataset that stands alone, as far as they were counted."""
    key = next(iter(bounds.corpora))
    clips, captions = recorded.number(STEM, "benchmark_clips"), recorded.number(STEM, f"{key}_captions")
    words = recorded.number(STEM, "benchmark_words")
    rule = "Nothing to be compared with."
    parts = []
    if clips:
        reason = _whole(clips, "clips, mirrors left out", "clips", n=clips, link=recorded.link(STEM, *SIZES))
        parts.append(Part(name="Size", rule=rule, outcome="not judged", measures=[reason]))
    if words and captions:
        name = f"distinct words in {captions:,.0f} captions"
        reason = _whole(words, name, "captions", n=captions, link=recorded.link(STEM, *LANGUAGE))
        parts.append(Part(name="Words", rule=rule, outcome="not judged", measures=[reason]))
    return parts


def _whole(value: float, name: str, counted: str, *, n: float, link: str) -> Reason:
    """A number that was counted in full."""
    return Reason.of(Counted(int(value)), name, counted=counted, said="counted", link=link, n=int(n))


def _spared(recorded: Recorded, bounds: Bounds) -> list[Part]:
    """Whether the scores drop clips with rare words no more often than those with common ones; decides nothing."""
    role, margin = "candidate" if bounds.candidate else "benchmark", bounds.findings.no_difference
    more = recorded.measure(STEM, f"{role}_rare_loss")
    if more is None:
        return []
    rule = "Clips with the rarest words are dropped less often than those with the commonest, or the whole interval of "
    rule += f"the difference lies within {percent(margin, 0)}."
    outcome = SPARED[relation(more.value, more.low, more.high, margin, lower_is_better=True)]
    name = "is the share dropped of clips with the rarest words, less that of clips with the commonest"
    link = recorded.link(STEM, "tbl-rare", "rare.html")
    reason = Reason.of(more, name, counted="clips with the rarest words", said=outcome, link=link)
    return [Part(name="Rare words are spared", rule=rule, outcome=outcome, measures=[reason])]
