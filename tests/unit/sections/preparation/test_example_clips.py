"""Which clips of a corpus are drawn and played on either side of each bound."""

import numpy as np
import pandas as pd

from lib.sections.preparation import example_clips
from lib.sections.preparation.funnel import SCORED, Funnel
from lib.sections.preparation.scores import SCORES


class Clips:
    """As much of a corpus as examples ask for."""

    name = "own"
    clips = pd.DataFrame({"clip_id": [f"k{n}" for n in range(7)], "has_motion": True})

    def joints(self, clip_id: str) -> np.ndarray:
        return np.random.default_rng(int(clip_id[-1])).normal(size=(8, 22, 3)).astype(np.float32)


OWN = Clips()
FLAGS = pd.DataFrame({"clip_id": [f"k{n}" for n in range(7)], "body mode": [False] * 6 + [True], "persons": False})
FLAGS = FLAGS.assign(**{score.column: 1.0 for score in SCORES}, **dict.fromkeys(SCORED, False))
FLAGS["realism"] = [2.0, -1.0, 0.5, -3.0, -6.0, 2.0, -9.0]
FLAGS["high_pass"] = [0.1, 0.2, 0.3, 0.1, 0.1, np.nan, 0.1]
FLAGS["pose realism"] = FLAGS["realism"] < -2.3
FLAGS["high-pass movement"] = FLAGS["high_pass"].isna()
FLAGS["kept"] = ~FLAGS[["body mode", *SCORED]].any(axis=1)
FUNNELS = [Funnel("other", FLAGS.head(0), pd.DataFrame()), Funnel("own", FLAGS, pd.DataFrame())]


def test_the_nearest_to_the_bound_come_first_on_either_side() -> None:
    kept = example_clips.ranked(OWN, FUNNELS, "worst kept", n=2)
    assert kept.by("realism")["clip_id"].tolist() == ["k1", "k2"]
    assert kept.by("high_pass")["clip_id"].tolist() == ["k2", "k1"]
    dropped = example_clips.ranked(OWN, FUNNELS, "best dropped", n=3)
    assert dropped.by("realism")["clip_id"].tolist() == ["k3", "k4"]  # k6 leaves for its label, no score drops it
    assert dropped.by("high_pass").empty  # dropped for lack of a score, which nothing can be shown of


def test_what_fails_one_score_alone_comes_before_what_fails_several() -> None:
    flags = FLAGS.assign(**{"foot skate": FLAGS["clip_id"] == "k3"})
    dropped = example_clips.ranked(OWN, [Funnel("own", flags, pd.DataFrame())], "best dropped", n=2)
    assert dropped.by("realism")["clip_id"].tolist() == ["k4", "k3"]


def test_the_strips_name_scores_and_corpus_and_leave_no_empty_frame() -> None:
    drawing = example_clips.strips(example_clips.ranked(OWN, FUNNELS, "best dropped", n=3))
    titles = [axes.get_title() for axes in drawing.figure.axes if axes.get_title()]
    assert titles == ["realism −3", "realism −6"]
    assert not any(axes.axison for axes in drawing.figure.axes)
    assert drawing.alt == "Stick figures of the best dropped clips of own by each score."
    assert drawing.data.columns.tolist() == ["score", "clip_id", "value", "label"]


def test_two_a_score_play_with_their_score() -> None:
    worst = example_clips.ranked(OWN, FUNNELS, "worst kept", n=3)
    players = example_clips.players({"h": Clips(), "d": OWN}, worst, public={"h"})
    labels = [motion.label for motion in players.motions]
    assert labels[:4] == ["realism −1", "realism 0.5", "high-pass 0.3", "high-pass 0.2"] and len(labels) == 10
    assert {motion.public for motion in players.motions} == {False} and "worst kept" in players.label
    assert players.motions[0].joints.tolist() == OWN.joints("k1").tolist()


def test_without_scores_or_under_redaction_or_without_losses_there_is_nothing_to_show() -> None:
    assert example_clips.ranked(None, FUNNELS, "best dropped", n=4) is None
    assert example_clips.strips(None).figure is None
    assert example_clips.players({"d": OWN}, None, public={"d"}).motions == []
    sound = [Funnel("own", FLAGS.head(3), pd.DataFrame())]
    assert example_clips.strips(example_clips.ranked(OWN, sound, "best dropped", n=2)).figure is None
