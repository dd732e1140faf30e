"""Whether a generator shows signs of copying: more of its motions near training than training motions are."""

from itertools import count, takewhile

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.prose import listed, sentence
from lib.metrics.decision import above, any_of
from lib.metrics.intervals import Measure, percent
from lib.metrics.movement import LEAST, MOST
from lib.sections.visualization.parameters import Visualization

STEM = "07_visualization"
HARDLY = "hardly moves"


def answer(recorded: Recorded, bounds: Bounds, parameters: Visualization) -> Answer:
    """Decides for every model that moves by shape, since a copy is a copy of poses; any that copies is enough.

    A body that stands cannot copy a motion, so a model whose motion energy does not lie above `LEAST` of that of real
    motions, by its whole interval, is not judged. What the rule says of answers that need no generator stands beside.

    Source: Meehan et al. 2020 compare generated and held-out motions by their distances to training.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Visualization()).verdict
        'not answered'
    """
    parts, trivial = (_parts(recorded, before) for before in ("", "trivial_"))
    lacking = recorded.lacking(STEM) or "no generator has motions to measure"
    parts = parts or [Part.unmeasured("Generators", _rule(parameters.near_quantile), lacking)]
    return Answer(
        key="copying",
        question="Was any generated motion learned by heart?",
        verdict=any_of([part.outcome for part in parts]),
        rule="Yes when any model shows signs of copying; no when none does and all of them move enough to be judged.",
        parts=parts,
        beside=trivial,
        action=_action(recorded, parts),
    )


def _action(recorded: Recorded, parts: list[Part]) -> str:
    """Which models to keep, which to train anew, and which to look at again."""
    ways = {
        "yes": "drop the motions near training of {}, or train it on fewer repeats of the same clips",
        "not shown": "judge {} again with more motions",
        "not judged": "train {} until the motions move, and judge copying then",
        "no": "nothing keeps the motions of {} from being used",
    }
    by_outcome = {outcome: [part.name for part in parts if part.outcome == outcome] for outcome in ways}
    clauses = [ways[outcome].format(listed(names)) for outcome, names in by_outcome.items() if names]
    return sentence(clauses) or to_answer(recorded, STEM, parts)


def _parts(recorded: Recorded, before: str) -> list[Part]:
    named = before or "model_"
    numbers = takewhile(lambda number: recorded.text(STEM, f"{named}{number}"), count(1))
    return [part for number in numbers if (part := _part(recorded, before, number))]


def _part(recorded: Recorded, before: str, number: int) -> Part | None:
    near, bound = recorded.measure(STEM, f"{before}near_{number}"), recorded.number(STEM, "near_quantile")
    if near is None or bound is None:
        return None
    name, rule = recorded.text(STEM, f"{before or 'model_'}{number}"), _rule(bound)
    energy = recorded.measure(STEM, f"{before}energy_{number}")
    if energy is None:
        return Part.unmeasured(name, rule, "its motion energy was not measured")
    if energy.low <= LEAST:
        return Part.unjudged(name, rule, f"{HARDLY}, motion energy {energy.text}")
    outcome, moves = above(near.low, near.high, bound), "moves too much" if energy.low > MOST else "moves"
    measures = [
        _reason(recorded, near, "of its motions lie near training", outcome),
        _reason(recorded, energy, "in motion energy" + f": it {moves}" * (energy.low > MOST), moves),
    ]
    return Part(name=name, rule=rule, outcome=outcome, measures=measures)


def _reason(recorded: Recorded, measure: Measure, name: str, said: str) -> Reason:
    link = recorded.link(STEM, "tbl-by-shape", "by_shape.html")
    return Reason.of(measure, name, counted="generated motions", said=said, link=link)


def _rule(bound: float) -> str:
    return (
        f"The interval lies above {percent(bound, 0)} of its motions, the share of training motions that are as near "
        "to another; below it, the model does not copy. A model is judged only where its motion energy lies above "
        f"{LEAST:g} of that of the real motions of the same captions by its whole interval: what {HARDLY} cannot copy "
        "a motion."
    )
