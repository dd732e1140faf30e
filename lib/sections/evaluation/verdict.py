"""Fourth question: does training with the other data, drawn by cluster, make a better generator?"""

from lib.base.slugs import slug
from lib.metrics.decision import all_of, by_measures, relation
from lib.metrics.intervals import percent
from lib.sections.evaluation.sentences import SLUGS
from lib.site.answers.answer import Answer, Part, measure
from lib.site.answers.bounds import Bounds
from lib.site.answers.sources import Sources

STEM, CLEAN = "06_evaluation", "00_data_preparation"
LOWER = {"FID", "KID", "MM-dist"}


def generator(sources: Sources, bounds: Bounds) -> Answer:
    """Better than the benchmark alone, and better than the same data without the clusters' weights.

    Example:
        >>> generator(Sources({}), Bounds.of({})).verdict
        'not answered'
    """
    first, plain = next(iter(bounds.corpora)), slug("+".join(bounds.corpora))
    parts = [
        _part("Than the benchmark alone", f"{plain}_weighted_all_{{}}_difference", first, "forest", sources, bounds),
        _part(
            "Than the same data unweighted", f"{plain}_weighting_{{}}_difference", plain, "weighting", sources, bounds
        ),
    ]
    other = bounds.candidate or "other data"
    return Answer(
        key="generator",
        question=f"Does training with {other}, drawn by semantic cluster, make a better generator?",
        verdict=all_of([part.outcome for part in parts]),
        rule="Yes when both parts are; in part when one is.",
        parts=parts,
        note=_note(sources, bounds),
    )


def _note(sources: Sources, bounds: Bounds) -> str:
    if not bounds.candidate or STEM not in sources.values:
        return ""
    clean = sources.estimate(CLEAN, f"{[*bounds.corpora][-1]}_clean")
    many = "" if clean is None else f", {percent(1 - clean['value'])} of those of {bounds.candidate} with consent"
    return (
        f"The generators also train on clips that fail the filter of the data preparation{many}. "
        "N counts test clips without mirrors."
    )


def _part(name: str, pattern: str, rival: str, shown: str, sources: Sources, bounds: Bounds) -> Part:
    metrics, share = bounds.evaluation.judged_by, bounds.findings.no_difference
    rule = (
        f"By {' or '.join(metrics)} the interval of the difference is on the better side of zero, and by none on the "
    )
    rule += f"worse; one within {percent(share, 0)} of what is compared with is no difference."
    figure = ("fig-forest", "forest.png") if shown == "forest" else ("tbl-weighting", "weighting.html")
    link = sources.link(STEM, *figure)
    measures, relations = [], []
    for metric in metrics:
        found = sources.estimate(STEM, pattern.format(SLUGS[metric]))
        level = sources.estimate(STEM, f"{rival}_{SLUGS[metric]}")
        if found is None or level is None:
            continue
        margin = share * abs(float(level["value"]))
        said = relation(found["low"], found["high"], margin, lower_is_better=metric in LOWER)
        if found["value"] > 0:
            found["text"] = f"+{found['text']}"
        measures.append(measure(found, f"in {metric}", counted="test clips", said=said, link=link))
        relations.append(said)
    if not measures:
        why = sources.lacking(STEM) or (
            "no such regime was trained" if bounds.candidate else "this run has one dataset"
        )
        return Part(name=name, rule=rule, outcome="not answered", measures=[], lacking=why)
    return Part(name=name, rule=rule, outcome=by_measures(relations), measures=measures)
