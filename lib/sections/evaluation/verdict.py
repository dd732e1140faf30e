"""Fourth question: does training with the other data, drawn by cluster, make a better generator?"""

from collections.abc import Iterator

from lib.answers.answer import Answer, Part, Reason, to_answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.prose import listed, sentence
from lib.metrics.decision import Relation, all_of, by_measures, relation
from lib.metrics.intervals import percent
from lib.metrics.more_data import times_needed
from lib.metrics.names import METRICS
from lib.sections.evaluation.parameters import Evaluation
from lib.sections.evaluation.values import ADDING, BOTH, FILTERING, WEIGHTING, difference, level, over_frozen

STEM, PREPARATION, CLUSTERING = "06_evaluation", "00_data_preparation", "05_clustering"
FOREST, WEIGHTS = ("fig-forest", "forest.png"), ("tbl-weighting", "weighting.html")
ELSEWHERE, FILTER = ("tbl-elsewhere", "elsewhere.html"), ("tbl-filtering", "filtering.html")
"""Figure and tables that show the differences."""
DECIDED = {"Than the benchmark alone": (BOTH, FOREST), "Than the same data unweighted": (WEIGHTING, WEIGHTS)}
CLIPS = {True: "on leak-free test clips", False: "on all test clips"}
"""How the clips are called that a difference was measured on, by whether they are the leak-free ones."""
ADDED_ONLY = "The data without weights, than the benchmark alone"


def answer(recorded: Recorded, bounds: Bounds, parameters: Evaluation) -> Answer:
    """Better than the benchmark alone, and better than the same data without the clusters' weights.

    Both are decided on the test clips that are leak-free for every regime where these are enough, see `_decisive`; what
    all test clips say stands beside.

    Example:
        >>> answer(Recorded({}), Bounds.of({}), Evaluation()).verdict
        'not answered'
    """
    lacking = recorded.lacking(STEM) or (
        "no such regime was trained" if bounds.candidate else "this run has one dataset"
    )
    leak_free, why = _decisive(recorded, parameters)
    parts = [
        _part(name, role, shown, recorded, bounds, parameters, leak_free=leak_free)
        or Part.unmeasured(
            name, _rule(bounds, parameters), _frozen(recorded, parameters, role, leak_free=leak_free) or lacking
        )
        for name, (role, shown) in DECIDED.items()
    ]
    other = bounds.candidate or "other data"
    beside = [part for part in _beside(recorded, bounds, parameters, leak_free=leak_free) if part]
    return Answer(
        key="generator",
        question=f"Does training with {other}, drawn by semantic cluster, make a better generator?",
        verdict=all_of([part.outcome for part in parts]),
        rule="Yes by both parts, in part by one.",
        parts=parts,
        beside=beside,
        note=" ".join(text for text in (why, _note(recorded, bounds, parameters)) if text),
        action=_action(recorded, bounds, parameters, parts, beside, leak_free=leak_free),
    )


def _action(
    recorded: Recorded,
    bounds: Bounds,
    parameters: Evaluation,
    parts: list[Part],
    beside: list[Part],
    *,
    leak_free: bool,
) -> str:
    """The weight file to train with, or the data to train on, and how many clips or seeds would decide what is open."""
    both, weighting = (part.outcome for part in parts)
    if {both, weighting} == {"not answered"}:
        if _frozen(recorded, parameters, BOTH, leak_free=leak_free):
            return "Train generators that move before choosing data by them; page 07 plays what these make."
        return to_answer(recorded, STEM, parts)
    adding = next((part.outcome for part in beside if part.name == ADDED_ONLY), "not answered")
    clips, alpha = recorded.quoted(CLUSTERING, "training_clips"), recorded.quoted(CLUSTERING, "alpha")
    weights = f"sampling_weights.parquet of 05 ({clips} clips, exponent {alpha})" if clips and alpha else "its weights"
    added = f"{bounds.benchmark} and {bounds.candidate or 'the other data'}"
    if both == "yes" and (weighting == "yes" or (adding != "yes" and weighting == "not shown")):
        clauses = [f"train on {added} with {weights}"]
    elif "yes" in (both, adding):
        clauses = [f"train on {added} without weights"]
    else:
        clauses = [f"train on {bounds.benchmark} alone{' for now' if 'not shown' in (both, adding) else ''}"]
    open_ = {
        "that it is better than the benchmark alone": (BOTH, both),
        "that the weights help": (WEIGHTING, weighting),
    }
    for what, (role, outcome) in open_.items():
        if outcome == "not shown":
            clauses.append(f"{what} is not shown{_more(recorded, bounds, parameters, role, leak_free=leak_free)}")
    return sentence(clauses)


