"""The motions that generators are trained on, in both measures of 07."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.corpus import Corpus
from lib.metrics.movement import motion_energy
from lib.models.evaluation_prompts import unit
from lib.models.latents import Latents
from lib.models.momask.regimes import Regime
from lib.models.motion_latents import segment
from lib.models.tmr.pairs import FPS, clips_of
from lib.motion.canonical import canonical
from lib.motion.nearest import signatures
from lib.motion.skeleton import Array
from lib.sections.visualization.copying import Points


def trained_on(
    corpora: Mapping[str, Corpus], latents: Mapping[str, Latents], regimes: Sequence[Regime]
) -> tuple[Points, dict[str, npt.NDArray[np.int64]]]:
    """The training motions of all regimes, and by regime the rows that it draws from.

    Args:
        corpora: by key, the benchmark first.
        latents: of their motions, by key.
        regimes: of the generators.

    Returns:
        Points whose table has corpus (key), clip_id, base_id (distinct across corpora) and caption; rows by regime.
    """
    keys = [*corpora]
    drawn = {
        regime.name: [clip for clip, chance in zip(clips_of(regime.rows)[1], regime.chances, strict=True) if chance > 0]
        for regime in regimes
    }
    place = {clip: at for at, clip in enumerate(sorted({clip for clips in drawn.values() for clip in clips}))}
    tables, shapes, meanings = [], [], []
    for number, key in enumerate(keys):
        own = [clip for at, clip in place if at == number]
        about = corpora[key].clips.set_index("clip_id")["base_id"]
        caption = corpora[key].captions.drop_duplicates("clip_id").set_index("clip_id")["text"]
        table = pd.DataFrame({"corpus": key, "clip_id": own})
        base = key + "/" + table["clip_id"].map(about)
        tables.append(table.assign(base_id=base, caption=table["clip_id"].map(caption)))
        rows = {clip: at for at, clip in enumerate(latents[key].clip_id)}
        meanings.append(unit(latents[key].motion[[rows[clip] for clip in own]]))
        shapes.append(signatures(posed(corpora[key], own)))
    points = Points(pd.concat(tables, ignore_index=True), np.concatenate(shapes), np.concatenate(meanings))
    return points, {name: np.array([place[clip] for clip in clips], dtype=np.int64) for name, clips in drawn.items()}


def posed(corpus: Corpus, clip_ids: Sequence[str] | pd.Series) -> list[Array]:
    """Joints (T, 22, 3) of the part of each clip that its first caption describes, on HumanML3D's body and facing +Z.

    Generators make motions on that body, so a copy of a taller person's motion is found all the same.
    """
    spans = _spans(corpus, clip_ids)
    return [canonical(segment(corpus.joints(clip), *spans.get(clip, (0, 0))).astype(np.float64)) for clip in clip_ids]


def energies(corpora: Mapping[str, Corpus], clips: pd.DataFrame) -> list[float]:
    """Motion energy in m/s of the part of each clip that its first caption describes.

    Args:
        corpora: by key.
        clips: ``corpus`` (key), ``clip_id``.
    """
    spans = {str(key): _spans(corpora[str(key)], of_one["clip_id"]) for key, of_one in clips.groupby("corpus")}
    return [
        motion_energy(segment(corpora[key].motion(clip), *spans[key].get(clip, (0, 0))))
        for key, clip in clips[["corpus", "clip_id"]].itertuples(index=False)
    ]


def _spans(corpus: Corpus, clip_ids: Sequence[str] | pd.Series) -> dict[str, tuple[int, int]]:
    first = corpus.captions[corpus.captions["clip_id"].isin(set(clip_ids))].drop_duplicates("clip_id")
    return {
        clip: (int(start * FPS), int(end * FPS))
        for clip, start, end in first[["clip_id", "start_s", "end_s"]].itertuples(index=False)
    }
