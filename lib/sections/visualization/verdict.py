"""Whether a generator shows signs of copying: more of its motions near training than training motions are."""

from itertools import count, takewhile

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.prose import listed, sentence
from lib.metrics.decision import above, any_of
from lib.metrics.intervals import Measure, percent
from lib.sections.visualization.parameters import Visualization

STEM = "07_visualization"


def answer(recorded: Recorded, bounds: Bounds, parameters: Visualization) -> Answer:
    """Decides for every model by shape, since a copy is a copy of poses; any that copies is enough.

    Source: Meehan et al. 2020 compare generated and held-out motions by their distances to training.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Visualization()).verdict
        'not answered'
    """
    numbers = takewhile(lambda number: recorded.text(STEM, f"model_{number}"), count(1))
    parts = [part for number in numbers if (part := _part(recorded, number))]
    lacking = recorded.lacking(STEM) or "no generator has motions to measure"
    parts = parts or [Part.unmeasured("Generators", _rule(parameters.near_quantile), lacking)]
    return Answer(
        key="copying",
        question="Was any generated motion learned by heart?",
        verdict=any_of([part.outcome for part in parts]),
        rule="Yes when any model shows signs of copying; no when none does.",
        parts=parts,
        action=_action(recorded, parts),
    )


def _action(recorded: Recorded, parts: list[Part]) -> str:
    """Which models to keep, which to train anew, and which to look at again."""
    ways = {
        "yes": "drop the motions near training of {}, or train it on fewer repeats of the same clips",
        "not shown": "judge {} again with more motions, or when it is trained until its motions are not blurred",
        "no": "nothing keeps the motions of {} from being used",
    }
    by_outcome = {said: [part.name for part in parts if part.outcome == said] for said in ways}
    clauses = [ways[said].format(listed(names)) for said, names in by_outcome.items() if names]
    return sentence(clauses) or to_answer(recorded, STEM, parts)


def _part(recorded: Recorded, number: int) -> Part | None:
    near, bound = recorded.measure(STEM, f"near_{number}"), recorded.number(STEM, "near_quantile")
    if near is None or bound is None:
        return None
    by_shape, by_meaning = (recorded.measure(STEM, f"closer_by_{how}_{number}") for how in ("shape", "meaning"))
    outcome = above(near.low, near.high, bound)
    blurred = by_shape is not None and by_meaning is not None and by_shape.low > 0.5 > by_meaning.high
    if blurred and outcome == "no":
        outcome = "not shown"
    name = "of its motions lie near training" + (", and they are blurred" if blurred else "")
    measures = [_reason(recorded, near, name, outcome, "tbl-by-shape", "by_shape.html")]
    said = "blurred" if blurred else "not blurred"
    if by_shape is not None and by_meaning is not None:
        name = "are nearer to training than the real motion of their caption by"
        measures += [
            _reason(recorded, by_shape, f"{name} shape", said, "tbl-by-shape", "by_shape.html"),
            _reason(recorded, by_meaning, f"{name} meaning", said, "tbl-by-meaning", "by_meaning.html"),
        ]
    model = recorded.text(STEM, f"model_{number}")
    return Part(name=model, rule=_rule(bound), outcome=outcome, measures=measures)


def _reason(recorded: Recorded, measure: Measure, name: str, said: str, anchor: str, file: str) -> Reason:
    link = recorded.link(STEM, anchor, file)
    return Reason.of(measure, name, counted="generated motions", said=said, link=link)


def _rule(bound: float) -> str:
    return (
        f"The interval lies above {percent(bound, 0)} of its motions, the share of training motions that are as near "
        "to another. Below it, a model does not copy, unless its motions are blurred: nearer to training than the real "
        "ones by shape and farther by meaning, both by intervals on their side of one half."
    )
