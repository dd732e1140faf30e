"""The evaluators of a profile: TMR, and beside it that of Guo et al., from its public files or trained here."""

from collections.abc import Mapping
from pathlib import Path

from lib.models import evaluation_prompts
from lib.models.evaluation_prompts import Judge
from lib.models.evaluators.model import Evaluator
from lib.models.latents import Latents, encode
from lib.models.tmr.model import TMR
from lib.run.params import Profile
from lib.run.profile_tmr import training_corpora
from lib.run.results import Run

TMR_NAME = "TMR"


def run_dir(profile: Profile) -> Path:
    """The folder of the evaluator beside TMR, which is trained now, on TMR's clips, unless the parameters name one.

    Raises:
        CorpusError: nothing to train on.
        ModelError: captions must be tagged and no spaCy model is installed, or the training diverged.
    """
    asked = profile.models.evaluator
    if asked.run_dir:
        return Path(asked.run_dir)
    from lib.models.evaluators.training import train

    return train([*training_corpora(profile).values()], sizes=asked.sizes, training=asked.training)


def load(run: Run) -> Evaluator:
    """The evaluator beside TMR, its fingerprint noted as a model that the results rest on."""
    evaluator = Evaluator.from_run_dir(run_dir(run.profile))
    run.model(evaluator.name, evaluator.fingerprint)
    return evaluator


def judges(
    run: Run, tmr: TMR, latents: Mapping[str, Latents], beside: Evaluator, *, normalised: bool
) -> dict[str, list[Judge]]:
    """Both evaluators with the test captions of every corpus that has any, by key, the benchmark's first; TMR first.

    Args:
        run: for the corpora.
        tmr: as 04 has it.
        latents: of TMR, by key.
        beside: whose latents are of no fixed length, as in the public code.
        normalised: whether TMR's are brought to unit length.

    Raises:
        CorpusError: the benchmark's test split has no captions that can be judged.
    """
    own = {key: encode(beside, corpus, split="test") for key, corpus in run.corpora.items()}
    seed = run.profile.seed
    by_tmr = evaluation_prompts.of_corpora(run.corpora, latents, normalised=normalised, seed=seed)
    by_other = evaluation_prompts.of_corpora(run.corpora, own, normalised=False, seed=seed)
    return {key: [Judge(TMR_NAME, tmr, by_tmr[key]), Judge(beside.name, beside, by_other[key])] for key in by_tmr}
