"""The guide's page about growth says what the measurements say, and projects from them by the stated rules."""

import json
import re
from math import log

import pytest

from tests.benchmarks.growth_page import GPU_FLOPS, MEASURED, PAGE, page


@pytest.fixture(scope="module")
def measured() -> dict[str, object]:
    return dict(json.loads(MEASURED.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def cells(text: str, first: str) -> list[str]:
    (row,) = [line for line in text.splitlines() if line.startswith(f"| {first}")]
    return [cell.strip() for cell in row.strip("|").split("|")]


def hours(cell: str) -> float:
    return float(cell.replace(",", ""))


def test_the_page_is_what_the_measurements_make_it(measured: dict[str, object], text: str) -> None:
    assert page(measured) == text


def test_bytes_follow_from_the_width_of_a_vector(text: str) -> None:
    assert cells(text, "sentence vectors, float16")[1:] == ["1,536", "15 GB", "150 GB", "1.5 TB"]


def test_hours_of_a_gpu_follow_from_the_operations_of_mpnet(text: str) -> None:
    told = [hours(cell) for cell in cells(text, "sentence vectors, on a GPU")[2:]]
    assert told[2] == pytest.approx(1e9 * 2 * 110e6 * 25 / GPU_FLOPS / 3600, rel=0.05)
    assert told[2] == pytest.approx(100 * told[0], rel=0.1)


def test_pairs_grow_with_the_square_and_scores_in_proportion(text: str) -> None:
    pairs, scores = ([hours(one) for one in cells(text, name)[2:]] for name in ("near-duplicates", "quality scores"))
    assert pairs[2] == pytest.approx(1e4 * pairs[0], rel=0.1)
    assert scores[2] == pytest.approx(1e2 * scores[0], rel=0.1)


def test_the_projection_is_called_one(text: str) -> None:
    assert re.search(r"\*\*projection\*\*: nothing in it was run", text)


def test_the_exponent_of_the_page_is_that_of_its_rows(measured: dict[str, object], text: str) -> None:
    rows = {one["clips"]: one for one in measured["steps"] if one["step"] == "00_data_preparation"}  # type: ignore[attr-defined]
    low, high = sorted(rows)[-2:]
    slope = log(rows[high]["cpu_seconds"] / rows[low]["cpu_seconds"]) / log(high / low)
    assert float(cells(text, "00 ")[5]) == pytest.approx(slope, abs=0.006)
