"""Fourth question: does training with a second dataset, drawn by cluster, make a better generator?"""

from collections.abc import Iterator

from lib.answers.answer import Answer, Part, Reason
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.prose import listed, sentence
from lib.metrics.decision import Relation, all_of, by_measures, relation
from lib.metrics.intervals import Measure, percent
from lib.metrics.movement import LEAST, MOST
from lib.metrics.names import METRICS
from lib.sections.evaluation.deciding import STEM, Compared, blind, corrected_p, deciding, decisive, unfit
from lib.sections.evaluation.next_step import ADDED_ONLY, next_step
from lib.sections.evaluation.parameters import Evaluation
from lib.sections.evaluation.short_answer import short_answer
from lib.sections.evaluation.values import (
    ADDING,
    BESIDE,
    BOTH,
    FILTERING,
    WEIGHTING,
)

PREPARATION = "00_data_preparation"
FOREST = ("fig-forest", "forest.png")
ELSEWHERE, FILTER = ("tbl-elsewhere", "elsewhere.html"), ("tbl-filtering", "filtering.html")
OTHER = ("tbl-beside", "beside.html")
"""Figure and tables that show the differences."""
DECIDED = {"Than the benchmark alone": BOTH, "Than the same data unweighted": WEIGHTING}
CLIPS = {True: "on leak-free test clips", False: "on all test clips"}
"""How the clips are called that a difference was measured on, by whether they are the leak-free ones."""
ALPHA, BESIDE_METRIC = 0.05, "KID"
"""Level of the corrected p values, and the metric that is told with every part and decides none by itself."""


def answer(recorded: Recorded, bounds: Bounds, parameters: Evaluation) -> Answer:
    """Better than the benchmark alone, and better than the same data without the clusters' weights.

    Both are decided on the test clips that are leak-free for every training set where these are enough, see `decisive`;
    what all test clips say stands beside, and so does what the other evaluator says: if it contradicts, the part is
    mixed.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Evaluation()).verdict
        'not answered'
    """
    leak_free, why = decisive(recorded, parameters, [*DECIDED.values()])
    compared = {name: Compared(role, leak_free=leak_free) for name, role in DECIDED.items()}
    others = {name: Compared(role, leak_free=leak_free, evaluator=BESIDE) for name, role in DECIDED.items()}
    own = corrected_p(recorded, parameters, [*compared.values()])
    corrected = own | corrected_p(recorded, parameters, [*others.values()])
    parts, by_other = [], []
    for name in DECIDED:
        part = _part(name, compared[name], FOREST, recorded, bounds, parameters, corrected)
        evaluator = recorded.text(STEM, f"{BESIDE}name") or "the other evaluator"
        also = _part(f"{name}, by the {evaluator}", others[name], OTHER, recorded, bounds, parameters, corrected)
        if part is None:
            why_none = recorded.lacking(STEM) or (
                "no such generator was trained" if bounds.candidate else "this run has one dataset"
            )
            part = Part.unmeasured(name, _rule(bounds, parameters), why_none)
        if also is not None:
            by_other.append(also)
            if {part.outcome, also.outcome} == {"yes", "no"}:
                part = part.model_copy(update={"outcome": "mixed", "measures": [*part.measures, *also.measures]})
        parts.append(part)
    other = bounds.candidate or "a second dataset"
    beside = [*by_other, *(part for part in _beside(recorded, bounds, parameters, leak_free=leak_free) if part)]
    return Answer(
        key="generator",
        question=f"Does training with {other}, drawn by semantic cluster, make a better generator?",
        verdict=all_of([part.outcome for part in parts]),
        said=short_answer(bounds, parts),
        rule="Yes by both parts, in part by one.",
        parts=parts,
        beside=beside,
        note=" ".join(
            text
            for text in (
                why,
                _family(recorded, own),
                _silent(recorded, parameters, compared),
                _note(recorded, bounds, parameters),
            )
            if text
        ),
        action=next_step(recorded, bounds, parameters, parts, beside, leak_free=leak_free),
    )


def _family(recorded: Recorded, corrected: dict[str, float]) -> str:
    """What the p values of the parts were before they were corrected together; empty of fewer than two."""
    alone = [f"{recorded.number(STEM, f'{name}_p'):.2g}" for name, p in corrected.items() if p == p]
    if len(alone) < 2:
        return ""
    return f"The {len(alone)} p values are corrected together; uncorrected they are {listed(alone)}, part by part."


def _silent(recorded: Recorded, parameters: Evaluation, compared: dict[str, Compared]) -> str:
    """Which metrics decide nothing of a part that others decide, and why; empty where all decide."""
    decided = {name: one for name, one in compared.items() if deciding(recorded, one, parameters)}
    silent: dict[tuple[str, str], list[str]] = {}
    for name, one in decided.items():
        for metric in parameters.judged_by:
            if recorded.measure(STEM, one.name(metric)) and (why := blind(recorded, one, metric)):
                silent.setdefault((metric, why), []).append(f"“{name}”")
    return sentence(
        [
            f"{metric} decides nothing{'' if len(names) == len(decided) else f' of {listed(names)}'}, since {why}"
            for (metric, why), names in silent.items()
        ]
    )


