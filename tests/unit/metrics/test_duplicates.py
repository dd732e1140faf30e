import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.metrics.duplicates import components, groups, normalised


def by_flooding(near: np.ndarray) -> list[int]:
    label = list(range(len(near)))
    for start in range(len(near)):
        reached, front = {start}, [start]
        while front:
            front = [j for j in np.flatnonzero(near[front].any(axis=0)).tolist() if j not in reached]
            reached.update(front)
        label[start] = min(reached)
    return label


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 40), st.integers(1, 50), st.floats(0.3, 0.99))
def test_components_are_those_of_the_whole_matrix(seed: int, n: int, block: int, threshold: float) -> None:
    vectors = np.random.default_rng(seed).normal(size=(n, 3)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    whole = vectors @ vectors.T
    if n and np.abs(whole - np.float32(threshold)).min() < 1e-6:
        return
    found = components(vectors, threshold, block=block)
    assert found.tolist() == by_flooding(whole >= np.float32(threshold))


def test_groups_count_clips_not_repeats_within_one() -> None:
    captions = pd.DataFrame(
        {
            "clip_id": ["a", "a", "b", "c", "c", "d"],
            "text": ["walk", "walks", "WALK!", "jump", "jump", "sit"],
        },
        index=[10, 11, 12, 13, 14, 15],
    )
    turn = {"walk": 0.0, "walks": 0.3, "WALK!": 0.0, "jump": 1.5, "sit": 3.0}
    vectors = {text: np.float32([np.cos(angle), np.sin(angle)]) for text, angle in turn.items()}
    audit = groups(captions, vectors, threshold=0.95)
    assert audit.flags["group"].tolist() == [0, 0, 0, pd.NA, pd.NA, pd.NA]
    assert audit.flags["exact"].tolist() == [True, False, True, False, False, False]
    assert audit.flags.index.tolist() == captions.index.tolist()
    found = audit.summary.set_index("kind")
    assert found.loc["exact", ["groups", "captions", "clips", "share"]].tolist() == [1, 2, 2, 0.5]
    assert found.loc["near", ["groups", "captions", "clips", "share"]].tolist() == [1, 3, 2, 0.5]
    assert audit.info["sizes"] == [2]


def test_planted_groups_are_recovered() -> None:
    rng = np.random.default_rng(1)
    centres = rng.normal(size=(30, 64))
    member = rng.integers(0, 30, 200)
    vectors = centres[member] + rng.normal(size=(200, 64)) * 0.02
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    captions = pd.DataFrame({"clip_id": [f"c{i}" for i in range(200)], "text": [f"t{i}" for i in range(200)]})
    audit = groups(captions, dict(zip(captions["text"], vectors, strict=True)), threshold=0.9, block=64)
    sizes = pd.Series(member).value_counts()
    assert audit.info["sizes"] == sorted(sizes[sizes > 1].tolist(), reverse=True)


def test_no_captions() -> None:
    audit = groups(pd.DataFrame({"clip_id": [], "text": []}, dtype="str"), {}, threshold=0.9)
    assert audit.summary["clips"].tolist() == [0, 0]


def test_a_text_without_a_vector_is_an_error() -> None:
    with pytest.raises(KeyError):
        groups(pd.DataFrame({"clip_id": ["a"], "text": ["walk"]}), {}, threshold=0.9)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("A man.", "a  man", True),
        ("Ｗalk", "walk", True),
        ("walk", "walks", False),
        ("🙂", "🙃", False),
        ("", " ", True),
    ],
)
def test_normalised(one: str, other: str, same: bool) -> None:
    assert (normalised(one) == normalised(other)) is same
