"""The motions that 07 shows and measures: those that generators made for the test captions, and their training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.base.errors import RunError
from lib.corpus import Corpus
from lib.corpus.generations import Generations
from lib.metrics.movement import motion_energy
from lib.models.evaluation_prompts import EvaluationPrompts, Judge, unit
from lib.models.latents import Latents
from lib.models.momask.regimes import Regime
from lib.motion.features import recover_joints
from lib.motion.nearest import signatures
from lib.motion.skeleton import Array
from lib.sections.visualization import copying, trivial_answers
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
        trivial: by name, see `trivial_answers.of`.
        training: the training motions of all regimes; the table has corpus (key) and caption.
        members: by model and trivial answer, the rows of `training` that it draws from; the benchmark's for trivial
            answers and models of others.
    """

    captions: EvaluationPrompts
    regimes: Sequence[Regime]
    files: Files
    real: Points
    generated: Mapping[str, Points]
    trivial: Mapping[str, Points]
    training: Points
    members: Mapping[str, npt.NDArray[np.int64]]

    def __repr__(self) -> str:
        """The models, and how many motions there are."""
        return f"DisplayedMotions({[*self.generated]}, {len(self.real.table):,} test clips)"

    @property
    def measured(self) -> dict[str, Points]:
        """The motions of every model and trivial answer."""
        return {**self.generated, **self.trivial}

    @property
    def seeds(self) -> int:
        """Training seeds of every regime."""
        return len(self.files[self.regimes[0].name][1])

    def takes(self, model: str) -> list[str]:
        """What tells apart the names of a model, such as ``seed 0``; empty for a model of others, which has one."""
        start = f"{model} "
        return [name.removeprefix(start) if name.startswith(start) else "" for name in self.files[model][1]]

    def joints(self, model: str, clip_id: str, take: int = 0) -> Array | None:
        """Joints (T, 22, 3) that a model made for a clip, by number of its seed; None where nothing is usable."""
        files, names = self.files[model]
        of_clip = replace(files, files=files.files[files.files["clip_id"] == clip_id])
        return next((recover_joints(motion) for _, motion in _first(of_clip, names[take])), None)


def gather(
    corpora: Mapping[str, Corpus],
    latents: Mapping[str, Latents],
    regimes: Sequence[Regime],
    judge: Judge,
    files: Files,
    *,
    seed: int,
) -> DisplayedMotions:
    """Places the motions of every model, the real ones and those of training in both measures of `copying`.

    Args:
        corpora: by key, the benchmark first.
        latents: of their motions, by key.
        regimes: of the generators that are trained here, the benchmark alone first.
        judge: whose latents measure meaning, with the benchmark's test captions.
        files: the motions of every model.
        seed: of the draw of `trivial_answers`.

    Raises:
        RunError: no motion is left of a model.
    """
    benchmark, captions = next(iter(corpora.values())), judge.prompts
    generated = {model: _points(kept, names, judge) for model, (kept, names) in files.items()}
    shapes = signatures(posed(benchmark, captions.clips["clip_id"]))
    meaning = unit(captions.test.motion.astype(np.float32))
    about = captions.clips[["clip_id", "base_id"]].assign(energy=captions.test.physical["motion energy"])
    training, members = trained_on(corpora, latents, regimes)
    own = members[regimes[0].name]
    trivial = trivial_answers.of(corpora, judge, training, own, seed=seed)
    members = {model: members.get(model, own) for model in [*files, *trivial]}
    real = Points(about, shapes, meaning)
    return DisplayedMotions(captions, regimes, files, real, generated, trivial, training, members)


def of_prompts(prompts: pd.DataFrame, motions: DisplayedMotions, distances: pd.DataFrame) -> pd.DataFrame:
    """The motions that are shown, each with what of training lies nearest to it.

    Args:
        prompts: ``prompt, clip_id``, see `chosen_prompts.table`.
        motions: real and generated.
        distances: from `copying.distances`.

    Returns:
        A row a prompt and motion, the real one first, then those of all seeds of each model: ``prompt, clip_id, model,
        seed`` (number of the seed, NaN of the real one), ``energy`` (m/s), ``of_real`` (the same as a ratio to the real
        one), ``apart`` (distance by shape from the real motion, m), ``shape, shape_at, meaning, meaning_at, cosine,
        nearest_by_shape_caption, shape_corpus, …``.
    """
    real = distances["kind"].eq(REAL) & distances["model"].eq(motions.regimes[0].name)
    made = distances["kind"].eq(GENERATED) & distances["model"].isin([*motions.generated])
    table = pd.concat([distances[real].assign(model=TRUTH), distances[made]])
    apart = [_apart(motions, model, table[table["model"] == model]) for model in [TRUTH, *motions.generated]]
    rows = prompts[["prompt", "clip_id"]].merge(table.assign(apart=np.concatenate(apart)), on="clip_id")
    for measure in copying.MEASURES:
        about = motions.training.table.iloc[rows[f"{measure}_at"]].reset_index(drop=True)
        rows = rows.assign(**{f"nearest_by_{measure}_caption": about["caption"], f"{measure}_corpus": about["corpus"]})
    truth = rows["clip_id"].map(rows[rows["model"] == TRUTH].drop_duplicates("clip_id").set_index("clip_id")["energy"])
    return rows.assign(cosine=1 - rows["meaning"], of_real=rows["energy"] / truth.where(truth > 0))


def _apart(motions: DisplayedMotions, model: str, rows: pd.DataFrame) -> npt.NDArray[np.float64]:
    place = {clip: at for at, clip in enumerate(motions.real.table["clip_id"])}
    real = motions.real.shape[[place[clip] for clip in rows["clip_id"]]]
    generated = real if model == TRUTH else motions.generated[model].shape
    distance: npt.NDArray[np.float64] = np.linalg.norm(generated - real, axis=1)
    return distance


def _first(files: Generations, name: str) -> list[tuple[str, Array]]:
    repeats = files.repeats(name)
    return [*files.motions(name, repeats[0])] if repeats else []


def _points(files: Generations, names: Sequence[str], judge: Judge) -> Points:
    base = judge.prompts.clips.set_index("clip_id")["base_id"]
    tables, shapes, meanings = [], [], []
    for seed, name in enumerate(names):
        kept = _first(files, name)
        if not kept:
            lack = f"no motion is left of those that 06_evaluation kept of {name}"
            raise RunError(lack, where=files.folder, fix="delete the folder and run again: they are made anew")
        clips, motions = zip(*kept, strict=True)
        energy = [motion_energy(motion) for motion in motions]
        table = pd.DataFrame({"clip_id": clips, "base_id": base[[*clips]].to_numpy(), "seed": seed, "energy": energy})
        tables.append(table)
        shapes.append(signatures(recover_joints(motion) for motion in motions))
        meanings.append(unit(judge.latents(motions)))
    return Points(pd.concat(tables, ignore_index=True), np.concatenate(shapes), np.concatenate(meanings))
