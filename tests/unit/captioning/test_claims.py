"""The table of claims, its flags, and the precision of a captioner, on motions made by hand."""

import numpy as np
import pandas as pd
import pytest

from lib.captioning.claims import check, precision, precision_of
from tests.unit.captioning import hand_made as made

JOINTS = {
    "kick": made.kick(made.standing(), "left"),
    "wave": made.wave(made.standing(), "right"),
    "walk": made.travel(made.standing(), made.AHEAD, 3.0),
}
SAID = [
    ("kick", "right", "a man kicks with his left leg"),
    ("kick", "wrong", "a man kicks with his right leg"),
    ("wave", "right", "a man waves his right hand"),
    ("wave", "wrong", "a man lies down"),
    ("walk", "right", "a man walks forward"),
    ("walk", "wrong", "The mood is playful."),
]


@pytest.fixture(scope="module")
def captions() -> pd.DataFrame:
    rows = [(clip, f"{clip}#{name}", text, name) for clip, name, text in SAID]
    return pd.DataFrame(rows, columns=["clip_id", "caption_id", "text", "captioner"])


def test_flags_and_precision_are_those_counted_by_hand(captions: pd.DataFrame) -> None:
    checked = check(captions, JOINTS.__getitem__, progress=False)
    flags = checked.flags.set_index("caption_id")
    assert flags.claims.tolist() == [2, 2, 2, 1, 2, 0]
    assert flags.is_false.tolist() == [False, True, False, True, False, False]
    assert flags.score.fillna(-1).tolist() == [1, 0.5, 1, 0, 1, -1]
    table = precision(checked, draws=200, rng=np.random.default_rng(0)).set_index("captioner")
    assert table.index.tolist() == ["right", "wrong"]
    assert table.precision.tolist() == [1.0, 1 / 3]
    assert table.decided.tolist() == [6, 3]
    assert table.claims_a_caption.tolist() == [2.0, 1.0]
    assert table.decidable.tolist() == [1.0, 1.0]
    assert table.false_captions.tolist() == [0.0, 2 / 3]
    assert checked.info["claims"] == 9 and checked.info["contradicted"] == 2
    assert [*checked.false_claims().caption_id] == ["kick#wrong", "wave#wrong"]
    assert checked.summary.contradicted.sum() == 2


def test_clips_are_read_once_and_the_order_of_captions_is_kept(captions: pd.DataFrame) -> None:
    asked: list[str] = []

    def joints(clip_id: str) -> np.ndarray:
        asked.append(clip_id)
        return JOINTS[clip_id]

    mixed = captions.sort_values("captioner").reset_index(drop=True)
    checked = check(mixed, joints, progress=False)
    assert sorted(asked) == sorted(JOINTS)
    assert checked.flags.caption_id.tolist() == mixed.caption_id.tolist()
    assert checked.claims.caption_id.drop_duplicates().tolist() == [i for i in mixed.caption_id if i != "walk#wrong"]


def test_the_interval_resamples_base_clips(captions: pd.DataFrame) -> None:
    many = pd.concat([captions.assign(clip_id=captions.clip_id + f"-{i}") for i in range(8)], ignore_index=True)
    checked = check(many, lambda i: JOINTS[i.split("-")[0]], progress=False)
    one = {clip: clip.split("-")[0] for clip in many.clip_id}
    apart = precision_of(checked, "wrong", draws=400, rng=np.random.default_rng(0))
    together = precision_of(checked, "wrong", one, draws=400, rng=np.random.default_rng(0))
    assert apart.value == together.value == pytest.approx(1 / 3)
    assert together.high - together.low > 1.5 * (apart.high - apart.low)


def test_precision_of_one_kind_and_of_an_unknown_one(captions: pd.DataFrame) -> None:
    checked = check(captions, JOINTS.__getitem__, progress=False)
    side = precision_of(checked, "wrong", kind="side", draws=50, rng=np.random.default_rng(0))
    assert (side.value, side.n) == (0.0, 1)
    assert np.isnan(precision_of(checked, "wrong", kind="speed", draws=50, rng=np.random.default_rng(0)).value)
    with pytest.raises(ValueError, match="unknown kind"):
        precision_of(checked, "wrong", kind="colour", draws=50, rng=np.random.default_rng(0))


def test_no_captions_and_no_claims_are_no_fault(captions: pd.DataFrame) -> None:
    nothing = check(captions.iloc[:0], JOINTS.__getitem__, progress=False)
    assert nothing.claims.empty and nothing.flags.empty and nothing.summary.empty
    silent = check(captions.iloc[[5]], JOINTS.__getitem__, progress=False)
    assert silent.claims.empty and silent.flags.claims.tolist() == [0] and silent.summary.empty
    table = precision(silent, draws=50, rng=np.random.default_rng(0))
    assert np.isnan(table.precision[0]) and np.isnan(table.decidable[0])