def _more(recorded: Recorded, bounds: Bounds, parameters: Evaluation, role: str, *, leak_free: bool) -> str:
    """What would decide a difference by the metric that asks for least; empty where nothing says so."""
    found = []
    for metric in parameters.judged_by:
        name = difference(role, metric, leak_free=leak_free)
        whole, over_clips = recorded.measure(STEM, name), recorded.measure(STEM, f"{name}_over_clips")
        rival = recorded.number(STEM, level(role, metric, leak_free=leak_free))
        if whole is None or rival is None:
            continue
        interval, margin = (whole.value, whole.low, whole.high), bounds.findings.no_difference * abs(rival)
        if (both := times_needed(*interval, margin)) is None:
            continue
        seeds, unit = len(parameters.seeds), "training seeds a regime"
        clips = both.of(whole.n, "leak-free test clips" if leak_free else "test clips")
        text = f"by {metric} some {clips} with {both.roughly(seeds)} {unit} would decide it"
        reach = (over_clips.high - over_clips.low) / 2 if over_clips else float("inf")
        if alone := times_needed(*interval, margin, fixed=reach):
            text += f", or {alone.of(seeds, unit)} on the present clips"
        found.append((both.value, text))
    return f": {min(found)[1]}" if found else ""


def _beats_frozen(recorded: Recorded, role: str, metric: str, *, leak_free: bool) -> bool:
    """Whether the regime surely scores better than bodies frozen at their mean pose."""
    over = recorded.measure(STEM, over_frozen(role, metric, leak_free=leak_free))
    if over is None:
        return False
    return over.high < 0 if METRICS[metric].lower_is_better else over.low > 0


def _frozen(recorded: Recorded, parameters: Evaluation, role: str, *, leak_free: bool) -> str:
    """Why no metric judges the regime, in words; empty where one does, or nothing was measured."""
    texts = []
    for metric in parameters.judged_by:
        if recorded.measure(STEM, difference(role, metric, leak_free=leak_free)) is None:
            continue
        if _beats_frozen(recorded, role, metric, leak_free=leak_free):
            return ""
        over = recorded.measure(STEM, over_frozen(role, metric, leak_free=leak_free))
        texts.append(f"{metric} {f'+{over.text}' if over.value > 0 else over.text}" if over else f"{metric} not known")
    return f"the regime does not beat bodies frozen at their mean pose ({'; '.join(texts)})" if texts else ""


def _decisive(recorded: Recorded, parameters: Evaluation) -> tuple[bool, str]:
    """Whether the leak-free test clips decide, and why.

    They do where, without mirrors, they would fill a pool that a text is compared with by themselves, and where every
    metric that decides has an interval on them.
    """
    left, every = recorded.number(STEM, "leak_free_base_clips"), recorded.quoted(STEM, "leak_free_of")
    if left is None:
        return False, ""
    clips = f"{left:,.0f} of {every} test clips without mirrors are leak-free for every regime"
    roles = [role for role, _ in DECIDED.values()]
    names = [(role, metric) for role in roles for metric in parameters.judged_by]
    lacking = [
        metric
        for role, metric in names
        if recorded.measure(STEM, difference(role, metric)) is not None
        and recorded.measure(STEM, difference(role, metric, leak_free=True)) is None
    ]
    if left < parameters.pool:
        return False, f"All test clips decide, since only {clips}, fewer than a pool of {parameters.pool} needs."
    if lacking:
        few = listed([*dict.fromkeys(lacking)])
        return False, f"All test clips decide, since {clips}, on which {few} has no interval."
    return True, f"The leak-free test clips decide: {clips}."


