"""What one evaluator says of all models: scores, differences, trivial answers, and whether bodies move."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Unpack

import pandas as pd

from lib.corpus import Corpus
from lib.models.evaluation_prompts import Judge
from lib.models.generated_latents import GeneratedLatents, Mask
from lib.sections.evaluation import differences, generation
from lib.sections.evaluation.differences import Ways
from lib.sections.evaluation.trivial_answers import FROZEN, trivial_answers


@dataclass(frozen=True, eq=False)
class Judgement:
    """The numbers of 06 by one evaluator.

    Attributes:
        judge: the evaluator, and the test captions.
        models: motions by training set or model of others.
        trivial: the same of trivial answers.
        scores: every metric of every model and of the real motions (`generation.table`).
        trivial_scores: of the trivial answers.
        halves: FID and KID at equal n, of models and trivial answers (`generation.halves`).
        paired: differences to the benchmark alone (`differences.paired`).
        weighting: of the weighted training sets to the unweighted ones.
        filtering: of the data that the filter keeps to all of it.
        over_frozen: of models and real motions to bodies that stand in the real mean pose.
    """

    judge: Judge
    models: Mapping[str, GeneratedLatents]
    trivial: Mapping[str, GeneratedLatents]
    scores: pd.DataFrame
    trivial_scores: pd.DataFrame
    halves: pd.DataFrame
    paired: pd.DataFrame
    weighting: pd.DataFrame
    filtering: pd.DataFrame
    over_frozen: pd.DataFrame

    @property
    def name(self) -> str:
        """The evaluator's."""
        return self.judge.name

    def __repr__(self) -> str:
        """The evaluator, and whom it judged."""
        return f"Judgement({self.name}, {[*self.models]})"


def judged(
    judge: Judge,
    models: Mapping[str, GeneratedLatents],
    corpus: Corpus,
    *,
    baseline: str,
    clusters: Mapping[str, Mask] | None = None,
    **ways: Unpack[Ways],
) -> Judgement:
    """Everything that an evaluator says.

    Args:
        judge: the evaluator, and the test captions as it sees them.
        models: motions by model, the baseline among them.
        corpus: of the captions.
        baseline: the model that others are compared with.
        clusters: further subsets, on which models are compared with the baseline alone.
        ways: seed, draws, pool and subsets, as `differences.paired` takes them.
    """
    test, seed = judge.prompts.test, ways["seed"]
    protocol = {"seed": seed, "draws": ways["draws"], "pool": ways["pool"]}
    trivial = trivial_answers(corpus, judge, seed=seed)
    return Judgement(
        judge,
        models,
        trivial,
        generation.table(test, models, **protocol),
        generation.table(test, trivial, **protocol),
        generation.halves(test, {**models, **trivial}, seed=seed),
        differences.paired(
            test, models, baseline=baseline, **protocol, subsets={**(ways.get("subsets") or {}), **(clusters or {})}
        ),
        differences.of_pairs(test, models, differences.weighting(models), **ways),
        differences.of_pairs(test, models, differences.filtering(models), **ways),
        differences.over_frozen(test, models, trivial[FROZEN], **ways),
    )
