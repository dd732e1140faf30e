"""Which clips of a corpus are drawn and played as its worst and its best."""

import numpy as np
import pandas as pd

from lib.sections.preparation import example_clips


class Clips:
    """As much of a corpus as examples ask for."""

    name = "own"
    clips = pd.DataFrame({"clip_id": [f"k{n}" for n in range(6)], "has_motion": True})

    def joints(self, clip_id: str) -> np.ndarray:
        return np.random.default_rng(int(clip_id[-1])).normal(size=(8, 22, 3)).astype(np.float32)


OWN = Clips()
TABLES = {
    "own": pd.DataFrame(
        {
            "clip_id": [f"k{n}" for n in range(6)],
            "realism": [0.1, 0.9, 0.5, 0.5, np.nan, 0.2],
            "high_pass": [1.0, 9.0, 3.0, 2.0, 7.0, np.nan],
        }
    )
}


def test_low_realism_and_a_high_score_of_high_pass_are_bad() -> None:
    worst, best = (example_clips.ranked(OWN, TABLES, which, n=2) for which in ("worst", "best"))
    assert worst.by("realism")["clip_id"].tolist() == ["k0", "k5"]
    assert worst.by("high_pass")["clip_id"].tolist() == ["k1", "k4"]
    assert best.by("realism")["clip_id"].tolist() == ["k1", "k2"]
    assert best.by("high_pass")["clip_id"].tolist() == ["k0", "k3"]


def test_the_strips_name_scores_and_corpus_and_leave_no_empty_frame() -> None:
    few = {"own": TABLES["own"].assign(high_pass=[1.0] + [np.nan] * 5)}
    drawing = example_clips.strips(example_clips.ranked(OWN, few, "worst", n=3))
    titles = [axes.get_title() for axes in drawing.figure.axes if axes.get_title()]
    assert titles == ["realism 0.1", "high-pass 1", "realism 0.2", "realism 0.5"]
    assert not any(axes.axison for axes in drawing.figure.axes) and len(drawing.figure.axes) == 2 * 3
    assert drawing.alt == "Stick figures of the worst clips of own by realism and by high-pass score."
    assert drawing.data.columns.tolist() == ["clip_id", "realism", "high_pass"]


def test_six_play_with_their_score_three_a_score() -> None:
    worst = example_clips.ranked(OWN, TABLES, "worst", n=4)
    players = example_clips.players({"h": Clips(), "d": OWN}, worst, public={"h"})
    assert [motion.label for motion in players.motions] == [
        "realism 0.1",
        "realism 0.2",
        "realism 0.5",
        "high-pass 9",
        "high-pass 7",
        "high-pass 3",
    ]
    assert {motion.public for motion in players.motions} == {False} and "worst" in players.label
    assert players.motions[1].joints.tolist() == OWN.joints("k5").tolist()


def test_without_scores_or_under_redaction_there_is_nothing_to_show() -> None:
    assert example_clips.ranked(None, TABLES, "best", n=4) is None
    assert example_clips.strips(None).figure is None
    assert example_clips.players({"d": OWN}, None, public={"d"}).motions == []
