"""On real motion: one half of it beats the other half, altered, in order of the noise, by every metric."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lib.corpus import load
from lib.metrics.movement import bodies
from lib.models.evaluation_prompts import EvaluationPrompts, Judge
from lib.models.generated_latents import TestSet
from lib.sections.evaluation import noticing
from lib.sections.evaluation.noticing import AS_IT_IS, FROZEN, of_prompts


def summary(motion: np.ndarray) -> np.ndarray:
    """Mean and spread over time of every feature, the rotations left out."""
    kept = np.r_[0:67, 193:259]
    return np.r_[motion[:, kept].mean(axis=0), motion[:, kept].std(axis=0)]


def test_noise_on_bandai_namco(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The evaluator is linear, so that the test trains in no time: labels to motion summaries by ridge regression."""
    monkeypatch.setattr(noticing, "SPLITS", 5)
    monkeypatch.setattr(noticing, "BLOCKS", 10)
    corpus = load("manifest", shared_data / "bandai_namco")
    clips = corpus.clips[corpus.clips.n_frames.between(40, 200) & corpus.clips.has_motion]
    train, test = (clips[clips.split == split] for split in ("train", "test"))
    train = train.sample(400, random_state=0)
    labels = lambda rows: (
        pd.get_dummies(rows[["content", "style"]]).reindex(columns=names, fill_value=0).to_numpy(float)
    )
    names = pd.get_dummies(train[["content", "style"]]).columns
    seen = np.stack([summary(corpus.motion(clip_id)) for clip_id in train.clip_id])
    mean, std = seen.mean(axis=0), seen.std(axis=0) + 1e-6
    x = labels(train)
    slopes = np.linalg.solve(x.T @ x + np.eye(x.shape[1]), x.T @ ((seen - mean) / std))
    _, _, axes = np.linalg.svd(x @ slopes, full_matrices=False)
    axes = axes[:16].T
    encode = lambda motions: (((np.stack([summary(m) for m in motions]) - mean) / std) @ axes).astype(np.float32)
    motions = [corpus.motion(clip_id) for clip_id in test.clip_id]
    measured = {name: values.to_numpy() for name, values in bodies(motions).items()}
    text, groups = labels(test) @ slopes @ axes, test.base_id.to_numpy()
    prompts = EvaluationPrompts(
        corpus.name,
        test[["clip_id", "base_id"]].assign(begin=0, end=0),
        TestSet(text, encode(motions).astype(np.float64), groups, measured),
        False,
        {},
    )
    linear = Judge("linear", SimpleNamespace(encode_motion=encode), prompts)  # type: ignore[arg-type]
    found = of_prompts(corpus, [linear], levels=(0.0, 0.005, 0.02, 0.08), pool=32, seed=0)
    assert found is not None
    jitters = [AS_IT_IS, *(f"jitter of {level} mm" for level in (5, 20, 80))]
    for metric, up in {"FID": 1, "KID": 1, "R@1": -1, "R@3": -1, "MM-dist": 1, "jerk": 1}.items():
        rows = found[found.metric == metric].set_index("alteration")
        assert (up * np.diff(rows.loc[jitters, "value"]) > 0).all(), found
        assert rows.loc[jitters[-1], "noticed"], found
    assert found[found.metric == "R@1"].value.iloc[0] > 5 / 32
    assert found[(found.alteration == FROZEN) & (found.metric == "motion energy")].value.item() == 0
