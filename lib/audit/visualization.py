"""What 07 shows: prompts fixed beforehand, the motions made for them, and the training motions nearest to those."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.audit import copying, evaluation_run, generation_made
from lib.audit.copying import GENERATED, Points
from lib.audit.generation_made import Asked, unit
from lib.audit.prompts import chosen
from lib.corpus import Corpus
from lib.corpus.generations import Generations, read_generations
from lib.errors import ParamsError
from lib.models import profile_temos
from lib.models.latents import Latents, segment
from lib.models.temos_regimes import SHUFFLED, Regime
from lib.models.tmr import TMR
from lib.models.tmr_pairs import FPS, clips_of
from lib.motion.canonical import canonical
from lib.motion.features import recover_joints
from lib.motion.nearest import signatures
from lib.motion.skeleton import Array
from lib.results import Run
from lib.text.tokens import pos_key, verbs

COLUMNS = ["prompt", "verb", "count", "clip_id", "caption", "seconds"]


@dataclass(frozen=True, eq=False)
class Gathered:
    """What there is to show and to measure.

    Attributes:
        what: the benchmark's test captions, as 06 asked for them.
        regimes: of the generators.
        seeds: of their trainings.
        generations: the first repeat of every regime and seed, as `<regime> seed <seed>/0/<clip_id>.npy`.
        real: the test motions.
        generated: by regime.
        training: the training motions of all regimes; the table has corpus (key) and caption.
        members: by regime, the rows of `training` that it draws from.
    """

    what: Asked
    regimes: Sequence[Regime]
    seeds: Sequence[int]
    generations: Generations
    real: Points
    generated: Mapping[str, Points]
    training: Points
    members: Mapping[str, npt.NDArray[np.int64]]

    @property
    def shown(self) -> list[str]:
        """The regimes that are shown, which leaves the control out."""
        return [regime.name for regime in self.regimes if not regime.name.endswith(SHUFFLED)]

    @cached_property
    def first(self) -> dict[str, dict[str, Array]]:
        """What each regime's first seed made, joints by clip."""
        return {name: dict(self.generations.joints(f"{name} seed {self.seeds[0]}", "0")) for name in self.shown}


def gathered(run: Run, evaluator: TMR) -> Gathered:
    """The generations that 06 kept, made again where the cache was emptied, beside the motions trained on.

    Raises:
        RunError: 04's latents are missing or of another evaluator.
    """
    regimes = profile_temos.regimes_of(run)
    runs = profile_temos.trained(run, regimes)
    encoded = evaluation_run.encoded(run, evaluator)
    normalised = run.profile.evaluation.normalised
    what = generation_made.asked(
        run.benchmark, next(iter(encoded.values())), normalised=normalised, seed=run.profile.seed
    )
    folder = evaluation_run.kept(runs, what)
    if not (folder / "complete.json").is_file():
        evaluation_run.made(run, runs, what, evaluator, repeats=1)
    generations = read_generations(folder, what.clips["clip_id"].tolist())
    if len(generations.report):
        run.warn(f"generations: {len(generations.report):,} are missing or refused")
    seeds = run.profile.evaluation.seeds
    generated = {one.name: _generated(generations, one.name, seeds, what, evaluator) for one in regimes}
    real = Points(what.clips[["clip_id", "base_id"]], signatures(posed(run.benchmark, what.clips["clip_id"])),
                  unit(what.test.motion.astype(np.float32)))  # fmt: skip
    training, members = trained_on(run.corpora, encoded, regimes)
    return Gathered(what, regimes, seeds, generations, real, generated, training, members)


def trained_on(
    corpora: Mapping[str, Corpus], encoded: Mapping[str, Latents], regimes: Sequence[Regime]
) -> tuple[Points, dict[str, npt.NDArray[np.int64]]]:
    """The training motions of all regimes, and by regime the rows that it draws from."""
    keys = [*corpora]
    drawn = {
        one.name: [clip for clip, chance in zip(clips_of(one.rows)[1], one.chances, strict=True) if chance > 0]
        for one in regimes
    }
    place = {clip: at for at, clip in enumerate(sorted({clip for some in drawn.values() for clip in some}))}
    tables, shapes, meanings = [], [], []
    for number, key in enumerate(keys):
        own = [clip for at, clip in place if at == number]
        about = corpora[key].clips.set_index("clip_id")["base_id"]
        caption = corpora[key].captions.drop_duplicates("clip_id").set_index("clip_id")["text"]
        table = pd.DataFrame({"corpus": key, "clip_id": own})
        base = key + "/" + table["clip_id"].map(about)
        tables.append(table.assign(base_id=base, caption=table["clip_id"].map(caption)))
        rows = {clip: at for at, clip in enumerate(encoded[key].clip_id)}
        meanings.append(unit(encoded[key].motion[[rows[clip] for clip in own]]))
        shapes.append(signatures(posed(corpora[key], own)))
    points = Points(pd.concat(tables, ignore_index=True), np.concatenate(shapes), np.concatenate(meanings))
    return points, {name: np.array([place[clip] for clip in some], dtype=np.int64) for name, some in drawn.items()}


