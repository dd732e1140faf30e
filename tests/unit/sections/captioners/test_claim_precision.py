"""Claims of captioners against motions made by hand: precision, chance, pairs, and what the page lists of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.base.withheld import WITHHELD
from lib.corpus.corpus import Provenance
from lib.corpus.motions import FileStore, Motions
from lib.engine import results
from lib.run.redaction import Redaction
from lib.sections.captioners.caption_space import Space
from lib.sections.captioners.captioner_retrieval import CaptionerRetrieval
from lib.sections.captioners.claim_precision import ClaimPrecision, claim_precision
from lib.sections.captioners.compared_captions import ComparedCaptions
from lib.sections.captioners.metrics import claim_pairs
from lib.sections.captioners.metrics.claim_pairs import ClaimCounts
from lib.sections.captioners.metrics.paired_retrieval import Gallery, Retrieved
from lib.sections.captioners.setting_claims import setting_claims
from tests.unit.captioning import hand_made as made

KICK, WAVE, WALK = "a man kicks with his left leg", "a man waves his right hand", "a man walks forward"
MOTIONS = {
    KICK: made.kick(made.standing(), "left"),
    WAVE: made.wave(made.standing(), "right"),
    WALK: made.travel(made.standing(), made.AHEAD, 3.0),
}
CLIPS = {f"c{n:02d}": text for n, text in enumerate([*MOTIONS] * 4)}
FOLDER = Path()
SWAPPED = str.maketrans({"\1": "left", "\2": "right"})
NOTHING = CaptionerRetrieval(
    None, Retrieved({}, np.array([], dtype=str)), [], pd.DataFrame(), pd.DataFrame(), pd.DataFrame()
)


def confused(text: str) -> str:
    return text.replace("left", "\2").replace("right", "\1").translate(SWAPPED)


TOLD: dict[str, Callable[[str], str]] = {
    "true": str,
    "confused": confused,
    "vague": lambda text: text.split(" with ")[0].split(" his ")[0].split(" forward")[0],
}


@dataclass
class Moved:
    """A corpus, as far as claims read it."""

    clips: pd.DataFrame
    motions: Motions
    provenance: Provenance


def moved(**columns: Any) -> Any:
    table = pd.DataFrame({"clip_id": [*CLIPS], "fps": 20.0, "body_mode": "full", "has_motion": True})
    root = FOLDER / "dm"
    root.mkdir(exist_ok=True)
    for number, joints in enumerate(MOTIONS.values()):
        np.save(root / f"{number}.npy", joints)
    numbers = {text: number for number, text in enumerate(MOTIONS)}
    files = FileStore(root, {clip: f"{numbers[text]}.npy" for clip, text in CLIPS.items()})
    return Moved(table.assign(**columns), Motions(joints_store=files), Provenance(root, {"joints/": "made by hand"}))


@pytest.fixture(autouse=True, scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    global FOLDER
    FOLDER = tmp_path_factory.mktemp("claims")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(results, "PARTITIONS", FOLDER / "kept")
        yield


def captions() -> pd.DataFrame:
    rows = [(clip, f"{clip}#{name}", told(text), name) for name, told in TOLD.items() for clip, text in CLIPS.items()]
    table = pd.DataFrame(rows, columns=["clip_id", "caption_id", "text", "captioner"])
    return table.assign(base_id=table["clip_id"], setting=table["captioner"])


def checked(corpus: Any = None, by: Any = "captioner", clips: int = 99) -> ClaimPrecision:
    compared = ComparedCaptions(corpus or moved(), captions(), by=by)
    rng = np.random.default_rng(0)
    return claim_precision(compared, NOTHING, clips=clips, draws=200, rng=rng, progress=False)


@pytest.fixture(scope="module")
def found() -> ClaimPrecision:
    return checked()


def test_swapped_sides_fall_by_claims_and_saying_less_does_not(found: ClaimPrecision) -> None:
    table = found.by_captioner.set_index("captioner")
    assert table.loc["true", "precision"] == table.loc["vague", "precision"] == 1.0
    assert table.loc["confused", "precision"] == pytest.approx(2 / 3)  # of 6 claims of 3 texts, two sides are false
    assert table["true_claims"].to_dict() == pytest.approx({"true": 2.0, "vague": 1.0, "confused": 4 / 3})
    kinds = found.kinds.set_index("kind")
    assert kinds.loc["side", "confused"] == "0 of 8" and kinds.loc["side", "true"] == "8 of 8"


def test_pairs_have_the_differences_and_a_test_that_finds_them(found: ClaimPrecision) -> None:
    pairs = found.pairs.set_index(["first", "second"])
    confused, vague = pairs.loc[("true", "confused")], pairs.loc[("true", "vague")]
    assert confused["precision"] == pytest.approx(100 / 3) and confused["precision_p_holm"] < 0.05
    assert confused["precision_low"] > 0
    assert vague["precision"] == 0 and vague["precision_low"] < 0 < vague["precision_high"]  # alike is no certainty
    assert vague["precision_p"] == 1 and vague["true_claims"] == 1.0 and vague["true_claims_p_holm"] < 0.05


def test_captions_of_other_motions_are_less_true(found: ClaimPrecision) -> None:
    assert (found.by_captioner["by_chance"] < found.by_captioner["precision"]).all()
    assert found.above_chance is not None and found.above_chance.low > 0 and found.above_chance.n == 12


def test_the_best_caption_for_all_clips_is_scored_beside_the_captioners(found: ClaimPrecision) -> None:
    """Who always says that the right hand waves is right of a third of the clips; that a man walks, of no more."""
    constant = found.constant
    assert constant is not None and constant.tried == len(captions()["text"].unique())
    assert constant.precision.value < 0.7 and constant.precision.low <= constant.precision.value
    assert 0 < constant.true_claims < found.by_captioner.set_index("captioner").loc["true", "true_claims"]


def test_contradicted_claims_are_listed_with_their_captions_and_withheld_where_private(found: ClaimPrecision) -> None:
    listed = found.contradicted
    assert {*listed["captioner"]} == {"confused"} and {*listed["kind"]} == {"side"} and len(listed) == 6
    assert listed["caption"].iloc[0] == confused(KICK) and "right" in listed["claim_text"].iloc[0]
    shown = Redaction(["dm"], dict).frame(listed)
    assert {*shown["caption"], *shown["claim_text"], *shown["clip_id"]} == {WITHHELD}


def test_clips_of_one_recording_leave_no_half_to_choose_a_caption_for_all() -> None:
    told = captions().assign(base_id="one")
    made = claim_precision(
        ComparedCaptions(moved(), told), NOTHING, clips=2, draws=20, rng=np.random.default_rng(0), progress=False
    )
    assert made.constant is None and made.clips == 2 and len(made.by_captioner) == len(TOLD)


def test_clips_without_a_motion_are_left_out_and_their_number_is_bounded() -> None:
    still = pd.Series([*CLIPS]) != "c00"
    assert checked(moved(has_motion=still)).clips == 11 and checked(clips=5).clips == 5
    none = checked(moved(has_motion=False))
    assert none.by_captioner.empty and none.why_not == "no clip that all captioners cover has a motion"
    assert checked(by="position").why_not == "no captioner's claims are held against motions"


def test_a_seen_half_decides_no_claims_of_legs() -> None:
    assert checked(moved(body_mode="upper")).kinds.set_index("kind").loc["side", "true"] == "4 of 4"  # those that wave


def test_settings_are_told_apart_by_supported_less_contradicted_claims() -> None:
    table = (
        captions().query("captioner != 'vague'").assign(setting=lambda rows: "m, " + rows["captioner"], captioner="m")
    )
    compared = ComparedCaptions(moved(has_motion=pd.Series([*CLIPS]) != "c01"), table)
    ids = [*CLIPS][::-1]
    gallery = Gallery(np.array(ids), {"m, true": np.ones((12, 1))}, {"m, true": np.ones((12, 1))})
    space = Space(gallery, pd.DataFrame(), "TMR", True, ids)
    found = setting_claims(compared, space, rng=np.random.default_rng(0), progress=False)
    assert found is not None and found.keys() == {"m, true", "m, confused"}
    net = pd.DataFrame(found, index=ids)
    assert net.loc["c00"].to_dict() == {"m, true": 2, "m, confused": 0}  # the deed and its side; the side is swapped
    assert net.loc["c02"].to_dict() == {"m, true": 2, "m, confused": 2} and net.loc["c01"].isna().all()
    one = ComparedCaptions(moved(), captions())
    assert setting_claims(one, space, rng=np.random.default_rng(0), progress=False) is None  # nothing is to be chosen


def counts(supported: list[list[int]], decided: list[list[int]]) -> ClaimCounts:
    arrays = [np.array(rows, dtype=float) for rows in (supported, decided)]
    return ClaimCounts(("a", "b"), *arrays, *arrays)


def test_the_difference_of_precisions_and_its_p_are_those_of_a_brute_force() -> None:
    supported, decided = [[2, 1], [1, 0], [3, 1], [0, 0]], [[2, 2], [1, 1], [3, 2], [1, 0]]
    row = claim_pairs.pairs(counts(supported, decided), draws=200, rng=np.random.default_rng(0)).iloc[0]
    s, d = np.array(supported, dtype=float), np.array(decided, dtype=float)
    common = s.sum() / d.sum()
    each = (s[:, 0] - common * d[:, 0]) / d[:, 0].sum() - (s[:, 1] - common * d[:, 1]) / d[:, 1].sum()
    assert row["precision"] == pytest.approx(100 * (6 / 7 - 2 / 5))
    sums = [abs(np.dot(signs, each)) for signs in product((1, -1), repeat=4)]
    assert row["precision_p"] == pytest.approx(np.mean([one >= sums[0] - 1e-9 for one in sums]))
    assert row["true_claims"] == pytest.approx((6 - 2) / 4)
    more = s[:, 0] - s[:, 1]
    assert row["true_claims_p"] == np.mean([abs(np.dot(signs, more)) >= 4 for signs in product((1, -1), repeat=4)])
    assert row["precision_test"] == row["true_claims_test"] == "exact"


def test_a_captioner_without_decided_claims_has_no_difference() -> None:
    row = claim_pairs.pairs(counts([[1, 0], [1, 0]], [[1, 0], [1, 0]]), draws=50, rng=np.random.default_rng(0)).iloc[0]
    assert row[["precision", "precision_low", "precision_high", "precision_p"]].isna().all()
    assert row["true_claims"] == 1.0


def test_alike_captioners_are_rarely_distinguished() -> None:
    rng = np.random.default_rng(0)
    wrong = 0
    for _ in range(200):
        decided = rng.integers(0, 4, size=(25, 2))
        made_up = counts(rng.binomial(decided, 0.8).tolist(), decided.tolist())
        wrong += claim_pairs.pairs(made_up, draws=99, rng=rng)["precision_p"].iloc[0] <= 0.05
    assert wrong <= 20  # 5 % of 200 are 10; more than 20 has a probability below 0.002
