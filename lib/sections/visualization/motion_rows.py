"""The players of 07: for each prompt the real motion, then that of every model, each beside its nearest in training."""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from lib.corpus import Corpus
from lib.draw.exhibits import Player, Redaction
from lib.draw.motion_player import Motion, payload
from lib.models.tmr.pairs import clips_of
from lib.motion.skeleton import FPS
from lib.sections.visualization import sentences
from lib.sections.visualization.displayed_motions import TRUTH, DisplayedMotions
from lib.sections.visualization.training_motions import posed

MOST = 1_200_000
"""Characters of motion on the page: where there would be more, frames are left out, never figures."""


@dataclass(frozen=True, eq=False)
class PromptPlayers:
    """A player a prompt.

    Args:
        players: by number of the prompt.
        fps: frames a second that they show.
    """

    players: Mapping[int, Player]
    fps: float

    def show(self, folder: Path, name: str, redaction: Redaction) -> None:
        """Saves and shows the players as ``<name>_1``, ``<name>_2`` and so on."""
        for number, player in self.players.items():
            player.show(folder, f"{name}_{number}", redaction)


def players(
    corpora: Mapping[str, Corpus],
    motions: DisplayedMotions,
    prompts: pd.DataFrame,
    shown: pd.DataFrame,
    *,
    public: Collection[str],
    notes: bool,
) -> PromptPlayers:
    """A player for every prompt.

    Args:
        corpora: by key, the benchmark first.
        motions: real and generated.
        prompts: from `chosen_prompts.table`.
        shown: from `displayed_motions.of_prompts`.
        public: keys of the corpora whose motions a private profile may show.
        notes: whether captions may be shown.
    """
    numbers = prompts["prompt"].tolist()
    rows = {number: shown[shown["prompt"] == number] for number in numbers}
    figures = {number: of_prompt(corpora, motions, rows[number], public=public, notes=notes) for number in numbers}
    size = sum(len(payload(motion.joints)) for of_one in figures.values() for motion in of_one)
    every = max(1, -(-size // MOST))
    by_number = {
        number: Player(
            [thinned(motion, every) for motion in figures[number]],
            f"Prompt {number}: {caption}",
            sentences.row(rows[number], caption),
        )
        for number, caption in zip(numbers, prompts["caption"].tolist(), strict=True)
    }
    return PromptPlayers(by_number, FPS / every)


def of_prompt(
    corpora: Mapping[str, Corpus],
    motions: DisplayedMotions,
    shown: pd.DataFrame,
    *,
    public: Collection[str],
    notes: bool,
) -> list[Motion]:
    """The figures of one prompt, every motion followed by the training motion that is nearest to it by shape.

    Args:
        corpora: by key, the benchmark first.
        motions: real and generated.
        shown: the rows of the prompt.
        public: keys of the public corpora; a motion is public when all that it was made from is, and a model of others
            may have been made from anything. What is nearest to a withheld motion is withheld with it.
        notes: whether captions may be shown.
    """
    benchmark, *_ = corpora
    keys = [*corpora]
    drawn_from = {regime.name: {keys[at] for at, _ in clips_of(regime.rows)[1]} for regime in motions.regimes}
    sources = drawn_from | {TRUTH: {benchmark}}
    figures = []
    for row in shown.to_dict("records"):
        model, clip_id = str(row["model"]), str(row["clip_id"])
        joints = posed(corpora[benchmark], [clip_id])[0] if model == TRUTH else motions.joints(model, clip_id)
        if joints is not None:
            note = "" if model == TRUTH else f"{row['apart']:.2f} m from the {TRUTH}"
            free = sources.get(model, set(keys)) <= set(public)
            beside = _nearest(corpora, motions, row, public=free and row["shape_corpus"] in public, notes=notes)
            figures += [Motion(joints, model, note, public=free), beside]
    return figures


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
    corpora: Mapping[str, Corpus], motions: DisplayedMotions, row: Mapping[Hashable, Any], *, public: bool, notes: bool
) -> Motion:
    clip = motions.training.table.iloc[int(row["shape_at"])]
    joints = posed(corpora[clip["corpus"]], [clip["clip_id"]])[0]
    caption = f": “{clip['caption']}”" if notes and pd.notna(clip["caption"]) else ""
    note = f"{row['shape']:.2f} m apart, {clip['corpus']}{caption}"
    return Motion(joints, f"in training, nearest to {row['model']}", note, public=public)
