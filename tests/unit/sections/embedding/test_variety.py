"""What mirrors add, on clips whose mirrors are copies, or clips of their own."""

import numpy as np
import pandas as pd
import pytest

from lib.models.pairs import CaptionMotionLatents
from lib.sections.embedding import variety

COUNT, DIMENSIONS = 240, 12
ASKED = {"sample": 3000, "block": 64, "seed": 0}


def mirrored(motions: np.ndarray, captions: np.ndarray) -> CaptionMotionLatents:
    """Pairs whose second half mirrors the first; one base clip more has no mirror, and counts for nothing."""
    rng = np.random.default_rng(9)
    base = [f"clip{i}" for i in range(COUNT)]
    clips = pd.DataFrame(
        {
            "clip_id": [*base, *(f"M{name}" for name in base), "alone"],
            "base_id": [*base, *base, "alone"],
            "mirrored": [False] * COUNT + [True] * COUNT + [False],
        }
    )
    last = rng.normal(size=(1, DIMENSIONS))
    both = (np.concatenate([rows, last]).astype(np.float32) for rows in (captions, motions))
    return CaptionMotionLatents("HumanML3D", clips, *both)


@pytest.fixture(scope="module")
def measured() -> pd.DataFrame:
    """Motions whose mirrors are clips of their own, and captions whose mirrors say the same."""
    rng = np.random.default_rng(0)
    motions, captions = rng.normal(size=(2 * COUNT, DIMENSIONS)), rng.normal(size=(COUNT, DIMENSIONS))
    pairs = mirrored(motions, np.concatenate([captions, captions]))
    return variety.variety({"HumanML3D": pairs}, **ASKED)


@pytest.mark.parametrize("measure", variety.MEASURES)
def test_mirrors_that_are_copies_add_nothing(measured: pd.DataFrame, measure: str) -> None:
    for number in ("mirrors", "copies"):
        found = variety.estimate(measured, "HumanML3D", "captions", measure, number)
        assert (found.value, found.low, found.high) == pytest.approx((1, 1, 1)) and found.n == COUNT
    sizes = [variety.estimate(measured, "HumanML3D", "captions", measure, one).value for one in variety.COUNTED]
    assert sizes[0] == pytest.approx(sizes[1])


@pytest.mark.parametrize("measure", variety.MEASURES)
def test_mirrors_that_are_clips_of_their_own_add_as_much_as_other_clips(measured: pd.DataFrame, measure: str) -> None:
    less = variety.estimate(measured, "HumanML3D", "motions", measure, variety.LESS)
    assert less.low < 0 < less.high
    clips = variety.estimate(measured, "HumanML3D", "motions", measure, "clips")
    mirrors = variety.estimate(measured, "HumanML3D", "motions", measure, "mirrors")
    assert clips.value > 1 and mirrors.value == pytest.approx(clips.value, rel=0.1)


def test_the_kernel_of_neighbours_grows_faster_with_clips_beyond_the_dimensions(measured: pd.DataFrame) -> None:
    grown = {
        measure: variety.estimate(measured, "HumanML3D", "captions", measure, "clips").value
        for measure in variety.MEASURES
    }
    assert grown[variety.NEIGHBOURS] - 1 > 3 * (grown["Vendi score"] - 1) > 0


def test_the_sentence_says_what_adds_less(measured: pd.DataFrame) -> None:
    values = variety.values({"HumanML3D": "h3d"}, measured)
    motions, captions = str(values["variety"]).split("; ")
    assert motions.startswith("Mirrors multiply the effective number of motions of HumanML3D by ")
    assert motions.endswith("mirrors are not shown to add less") and captions.endswith("mirrors add less.")
    assert values["h3d_captions_times_by_mirrors"].value == pytest.approx(1)


def test_the_table_has_a_row_a_measure_and_few_mirrors_give_none(measured: pd.DataFrame) -> None:
    shown = variety.shown(measured)
    assert shown is not None and shown["measure"].tolist() == [*variety.MEASURES] * 2
    assert shown["of"].tolist() == ["motions"] * 3 + ["captions"] * 3
    few = mirrored(*np.random.default_rng(0).normal(size=(2, 2 * COUNT, DIMENSIONS)))
    few = few.where(few.clips["base_id"].isin([f"clip{i}" for i in range(variety.FEWEST - 1)]))
    nothing = variety.variety({"HumanML3D": few}, **ASKED)
    assert nothing.empty and variety.shown(nothing) is None and variety.values({}, nothing) == {}
