"""Numbers and sentences of 00, and what of them the rule reads."""

import re

import numpy as np
import pandas as pd

from lib.metrics.intervals import wilson
from lib.sections.preparation import loss_sentences, sentences
from lib.sections.preparation.bounds import Bounds
from lib.sections.preparation.funnel import Funnel

SIZES = pd.DataFrame({"corpus": ["b", "m", "c"], "clips": [4, 7, 10], "captions": [4, 7, 10]})
SIZES = SIZES.assign(clips_captioned=[4, 7, 9], clips_with_mirrors=20, clips_with_motion=4, hours_with_motion=0.5)
LANGUAGE = pd.DataFrame({"corpus": ["b", "m", "c"], "captions": [4, 7, 10], "rarefied_to": 4, "distinct_words": 30})
LANGUAGE = LANGUAGE.assign(rarefied_words=[30.0, 25.5, 21.4], words_per_caption=9.0, low=8.0, high=10.0)


def funnel(name: str, kept: list[bool], entering: int) -> Funnel:
    stages = {"stage": ["consent", "body mode", "pose realism"], "entering": [entering, len(kept), len(kept)]}
    summary = pd.DataFrame(stages).assign(dropped=[entering - len(kept), 0, kept.count(False)])
    clean = wilson(sum(kept), len(kept)) if kept else None
    return Funnel(name, pd.DataFrame({"kept": kept}), summary, clean)


def longest(text: str) -> int:
    """Words of the longest sentence, what stands in brackets apart."""
    return max(len(sentence.split()) for sentence in re.split(r"(?<=[.?!]) ", re.sub(r" ?\([^()]*\)", "", text)))


FUNNELS = [funnel("b", [True, True], 2), funnel("c", [True] * 4 + [False] * 6, 12)]


def test_the_rule_reads_the_first_dataset_and_the_last() -> None:
    recorded = sentences.roles(SIZES, LANGUAGE, FUNNELS)
    assert list(recorded) == [
        "benchmark_words",
        "benchmark_clips",
        "benchmark_kept",
        "benchmark_clean",
        "candidate_clips",
        "candidate_kept",
        "candidate_clean",
        "candidate_costliest",
        "candidate_costliest_clips",
    ]
    plain = {name: value for name, value in recorded.items() if not name.endswith("clean")}
    assert list(plain.values()) == [30.0, 4, 2, 10, 4, "pose realism", 6]  # consent is nobody's to change
    clean = recorded["candidate_clean"]
    assert (clean.value, clean.n, clean.unit) == (0.4, 10, "share")  # of those with consent


def test_one_dataset_is_the_benchmark_and_without_a_funnel_only_clips_count() -> None:
    recorded = sentences.roles(SIZES.head(1), LANGUAGE.head(1), [])
    assert recorded == {"benchmark_words": 30.0, "benchmark_clips": 4}


def test_numbers_of_every_dataset_stand_under_its_key() -> None:
    recorded = sentences.values(["h3d", "mid", "dm"], SIZES, LANGUAGE, FUNNELS, None, None)
    assert (recorded["h3d_clips"], recorded["mid_clips"], recorded["dm_clips"]) == (4, 7, 10)
    assert (recorded["dm_funnel_entering"], recorded["dm_funnel_kept"]) == (12, 4)
    assert recorded["dm_words_per_caption"].text == "9.0 words (95 % CI 8.0–10.0, N = 10)"
    assert "mid_clean" not in recorded and "realism_min" not in recorded


def test_two_datasets_are_compared_by_clips_there_are_and_by_clips_kept() -> None:
    larger = "c has 2.5 times as many clips as b (10 against 4)."
    assert sentences.larger(SIZES) == {"larger": larger} and sentences.larger(SIZES.head(1)) == {}
    kept = sentences.kept(FUNNELS)["kept"]
    assert kept.startswith("In b 100.0 % (95 % CI ") and "N = 2) of the clips with consent pass. In c 40.0 % (" in kept
    assert kept.endswith(", N = 10) of the clips with consent pass. The 4 kept of c are 2.0 times the 2 of b.")
    assert sentences.kept([]) == sentences.kept([funnel("b", [], 3)]) == {}


def test_the_finding_counts_words_at_equal_captions_and_names_missing_ones() -> None:
    finding = sentences.finding(SIZES, LANGUAGE, FUNNELS)
    assert finding.startswith("b has 4 clips and 4 captions, mirrors left out, and 30 distinct words. m has")
    said = "c has 10 clips and 10 captions, mirrors left out, and 30 distinct words. In 4 captions it would have 21."
    assert said in finding
    assert finding.endswith("The funnel keeps 4 of 12 clips of c. Only 9 of 10 clips of c have captions here.")
    assert longest(finding) <= 25
    assert sentences.partial(SIZES.head(2)) == {}


def test_bounds_are_told_on_a_scale_that_a_reader_can_follow() -> None:
    at = {"realism": -2.302585, "high_pass": 0.62, "foot_skate": 0.2, "movement": 0.007, "off_floor": np.inf}
    again = {column: np.array([0.9 * bound, 1.1 * bound]) for column, bound in at.items()}
    bounds = Bounds(at, again, frozenset({"foot_skate", "off_floor"}), 500)
    recorded = sentences.values(["h3d"], SIZES.head(1), LANGUAGE.head(1), [], bounds, None)
    assert recorded["bounds"] == (
        "The bounds of this run: realism at least −2.3 (odds 1 to 10) (95 % CI −2.5 to −2.1); high-pass at most 0.62 "
        "m/s (95 % CI 0.56–0.68); foot skate at most 0.2 m/s (given); movement at least 0.007 m/s "
        "(95 % CI 0.006–0.008)."
    )
    assert recorded["high_pass_max"].n == 500 and recorded["foot_skate_max"] == 0.2
    assert "off_floor_max" not in recorded


def test_losses_of_rare_words_stand_beside_those_of_common_ones() -> None:
    row = {"corpus": "c", "clips_with_the_rarest_word": "1 to 2", "clips": 40, "realism": 0.1, "dropped": 0.1}
    rows = [row | {"low": 0.04, "high": 0.23}, row | {"clips_with_the_rarest_word": "30 or more", "dropped": 0.01}]
    sentence = loss_sentences.rare(pd.DataFrame(rows).fillna(0.02))["rare"]
    rarest = "In c the scores drop 10.0 % (95 % CI 4.0–23.0, N = 40) of clips with the rarest words (in 1 to 2 clips)"
    common = "1.0 % (95 % CI 2.0–2.0, N = 40) of those with the commonest (in 30 or more clips)"
    assert sentence == f"{rarest} and {common}." and longest(sentence) <= 25
    assert loss_sentences.rare(pd.DataFrame(rows[:1]))["rare"] == f"{rarest}."
    assert loss_sentences.rare(None) == {}