def posed(corpus: Corpus, clip_ids: Sequence[str] | pd.Series) -> list[Array]:
    """Joints (T, 22, 3) of the part of each clip that its first caption describes, on HumanML3D's body and facing +Z.

    Generators make motions on that body, so a copy of a taller person's motion is found all the same.
    """
    first = corpus.captions.drop_duplicates("clip_id").set_index("clip_id")[["start_s", "end_s"]]
    spans = {clip: (int(start * FPS), int(end * FPS)) for clip, start, end in first.itertuples()}
    return [canonical(segment(corpus.joints(clip), *spans.get(clip, (0, 0))).astype(np.float64)) for clip in clip_ids]


def prompts(run: Run, what: Asked) -> pd.DataFrame:
    """The prompts of the parameters, or those of the rule: ``prompt, verb, count, clip_id, caption, seconds``.

    Raises:
        ParamsError: a prompt that names no caption that the generators were given.
    """
    if not run.params.prompts:
        return by_rule(what.clips, run.params.rows, run.profile.evaluation.not_actions)
    found = chosen(run.benchmark, run.params.prompts)
    given = dict(zip(what.clips["clip_id"], what.clips["text"], strict=True))
    for prompt, clip, text in found[["prompt", "clip_id", "text"]].itertuples(index=False):
        if given.get(clip) != text:
            told = f"the generators were not given {prompt!r}"
            fix = "name the first caption of a test clip of 2 to 10 seconds, or its id"
            raise ParamsError(told, where="visualization.prompts", fix=fix)
    return _listed(found[["clip_id"]].merge(what.clips, on="clip_id")).drop(columns=["verb", "count"])


def by_rule(clips: pd.DataFrame, n: int, not_actions: Sequence[str]) -> pd.DataFrame:
    """For each of the n most frequent verbs the first clip, by id, whose caption has it and no earlier verb took.

    Mirrored clips do not count and are not taken; verbs of equal count are taken in alphabetical order. No motion is
    looked at.

    Args:
        clips: clip_id, mirrored, text, tokens, frames.
        n: prompts.
        not_actions: verbs that name no action.
    """
    own = clips[~clips["mirrored"]].sort_values("clip_id")
    named = pos_key(own, progress=False).map(lambda key: sorted({*verbs(key)} - {*not_actions}))
    each = own.assign(verb=named).explode("verb").dropna(subset="verb")
    counts = each.groupby("verb").size().rename("count").reset_index()
    counts = counts.sort_values(["count", "verb"], ascending=[False, True])
    taken: dict[str, dict[str, object]] = {}
    for verb, count in counts[["verb", "count"]].itertuples(index=False):
        free = each[(each["verb"] == verb) & ~each["clip_id"].isin(list(taken))]
        if len(free) and len(taken) < n:
            taken[free.iloc[0]["clip_id"]] = {**free.iloc[0], "count": count}
    return _listed(pd.DataFrame([*taken.values()]))


def nearest(run: Run, found: Gathered) -> pd.DataFrame:
    """Every distance to training, see `copying.distances`."""
    given = {"sample": run.params.train_sample, "block": run.params.block, "seed": run.profile.seed}
    return copying.distances(found.real, found.generated, found.training, found.members, **given)


def of_prompts(listed: pd.DataFrame, found: Gathered, table: pd.DataFrame) -> pd.DataFrame:
    """The nearest training motions of what is shown: ``prompt, regime, shape, …, meaning, …, corpus, caption``."""
    made = table[(table["kind"] == GENERATED) & (table["seed"] == found.seeds[0]) & table["regime"].isin(found.shown)]
    rows = listed[["prompt", "clip_id"]].merge(made, on="clip_id")
    for measure in copying.MEASURES:
        about = found.training.table.iloc[rows[f"{measure}_at"]].reset_index(drop=True)
        rows = rows.assign(**{f"nearest_by_{measure}_caption": about["caption"], f"{measure}_corpus": about["corpus"]})
    return rows.assign(cosine=1 - rows["meaning"])


def _listed(clips: pd.DataFrame) -> pd.DataFrame:
    told = clips.assign(prompt=range(1, len(clips) + 1), seconds=clips["frames"] / FPS).rename(
        columns={"text": "caption"}
    )
    return told.reindex(columns=COLUMNS).reset_index(drop=True)


def _generated(found: Generations, name: str, seeds: Sequence[int], what: Asked, evaluator: TMR) -> Points:
    base = what.clips.set_index("clip_id")["base_id"]
    tables, shapes, meanings = [], [], []
    for seed in seeds:
        motions = dict(found.motions(f"{name} seed {seed}", "0"))
        tables.append(pd.DataFrame({"clip_id": [*motions], "base_id": base[[*motions]].to_numpy(), "seed": seed}))
        shapes.append(signatures(recover_joints(motion) for motion in motions.values()))
        meanings.append(unit(what.latents(evaluator, [*motions.values()])))
    return Points(pd.concat(tables, ignore_index=True), np.concatenate(shapes), np.concatenate(meanings))
