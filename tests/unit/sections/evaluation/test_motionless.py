"""Bodies that hardly move, put through the whole of 06: as models of others and as regimes they are never judged."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.corpus import Corpus, Provenance
from lib.corpus.generations import read_generations, write_generations
from lib.metrics.intervals import Measure
from lib.metrics.movement import UNITS, bodies
from lib.models.evaluation_prompts import Judge, of_corpus
from lib.models.generated_latents import GeneratedLatents
from lib.models.generated_motions import Judged, joined, of_files
from lib.models.latents import Latents
from lib.motion.alterations import damped, standing
from lib.motion.features import from_joints
from lib.run import declared
from lib.sections.evaluation import differences, judgement, movement, phrases, sentences, tables
from lib.sections.evaluation.judgement import Judgement
from lib.sections.evaluation.parameters import Evaluation
from lib.sections.evaluation.verdict import answer
from tests.unit.motion.bodies import swinging
from tests.unit.sections.recorded import number

CLIPS, POOL = 24, 8
JUDGED_BY = ["R@3", "FID"]
PROTOCOL: dict[str, Any] = {"seed": 0, "draws": 100, "pool": POOL}
EVALUATION = Evaluation(pool=POOL, seeds=[0, 1])
BOUNDS = Bounds.of({"corpora": {"h3d": {"label": "HumanML3D"}, "dm": {"label": "DM"}}})
THEIRS = ["frozen (external)", "quarter (external)", "standing (external)"]
Motions = list[np.ndarray]


class Swings:
    """Bodies whose limbs swing by 0.2 to 0.6 rad, each clip about axes of its own."""

    def __init__(self) -> None:
        self.of = {
            f"{at:02d}": from_joints(swinging(46, seed=at, swing=0.2 + 0.4 * at / CLIPS)).astype(np.float32)
            for at in range(CLIPS)
        }

    def features(self, clip_id: str) -> np.ndarray:
        return self.of[clip_id]


class Linear:
    """Reads the mean and the spread of every feature; of a caption it thinks where its clip's held mean pose lies."""

    def __init__(self, motions: Swings, seed: int) -> None:
        self.fingerprint, self.sizes, self.motions = f"{seed:064d}", None, motions
        self.project = np.random.default_rng(seed).normal(size=(526, 6))

    def encode_motion(self, motions: Sequence[np.ndarray], *, progress: bool = False) -> np.ndarray:
        read = [np.r_[motion.mean(0), 3 * motion.std(0)] @ self.project for motion in motions]
        return np.stack(read).astype(np.float32)

    def encode_captions(self, captions: pd.DataFrame, *, progress: bool = False) -> np.ndarray:
        return self.encode_motion([damped(self.motions.of[clip], 0.0) for clip in captions["clip_id"]])


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    ids = [f"{at:02d}" for at in range(CLIPS)]
    clips = pd.DataFrame({"clip_id": ids, "base_id": ids, "mirror_of": None, "split": "test", "has_motion": True})
    captions = pd.DataFrame({"clip_id": ids, "caption_id": [f"{clip}#0" for clip in ids], "text": "somebody swings"})
    captions = captions.assign(tokens=None, start_s=0.0, end_s=0.0)
    return Corpus("made-up", clips, captions, {"test": ids}, Swings(), Provenance(Path("x"), {}))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def judges(corpus: Corpus) -> list[Judge]:
    evaluators = {"TMR": Linear(corpus.motions, 1), "small T2M evaluator": Linear(corpus.motions, 2)}  # type: ignore[arg-type]
    return [
        Judge(name, one, of_corpus(corpus, latents(one, corpus), normalised=False, seed=0))
        for name, one in evaluators.items()
    ]


def latents(one: Linear, corpus: Corpus) -> Latents:
    ids, captions = corpus.splits["test"], corpus.captions
    motion = one.encode_motion([corpus.motion(clip) for clip in ids])
    return Latents(ids, motion, captions[["clip_id", "caption_id"]], one.encode_captions(captions), one.fingerprint)


@pytest.fixture(scope="module")
def real(corpus: Corpus, judges: list[Judge]) -> Motions:
    return [corpus.motion(clip) for clip in judges[0].prompts.clips["clip_id"]]


def regimes(judges: list[Judge], trainings: Mapping[str, Sequence[Motions]]) -> Judged:
    """Motions by regime and seed, as the evaluators see them."""
    measured = {name: [bodies(motions) for motions in of_seeds] for name, of_seeds in trainings.items()}
    return {
        judge.name: {
            name: GeneratedLatents(
                np.stack([judge.latents(motions) for motions in of_seeds])[:, None],
                {measure: np.stack([rows[[measure]].T for rows in measured[name]]) for measure in UNITS},
            )
            for name, of_seeds in trainings.items()
        }
        for judge in judges
    }


def theirs(folder: Path, judges: list[Judge], real: Motions) -> Judged:
    """Bodies that hold their clip's mean pose, that stand in it, and that move by a quarter, as files of others."""
    ways = {
        "frozen": lambda motion: damped(motion, 0.0),
        "standing": standing,
        "quarter": lambda motion: damped(motion, 0.25),
    }
    ids = judges[0].prompts.clips["clip_id"].tolist()
    for name, way in ways.items():
        write_generations(folder, name, 0, {clip: way(motion) for clip, motion in zip(ids, real, strict=True)})
    return of_files(read_generations(folder, ids), judges)


