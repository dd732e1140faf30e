"""04: do text and motion lie apart, is recall as published, and are classes clearer in the full space?"""

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.prose import sentence
from lib.metrics.decision import Outcome, Relation, above, all_of, at_least, by_measures
from lib.metrics.intervals import span
from lib.sections.embedding.parameters import Embedding

STEM = "04_embedding_gap"
WAYS = {"t2m": "text to motion", "m2t": "motion to text"}
MEASURES = {"By a linear probe": "probe", "By silhouette": "silhouette"}


def answer(recorded: Recorded, bounds: Bounds, parameters: Embedding) -> Answer:
    """Decides the gap of every corpus, its recall against the published one, and the classes by either measure.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Embedding()).verdict
        'not answered'
    """
    parts = [_gaps(recorded, bounds), _recall(recorded, bounds)]
    parts += [_classes(recorded, bounds, name, measure, parameters.significance) for name, measure in MEASURES.items()]
    return Answer(
        key="embedding",
        question="Do text and motion lie apart, is recall as published, and are actions clearer in the full space?",
        verdict=all_of([part.outcome for part in parts]),
        said=_said(parts),
        rule="Yes when all parts are; in part when some are.",
        parts=parts,
        action=_action(recorded, parts),
    )


def _said(parts: list[Part]) -> str:
    """Gap, recall and classes in one sentence."""
    gaps, recall, *classes = parts
    clauses = [
        {
            "yes": "text and motion lie apart",
            "in part": "text and motion lie apart in some datasets",
            "not shown": "no gap between text and motion is shown",
            "no": "text and motion have no gap",
        }.get(gaps.outcome, ""),
        {
            "yes": "TMR's recall reaches the published range",
            "in part": "TMR's recall reaches the published range in some datasets",
            "no": "TMR's recall is below the published range",
            "not shown": "whether TMR's recall reaches the published range is open",
        }.get(recall.outcome, ""),
        {
            "full": "actions separate better in the full space",
            "plane": "actions separate better in the plane",
            "both": "neither full space nor plane separates actions better",
        }.get(_clearer(classes), ""),
    ]
    return (
        sentence([clause for clause in clauses if clause]) or "Nothing about the space of text and motion was measured."
    )


def _clearer(classes: list[Part]) -> str:
    """The space in which classes are to be judged: ``full``, ``plane``, ``both``, or empty where none was measured."""
    outcomes = {part.outcome for part in classes} - {"not answered"}
    if not outcomes:
        return ""
    if "yes" in outcomes and outcomes <= {"yes", "not shown"}:
        return "full"
    return "plane" if "no" in outcomes and outcomes <= {"no", "not shown"} else "both"


def _action(recorded: Recorded, parts: list[Part]) -> str:
    """Whether TMR will do, how latents are to be compared, and in which space classes are to be judged."""
    gaps, recall, *classes = parts
    apart = {
        "yes": "centre each modality before comparing texts with motions",
        "in part": "centre each modality before comparing texts with motions, since some dataset has a gap",
        "not shown": "compare texts with motions as they are: no gap beyond chance is shown",
    }
    where = {"full": "in the full space", "plane": "in the plane", "both": "in both spaces"}
    clauses = ["train TMR longer, since clusters and evaluation rest on it"] if recall.outcome == "no" else []
    clauses += [apart[gaps.outcome]] if gaps.outcome in apart else []
    if space := _clearer(classes):
        clauses.append(f"judge classes {where[space]}")
    return sentence(clauses) or to_answer(recorded, STEM, parts)


def _recall(recorded: Recorded, bounds: Bounds) -> Part:
    name = "TMR finds pairs as well as published"
    rule = "In every corpus the interval of R@1 reaches the lower end of what TMR's published recall amounts to among "
    rule += "as many clips; a corpus whose captions repeat so often that none could reach it is not judged."
    reasons, outcomes = [], []
    link = recorded.link(STEM, "tbl-published", "published_range.html")
    for way, told in WAYS.items():
        for key, own in recorded.each(STEM, f"{{corpus}}_equal_{way}_r1").items():
            low, high = (recorded.number(STEM, f"{key}_published_{way}_{end}") or 0.0 for end in ("low", "high"))
            ceiling = recorded.number(STEM, f"{key}_equal_ceiling")
            reachable = ceiling is None or ceiling >= low
            outcome: Outcome = at_least(own.low, own.high, low) if reachable else "not judged"
            among = recorded.quoted(STEM, f"{key}_equal_gallery")
            label = f"is R@1 {told} of {bounds.corpora.get(key, key)} among {among}, published {span(low, high, 1)} %"
            above = "; above it, so look for repeats" if own.low > high else ""
            reasons.append(Reason.of(own, label + above, counted="test clips", said=outcome, link=link))
            outcomes.append(outcome)
    if not reasons:
        return Part.unmeasured(name, rule, recorded.lacking(STEM) or "too few test clips for a gallery")
    if set(outcomes) == {"not judged"}:
        return Part.unjudged(name, rule, "captions repeat too often for any model to reach the published recall")
    whole = all_of(outcomes)
    return Part(name=name, rule=rule, outcome=whole, measures=sorted(reasons, key=lambda reason: reason.said != whole))


def _gaps(recorded: Recorded, bounds: Bounds) -> Part:
    name, rule = (
        "Text and motion lie apart",
        "In every corpus the interval of the centroid gap lies above chance alone.",
    )
    reasons, outcomes = [], []
    for key, gap in recorded.each(STEM, "{corpus}_centroid_gap").items():
        floor = recorded.number(STEM, f"{key}_gap_floor") or 0.0
        outcome: Outcome = above(gap.low, float("inf"), floor)
        label = f"is the centroid gap of {bounds.corpora.get(key, key)}, {floor:.2f} by chance"
        link = recorded.link(STEM, "tbl-gap", "gap.html")
        reasons.append(Reason.of(gap, label, counted="test clips", said=outcome, link=link))
        outcomes.append(outcome)
    if not reasons:
        return Part.unmeasured(name, rule, recorded.lacking(STEM) or "too few test clips")
    return Part(name=name, rule=rule, outcome=all_of(outcomes), measures=reasons)


def _classes(recorded: Recorded, bounds: Bounds, name: str, measure: str, significance: float) -> Part:
    rule = "Classes are more distinguishable in the full space of some corpus and in none less; a difference counts "
    rule += f"where its interval leaves zero and its corrected p is below {significance:g}."
    reasons: list[Reason] = []
    relations: list[Relation] = []
    for space in ("text", "motion"):
        for key, gain in recorded.each(STEM, f"{{corpus}}_{space}_{measure}_difference").items():
            p = recorded.number(STEM, f"{key}_{space}_{measure}_difference_p")
            sure = p is not None and p < significance and not gain.low <= 0 <= gain.high
            relations.append("not shown" if not sure else "better" if gain.low > 0 else "worse")
            label = f"gained in the {space} space of {bounds.corpora.get(key, key)}"
            link = recorded.link(STEM, "tbl-separability", "separability.html")
            reasons.append(Reason.of(gain, label, counted="clips", said=relations[-1], link=link))
    if not reasons:
        return Part.unmeasured(name, rule, recorded.lacking(STEM) or "too few clips of two classes")
    deciding = sorted(reasons, key=lambda reason: reason.said == "not shown")
    return Part(name=name, rule=rule, outcome=by_measures(relations), measures=deciding)
