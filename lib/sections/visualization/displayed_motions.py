"""The motions that 07 shows and measures: those that generators made for the test captions, and their training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.base.errors import RunError
from lib.corpus import Corpus
from lib.corpus.generations import Generations
from lib.models.evaluation_prompts import EvaluationPrompts, unit
from lib.models.latents import Latents
from lib.models.momask.regimes import Regime
from lib.models.tmr.model import TMR
from lib.motion.features import recover_joints
from lib.motion.nearest import signatures
from lib.motion.skeleton import Array
from lib.sections.visualization import copying
from lib.sections.visualization.copying import GENERATED, REAL, Points
from lib.sections.visualization.training_motions import posed, trained_on

TRUTH = "ground truth"
Files = Mapping[str, tuple[Generations, Sequence[str]]]
"""By model, the folder of its motions and the names that it has there, one a seed: each name's first repeat counts."""


@dataclass(frozen=True, eq=False)
class DisplayedMotions:
    """The motions of the test captions, real and generated, and those that generators were trained on.

    Attributes:
        captions: the benchmark's test captions, as generators were given them.
        regimes: of the generators that are trained here, the benchmark alone first.
        files: of every model.
        real: the test motions.
        generated: by model, in the order in which they are shown.
        training: the training motions of all regimes; the table has corpus (key) and caption.
        members: by model, the rows of `training` that it draws from; the benchmark's for models of others.
    """

    captions: EvaluationPrompts
    regimes: Sequence[Regime]
    files: Files
    real: Points
    generated: Mapping[str, Points]
    training: Points
    members: Mapping[str, npt.NDArray[np.int64]]

    def __repr__(self) -> str:
        """The models, and how many motions there are."""
        return f"DisplayedMotions({[*self.generated]}, {len(self.real.table):,} test clips)"

    @property
    def seeds(self) -> int:
        """Training seeds of every regime."""
        return len(self.files[self.regimes[0].name][1])

    def joints(self, model: str, clip_id: str) -> Array | None:
        """Joints (T, 22, 3) that the first seed of a model made for a clip; None where nothing is usable."""
        files, (name, *_) = self.files[model]
        of_clip = replace(files, files=files.files[files.files["clip_id"] == clip_id])
        return next((recover_joints(motion) for _, motion in _first(of_clip, name)), None)


def gather(
    corpora: Mapping[str, Corpus],
    latents: Mapping[str, Latents],
    regimes: Sequence[Regime],
    captions: EvaluationPrompts,
    files: Files,
    evaluator: TMR,
) -> DisplayedMotions:
    """Places the motions of every model, the real ones and those of training in both measures of `copying`.

    Args:
        corpora: by key, the benchmark first.
        latents: of their motions, by key.
        regimes: of the generators that are trained here, the benchmark alone first.
        captions: the benchmark's test captions.
        files: the motions of every model.
        evaluator: whose latents measure meaning.

    Raises:
        RunError: no motion is left of a model.
    """
    benchmark = next(iter(corpora.values()))
    generated = {model: _points(kept, names, captions, evaluator) for model, (kept, names) in files.items()}
    shapes = signatures(posed(benchmark, captions.clips["clip_id"]))
    meaning = unit(captions.test.motion.astype(np.float32))
    real = Points(captions.clips[["clip_id", "base_id"]], shapes, meaning)
    training, members = trained_on(corpora, latents, regimes)
    members = {model: members.get(model, members[regimes[0].name]) for model in files}
    return DisplayedMotions(captions, regimes, files, real, generated, training, members)


def of_prompts(prompts: pd.DataFrame, motions: DisplayedMotions, distances: pd.DataFrame) -> pd.DataFrame:
    """The motions that are shown, each with what of training lies nearest to it.

    Args:
        prompts: ``prompt, clip_id``, see `chosen_prompts.table`.
        motions: real and generated.
        distances: from `copying.distances`.

    Returns:
        A row a prompt and motion, the real one first: ``prompt, clip_id, model, apart`` (distance by shape from the
        real motion, m), ``shape, shape_at, meaning, meaning_at, cosine, nearest_by_shape_caption, shape_corpus, …``.
    """
    real = distances["kind"].eq(REAL) & distances["model"].eq(motions.regimes[0].name)
    first_seed = distances["kind"].eq(GENERATED) & distances["seed"].eq(0)
    table = pd.concat([distances[real].assign(model=TRUTH), distances[first_seed]])
    apart = [_apart(motions, model, table[table["model"] == model]) for model in [TRUTH, *motions.generated]]
    rows = prompts[["prompt", "clip_id"]].merge(table.assign(apart=np.concatenate(apart)), on="clip_id")
    for measure in copying.MEASURES:
        about = motions.training.table.iloc[rows[f"{measure}_at"]].reset_index(drop=True)
        rows = rows.assign(**{f"nearest_by_{measure}_caption": about["caption"], f"{measure}_corpus": about["corpus"]})
    return rows.assign(cosine=1 - rows["meaning"])


def _apart(motions: DisplayedMotions, model: str, rows: pd.DataFrame) -> npt.NDArray[np.float64]:
    place = {clip: at for at, clip in enumerate(motions.real.table["clip_id"])}
    real = motions.real.shape[[place[clip] for clip in rows["clip_id"]]]
    generated = real if model == TRUTH else motions.generated[model].shape[: len(rows)]
    distance: npt.NDArray[np.float64] = np.linalg.norm(generated - real, axis=1)
    return distance


def _first(files: Generations, name: str) -> list[tuple[str, Array]]:
    repeats = files.repeats(name)
    return [*files.motions(name, repeats[0])] if repeats else []


def _points(files: Generations, names: Sequence[str], captions: EvaluationPrompts, evaluator: TMR) -> Points:
    base = captions.clips.set_index("clip_id")["base_id"]
    tables, shapes, meanings = [], [], []
    for seed, name in enumerate(names):
        kept = _first(files, name)
        if not kept:
            lack = f"no motion is left of those that 06_evaluation kept of {name}"
            raise RunError(lack, where=files.folder, fix="delete the folder and run again: they are made anew")
        clips, motions = zip(*kept, strict=True)
        tables.append(pd.DataFrame({"clip_id": clips, "base_id": base[[*clips]].to_numpy(), "seed": seed}))
        shapes.append(signatures(recover_joints(motion) for motion in motions))
        meanings.append(unit(captions.latents(evaluator, motions)))
    return Points(pd.concat(tables, ignore_index=True), np.concatenate(shapes), np.concatenate(meanings))
