"""04: do text and motion lie apart, and are classes more distinguishable in the full space than in the plane?"""

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.prose import sentence
from lib.metrics.decision import Outcome, Relation, above, all_of, by_measures
from lib.sections.embedding.parameters import Embedding

STEM = "04_embedding_gap"
MEASURES = {"By a linear probe": "probe", "By silhouette": "silhouette"}


def answer(recorded: Recorded, bounds: Bounds, parameters: Embedding) -> Answer:
    """Decides the gap of every corpus, and the classes by either measure.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Embedding()).verdict
        'not answered'
    """
    parts = [_gaps(recorded, bounds)]
    parts += [_classes(recorded, bounds, name, measure, parameters.significance) for name, measure in MEASURES.items()]
    return Answer(
        key="embedding",
        question="Do text and motion lie apart, and are actions better told in the full space than in a plane?",
        verdict=all_of([part.outcome for part in parts]),
        rule="Yes when all parts are; in part when some are.",
        parts=parts,
        action=_action(recorded, parts),
    )


def _action(recorded: Recorded, parts: list[Part]) -> str:
    """How latents are to be compared, and in which space classes are to be judged."""
    gaps, *classes = parts
    apart = {
        "yes": "compare texts with texts and motions with motions, or centre each modality first",
        "in part": "compare texts with texts and motions with motions, since some dataset has a gap",
        "not shown": "texts and motions may be compared as they are: no gap beyond chance is shown",
    }
    clauses = [apart[gaps.outcome]] if gaps.outcome in apart else []
    outcomes = {part.outcome for part in classes} - {"not answered"}
    if outcomes:
        full = "yes" in outcomes and outcomes <= {"yes", "not shown"}
        lost = outcomes <= {"no", "not shown"} and "no" in outcomes
        where = "in the full space" if full else "in the plane" if lost else "in both the full space and the plane"
        clauses.append(f"judge how distinguishable classes are {where}")
    return sentence(clauses) or to_answer(recorded, STEM, parts)


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
    return Part(name=name, rule=rule, outcome=by_measures(relations), measures=reasons)