def through(judges: list[Judge], motions: Judged, corpus: Corpus) -> tuple[list[Judgement], pd.DataFrame, Recorded]:
    """What the cells of 06 make of motions: judgements, the table of who moves, and what is recorded."""
    both = [judgement.judged(judge, motions[judge.name], corpus, baseline="h3d", **PROTOCOL) for judge in judges]
    first, second = both
    test = judges[0].prompts.test
    ratios = movement.ratios(test, {**first.models, **first.trivial}, seed=0, draws=100)
    judged = movement.judged(ratios)
    values = sentences.values(first) | sentences.values_beside(second)
    values |= sentences.movement(ratios[ratios["model"].isin(first.models)], "h3d")
    values |= sentences.agreement(first, second, judged, JUDGED_BY)
    values |= {"finding": sentences.finding(first, judged, JUDGED_BY, seeds=2, baseline="h3d")}
    assert all(declared.is_value("evaluation", name) for name in values)
    plain = {
        name: value.as_dict() if isinstance(value, Measure) else value if isinstance(value, str) else number(value)
        for name, value in values.items()
        if isinstance(value, str) or math.isfinite(getattr(value, "low", value))
    }
    return both, ratios, Recorded({"06_evaluation": plain})


@pytest.fixture(scope="module")
def moving(judges: list[Judge], real: Motions) -> Judged:
    """Three regimes whose motions are real ones a little damped: they move, and the added data bring them closer."""
    amplitudes = {"h3d": (0.70, 0.72), "h3d+dm": (0.84, 0.86), "h3d+dm weighted": (0.96, 0.98)}
    made = {name: [[damped(m, factor) for m in real] for factor in both] for name, both in amplitudes.items()}
    return regimes(judges, made)


def test_models_of_others_that_hardly_move_are_shown_and_never_called_best(
    tmp_path: Path, corpus: Corpus, judges: list[Judge], real: Motions, moving: Judged
) -> None:
    alone = through(judges, moving, corpus)
    (first, _), ratios, recorded = through(judges, joined(moving, theirs(tmp_path, judges, real)), corpus)
    judged = movement.judged(ratios)
    assert {name: judged[name] for name in first.models} == {
        **dict.fromkeys(moving["TMR"], "yes"), **dict.fromkeys(THEIRS, "hardly moves")
    }  # fmt: skip
    assert judged["frozen body"] == judged["gliding body"] == "hardly moves"
    energy = ratios.set_index("model")["energy"]
    assert energy[THEIRS].tolist() == pytest.approx([0, 0.25, 0], abs=1e-4)
    by_subset = differences.by_subset(judges[0].prompts.test, first.models, {}, **PROTOCOL)
    assert "frozen (external)" in phrases.subsets(by_subset, "R@3", {})  # by the metric alone it would be the best
    told = phrases.subsets(by_subset, "R@3", judged)
    assert "has the highest R@3" in told and "external" not in told and "body" not in told
    values = recorded.values["06_evaluation"]
    assert "external" not in values["agreement"] and "external" not in values["finding"]
    assert all(f"{name} hardly moves" in values["movement"] for name in THEIRS)
    main = tables.main(first).set_index("model")
    assert set(THEIRS) < set(main.index) and main.loc[THEIRS, ["R@3", "FID"]].notna().all(axis=None)
    shown = tables.shown(first.paired, judged).set_index("model")["judged"]
    assert set(shown[THEIRS]) == {"hardly moves"} and set(shown["h3d+dm"]) == {"yes"}
    without = alone[2].values["06_evaluation"]
    own = {name: value for name, value in values.items() if "external" not in name and name != "movement"}
    assert own == {name: value for name, value in without.items() if name != "movement"}
    made = answer(recorded, BOUNDS, EVALUATION)
    assert made == answer(alone[2], BOUNDS, EVALUATION)
    assert {part.outcome for part in made.parts} <= {"yes", "no", "not shown", "mixed"}


def lies_elsewhere(motions: Motions) -> Motions:
    """The same movements of bodies whose features all lie half a unit off: their distribution is far from the real."""
    return [motion + np.float32(0.5) for motion in motions]


def judged_as_regimes(judges: list[Judge], real: Motions, corpus: Corpus, factor: float) -> tuple[Answer, Recorded]:
    low = [damped(motion, factor) for motion in real]
    made = regimes(
        judges,
        {"h3d": [lies_elsewhere(real)] * 2, "h3d+dm": [low, low], "h3d+dm weighted": [low, low]},
    )
    *_, recorded = through(judges, made, corpus)
    return answer(recorded, BOUNDS, EVALUATION), recorded


@pytest.mark.parametrize("factor", [0.0, 0.25])
def test_a_regime_that_hardly_moves_cannot_help_whatever_its_scores(
    factor: float, corpus: Corpus, judges: list[Judge], real: Motions
) -> None:
    made, recorded = judged_as_regimes(judges, real, corpus, factor)
    fid = recorded.measure("06_evaluation", "both_fid")
    assert fid is not None and fid.high < 0 and recorded.number("06_evaluation", "both_fid_p") < 0.01  # type: ignore[operator]
    assert made.verdict == "not judged" and {part.outcome for part in made.parts} == {"not judged"}
    assert {part.outcome for part in made.beside} == {"not judged"}
    assert all("it hardly moves" in part.lacking and not part.measures for part in made.parts)
    assert made.action.startswith("Train generators that move")
    finding = recorded.text("06_evaluation", "finding")
    assert finding.endswith("Not judged: h3d+dm hardly moves, h3d+dm weighted hardly moves.")
