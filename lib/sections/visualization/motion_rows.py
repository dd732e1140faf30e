"""The rows of 07: for each prompt the real motion, then what every model made, each beside its nearest in training."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from lib.corpus import Corpus
from lib.draw.motion_player import Motion, payload
from lib.models.tmr.pairs import clips_of
from lib.motion.skeleton import FPS
from lib.run.results import Run
from lib.sections.visualization import sentences as findings
from lib.sections.visualization.training_motions import posed
from lib.sections.visualization.visualization import TRUTH, Gathered

MOST = 1_200_000
"""Characters of motion on the page: where there would be more, frames are left out, never figures."""


def play(run: Run, found: Gathered, prompts: pd.DataFrame, shown: pd.DataFrame) -> float:
    """Saves and shows a player a prompt, ``prompt_1`` and so on.

    Args:
        run: the execution.
        found: the motions.
        prompts: from `lib.sections.visualization.visualization.listed`.
        shown: from `lib.sections.visualization.visualization.shown`.

    Returns:
        Frames a second that are shown.
    """
    public = {key: not source.private for key, source in run.profile.corpora.items()}
    rows = {
        number: of_prompt(run.corpora, found, shown[shown["prompt"] == number], public, told=not run.redaction.on)
        for number in prompts["prompt"].tolist()
    }
    size = sum(len(payload(motion.joints)) for motions in rows.values() for motion in motions)
    every = max(1, -(-size // MOST))
    for number, caption in zip(prompts["prompt"].tolist(), prompts["caption"].tolist(), strict=True):
        alt = findings.row(shown[shown["prompt"] == number], caption)
        motions = [thinned(motion, every) for motion in rows[number]]
        run.player(f"prompt_{number}", motions, label=f"Prompt {number}: {caption}", alt=alt)
    return FPS / every


def of_prompt(
    corpora: Mapping[str, Corpus], found: Gathered, shown: pd.DataFrame, public: Mapping[str, bool], *, told: bool
) -> list[Motion]:
    """The figures of one prompt, every motion followed by the training motion that is nearest to it by shape.

    Args:
        corpora: by key, the benchmark first.
        found: the motions.
        shown: the rows of the prompt.
        public: by key of the corpus; a motion is public when all that it was made from is, and a model of others may
            have been made from anything. What is nearest to a withheld motion is withheld with it.
        told: whether captions may be shown.
    """
    benchmark, *_ = corpora
    keys = [*corpora]
    sources = {one.name: {keys[at] for at, _ in clips_of(one.rows)[1]} for one in found.regimes} | {TRUTH: {benchmark}}
    motions = []
    for row in shown.to_dict("records"):
        model, clip_id = str(row["model"]), str(row["clip_id"])
        joints = posed(corpora[benchmark], [clip_id])[0] if model == TRUTH else found.made(model, clip_id)
        if joints is not None:
            note = "" if model == TRUTH else f"{row['apart']:.2f} m from the {TRUTH}"
            free = all(public[key] for key in sources.get(model, set(keys)))
            beside = _nearest(corpora, found, row, free and public[row["shape_corpus"]], told=told)
            motions += [Motion(joints, model, note, public=free), beside]
    return motions


def thinned(motion: Motion, every: int) -> Motion:
    """A motion with one frame kept of so many, at the same pace.

    Example:
        >>> import numpy as np
        >>> less = thinned(Motion(np.zeros((9, 22, 3)), "still"), 2)
        >>> less.joints.shape, less.fps
        ((5, 22, 3), 10.0)
    """
    return Motion(motion.joints[::every], motion.label, motion.note, motion.fps / every, motion.public)


def _nearest(
    corpora: Mapping[str, Corpus],
    found: Gathered,
    row: Mapping[Hashable, Any],
    public: bool,
    *,
    told: bool,
) -> Motion:
    one = found.training.table.iloc[int(row["shape_at"])]
    joints = posed(corpora[one["corpus"]], [one["clip_id"]])[0]
    caption = f": “{one['caption']}”" if told and pd.notna(one["caption"]) else ""
    note = f"{row['shape']:.2f} m apart, {one['corpus']}{caption}"
    return Motion(joints, f"in training, nearest to {row['model']}", note, public=public)