def _beside(recorded: Recorded, bounds: Bounds, parameters: Evaluation, *, leak_free: bool) -> Iterator[Part | None]:
    """What the same rule says of the data without weights, of the filter, and of other test clips.

    These are all where the leak-free ones decide and the leak-free ones where all decide, and those of other data.
    """
    yield _part(ADDED_ONLY, ADDING, FOREST, recorded, bounds, parameters, leak_free=leak_free)
    name = "The clips that the filter keeps, than all clips"
    yield _part(name, FILTERING, FILTER, recorded, bounds, parameters, leak_free=leak_free)
    for name, (role, shown) in DECIDED.items():
        clips = CLIPS[not leak_free]
        yield _part(f"{name}, {clips}", role, shown, recorded, bounds, parameters, leak_free=not leak_free)
    regimes = {ADDING: "without weights", BOTH: "with weights"}
    for key, label in [*bounds.corpora.items()][1:]:
        for role, regime in regimes.items():
            for new, clips in {False: f"test clips of {label}", True: f"new actions of {label}"}.items():
                name = f"On the {clips}, {regime}"
                yield _part(name, role, ELSEWHERE, recorded, bounds, parameters, key, new=new)


def _part(
    name: str,
    role: str,
    shown: tuple[str, str],
    recorded: Recorded,
    bounds: Bounds,
    parameters: Evaluation,
    corpus: str = "",
    *,
    new: bool = False,
    leak_free: bool = False,
) -> Part | None:
    """What a difference decides, the measures that do so first; None where nothing was measured that can decide."""
    relations: dict[str, Relation] = {}
    reasons, where = {}, {"new": new, "leak_free": leak_free}
    for metric in parameters.judged_by:
        measured = recorded.measure(STEM, difference(role, metric, corpus, **where))
        rival = recorded.number(STEM, level(role, metric, corpus, **where))
        if measured is None or rival is None or not _beats_frozen(recorded, role, metric, leak_free=leak_free):
            continue
        ends, margin = (measured.value, measured.low, measured.high), bounds.findings.no_difference * abs(rival)
        said = relation(*ends, margin, lower_is_better=METRICS[metric].lower_is_better)
        text, link = f"+{measured.text}" if measured.value > 0 else measured.text, recorded.link(STEM, *shown)
        relations[metric] = said
        label = f"in {metric}" + f" {CLIPS[True]}" * leak_free
        reasons[metric] = Reason.of(measured, label, counted="test clips", said=said, link=link, text=text)
    if not relations:
        return None
    first = sorted(reasons, key=lambda metric: relations[metric] not in ("better", "worse"))
    outcome, measures = by_measures([*relations.values()]), [reasons[metric] for metric in first]
    return Part(name=name, rule=_rule(bounds, parameters, corpus), outcome=outcome, measures=measures)


def _rule(bounds: Bounds, parameters: Evaluation, corpus: str = "") -> str:
    margin = percent(bounds.findings.no_difference, 0)
    rule = (
        f"Better by {' or '.join(parameters.judged_by)} and worse by none: the interval lies beyond zero, the estimate "
        f"beyond {margin} of the rival’s level; an interval within {margin} is no difference. "
        "Only metrics decide by which the regime surely beats frozen bodies."
    )
    on = f" Leak-free test clips decide where they fill a pool of {parameters.pool}."
    return rule if corpus else rule + on


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
