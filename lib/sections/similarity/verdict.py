"""First question: does the benchmark's test set leak into training?"""

from lib.base.slugs import hundredths
from lib.metrics.decision import above, above_level, any_of
from lib.metrics.intervals import percent
from lib.site.answers.answer import Answer, Part, measure
from lib.site.answers.bounds import Bounds
from lib.site.answers.sources import Sources

STEM = "01_similarity_test"


def leak(sources: Sources, bounds: Bounds) -> Answer:
    """By recording or by text: either is enough.

    Example:
        >>> leak(Sources({}), Bounds.of({})).verdict
        'not answered'
    """
    parts = [_by_recording(sources, bounds), _by_text(sources, bounds)]
    return Answer(
        key="leak",
        question=f"Does {bounds.benchmark}’s test set leak into its training set?",
        verdict=any_of([part.outcome for part in parts]),
        rule="Yes when either part is; no when neither is.",
        parts=parts,
        note=_partial(sources),
    )


def _by_recording(sources: Sources, bounds: Bounds) -> Part:
    bound = bounds.similarity.leak_share
    rule = f"The interval lies above {percent(bound, 0)} of test clips."
    found = sources.estimate(STEM, "source_share")
    if found is None:
        lacking = sources.lacking(STEM) or "nothing says which recordings the clips were cut from"
        return Part(name="By recording", rule=rule, outcome="not answered", measures=[], lacking=lacking)
    outcome = above(found["low"], found["high"], bound)
    name = "of test clips are cut from a recording that feeds training"
    link = sources.place(STEM, "shared-share", "source_share")
    one = measure(found, name, counted="test clips", said=outcome, link=link)
    return Part(name="By recording", rule=rule, outcome=outcome, measures=[one])


def _by_text(sources: Sources, bounds: Bounds) -> Part:
    bound, cosine = bounds.similarity.leak_share, max(bounds.similarity.thresholds)
    rule = f"The interval lies above {percent(bound, 0)} of test clips, and the share exceeds that of clips from "
    rule += "held-out recordings in every draw."
    kind = f"clip_cosine_{hundredths(cosine)}"
    found = sources.estimate(STEM, kind)
    if found is None:
        lacking = sources.lacking(STEM) or "no captions to compare"
        return Part(name="By text", rule=rule, outcome="not answered", measures=[], lacking=lacking)
    held, beside = sources.estimate(STEM, f"held_out_{kind}"), sources.value(STEM, f"beside_held_out_{kind}")
    level, seen = (held["high"] if held else 1.0), (float(beside) if isinstance(beside, int | float) else 0.0)
    outcome = above_level(found["low"], found["high"], bound, seen=seen, level=level)
    name = f"of test clips have a training caption at cosine {cosine:g} or above"
    link = sources.link(STEM, "tbl-shares", "shares.html")
    measures = [measure(found, name, counted="test clips", said=outcome, link=link)]
    if held is not None:
        said = "exceeded" if seen > level else "not exceeded"
        name = f"of clips from held-out recordings do, beside {percent(seen)} of test clips in the same training clips"
        link = sources.link(STEM, "tbl-held-out", "held_out.html")
        measures.append(measure(held, name, counted="draws", said=said, link=link))
    return Part(name="By text", rule=rule, outcome=outcome, measures=measures)


def _partial(sources: Sources) -> str:
    said = str(sources.value(STEM, "partial") or "")
    return f"{said[:1].upper()}{said[1:]}." if said else ""
