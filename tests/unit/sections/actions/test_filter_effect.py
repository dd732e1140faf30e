"""How far the filter moves the verbs, on captions few enough to count by hand."""

import numpy as np
import pytest

from lib.metrics.actions import ActionCounts, count
from lib.run import declared
from lib.sections.actions import filter_effect


def counted(*verbs: str) -> ActionCounts:
    return count([[verb] for verb in verbs], [f"c{n}" for n in range(len(verbs))])


KEPT = {"one": counted(*["walk"] * 8, *["run"] * 2), "two": counted(*["dance"] * 6, *["walk"] * 4)}
ALL = {"one": KEPT["one"], "two": counted(*["dance"] * 6, *["walk"] * 14)}


def moved(kept: dict[str, ActionCounts], every: dict[str, ActionCounts]):  # type: ignore[no-untyped-def]
    return filter_effect.moved(kept, every, draws=200, rng=np.random.default_rng(0))


def jensen_shannon(first: list[float], second: list[float]) -> float:
    """By the definition: the root of the mean divergence from the middle, in bits."""
    p, q = np.array(first), np.array(second)
    middle = (p + q) / 2
    parts = [x[x > 0] * np.log2(x[x > 0] / middle[x > 0]) for x in (p, q)]
    return float(np.sqrt(sum(part.sum() for part in parts) / 2))


def test_the_distance_and_the_leading_share_stand_beside_those_of_all_clips() -> None:
    table = moved(KEPT, ALL).set_index("measure")
    assert table.loc["share of “walk”", ["kept", "all"]].tolist() == pytest.approx([0.8, 0.8])
    assert table.loc["share of “dance”", ["kept", "all"]].tolist() == pytest.approx([0.6, 0.3])
    by_hand = [jensen_shannon([0, 0.2, 0.8], [0.6, 0, 0.4]), jensen_shannon([0, 0.2, 0.8], [0.3, 0, 0.7])]
    assert table.loc[filter_effect.DISTANCE, ["kept", "all"]].tolist() == pytest.approx(by_hand)
    assert (table["kept_low"] < table["kept_high"]).all() and (table["all_low"] < table["all_high"]).all()


def test_what_is_said_names_a_verb_that_would_lead_without_the_filter() -> None:
    recorded = filter_effect.values(moved(KEPT, ALL), ALL)
    dances = "“dance” makes 60.0 % of the action verbs of two on kept clips and 30.0 % on all, which “walk” would lead"
    assert dances in str(recorded["filter"])
    assert recorded["jensen_shannon_all"].n == 30
    assert all(declared.is_value("actions", name) for name in recorded)


def test_where_nothing_is_dropped_there_is_nothing_to_say() -> None:
    assert moved(KEPT, KEPT) is None and filter_effect.values(None, KEPT) == {}
    table = moved({"one": counted("walk", "walk", "run")}, {"one": counted("walk", "run", "run", "run")})
    assert table["measure"].tolist() == ["share of “walk”"]
