"""Regimes: what is drawn from, how often, and that what is compared differs in one thing alone."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.base.errors import CorpusError
from lib.corpus import Corpus
from lib.models.momask.regimes import Regime, curve_of, regimes
from lib.models.momask.sizes import MoMaskTraining
from lib.models.tmr.pairs import clips_of, segments
from lib.run import profile_generators
from tests.unit.models.tmr_corpus import corpus

TRAINING = MoMaskTraining()
KEYS = ["one", "two"]


def two(first: int = 32, second: int = 64) -> dict[str, Corpus]:
    """Two corpora of 24 and 48 training clips, which share their ids."""
    return {"one": corpus(first), "two": corpus(second)}


def ids(some: Corpus) -> list[str]:
    return list(segments([some], "train", TRAINING)["clip_id"].unique())


def weights_of(both: dict[str, Corpus], *weight: float) -> pd.DataFrame:
    """Every clip of a corpus with the numbers given, over and over."""
    rows = [(f"{key}/{clip}", weight[at % len(weight)]) for key in both for at, clip in enumerate(ids(both[key]))]
    return pd.DataFrame(rows, columns=["clip_id", "weight"])


def by_name(found: list[Regime]) -> dict[str, Regime]:
    return {one.name: one for one in found}


def test_regimes_add_data_weigh_it_and_permute_its_captions() -> None:
    both = two(32, 32)
    found = regimes(both, TRAINING, weights=weights_of(both, 1.0, 3.0), shuffled=True)
    alone, added, weighted, shuffled = found
    assert [one.name for one in found] == ["one", "one+two", "one+two weighted", "one+two shuffled"]
    assert alone.shares(KEYS) == {"one": pytest.approx(1), "two": 0.0} and alone.added(KEYS) == []
    assert added.shares(KEYS)["two"] == pytest.approx(0.5) and added.added(KEYS) == ["two"]
    pd.testing.assert_frame_equal(added.rows, weighted.rows)
    kept, moved = (shuffled.rows[shuffled.rows["corpus"] == at] for at in (0, 1))
    pd.testing.assert_frame_equal(kept, added.rows[added.rows["corpus"] == 0])
    before = added.rows[added.rows["corpus"] == 1]["text"]
    assert sorted(moved["text"]) == sorted(before) and (moved["text"] != before).mean() > 0.5
    assert len({one.hash for one in found}) == 4


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=5), st.sampled_from([0.5, 1.0, 2.0]))
def test_every_corpus_is_drawn_as_often_weighted_as_unweighted(weight: list[float], exponent: float) -> None:
    """So that weights change which clips of a corpus are seen, and not how much of the benchmark is."""
    both = two()
    found = by_name(regimes(both, TRAINING, weights=weights_of(both, *weight), exponents=[exponent]))
    plain = found["one+two"].shares(KEYS)
    for name in ("one+two weighted", f"one+two weights^{exponent:g}"):
        assert found[name].shares(KEYS) == pytest.approx(plain) and found[name].chances.sum() == pytest.approx(1)
    assert plain == pytest.approx({"one": 1 / 3, "two": 2 / 3})
    clips = clips_of(found["one+two weighted"].rows)[1]
    chances = dict(zip(clips, found["one+two weighted"].chances, strict=True))
    first, second, *_ = ids(both["two"])
    assert chances[1, first] / chances[1, second] == pytest.approx(weight[0] / weight[1])
    power = dict(zip(clips, found[f"one+two weights^{exponent:g}"].chances, strict=True))
    assert power[1, first] / power[1, second] == pytest.approx((weight[0] / weight[1]) ** exponent)


def test_a_corpus_that_no_weight_names_is_drawn_alike() -> None:
    both = two()
    of_second = weights_of({"two": both["two"]}, 1.0, 3.0)
    _, added, weighted = regimes(both, TRAINING, weights=of_second)
    corpus_of = np.array([at for at, _ in clips_of(added.rows)[1]])
    np.testing.assert_allclose(weighted.chances[corpus_of == 0], added.chances[corpus_of == 0])
    assert len({round(chance, 12) for chance in weighted.chances[corpus_of == 1]}) == 2


def test_a_mirror_is_drawn_as_its_base_clip_is_and_unlisted_clips_never() -> None:
    both = two(32, 32)
    first, second = both.values()
    mirrored = ids(first)[:5]
    first.clips.loc[first.clips["clip_id"].isin(mirrored), "base_id"] = "walks-0"
    weights = pd.DataFrame({"clip_id": ["one/walks-0"], "weight": [2.0]})
    _, added, weighted = regimes(both, TRAINING, weights=weights)
    chances = dict(zip(clips_of(weighted.rows)[1], weighted.chances, strict=True))
    assert {clip for (at, clip), chance in chances.items() if at == 0 and chance > 0} == {"walks-0", *mirrored}
    assert len({chances[0, clip] for clip in mirrored}) == 1
    assert weighted.shares(KEYS) == pytest.approx(added.shares(KEYS)) and second is both["two"]
    with pytest.raises(CorpusError, match="no sampling weight names a training clip"):
        regimes(both, TRAINING, weights=pd.DataFrame({"clip_id": ["?"], "weight": [1.0]}))


def test_a_regime_without_the_filter_draws_from_every_clip_alike_and_only_where_there_are_more() -> None:
    both = two(32, 48)
    kept = {key: replace(one, clips=one.clips[one.clips.index % 3 > 0]) for key, one in both.items()}
    *_, added, unfiltered = regimes(kept, TRAINING, unfiltered=both)
    assert (added.name, unfiltered.name) == ("one+two", "one+two unfiltered")
    drawn_from = {name: {*clips_of(one.rows)[1]} for name, one in (("kept", added), ("all", unfiltered))}
    train = {(at, clip) for at, one in enumerate(both.values()) for clip in one.splits["train"]}
    assert drawn_from["kept"] < drawn_from["all"] == train
    np.testing.assert_allclose(unfiltered.chances, 1 / len(train))
    assert [one.name for one in regimes(both, TRAINING, unfiltered=both)] == ["one", "one+two"]
    alone = regimes({"one": kept["one"]}, TRAINING, unfiltered={"one": both["one"]})
    assert [one.name for one in alone] == ["one", "one unfiltered"]


def test_a_share_holds_so_much_of_the_added_base_clips_and_lies_in_the_larger_ones() -> None:
    both = two()
    mirrors = {clip: ids(both["two"])[0] for clip in ids(both["two"])[1:3]}
    table = both["two"].clips
    table["base_id"] = table["clip_id"].map(mirrors).fillna(table["clip_id"])
    found = by_name(regimes(both, TRAINING, shares=[0.25, 0.5], exponents=[0.5]))
    assert [*found] == ["one", "one+two", "one+two 25 %", "one+two 50 %"]  # without weights there are no powers of them
    clips = {name: {*clips_of(one.rows)[1]} for name, one in found.items()}
    assert clips["one"] < clips["one+two 25 %"] < clips["one+two 50 %"] < clips["one+two"]
    base = table.set_index("clip_id")["base_id"]
    every = {base[clip] for clip in ids(both["two"])}
    for name, share in (("one+two 25 %", 0.25), ("one+two 50 %", 0.5)):
        held = {base[clip] for at, clip in clips[name] if at == 1}
        assert len(held) == round(share * len(every))
        assert {clip for at, clip in clips[name] if at == 1} == {c for c in ids(both["two"]) if base[c] in held}
        assert {clip for at, clip in clips[name] if at == 0} == {*ids(both["one"])}
        np.testing.assert_allclose(found[name].chances, 1 / len(clips[name]))
    again = by_name(regimes(both, TRAINING, shares=[0.25]))["one+two 25 %"]
    other = by_name(regimes(both, TRAINING, shares=[0.25], seed=1))["one+two 25 %"]
    assert again.hash == found["one+two 25 %"].hash != other.hash


def test_points_of_curves_tell_by_their_names_where_they_lie() -> None:
    both = two()
    found = regimes(both, TRAINING, weights=weights_of(both, 1.0, 2.0), shares=[0.25, 0.125], exponents=[0.5, 2.0])
    places = {one.name: curve_of(one.name) for one in found if curve_of(one.name)}
    assert places == {
        "one+two 25 %": ("share", 0.25), "one+two 12.5 %": ("share", 0.125),
        "one+two weights^0.5": ("exponent", 0.5), "one+two weights^2": ("exponent", 2.0),
    }  # fmt: skip
    assert not any(curve_of(name) for name in ("one", "one+two", "one+two weighted", "one+two unfiltered"))


def test_the_control_has_its_own_number_of_seeds_and_others_have_all() -> None:
    found = regimes(two(), TRAINING, shuffled=True)
    asked = SimpleNamespace(seeds=[0, 1, 2], control_seeds=[7])
    run = SimpleNamespace(profile=SimpleNamespace(evaluation=asked))
    assert profile_generators.seeds_of(run, found) == {
        "one": [0, 1, 2], "one+two": [0, 1, 2], "one+two shuffled": [7]
    }  # fmt: skip
    asked.control_seeds = None
    assert profile_generators.seeds_of(run, found)["one+two shuffled"] == [0, 1, 2]


def test_the_hash_of_a_regime_is_of_its_rows_and_chances_and_not_of_its_name() -> None:
    (one,) = regimes({"one": corpus()}, TRAINING)
    assert Regime("other", one.rows, one.chances).hash == one.hash
    assert Regime("one", one.rows, np.roll(one.chances + np.eye(1, len(one.chances))[0], 1)).hash != one.hash


def test_the_summary_tells_means_over_seeds_rounded_and_the_tokenizer_once(tmp_path: Path) -> None:
    found, runs = regimes({"one": corpus()}, TRAINING), {}
    network, tokenizer = "masked transformer", tmp_path / "rvq-0123456789ab"
    tokenizer.mkdir()
    of_tokenizer = {"best_val": {"tokenizer": 0.25}, "cpu_seconds": 9.0}
    (tokenizer / "training.json").write_text(json.dumps(of_tokenizer))
    for seed, best in enumerate((400, 500, 500)):
        told = {"training": {"masked": {"steps": 500}}, "best_step": {network: best}, "best_val": {network: seed}}
        runs["one", seed] = tmp_path / str(seed)
        runs["one", seed].mkdir()
        about = {**told, "cpu_seconds": 1.0, "tokenizer": tokenizer.name}
        (runs["one", seed] / "training.json").write_text(json.dumps(about))
    (row,) = profile_generators.summary(found, runs, {"one": None}).to_dict("records")
    assert (row["best_step"], row["validation_loss"], row["cpu_seconds"]) == (467, 1.0, 3.0)
    assert (row["tokenizer"], row["tokenizer_loss"], row["tokenizer_cpu_seconds"]) == ("01234567", 0.25, 9.0)
    assert (row["regime"], row["seeds"], row["steps"], row["drawn_from_one"]) == ("one", 3, 500, pytest.approx(1))
