"""The rule of every section, each in the ``verdict.py`` of its room; page, overview and JSON all take it from here."""

from collections.abc import Callable, Mapping
from typing import Any

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.base.parameters import Section
from lib.sections.actions import verdict as actions
from lib.sections.actions.parameters import Actions
from lib.sections.captioners import verdict as captioners
from lib.sections.captioners.parameters import Captioners
from lib.sections.clustering import verdict as clustering
from lib.sections.clustering.parameters import Clustering
from lib.sections.embedding import verdict as embedding
from lib.sections.embedding.parameters import Embedding
from lib.sections.evaluation import verdict as evaluation
from lib.sections.evaluation.parameters import Evaluation
from lib.sections.preparation import verdict as preparation
from lib.sections.preparation.parameters import Preparation
from lib.sections.similarity import verdict as similarity
from lib.sections.similarity.parameters import Similarity
from lib.sections.visualization import verdict as visualization
from lib.sections.visualization.parameters import Visualization

RULES: dict[str, tuple[Callable[..., Answer], type[Section]]] = {
    "preparation": (preparation.answer, Preparation),
    "similarity": (similarity.answer, Similarity),
    "actions": (actions.answer, Actions),
    "captioners": (captioners.answer, Captioners),
    "clustering": (clustering.answer, Clustering),
    "embedding": (embedding.answer, Embedding),
    "evaluation": (evaluation.answer, Evaluation),
    "visualization": (visualization.answer, Visualization),
}
"""By section: the rule, and the block of the parameter file that it reads."""
QUESTIONS = ("similarity", "preparation", "captioners", "evaluation")
"""Sections whose answer stands on the overview, in its order."""


def answered(recorded: Recorded, bounds: Bounds, parameters: Mapping[str, Any]) -> dict[str, Answer]:
    """Decides every section's claim on what its notebook recorded.

    Args:
        recorded: the results of a run.
        bounds: what several rules share.
        parameters: the resolved parameters of the run; a block that is not there has its defaults.

    Returns:
        Answers by section.
    """
    return {
        section: rule(recorded, bounds, block(**parameters.get(section, {})))
        for section, (rule, block) in RULES.items()
    }
