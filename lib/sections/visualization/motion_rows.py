"""The players of 07: for each prompt the real motion, then those of every model, each beside its nearest training."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from lib.corpus import Corpus
from lib.draw.exhibits import Player, Redaction
from lib.draw.motion_player import Choice, Motion, payload
from lib.models.tmr.pairs import clips_of
from lib.motion.skeleton import FPS
from lib.sections.visualization import sentences, what_to_watch
from lib.sections.visualization.displayed_motions import TRUTH, DisplayedMotions
from lib.sections.visualization.training_motions import energies, posed

MOST = 2_400_000
"""Characters of motion on the page: where there would be more, frames are left out, never figures."""


@dataclass(frozen=True, eq=False)
class PromptPlayers:
    """A player a prompt.

    Args:
        players: by number of the prompt.
        fps: frames a second that they show.
        looks: by number of the prompt, what to watch; none where its real motion may not be shown.
    """

    players: Mapping[int, Player]
    fps: float
    looks: Mapping[int, str]

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
    """A player for every prompt; the reader chooses the training seed whose motions it shows.

    Args:
        corpora: by key, the benchmark first.
        motions: real and generated.
        prompts: from `chosen_prompts.table`.
        shown: from `displayed_motions.of_prompts`.
        public: keys of the corpora whose motions a private profile may show.
        notes: whether captions may be shown.
    """
    captions: dict[int, str] = dict(zip(prompts["prompt"].tolist(), prompts["caption"].tolist(), strict=True))
    rows = {number: shown[shown["prompt"] == number] for number in captions}
    figures = {number: of_prompt(corpora, motions, rows[number], public=public, notes=notes) for number in captions}
    size = sum(len(payload(motion.joints)) for of_one in figures.values() for motion in of_one)
    every = max(1, -(-size // MOST))
    looks = {number: look(corpora, motions, rows[number], public=public) for number in captions}
    seeds = choice(motions)
    by_number = {
        number: Player(
            [thinned(motion, every) for motion in figures[number]],
            f"Prompt {number}: {caption}",
            f"{sentences.row(rows[number], caption)} {looks[number]}".strip(),
            seeds,
        )
        for number, caption in captions.items()
    }
    return PromptPlayers(by_number, FPS / every, looks)


def choice(motions: DisplayedMotions) -> Choice | None:
    """The seeds of the regime that has most of them; None where each has one."""
    options = max((motions.takes(model) for model in motions.files), key=len)
    return Choice("training seed", tuple(options)) if len(options) > 1 else None


def options(take: int, takes: Sequence[str], choice: Choice | None) -> tuple[int, ...]:
    """Under which options a motion is shown: its own seed's, and a first seed also where its model lacks the seed.

    Example:
        >>> seeds = Choice("training seed", ("seed 0", "seed 1", "seed 2"))
        >>> [options(at, ["seed 0", "seed 1"], seeds) for at in range(2)], options(0, ["seed 0"], seeds)
        ([(0, 2), (1,)], ())
    """
    if choice is None or len(takes) == 1:
        return ()
    own = [at for at, name in enumerate(choice.options) if name == takes[take]]
    lacking = [at for at, name in enumerate(choice.options) if name not in takes]
    return tuple(sorted(own + lacking * (take == 0)))


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
        public: keys of the public corpora; what is nearest to a withheld motion is withheld with it, see `free`.
        notes: whether captions may be shown.
    """
    benchmark, *_ = corpora
    may = free(corpora, motions, public)
    seeds = choice(motions)
    figures = []
    for row in shown.to_dict("records"):
        model, clip_id, take = str(row["model"]), str(row["clip_id"]), 0 if pd.isna(row["seed"]) else int(row["seed"])
        real = model == TRUTH
        joints = posed(corpora[benchmark], [clip_id])[0] if real else motions.joints(model, clip_id, take)
        if joints is not None:
            own = model in may
            under = () if real else options(take, motions.takes(model), seeds)
            beside = _nearest(corpora, motions, row, public=own and row["shape_corpus"] in public, notes=notes)
            made = Motion(joints, figure(motions, model, take), _note(row), public=own)
            figures += [replace(motion, options=under) for motion in (made, beside)]
    return figures


