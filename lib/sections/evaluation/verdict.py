"""Fourth question: does training with the other data, drawn by cluster, make a better generator?"""

from collections.abc import Sequence

from lib.base.slugs import slug
from lib.metrics.decision import Relation, all_of, by_measures, relation
from lib.metrics.intervals import percent
from lib.metrics.names import METRICS
from lib.sections.answers import Answer, Bounds, Part, Reason, Recorded
from lib.sections.evaluation.parameters import Evaluation

STEM, CLEAN = "06_evaluation", "00_data_preparation"


def answer(recorded: Recorded, bounds: Bounds, parameters: Evaluation) -> Answer:
    """Better than the benchmark alone, and better than the same data without the clusters' weights.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Evaluation()).verdict
        'not answered'
    """
    metrics = parameters.judged_by
    first, plain = next(iter(bounds.corpora)), slug("+".join(bounds.corpora))
    parts = [
        _part(
            "Than the benchmark alone",
            f"{plain}_weighted_all_{{}}_difference",
            first,
            "forest",
            recorded,
            bounds,
            metrics,
        ),
        _part(
            "Than the same data unweighted",
            f"{plain}_weighting_{{}}_difference",
            plain,
            "weighting",
            recorded,
            bounds,
            metrics,
        ),
    ]
    other = bounds.candidate or "other data"
    return Answer(
        key="generator",
        question=f"Does training with {other}, drawn by semantic cluster, make a better generator?",
        verdict=all_of([part.outcome for part in parts]),
        rule="Yes when both parts are; in part when one is.",
        parts=parts,
        note=_note(recorded, bounds),
    )


def _note(recorded: Recorded, bounds: Bounds) -> str:
    if not bounds.candidate or STEM not in recorded.values:
        return ""
    clean = recorded.number(CLEAN, f"{[*bounds.corpora][-1]}_clean")
    many = "" if clean is None else f", {percent(1 - clean)} of those of {bounds.candidate} with consent"
    return (
        f"The generators also train on clips that fail the filter of the data preparation{many}. "
        "N counts test clips without mirrors."
    )


def _part(
    name: str, pattern: str, rival: str, shown: str, recorded: Recorded, bounds: Bounds, metrics: Sequence[str]
) -> Part:
    share = bounds.findings.no_difference
    rule = (
        f"By {' or '.join(metrics)} the interval of the difference is on the better side of zero, and by none on the "
    )
    rule += f"worse; one within {percent(share, 0)} of what is compared with is no difference."
    figure = ("fig-forest", "forest.png") if shown == "forest" else ("tbl-weighting", "weighting.html")
    link = recorded.link(STEM, *figure)
    relations: list[Relation] = []
    measures = []
    for metric in metrics:
        found = recorded.measure(STEM, pattern.format(METRICS[metric].key))
        level = recorded.number(STEM, f"{rival}_{METRICS[metric].key}")
        if found is None or level is None:
            continue
        margin, lower = share * abs(level), METRICS[metric].lower_is_better
        said = relation(found.value, found.low, found.high, margin, lower_is_better=lower)
        text = f"+{found.text}" if found.value > 0 else found.text
        measures.append(Reason.of(found, f"in {metric}", counted="test clips", said=said, link=link, text=text))
        relations.append(said)
    if not measures:
        why = recorded.lacking(STEM) or (
            "no such regime was trained" if bounds.candidate else "this run has one dataset"
        )
        return Part.unmeasured(name, rule, why)
    return Part(name=name, rule=rule, outcome=by_measures(relations), measures=measures)
