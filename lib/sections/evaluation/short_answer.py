"""The answer about the generator in one plain sentence, for every outcome of its two parts."""

from lib.answers.answer import Part
from lib.answers.bounds import Bounds
from lib.sections.evaluation.movement import HARDLY, WILDLY

ALONE = {
    "yes": "adding {other} by cluster weight makes a better generator than {benchmark} alone",
    "no": "adding {other} by cluster weight makes no better generator than {benchmark} alone",
    "mixed": "adding {other} by cluster weight helps by one measure and hurts by another",
    "not shown": "adding {other} by cluster weight is not shown to beat {benchmark} alone",
    "not judged": "the generator that adds {other} by cluster weight cannot be judged",
    "not answered": "adding {other} by cluster weight was not compared with {benchmark} alone",
}
WEIGHTS = {
    "yes": "the weights help",
    "no": "the weights do not help",
    "mixed": "the weights help by one measure and hurt by another",
    "not shown": "whether the weights help is open",
    "not judged": "the weights cannot be judged",
    "not answered": "the weights were not tested",
}


def short_answer(bounds: Bounds, parts: list[Part]) -> str:
    """What a reader takes away, numbers left to the parts.

    Args:
        bounds: for the datasets' labels.
        parts: of the answer: than the benchmark alone, and than the same data unweighted.

    Example:
        >>> two = Bounds.of({"corpora": {"h3d": {"label": "HumanML3D"}, "dm": {"label": "DM"}}})
        >>> parts = [Part(name="", rule="", outcome=one, measures=[]) for one in ("yes", "not shown")]
        >>> short_answer(two, parts)
        'Adding DM by cluster weight makes a better generator than HumanML3D alone; whether the weights help is open.'
    """
    alone, weights = (part.outcome for part in parts)
    other, benchmark = bounds.candidate or "a second dataset", bounds.benchmark
    if alone == weights == "not answered":
        return f"This run compares no generators{'' if bounds.candidate else ', since it has one dataset'}."
    if "not judged" in (alone, weights) and {alone, weights} <= {"not judged", "not answered"}:
        return _unjudged(next(part.lacking for part in parts if part.outcome == "not judged"), other)
    text = f"{ALONE[alone].format(other=other, benchmark=benchmark)}; {WEIGHTS[weights]}."
    return f"{text[:1].upper()}{text[1:]}"


def _unjudged(why: str, other: str) -> str:
    """Names what stands in the way: bodies that move unlike real ones, or metrics that a frozen body satisfies."""
    whom = f"generator that adds {other} by cluster weight"
    for moves in (HARDLY, WILDLY):
        if moves in why:
            return f"The {whom} {moves}, so no score says whether {other} helps."
    if "not known" in why:
        return f"The {whom} cannot be judged, since its motion energy is not known."
    return f"No metric ranks both real motion and the {whom} above a frozen body, so nothing is judged."
