"""What needs no generator, and others' motions that hardly move, through the whole of the rule."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.corpus.generations import read_generations, write_generations
from lib.metrics.movement import motion_energy
from lib.motion.features import from_joints, recover_joints
from lib.motion.nearest import signatures
from lib.motion.skeleton import OFFSETS, PARENTS
from lib.sections.visualization import sentences, trivial_answers
from lib.sections.visualization.copying import Points, distances, summary
from lib.sections.visualization.displayed_motions import _points
from lib.sections.visualization.parameters import Visualization
from lib.sections.visualization.training_motions import energies
from lib.sections.visualization.verdict import answer

FRAMES, TRAINING, TEST = 40, [f"r{at}" for at in range(40)], [f"t{at}" for at in range(30)]
BODY = np.zeros((22, 3))
for _joint, _parent in enumerate(PARENTS[1:], start=1):
    BODY[_joint] = BODY[_parent] + OFFSETS[_joint]
BODY[:, 1] -= BODY[:, 1].min()


class Swings:
    """Bodies that stand and swing their forearms, each in its own way."""

    name = "swings"

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        ids = [*TRAINING, *TEST]
        self.motions = {clip: self.swing(rng) for clip in ids}
        self.clips = pd.DataFrame({"clip_id": ids, "base_id": ids})
        self.captions = pd.DataFrame({"clip_id": ids, "text": ids, "start_s": 0.0, "end_s": 0.0})

    @staticmethod
    def swing(rng: np.random.Generator) -> np.ndarray:
        joints = np.repeat(BODY[None], FRAMES, axis=0)
        times = np.arange(FRAMES)[:, None] / 20
        for wrist in (20, 21):
            rate, phase = rng.uniform(1, 3), rng.uniform(0, 2 * np.pi)
            joints[:, wrist] += rng.normal(scale=0.3, size=3) * np.sin(2 * np.pi * rate * times + phase)
        return np.asarray(from_joints(joints, fix_skeleton=False), dtype=np.float32)

    def motion(self, clip_id: str) -> np.ndarray:
        return self.motions[clip_id]


def latents(motions: list[np.ndarray]) -> np.ndarray:
    return np.stack([np.asarray(one).mean(axis=0)[:8] + 1 for one in motions])


CORPUS = Swings()
CLIPS = pd.DataFrame({"clip_id": TEST, "base_id": TEST, "begin": 0, "end": 0})
JUDGE = SimpleNamespace(prompts=SimpleNamespace(clips=CLIPS), latents=latents)


def of_clips(clips: list[str], **more: object) -> Points:
    motions = [CORPUS.motion(clip) for clip in clips]
    table = pd.DataFrame({"clip_id": clips, "base_id": clips, "corpus": "x", **more})
    return Points(table, signatures(recover_joints(one) for one in motions), latents(motions))


def judged(made: dict[str, Points]) -> Answer:
    real = of_clips(TEST, energy=[motion_energy(CORPUS.motion(clip)) for clip in TEST])
    training = of_clips(TRAINING)
    rows = np.arange(len(TRAINING))
    trivial = trivial_answers.of({"x": CORPUS}, JUDGE, training, rows, seed=0)  # type: ignore[dict-item, arg-type]
    every = {**made, **trivial}
    table = distances(real, every, training, dict.fromkeys(every, rows), sample=40, block=64, seed=0)
    copies = summary(table, near_quantile=0.05, draws=200, seed=0)
    shown = sentences.table(copies, "shape")
    for name in trivial_answers.NAMES:
        assert shown.loc[shown["trained_as"] == name, "motions"].tolist() == ["made"]
    recorded = sentences.copies(copies, near_quantile=0.05)
    plain = {name: one.as_dict() if hasattr(one, "as_dict") else one for name, one in recorded.items()}
    plain["near_quantile"] = {"value": 0.05, "text": "0.05"}
    return answer(Recorded({"07_visualization": plain}), Bounds.of({}), Visualization())


def test_copies_are_flagged_and_what_stands_or_hardly_moves_is_not_judged(tmp_path: Path) -> None:
    def altered(clip: str, amplitude: float) -> np.ndarray:
        middle = CORPUS.motion(clip).mean(axis=0)
        return middle + amplitude * (CORPUS.motion(clip) - middle)

    for name, amplitude in {"frozen": 0.0, "quarter": 0.25, "whole": 1.0}.items():
        write_generations(tmp_path, name, 0, {clip: altered(clip, amplitude) for clip in TEST})
    kept = read_generations(tmp_path, TEST)
    made = {f"{name} (external)": _points(kept, [name], JUDGE) for name in kept.models}  # type: ignore[arg-type]
    answered = judged(made)
    outcomes = {part.name: (part.outcome, part.lacking.partition(",")[0]) for part in answered.parts}
    assert outcomes["frozen (external)"] == outcomes["quarter (external)"] == ("not judged", "hardly moves")
    whole = next(part for part in answered.parts if part.name == "whole (external)")
    assert whole.outcome in ("no", "not shown") and whole.measures[1].value == pytest.approx(1)
    still, copies = answered.beside
    assert (still.name, still.lacking.partition(",")[0]) == (trivial_answers.STILL, "hardly moves")
    assert (copies.name, copies.outcome) == (trivial_answers.COPIES, "yes")
    assert copies.measures[0].value == 1.0 and answered.verdict != "yes"


def test_the_energy_of_training_is_that_of_the_captioned_part() -> None:
    half = Swings()
    half.captions = half.captions.assign(end_s=1.0)
    clips = pd.DataFrame({"corpus": "x", "clip_id": TRAINING[:3]})
    expected = [motion_energy(half.motion(clip)[:20]) for clip in TRAINING[:3]]
    assert energies({"x": half}, clips) == pytest.approx(expected)  # type: ignore[dict-item]
