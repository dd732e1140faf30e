"""Values and sentences of 01, and the shares by recording that they tell."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lib.metrics.duplicates import groups
from lib.sections.similarity import contamination
from lib.sections.similarity import sentences as similarity
from lib.sections.similarity.leakage import shared_sources
from lib.sections.similarity.text_leak import SCALES, TextLeak
from lib.site.variables import NAME


def test_the_interval_of_shared_recordings_resamples_recordings():
    test = [(f"t{n}", "test", f"tape {n // 20}") for n in range(200)]  # ten tapes of 20 clips, two of them shared
    train = [("a", "train", "tape 0"), ("b", "train", "tape 1")]
    clips = pd.DataFrame([*test, *train], columns=["clip_id", "split", "source"]).assign(mirror_of=None)
    rng = np.random.default_rng(0)
    found = contamination.shared_share({"x": shared_sources(clips)}, "x", draws=4000, rng=rng)["source_share"]
    assert found.value == 0.2 and found.n == 200
    by_tape = 1.96 * (0.2 * 0.8 / 10) ** 0.5  # ten independent tapes, not 200 clips
    assert (found.high - found.low) / 2 == pytest.approx(by_tape, rel=0.2)
    assert contamination.shared_share({}, "x", draws=10, rng=rng) == {}


def test_a_threshold_whose_cosine_is_negative_has_a_name_that_a_page_can_quote():
    held = {"unit": ["clip"], "cosine": [2 * 0.4 - 1], "draws": 5, "held_out_share": 0.2, "low": 0.1, "high": 0.3}
    leak = {"unit": ["clip"], "scale": [SCALES[0]], "threshold": [-0.05], "mirrors": "without", "share": 0.2, "n": 9}
    found = similarity.values(
        TextLeak(pd.DataFrame(), pd.DataFrame(leak).assign(low=0.1, high=0.3), "x", "x"),
        SimpleNamespace(summary=pd.DataFrame(held).assign(test_share=0.1)),
        pd.DataFrame(),
        {},
        {"x": SimpleNamespace(summary=pd.DataFrame())},
        dict.fromkeys(("test", "train", "test_captioned", "train_captioned"), 1),
    )
    assert {"held_out_clip_cosine_m20", "beside_held_out_clip_cosine_m20", "clip_cosine_m05"} <= found.keys()
    assert all(NAME.fullmatch(name) for name in found)


def test_a_test_set_below_held_out_recordings_is_told_with_its_cosine():
    rows = [
        ("clip", 0.8, 0.35, 0.55, 0.47, 0.6),
        ("clip", 0.9, 0.47, 0.5, 0.47, 0.6),
        ("caption", 0.7, 0.1, 0.5, 0.4, 0.6),
    ]
    columns = ["unit", "cosine", "test_share", "held_out_share", "low", "high"]
    told = similarity.less_alike(SimpleNamespace(summary=pd.DataFrame(rows, columns=columns).assign(draws=10)))
    assert told.startswith(
        "At cosine 0.8 it is the other way round: 35.0 % of test clips reach it, and 55.0 % of held-"
    )
    assert told.endswith("(47.0–60.0 over 10 draws). So the comparison speaks of close wording only.")
    assert "0.9" not in told and "0.7" not in told  # within the draws; not by clip
    above = pd.DataFrame(rows[1:2], columns=columns).assign(draws=10)
    assert similarity.less_alike(SimpleNamespace(summary=above)) == ""


def test_test_clips_stand_beside_held_out_ones_at_the_highest_cosine():
    columns = ["unit", "cosine", "test_share", "held_out_share", "low", "high", "draws"]
    rows = [("clip", 0.9, 0.5, 0.4, 0.3, 0.5, 10), ("clip", 0.95, 0.3, 0.1, 0.0, 0.2, 10)]
    held = SimpleNamespace(summary=pd.DataFrame(rows, columns=columns))
    told = "Against the same training clips, 30.0 % of test clips reach cosine 0.95"
    assert (
        similarity.beside_held_out(held) == f"{told}: 3.0 times the 10.0 % of held-out clips (0.0–20.0 over 10 draws)."
    )
    held.summary["held_out_share"] = 0.0
    assert similarity.beside_held_out(held) == f"{told}, and none of the held-out clips."


def test_the_figure_of_groups_counts_a_clip_once_as_the_table_does():
    captions = pd.DataFrame({"clip_id": ["a", "a", "b", "c"], "text": ["walk", "jump", "Walk", "Jump"]})
    vectors = {text: np.float32([text.lower() == "walk", text.lower() == "jump"]) for text in captions["text"]}
    found = groups(captions, vectors, threshold=0.9)
    near = found.summary.set_index("kind").loc["near"]
    assert (near["groups"], near["clips"], sum(found.info["sizes"])) == (2, 3, 4)
    assert "c has 2 groups over 3 clips, the largest of 2" in similarity.groups({"c": found})
