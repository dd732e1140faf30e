"""The funnel and the audits of text, on corpora small enough to count by hand."""

import numpy as np
import pandas as pd
import pytest

from lib.corpus import Corpus, Provenance
from lib.sections.preparation import funnel
from lib.sections.preparation.bounds import Bounds


def corpus(clips: pd.DataFrame, withheld: int = 0) -> Corpus:
    return Corpus(
        name="c",
        clips=clips,
        captions=pd.DataFrame(columns=["clip_id", "caption_id", "text"]),
        splits={},
        motions=None,
        provenance=Provenance(root=None, files={}, withheld={"consent": withheld}),
    )


@pytest.fixture
def clips() -> pd.DataFrame:
    rows = [
        ("clean", "full", 1, None, True),
        ("upper", "upper", 3, None, True),
        ("crowd", "full", 2, None, True),
        ("bent", "full", 1, None, True),
        ("shaky", "full", 1, None, True),
        ("unscored", "full", 1, None, True),
        ("Mclean", "full", 1, "clean", True),
        ("still", "full", 1, None, False),
    ]
    return pd.DataFrame(rows, columns=["clip_id", "body_mode", "person_count", "mirror_of", "has_motion"])


SOUND = {"realism": 2.0, "high_pass": 0.1, "foot_skate": 0.0, "movement": 0.5, "off_floor": 0.01}
AT = {"realism": -2.0, "high_pass": 0.3, "foot_skate": 0.2, "movement": 0.02, "off_floor": 0.15}
LIMITS = Bounds(AT, {column: np.full(50, at) for column, at in AT.items()}, clips=9)
RNG = np.random.default_rng(0)


def quality(**faults: dict[str, float]) -> pd.DataFrame:
    ids = ["clean", "upper", "crowd", "bent", "shaky", "unscored"]
    return pd.DataFrame([{"clip_id": clip, **SOUND, **faults.get(clip, {})} for clip in ids])


QUALITY = quality(
    upper={"realism": -6.0},
    bent={"realism": -3.0, "high_pass": 0.9},
    shaky={"high_pass": 0.5},
    unscored={"high_pass": np.nan},
)


def test_a_clip_leaves_for_the_first_reason_that_applies(clips):
    found = funnel.funnel(corpus(clips, withheld=2), QUALITY, LIMITS, rng=RNG)
    reasons = found.flags.set_index("clip_id")["reason"].to_dict()
    assert {k: v for k, v in reasons.items() if isinstance(v, str)} == {
        "upper": "body mode",
        "crowd": "persons",
        "bent": "pose realism",
        "shaky": "high-pass movement",
        "unscored": "high-pass movement",
    }
    assert found.flags.loc[found.flags["kept"], "clip_id"].tolist() == ["clean"]
    assert found.summary["entering"].tolist() == [8, 6, 5, 4, 3, 1, 1, 1]
    assert found.summary["dropped"].tolist() == [2, 1, 1, 1, 2, 0, 0, 0]
    assert found.summary["kept"].tolist() == [6, 5, 4, 3, 1, 1, 1, 1]
    assert found.summary["failing"].tolist() == [2, 1, 2, 2, 3, 0, 0, 0]
    assert found.scored["clip_id"].tolist() == ["clean", "bent", "shaky", "unscored"]


@pytest.mark.parametrize(
    ("fault", "stage"),
    [
        ({"foot_skate": 0.4}, "foot skate"),
        ({"movement": 0.001}, "hardly moves"),
        ({"off_floor": 0.6}, "off the floor"),
        ({"movement": np.nan}, "hardly moves"),
    ],
)
def test_every_score_has_its_stage(clips, fault, stage):
    found = funnel.funnel(corpus(clips), quality(clean=fault), LIMITS, rng=RNG)
    flags = found.flags.set_index("clip_id")
    assert flags.loc["clean", "reason"] == stage and not flags.loc["clean", "kept"] and flags.loc["bent", "kept"]
    assert found.summary.set_index("stage").loc[stage, "dropped"] == 1
    columns = ["clip_id", *SOUND, "body mode", "persons", *funnel.SCORED, "reason", "kept"]
    assert found.flags.columns.tolist() == columns


def test_a_bound_is_kept_not_dropped(clips):
    found = funnel.funnel(corpus(clips), quality(**dict.fromkeys(["clean", "bent"], AT)), LIMITS, rng=RNG)
    assert found.flags.set_index("clip_id").loc[["clean", "bent"], "kept"].all()


