"""What to do next about the generator: the data to train on, and what would decide what is open."""

from lib.answers.answer import Part, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.metrics.more_data import times_needed
from lib.sections.evaluation.deciding import STEM, Compared, deciding
from lib.sections.evaluation.parameters import Evaluation
from lib.sections.evaluation.values import BOTH, WEIGHTING, difference

CLUSTERING = "05_clustering"
ADDED_ONLY = "The data without weights, than the benchmark alone"
"""The part beside the answer that says whether the data help without the clusters' weights."""
ELSEWHERE = "On the test clips of "
"""What the names of the parts begin with that are about the test clips of other corpora."""


def next_step(
    recorded: Recorded,
    bounds: Bounds,
    parameters: Evaluation,
    parts: list[Part],
    beside: list[Part],
    *,
    leak_free: bool,
) -> str:
    """The weight file to train with, or the data to train on; and how many clips or seeds would decide what is open.

    A sentence each, so that a reader may stop after the first.

    Args:
        recorded: of the run.
        bounds: for the margin, and the datasets' labels.
        parameters: of 06.
        parts: of the answer: than the benchmark alone, and than the same data unweighted.
        beside: related comparisons, of which `ADDED_ONLY` and those on other corpora's test clips are read.
        leak_free: whether leak-free test clips decided.
    """
    both, weighting = (part.outcome for part in parts)
    if {both, weighting} <= {"not answered", "not judged"}:
        if "not judged" in (both, weighting):
            return "Train generators that move before choosing data by them; page 07 plays what these make."
        return to_answer(recorded, STEM, parts)
    adding = next((part.outcome for part in beside if part.name == ADDED_ONLY), "not answered")
    clips, alpha = recorded.quoted(CLUSTERING, "training_clips"), recorded.quoted(CLUSTERING, "alpha")
    weights = f"sampling_weights.parquet of 05 ({clips} clips, exponent {alpha})" if clips and alpha else "its weights"
    other = bounds.candidate or "a second dataset"
    added = f"{bounds.benchmark} and {other}"
    if both == "yes" and (weighting == "yes" or (adding != "yes" and weighting == "not shown")):
        said = [f"Train on {added} with {weights}."]
    elif "yes" in (both, adding):
        said = [f"Train on {added} without weights."]
    else:
        said = [f"Train on {bounds.benchmark} alone{' for now' if 'not shown' in (both, adding) else ''}."]
    there = [part.measures[0] for part in beside if part.name.startswith(ELSEWHERE) and part.outcome == "yes"]
    if "yes" not in (both, adding) and there:
        gain = f"{there[0].text} {there[0].name}"
        said.append(f"For motions like those of {other}, train on both: better on {other}’s own test clips, {gain}.")
    open_ = {f"whether {other} helps": (BOTH, both), "whether the weights help": (WEIGHTING, weighting)}
    for what, (role, outcome) in open_.items():
        if outcome == "not shown" and (more := _more(recorded, bounds, parameters, role, leak_free=leak_free)):
            said.append(f"To decide {what}, {more}.")
    return " ".join(said)


def _more(recorded: Recorded, bounds: Bounds, parameters: Evaluation, role: str, *, leak_free: bool) -> str:
    """What would decide a difference by the metric that asks for least; empty where nothing says so."""
    found = []
    for metric in deciding(recorded, Compared(role, leak_free=leak_free), parameters):
        name = difference(role, metric, leak_free=leak_free)
        whole, over_clips = recorded.measure(STEM, name), recorded.measure(STEM, f"{name}_over_clips")
        rival = recorded.number(STEM, f"{name}_rival")
        if whole is None or rival is None:
            continue
        interval, margin = (whole.value, whole.low, whole.high), bounds.findings.no_difference * abs(rival)
        if (both := times_needed(*interval, margin)) is None:
            continue
        seeds = len(parameters.seeds)
        clips = both.roughly(whole.n, "leak-free test clips" if leak_free else "test clips")
        text = f"judge {clips}, with {both.count(seeds)} training seeds, by {metric}"
        reach = (over_clips.high - over_clips.low) / 2 if over_clips else float("inf")
        if alone := times_needed(*interval, margin, fixed=reach):
            text += f"; or train {alone.roughly(seeds, 'seeds')}, on the present clips"
        found.append((both.value, text))
    return min(found)[1] if found else ""
