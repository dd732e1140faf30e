"""Which differences may decide a comparison: of generators that move, by metrics that tell them from frozen bodies."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib.answers.recorded import Recorded
from lib.base.prose import listed
from lib.metrics.intervals import Measure
from lib.metrics.names import METRICS
from lib.metrics.p_values import holm
from lib.sections.evaluation.movement import why_not
from lib.sections.evaluation.parameters import Evaluation
from lib.sections.evaluation.values import difference, over_frozen, regime_of

STEM = "06_evaluation"


@dataclass(frozen=True)
class Compared:
    """Where the differences of a comparison are recorded: by which evaluator, on which clips.

    Attributes:
        role: what the training set adds.
        corpus: key of another corpus than the benchmark.
        new: whether only on clips whose actions the benchmark hardly has.
        leak_free: whether only on the leak-free test clips.
        evaluator: `BESIDE` by the evaluator beside TMR.
    """

    role: str
    corpus: str = ""
    new: bool = False
    leak_free: bool = False
    evaluator: str = ""

    def name(self, metric: str) -> str:
        """Of a difference."""
        where = {"new": self.new, "leak_free": self.leak_free}
        return self.evaluator + difference(self.role, metric, self.corpus, **where)

    def frozen(self, regime: str, metric: str) -> str:
        """Of the difference to frozen bodies, always on the benchmark's clips."""
        return self.evaluator + over_frozen(regime, metric, leak_free=self.leak_free)


def _better(measure: Measure | None, metric: str) -> bool:
    return measure is not None and (measure.high < 0 if METRICS[metric].lower_is_better else measure.low > 0)


def unfit(recorded: Recorded, compared: Compared) -> str:
    """Why the generator's motions are not judged at all; empty where they move as real ones do."""
    energy = recorded.measure(STEM, f"{regime_of(compared.role)}_energy")
    if energy is None:
        return "its motion energy is not known"
    return f"it {said}: its motion energy is {energy.text} of real motion's" if (said := why_not(energy)) else ""


def blind(recorded: Recorded, compared: Compared, metric: str) -> str:
    """Why a metric decides nothing for the generator; empty where it does."""
    real, own = (
        recorded.measure(STEM, compared.frozen(regime, metric)) for regime in ("real", regime_of(compared.role))
    )
    if not _better(real, metric):
        return f"{metric} does not rank real motion above frozen bodies"
    if not _better(own, metric):
        over = "" if own is None else f" ({f'+{own.text}' if own.value > 0 else own.text})"
        return f"by {metric} the generator does not beat frozen bodies{over}"
    return ""


def deciding(recorded: Recorded, compared: Compared, parameters: Evaluation) -> dict[str, Measure]:
    """The differences that may decide a comparison, by metric."""
    if unfit(recorded, compared):
        return {}
    names = {metric: recorded.measure(STEM, compared.name(metric)) for metric in parameters.judged_by}
    return {
        metric: measured
        for metric, measured in names.items()
        if measured is not None and not blind(recorded, compared, metric)
    }


def corrected_p(recorded: Recorded, parameters: Evaluation, family: list[Compared]) -> dict[str, float]:
    """Holm's p over comparisons and the metrics that may decide them, by name of the difference."""
    names = [compared.name(metric) for compared in family for metric in deciding(recorded, compared, parameters)]
    alone = [recorded.number(STEM, f"{name}_p") for name in names]
    adjusted = holm([np.nan if p is None else p for p in alone])
    return dict(zip(names, adjusted.tolist(), strict=True))


def decisive(recorded: Recorded, parameters: Evaluation, roles: Sequence[str]) -> tuple[bool, str]:
    """Whether the leak-free test clips decide, and why.

    They do where, without mirrors, they would fill a pool that a text is compared with by themselves, and where every
    metric that decides has an interval on them.
    """
    left, every = recorded.number(STEM, "leak_free_base_clips"), recorded.quoted(STEM, "leak_free_of")
    if left is None:
        return False, ""
    clips = f"{left:,.0f} of {every} test clips without mirrors are leak-free for every training set"
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
