"""The rows of 07: for each prompt the real motion, what every regime made, and what of training lies nearest to it."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from lib.audit.copying import MEASURES
from lib.audit.visualization import Gathered, posed
from lib.corpus import Corpus
from lib.models.tmr_pairs import clips_of
from lib.report.motion_player import Motion
from lib.results import Run

MOST = 6
"""Figures that a player holds."""


def play(run: Run, found: Gathered, prompts: pd.DataFrame, shown: pd.DataFrame) -> None:
    """Saves and shows a player a prompt, ``prompt_1`` and so on.

    Args:
        run: the execution.
        found: the motions.
        prompts: from `lib.audit.visualization.prompts`.
        shown: from `lib.audit.visualization.of_prompts`.
    """
    public = {key: not source.private for key, source in run.profile.corpora.items()}
    for row in prompts.itertuples():
        motions = of_prompt(run.corpora, found, shown[shown["prompt"] == row.prompt], str(row.clip_id), public)
        run.player(f"prompt_{row.prompt}", motions, label=f"Prompt {row.prompt}: {row.caption}")


def of_prompt(
    corpora: Mapping[str, Corpus], found: Gathered, shown: pd.DataFrame, clip_id: str, public: Mapping[str, bool]
) -> list[Motion]:
    """The figures of one row; a motion counts as public when all that it was made from is.

    Args:
        corpora: by key, the benchmark first.
        found: the motions.
        shown: the rows of one prompt.
        clip_id: its test clip.
        public: by key of the corpus.
    """
    first, *_ = corpora
    keys = [*corpora]
    motions = [Motion(posed(corpora[first], [clip_id])[0], "ground truth", public=public[first])]
    sources = {one.name: {keys[at] for at, _ in clips_of(one.rows)[1]} for one in found.regimes}
    made = [row for row in shown.to_dict("records") if clip_id in found.first[row["regime"]]]
    for row in made[: MOST - 1 - len(MEASURES)]:
        note = f"nearest in training: {row['shape']:.2f} m, cosine {row['cosine']:.2f}"
        free = all(public[key] for key in sources[row["regime"]])
        motions.append(Motion(found.first[row["regime"]][clip_id], row["regime"], note, public=free))
    return motions + (_nearest(corpora, found, made[-1], public) if made else [])


def _nearest(
    corpora: Mapping[str, Corpus], found: Gathered, row: Mapping[Hashable, Any], public: Mapping[str, bool]
) -> list[Motion]:
    apart = {"shape": f"{row['shape']:.2f} m", "meaning": f"cosine {row['cosine']:.2f}"}
    places: dict[int, list[str]] = {}
    for measure in MEASURES:
        places.setdefault(int(row[f"{measure}_at"]), []).append(measure)
    motions = []
    for at, measures in places.items():
        one = found.training.table.iloc[at]
        joints = posed(corpora[one["corpus"]], [one["clip_id"]])[0]
        label = f"nearest in training by {' and '.join(measures)}"
        note = f"to {row['regime']}: {', '.join(apart[measure] for measure in measures)}"
        motions.append(Motion(joints, label, note, public=public[one["corpus"]]))
    return motions
