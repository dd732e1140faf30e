"""Published recall carried over to a smaller gallery, against galleries that are enumerated or simulated."""

import math

import numpy as np
import pytest

from lib.metrics.ranks import Ranks
from lib.sections.embedding import published_range
from lib.sections.embedding.published_range import compared, expected
from lib.sections.embedding.retrieval_protocols import KS, protocols
from tests.unit.sections.embedding.test_embedding import ASKED, paired


def first_among(rank: int, gallery: int, size: int) -> float:
    """The share of all galleries of a size, the query's own item in each, that hold none of the better items."""
    return math.comb(gallery - 1 - rank, size - 1) / math.comb(gallery - 1, size - 1)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("size", [1, 2, 5, 20, 60])
def test_the_true_recall_of_any_ranks_lies_between_the_ends(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    ranks = np.minimum(rng.geometric(0.03, size=500) - 1, 59)
    recalls = {k: 100 * float((ranks < k).mean()) for k in KS}
    truth = 100 * np.mean([first_among(int(rank), 60, size) for rank in ranks])
    low, high = expected(recalls, float(np.median(ranks) + 1), size, gallery=60)
    assert low - 1e-9 <= truth <= high + 1e-9


def test_in_the_full_gallery_nothing_is_left_open_and_among_one_everything_is_found() -> None:
    row = published_range.published().query("model == 'TMR'").set_index("way").loc["t2m"]
    recalls = {k: row[f"R@{k}"] for k in KS}
    assert expected(recalls, row["MedR"], 4384) == pytest.approx((5.68, 5.68))
    assert expected(recalls, row["MedR"], 1) == pytest.approx((100, 100))
    by_hand = [  # best and worst rank of each bin, and its share
        (0, 0, 5.68), (1, 1, 4.91), (2, 2, 3.45), (3, 4, 6.30), (5, 9, 10.60), (10, 27, 19.06), (27, 4383, 50.0),
    ]  # fmt: skip
    ends = [sum(share * first_among(bin_[end], 4384, 100) for *bin_, share in by_hand) for end in (1, 0)]
    assert expected(recalls, row["MedR"], 100) == pytest.approx(ends)


def test_own_recall_is_that_of_a_gallery_no_larger_than_the_published_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    text, motion = rng.normal(size=(9, 4)), rng.normal(size=(9, 4))
    sentence = np.repeat(np.eye(9)[:5], 2, axis=0)[:9].astype(np.float32)  # eight clips share theirs with one other
    found = {"toy": protocols(paired(text, motion), sentence, **ASKED)}
    asked = {"ties": "average", "draws": 100, "seed": 0}
    whole = compared(found, **asked).set_index("way")
    ranks: Ranks = found["toy"][0].ranks[0]
    assert whole.loc["t2m", ["gallery", "n"]].tolist() == [9, 9]
    assert whole.loc["t2m", "recall"] == pytest.approx(100 * np.mean(ranks.position() < 1))
    assert whole.loc["t2m", "ceiling"] == pytest.approx(100 * (8 / 2 + 1) / 9)
    monkeypatch.setattr(published_range, "GALLERY", 4)
    part = compared(found, **asked).set_index("way")
    by_hand = 100 * np.mean([first_among(int(rank), 9, 4) for rank in ranks.position()])
    assert part.loc["t2m", "gallery"] == 4 and part.loc["t2m", "recall"] == pytest.approx(by_hand)
    partner = 3 / 8  # of one given other clip to be among the three others
    assert part.loc["t2m", "ceiling"] == pytest.approx(100 * (8 * (1 - partner / 2) + 1) / 9)
    recorded = published_range.values({"toy": "dm"}, part.reset_index())
    assert recorded["dm_equal_gallery"] == 4 and recorded["dm_equal_t2m_r1"].n == 9