def flags(realism: np.ndarray) -> pd.DataFrame:
    sound = pd.DataFrame([SOUND] * len(realism)).assign(realism=realism)
    passed = (realism >= AT["realism"]).astype(bool)
    return sound.assign(**{"body mode": False, "persons": False, "kept": passed})


def test_the_interval_of_the_share_kept_knows_that_bounds_are_estimates():
    realism = np.random.default_rng(0).normal(0, 2, 1000)
    firm = funnel.clean_share(flags(realism), LIMITS, rng=np.random.default_rng(1))
    again = np.random.default_rng(2).normal(-2.0, 0.5, 500)
    loose = Bounds(AT, {c: again if c == "realism" else np.full(500, at) for c, at in AT.items()})
    wide = funnel.clean_share(flags(realism), loose, rng=np.random.default_rng(1))
    assert firm.value == wide.value == (realism >= -2).mean()
    binomial = np.sqrt(firm.value * (1 - firm.value) / 1000)
    by_bound = np.std([(realism >= bound).mean() for bound in again])
    assert wide.high - wide.low == pytest.approx(2 * 1.96 * np.hypot(binomial, by_bound), rel=0.15)
    assert wide.high - wide.low > 1.5 * (firm.high - firm.low)


def test_a_share_that_no_replicate_moves_has_wilson_s_interval():
    share = funnel.clean_share(flags(np.full(10, 1.0)), LIMITS, rng=np.random.default_rng(0))
    assert share.value == 1.0 and share.low == pytest.approx(10 / (10 + 1.959964**2))
    assert funnel.clean_share(flags(np.empty(0)).head(0), LIMITS, rng=np.random.default_rng(0)) is None


def test_corpora_without_scores_have_no_funnel(clips):
    assert funnel.funnels([corpus(clips)], {}, None, rng=RNG) == []
    assert funnel.summaries([]) is None and funnel.last_scored([], [corpus(clips)]) is None


def test_without_the_worst_clips_rare_words_and_wide_motions_are_lost_as_counted():
    class Moving:
        name = "c"

        def joints(self, clip_id):
            still = np.zeros((4, 22, 3), dtype=np.float32)
            still[:, 1, 0] = {"a": 0, "b": 0, "wide": 3}[clip_id]
            return still

    scores = pd.DataFrame([{"clip_id": clip, **SOUND} for clip in ("a", "b", "wide")])
    scores = scores.assign(realism=[0.9, 0.8, 0.1], high_pass=[2.0, 1.0, 3.0])
    captions = pd.DataFrame({"clip_id": ["a", "b", "wide"], "words": [["walk"], ["walk"], ["cartwheel"]]})
    options = {"rng": np.random.default_rng(0), "shares": [2 / 3, 1.0]}
    table = funnel.sensitivity(Moving(), {"c": scores}, {"c": captions}, **options)
    table = table[table["score"].isin(["realism", "high-pass"])]
    assert table["score"].tolist() == ["realism", "realism", "high-pass", "high-pass"]
    assert table["bound"].tolist() == [0.8, 0.1, 2.0, 3.0] and table["distinct_words"].tolist() == [1, 2, 1, 2]
    pairs = np.mean([1, 2, 2])  # distinct words of the three pairs of captions
    assert table["word_ratio"].tolist() == pytest.approx([1 / pairs, 1, 1 / pairs, 1])
    assert table["motion_ratio"].tolist() == pytest.approx([0, 1, 0, 1], abs=1e-6)
    assert funnel.sensitivity(None, {}, {}, **options) is None


def test_clips_with_equal_scores_leave_in_random_order():
    class Moving:
        name = "c"

        def joints(self, clip_id):
            return np.random.default_rng(int(clip_id[1:])).normal(size=(2, 22, 3)).astype(np.float32)

    ids = [f"k{n}" for n in range(40)]
    scores = pd.DataFrame([{"clip_id": clip, **SOUND} for clip in ids])
    captions = pd.DataFrame({"clip_id": ids, "words": [["same"] if n < 20 else [f"w{n}"] for n in range(40)]})
    half = [
        funnel.sensitivity(Moving(), {"c": scores}, {"c": captions}, rng=np.random.default_rng(s), shares=[0.5])
        for s in range(40)
    ]
    assert np.mean([table["word_ratio"].iloc[0] for table in half]) == pytest.approx(1, abs=0.1)
