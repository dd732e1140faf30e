"""How far the filter moves clusters, on clusters that are written down."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lib.run import declared
from lib.sections.clustering import filter_effect
from lib.sections.clustering.filter_effect import SAME, Partition
from lib.sections.clustering.two_spaces import Clips


def partition(ids: list[str], text: list[int], motion: list[int], families: list[str | None]) -> Partition:
    table = pd.DataFrame({"key": "dm", "clip_id": ids, "base_id": ids})
    found = {name: SimpleNamespace(labels=np.array(of)) for name, of in (("text", text), ("motion", motion))}
    return Partition(Clips(table, {}), found, pd.DataFrame({"family": families}))  # type: ignore[arg-type]


ALL = partition(
    [f"{n}" for n in range(12)],
    text=[0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2],
    motion=[0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1],
    families=["a", "a", "a", "a", "b", "b", "b", "b", "a", "b", "a", "b"],
)
KEPT = partition(
    [f"{n}" for n in (7, 6, 5, 4, 3, 2, 1, 0)],
    text=[5, 5, 5, 5, 9, 9, 9, 9],
    motion=[0, 0, 0, 0, 1, 1, 1, 1],
    families=["b", "b", "b", "b", "a", "a", "a", None],
)


def pair_counting(one: list[object], two: list[object]) -> float:
    """The adjusted Rand index from all pairs of rows, by its definition."""
    n = len(one)
    same = [[(a[i] == a[j]) for i in range(n) for j in range(i)] for a in (one, two)]
    both, first, second, pairs = sum(x and y for x, y in zip(*same, strict=True)), *map(sum, same), n * (n - 1) / 2
    expected, most = first * second / pairs, (first + second) / 2
    return (both - expected) / (most - expected)


def test_either_clustering_is_held_against_the_other_and_against_the_families() -> None:
    table = filter_effect.moved(KEPT, ALL, draws=20, permutations=19, seed=0)
    assert table is not None
    rows = table.set_index(["space", "clusters", "with"])
    text, motion = ([ALL.found[space].labels[n] for n in (7, 6, 5, 4, 3, 2, 1, 0)] for space in ("text", "motion"))
    expected = {
        ("text", "kept clips", SAME): (8, pair_counting([5] * 4 + [9] * 4, text)),
        ("motion", "kept clips", SAME): (8, pair_counting([0] * 4 + [1] * 4, motion)),
        ("text", "all clips", "family"): (12, pair_counting([*ALL.found["text"].labels], [*ALL.known["family"]])),
        ("text", "kept clips", "family"): (7, 1.0),
    }
    for at, (n, ari) in expected.items():
        assert rows.loc[at, "clips"] == n and rows.loc[at, "ari"] == pytest.approx(ari), at
    assert len(table) == 6 and (table["ari_low"] <= table["ari_high"]).all()


def test_what_is_recorded_is_declared_and_tells_before_from_after() -> None:
    recorded = filter_effect.values(filter_effect.moved(KEPT, ALL, draws=20, permutations=19, seed=0))
    assert {*recorded} == {"filter"} | {
        f"{space}_{what}_{score}" for space in ("text", "motion") for what in ("filter", "family_before")
        for score in ("ari", "ami")
    }  # fmt: skip
    assert all(declared.is_value("clustering", name) for name in recorded)
    assert "adjusted Rand index of 1.00 for text and " in str(recorded["filter"])


def test_without_a_filter_there_is_nothing_to_compare() -> None:
    assert filter_effect.moved(KEPT, None, draws=20, permutations=19, seed=0) is None
    assert filter_effect.values(None) == {}
