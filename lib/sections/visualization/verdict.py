"""Whether a generator shows signs of copying: more of its motions near training than training motions are."""

from itertools import count, takewhile

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.prose import listed
from lib.metrics.decision import Outcome, above, any_of
from lib.metrics.intervals import Measure, percent
from lib.metrics.movement import LEAST, MOST
from lib.sections.visualization.parameters import Visualization

STEM = "07_visualization"
HARDLY = "hardly moves"
WAYS: dict[Outcome, str] = {
    "no": "Motions of {} may be shown as new ones; page 06 says which are better.",
    "yes": "Show no motion of {} that near_training.parquet lists, or train on fewer repeats of the same clips.",
    "not shown": "Measure {} on more captions before showing the motions as new.",
    "not judged": "Train {} longer before using the motions, which hardly move.",
}
"""What a colleague does with the motions of a model, by what the rule says of it."""


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
    verdict = any_of([part.outcome for part in parts])
    return Answer(
        key="copying",
        question="Was any generated motion learned by heart?",
        verdict=verdict,
        said=_said(parts, verdict),
        welcome="no",
        rule="Yes when any model shows signs of copying; no when none does and all of them move enough to be judged.",
        parts=parts,
        beside=trivial,
        action=_action(recorded, parts),
    )


def _said(parts: list[Part], verdict: Outcome) -> str:
    """The answer in one sentence: how many generators copy, and how many are open."""
    count = {outcome: sum(part.outcome == outcome for part in parts) for outcome in WAYS}
    match verdict:
        case "yes":
            return f"Signs of copying in {count['yes']} of {len(parts)} generators: too many motions lie near training."
        case "no":
            return "No generator shows signs of copying, and all of them move enough to be judged."
        case "not judged":
            return "No generator moves enough to be judged, so nothing is known of copying."
        case "not shown":
            left = {"too still to judge": count["not judged"], "undecided": count["not shown"]}
            told = [f"{what}: {some} of {len(parts)}" for what, some in left.items() if some]
            return "; ".join(["No generator shows signs of copying", *told]) + "."
    return "No generator was measured, so nothing is known of copying."


def _action(recorded: Recorded, parts: list[Part]) -> str:
    """What to do with the motions of each model: show them, hold them back, or train or measure again."""
    by_outcome = {outcome: [part.name for part in parts if part.outcome == outcome] for outcome in WAYS}
    told = [WAYS[outcome].format(listed(names)) for outcome, names in by_outcome.items() if names]
    return " ".join(told) or to_answer(recorded, STEM, parts)


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
