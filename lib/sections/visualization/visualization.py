"""What 07 shows and measures: what every generator of 06 made for the test captions, and what it was trained on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.base import seals
from lib.base.errors import ParamsError, RunError
from lib.corpus.generations import Generations, read_generations
from lib.models.temos.regimes import Regime
from lib.models.tmr.model import TMR
from lib.models.tmr.pairs import FPS
from lib.motion.features import recover_joints
from lib.motion.nearest import signatures
from lib.motion.skeleton import Array
from lib.run import profile_temos
from lib.run.results import Run
from lib.sections.evaluation import evaluation_run, generation_made
from lib.sections.evaluation.generation_made import EXTERNAL, Asked, unit
from lib.sections.visualization import copying, prompts
from lib.sections.visualization.copying import GENERATED, REAL, Points
from lib.sections.visualization.training_motions import posed, trained_on

COLUMNS = ["prompt", "verb", "count", "clip_id", "caption", "seconds"]
TRUTH = "ground truth"


@dataclass(frozen=True, eq=False)
class Gathered:
    """What there is to show and to measure.

    Attributes:
        what: the benchmark's test captions, as 06 asked for them.
        regimes: of the generators that are trained here, the benchmark alone first.
        files: by model, the folder it is in and the names it has there, one a seed: each name's first repeat counts.
        real: the test motions.
        generated: by model, in the order in which they are shown.
        training: the training motions of all regimes; the table has corpus (key) and caption.
        members: by model, the rows of `training` that it draws from; the benchmark's for models of others.
    """

    what: Asked
    regimes: Sequence[Regime]
    files: Mapping[str, tuple[Generations, Sequence[str]]]
    real: Points
    generated: Mapping[str, Points]
    training: Points
    members: Mapping[str, npt.NDArray[np.int64]]

    @property
    def seeds(self) -> int:
        """Training seeds of every regime."""
        return len(self.files[self.regimes[0].name][1])

    def made(self, model: str, clip_id: str) -> Array | None:
        """Joints (T, 22, 3) that the first seed of a model made for a clip; None where it made nothing usable."""
        found, (name, *_) = self.files[model]
        one = replace(found, files=found.files[found.files["clip_id"] == clip_id])
        return next((recover_joints(motion) for _, motion in _first(one, name)), None)


def gathered(run: Run, evaluator: TMR) -> Gathered:
    """The generations that 06 kept, made again where the cache was emptied, and those of others as 06 reads them.

    Raises:
        RunError: 04's latents are missing or of another evaluator.
    """
    regimes = profile_temos.regimes_of(run)
    runs = profile_temos.trained(run, regimes)
    encoded = evaluation_run.encoded(run, evaluator)
    latents, normalised = next(iter(encoded.values())), run.profile.evaluation.normalised
    what = generation_made.asked(run.benchmark, latents, normalised=normalised, seed=run.profile.seed)
    folder = evaluation_run.kept(runs, what)
    if not seals.intact(folder):
        evaluation_run.made(run, runs, what, evaluator, repeats=1)
    kept = read_generations(folder, what.clips["clip_id"].tolist())
    faulty = kept.report.drop(index=kept.bodies.index)
    if faulty["model"].ne("").any():  # what lies outside a model's folder says that the generations are complete
        run.warn("some generations that 06 kept are missing or unreadable: empty .cache/generations and run it again")
    seeds = run.profile.evaluation.seeds
    files = {one.name: (kept, [f"{one.name} seed {seed}" for seed in seeds]) for one in regimes}
    others = evaluation_run.external(run, what)
    if others is not None:
        files |= {f"{name} {EXTERNAL}": (others, [name]) for name in others.models}
    generated = {name: _points(found, names, what, evaluator) for name, (found, names) in files.items()}
    shapes = signatures(posed(run.benchmark, what.clips["clip_id"]))
    real = Points(what.clips[["clip_id", "base_id"]], shapes, unit(what.test.motion.astype(np.float32)))
    training, members = trained_on(run.corpora, encoded, regimes)
    members = {name: members.get(name, members[regimes[0].name]) for name in files}
    return Gathered(what, regimes, files, real, generated, training, members)


def listed(run: Run, what: Asked) -> pd.DataFrame:
    """The prompts of the parameters, or those of the rule: ``prompt, verb, count, clip_id, caption, seconds``.

    Raises:
        ParamsError: a prompt that names no caption that the generators were given.
    """
    if not run.params.prompts:
        return _told(prompts.by_rule(what.clips, run.params.rows, run.params.not_actions, seed=run.profile.seed))
    found = prompts.chosen(run.benchmark, run.params.prompts)
    given = dict(zip(what.clips["clip_id"], what.clips["text"], strict=True))
    for prompt, clip, text in found[["prompt", "clip_id", "text"]].itertuples(index=False):
        if given.get(clip) != text:
            told = f"the generators were not given {prompt!r}"
            fix = "name the first caption of a test clip of 2 to 10 seconds, or its id"
            raise ParamsError(told, where="visualization.prompts", fix=fix)
    return _told(found[["clip_id"]].merge(what.clips, on="clip_id")).drop(columns=["verb", "count"])


def nearest(run: Run, found: Gathered) -> pd.DataFrame:
    """Every distance to training, see `copying.distances`."""
    given = {"sample": run.params.train_sample, "block": run.params.block, "seed": run.profile.seed}
    return copying.distances(found.real, found.generated, found.training, found.members, **given)


def shown(prompted: pd.DataFrame, found: Gathered, table: pd.DataFrame) -> pd.DataFrame:
    """The motions that are shown, each with what of training lies nearest to it.

    Args:
        prompted: from `listed`.
        found: the motions.
        table: from `nearest`.

    Returns:
        A row a prompt and motion, the real one first: ``prompt, clip_id, model, apart`` (distance by shape from the
        real motion, m), ``shape, shape_at, meaning, meaning_at, cosine, nearest_by_shape_caption, shape_corpus, …``.
    """
    first = table["kind"].eq(REAL) & table["model"].eq(found.regimes[0].name)
    made = table["kind"].eq(GENERATED) & table["seed"].eq(0)
    motions = pd.concat([table[first].assign(model=TRUTH), table[made]])
    apart = [_apart(found, model, motions[motions["model"] == model]) for model in [TRUTH, *found.generated]]
    rows = prompted[["prompt", "clip_id"]].merge(motions.assign(apart=np.concatenate(apart)), on="clip_id")
    for measure in copying.MEASURES:
        about = found.training.table.iloc[rows[f"{measure}_at"]].reset_index(drop=True)
        rows = rows.assign(**{f"nearest_by_{measure}_caption": about["caption"], f"{measure}_corpus": about["corpus"]})
    return rows.assign(cosine=1 - rows["meaning"])


def _apart(found: Gathered, model: str, rows: pd.DataFrame) -> npt.NDArray[np.float64]:
    place = {clip: at for at, clip in enumerate(found.real.table["clip_id"])}
    real = found.real.shape[[place[clip] for clip in rows["clip_id"]]]
    made = real if model == TRUTH else found.generated[model].shape[: len(rows)]
    distance: npt.NDArray[np.float64] = np.linalg.norm(made - real, axis=1)
    return distance


def _told(clips: pd.DataFrame) -> pd.DataFrame:
    rows = clips.assign(prompt=range(1, len(clips) + 1), seconds=clips["frames"] / FPS)
    return rows.rename(columns={"text": "caption"}).reindex(columns=COLUMNS).reset_index(drop=True)


def _first(found: Generations, name: str) -> list[tuple[str, Array]]:
    repeats = found.repeats(name)
    return [*found.motions(name, repeats[0])] if repeats else []


def _points(found: Generations, names: Sequence[str], what: Asked, evaluator: TMR) -> Points:
    base = what.clips.set_index("clip_id")["base_id"]
    tables, shapes, meanings = [], [], []
    for seed, name in enumerate(names):
        kept = _first(found, name)
        if not kept:
            told = f"no motion is left of those that 06_evaluation kept of {name}"
            raise RunError(told, where=found.folder, fix="delete the folder and run again: they are made anew")
        clips, motions = zip(*kept, strict=True)
        tables.append(pd.DataFrame({"clip_id": clips, "base_id": base[[*clips]].to_numpy(), "seed": seed}))
        shapes.append(signatures(recover_joints(motion) for motion in motions))
        meanings.append(unit(what.latents(evaluator, motions)))
    return Points(pd.concat(tables, ignore_index=True), np.concatenate(shapes), np.concatenate(meanings))