def _beside(recorded: Recorded, bounds: Bounds, parameters: Evaluation, *, leak_free: bool) -> Iterator[Part | None]:
    """What the same rule says, without a correction, of related comparisons, which decide nothing.

    These are the data without weights, the filter, the clips that do not decide (all where the leak-free ones decide,
    and the leak-free ones where all do), and the test clips of other data.
    """
    told = (recorded, bounds, parameters, None)
    yield _part(ADDED_ONLY, Compared(ADDING, leak_free=leak_free), FOREST, *told)
    yield _part(
        "The clips that the filter keeps, than all clips", Compared(FILTERING, leak_free=leak_free), FILTER, *told
    )
    for name, role in DECIDED.items():
        clips = CLIPS[not leak_free]
        yield _part(f"{name}, {clips}", Compared(role, leak_free=not leak_free), FOREST, *told)
    drawn = {ADDING: "without weights", BOTH: "with weights"}
    for key, label in [*bounds.corpora.items()][1:]:
        for role, way in drawn.items():
            for new, clips in {False: f"test clips of {label}", True: f"new actions of {label}"}.items():
                name = f"On the {clips}, {way}"
                yield _part(name, Compared(role, key, new), ELSEWHERE, *told)


def _part(
    name: str,
    compared: Compared,
    shown: tuple[str, str],
    recorded: Recorded,
    bounds: Bounds,
    parameters: Evaluation,
    corrected: dict[str, float] | None,
) -> Part | None:
    """What a comparison decides, the measures that do so first; None where nothing was measured.

    Args:
        name: of the part.
        compared: where its differences are recorded.
        shown: the figure or table of them.
        recorded: of the run.
        bounds: for the margin.
        parameters: of 06.
        corrected: p of the family by name of the difference; None where the comparison is in no family.
    """
    rule = _rule(bounds, parameters, compared.corpus)
    if not any(recorded.measure(STEM, compared.name(metric)) for metric in parameters.judged_by):
        return None
    able = deciding(recorded, compared, parameters)
    if not able:
        reasons = [text for metric in parameters.judged_by if (text := blind(recorded, compared, metric))]
        return Part.unjudged(name, rule, unfit(recorded, compared) or "; ".join(reasons))
    relations: dict[str, Relation] = {}
    reasons_by_metric = {}
    for metric, measured in able.items():
        said, label = _said(recorded, bounds, compared, metric, measured), _in(metric)
        if corrected is not None:
            p = corrected[compared.name(metric)]
            label += f", corrected p {p:.2g}" if p == p else ", p not known"
            if said in ("better", "worse") and not p <= ALPHA:
                said = "not shown"
        relations[metric] = said
        reasons_by_metric[metric] = _reason(recorded, compared, measured, label, said, shown)
    first = sorted(relations, key=lambda metric: relations[metric] not in ("better", "worse"))
    measures = [reasons_by_metric[metric] for metric in first]
    told = recorded.measure(STEM, compared.name(BESIDE_METRIC))
    if told is not None and BESIDE_METRIC not in parameters.judged_by:
        said = _said(recorded, bounds, compared, BESIDE_METRIC, told)
        measures.append(_reason(recorded, compared, told, f"{_in(BESIDE_METRIC)}, which decides nothing", said, shown))
    return Part(name=name, rule=rule, outcome=by_measures([*relations.values()]), measures=measures)


def _in(metric: str) -> str:
    return f"in {metric}{' (better below 0)' if METRICS[metric].lower_is_better else ''}"


def _said(recorded: Recorded, bounds: Bounds, compared: Compared, metric: str, measured: Measure) -> Relation:
    rival = recorded.number(STEM, f"{compared.name(metric)}_rival")
    margin = bounds.findings.no_difference * abs(rival or 0.0)
    lower = METRICS[metric].lower_is_better
    return relation(measured.value, measured.low, measured.high, margin, lower_is_better=lower)


def _reason(
    recorded: Recorded, compared: Compared, measured: Measure, label: str, said: str, shown: tuple[str, str]
) -> Reason:
    text = f"+{measured.text}" if measured.value > 0 else measured.text
    label += f" {CLIPS[True]}" * compared.leak_free
    return Reason.of(measured, label, counted="test clips", said=said, link=recorded.link(STEM, *shown), text=text)


def _rule(bounds: Bounds, parameters: Evaluation, corpus: str = "") -> str:
    margin, metrics = percent(bounds.findings.no_difference, 0), " or ".join(parameters.judged_by)
    corrected = "" if corpus else f", corrected p (Holm) at most {ALPHA:g}"
    rule = (
        f"Better by {metrics} and worse by none: interval beyond zero, estimate beyond {margin} of the rival’s level"
        f"{corrected}; an interval within {margin} is no difference. Only metrics decide by which real motion and the "
        f"generator beat frozen bodies, and only at {LEAST:g} to {MOST:g} of real motion’s energy."
    )
    return rule if corpus else f"{rule} Leak-free test clips decide where they fill a pool of {parameters.pool}."


def _note(recorded: Recorded, bounds: Bounds, parameters: Evaluation) -> str:
    if not bounds.candidate or STEM not in recorded.values:
        return ""
    clean = recorded.number(PREPARATION, "candidate_clean")
    if clean is None:
        trained = "The generators train on all clips with consent, which no filter has judged in this run."
    elif parameters.clips == "kept":
        trained = "The generators train on the clips that pass the filter of the data preparation."
    else:
        trained = (
            "The generators also train on clips that fail the filter of the data preparation, "
            f"{percent(1 - clean)} of those of {bounds.candidate} with consent."
        )
    return f"{trained} N counts test clips without mirrors."