def figure(motions: DisplayedMotions, model: str, take: int) -> str:
    """How a page calls a figure, such as ``h3d+dm, seed 1``."""
    seed = "" if model == TRUTH else motions.takes(model)[take]
    return f"{model}, {seed}" if seed else model


def free(corpora: Mapping[str, Corpus], motions: DisplayedMotions, public: Collection[str]) -> set[str]:
    """The models, and the real motion, whose motions are public: all that they were made from is.

    A model of others may have been made from anything.
    """
    benchmark, *_ = corpora
    keys = [*corpora]
    drawn_from = {regime.name: {keys[at] for at, _ in clips_of(regime.rows)[1]} for regime in motions.regimes}
    sources = {model: {*keys} for model in motions.files} | drawn_from | {TRUTH: {benchmark}}
    return {model for model, made_from in sources.items() if made_from <= set(public)}


def look(
    corpora: Mapping[str, Corpus], motions: DisplayedMotions, shown: pd.DataFrame, *, public: Collection[str]
) -> str:
    """What to watch in the figures of one prompt that may be shown; empty where the real motion may not.

    Args:
        corpora: by key, the benchmark first.
        motions: real and generated.
        shown: the rows of the prompt.
        public: keys of the public corpora.
    """
    benchmark, *_ = corpora
    may = free(corpora, motions, public)
    real = shown[shown["model"] == TRUTH]
    if TRUTH not in may or real.empty:
        return ""
    truth = what_to_watch.movement(posed(corpora[benchmark], [str(real["clip_id"].iloc[0])])[0])
    rows = []
    for row in shown[shown["model"].isin(may - {TRUTH})].to_dict("records"):
        model, take = str(row["model"]), int(row["seed"])
        joints, seed = motions.joints(model, str(row["clip_id"]), take), motions.takes(model)[take]
        if joints is not None:
            name, path = f"{model} ({seed})" if seed else model, what_to_watch.movement(joints).path
            rows.append({"figure": name, "energy": row["energy"], "path": path})
    models = pd.DataFrame(rows, columns=["figure", "energy", "path"])
    return what_to_watch.sentence(truth, float(real["energy"].iloc[0]), models)


def thinned(motion: Motion, every: int) -> Motion:
    """A motion with one frame kept of so many, at the same pace.

    Example:
        >>> import numpy as np
        >>> less = thinned(Motion(np.zeros((9, 22, 3)), "still"), 2)
        >>> less.joints.shape, less.fps
        ((5, 22, 3), 10.0)
    """
    return replace(motion, joints=motion.joints[::every], fps=motion.fps / every)


def _note(row: Mapping[Hashable, Any]) -> str:
    energy = f"energy {row['energy']:.2f} m/s"
    if row["model"] == TRUTH:
        return energy
    return f"{energy}, {row['of_real']:.2f} × real; {row['apart']:.2f} m from the {TRUTH}"


def _nearest(
    corpora: Mapping[str, Corpus], motions: DisplayedMotions, row: Mapping[Hashable, Any], *, public: bool, notes: bool
) -> Motion:
    clip = motions.training.table.iloc[[int(row["shape_at"])]]
    key, clip_id, caption = clip[["corpus", "clip_id", "caption"]].iloc[0]
    joints, (energy,) = posed(corpora[key], [clip_id])[0], energies(corpora, clip)
    quoted = f": “{caption}”" if notes and pd.notna(caption) else ""
    note = f"energy {energy:.2f} m/s; {row['shape']:.2f} m apart, {key}{quoted}"
    return Motion(joints, f"in training, nearest to {row['model']}", note, public=public)
