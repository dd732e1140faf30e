"""The notebooks: their order, their questions, and what each of them needs; nothing else names them."""

from dataclasses import dataclass
from pathlib import Path

from lib.base.paths import NOTEBOOKS, RESULTS


@dataclass(frozen=True)
class Notebook:
    """One notebook of the report.

    Args:
        stem: file name without ``.ipynb``; also the name of its results folder and of its page.
        section: its block in a parameter file, and the namespace of its values in prose.
        question: what it answers, as a reader would ask it.
        models: the models to fetch or train before it runs.
        may_use: models that it fetches or trains itself where the data ask for them; its result depends on them too.
        reads: further blocks of the parameter file that its result depends on.
        after: stems of the notebooks whose results it reads; a block that says ``clips: kept`` adds `PREPARATION`,
            where the profile runs it.
        captioned: whether it reads what `make captions` left.
        leaves: what others read of its own result, files ("*" for any name) and folders ("…/"), so that nothing else
            makes theirs stale; None for its values, tables and arrays.
    """

    stem: str
    section: str
    question: str
    models: tuple[str, ...] = ()
    may_use: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    captioned: bool = False
    leaves: tuple[str, ...] | None = None

    @property
    def path(self) -> Path:
        """The notebook file."""
        return NOTEBOOKS / f"{self.stem}.ipynb"

    def results(self, profile: str) -> Path:
        """The folder that holds what the notebook made of a profile."""
        return RESULTS / profile / self.stem


PREPARATION = "00_data_preparation"
"""The notebook whose filter says which clips the others use."""
KEPT = "kept.parquet"
"""The file in which it says so."""
PIPELINE = (
    Notebook(
        PREPARATION,
        "preparation",
        "How large, how varied and how clean are the datasets?",
        leaves=(KEPT,),
    ),
    Notebook(
        "01_similarity_test",
        "similarity",
        "Does the test set leak into training?",
        models=("mpnet",),
        leaves=("tables/leak_free_test*.txt",),  # one for every training mix of the profile
    ),
    Notebook(
        "02_action_distribution",
        "actions",
        "Which actions dominate each dataset?",
        models=("spacy",),
        reads=("verbs",),
    ),
    Notebook(
        "03_captioner_comparison",
        "captioners",
        "Which captioner describes the clips best?",
        models=("mpnet", "spacy"),
        may_use=("tmr",),
        reads=("survey",),
        captioned=True,
    ),
    Notebook(
        "04_embedding_gap",
        "embedding",
        "How do text and motion sit in TMR's space?",
        models=("mpnet", "spacy", "tmr"),
        reads=("verbs",),
        after=("01_similarity_test",),
        leaves=("latents/",),
    ),
    Notebook(
        "05_clustering",
        "clustering",
        "Into which clusters do the clips fall, and how should training draw from them?",
        models=("mpnet", "tmr", "spacy"),
        reads=("verbs",),
        after=("04_embedding_gap",),
        leaves=("sampling_weights.parquet", "tables/draws.csv"),
    ),
    Notebook(
        "06_evaluation",
        "evaluation",
        "Does training with a second dataset make a better generator?",
        models=("mpnet", "spacy", "tmr", "evaluator", "momask"),
        reads=("verbs",),
        after=("01_similarity_test", "04_embedding_gap", "05_clustering"),
        leaves=(),  # the motions that 07 shows are kept in .cache by what they were made from
    ),
    Notebook(
        "07_visualization",
        "visualization",
        "What do the generated motions look like, and was any learned by heart?",
        models=("mpnet", "spacy", "tmr", "momask"),
        reads=("evaluation", "verbs"),
        after=("04_embedding_gap", "05_clustering", "06_evaluation"),
    ),
)
BY_STEM = {notebook.stem: notebook for notebook in PIPELINE}


def in_order(stems: list[str]) -> list[Notebook]:
    """Notebooks in the order they must run, which is the order of ``PIPELINE``.

    Example:
        >>> [n.section for n in in_order(["02_action_distribution", "00_data_preparation"])]
        ['preparation', 'actions']
    """
    return [notebook for notebook in PIPELINE if notebook.stem in stems]
