"""Numbers and sentences of 00, and what of them the rule reads."""

import pandas as pd

from lib.sections.preparation import sentences
from lib.sections.preparation.funnel import Funnel

SIZES = pd.DataFrame({"corpus": ["b", "m", "c"], "clips": [4, 7, 10], "captions": [4, 7, 10]})
SIZES = SIZES.assign(clips_captioned=[4, 7, 9], clips_with_mirrors=20, clips_with_motion=4, hours_with_motion=0.5)
LANGUAGE = pd.DataFrame({"corpus": ["b", "m", "c"], "captions": [4, 7, 10], "rarefied_to": 4, "distinct_words": 30})
LANGUAGE = LANGUAGE.assign(rarefied_words=[30.0, 25.5, 21.4], words_per_caption=9.0, low=8.0, high=10.0)


def funnel(name: str, kept: list[bool], entering: int) -> Funnel:
    stages = {"stage": ["consent", "body mode", "pose realism"], "entering": [entering, len(kept), len(kept)]}
    summary = pd.DataFrame(stages).assign(dropped=[entering - len(kept), 0, kept.count(False)])
    return Funnel(name, pd.DataFrame({"kept": kept}), summary)


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
    larger = "Mirrors left out, c has 2.5 times as many clips as b (10 against 4)."
    assert sentences.larger(SIZES) == {"larger": larger} and sentences.larger(SIZES.head(1)) == {}
    kept = sentences.kept(FUNNELS)["kept"]
    assert kept.startswith("Of the clips with consent, 100.0 % (95 % CI ")
    assert kept.endswith(", N = 10) pass in c; the 4 of c are 2.0 times the 2 of b.")
    assert sentences.kept([]) == sentences.kept([funnel("b", [], 3)]) == {}


def test_the_finding_counts_words_at_equal_captions_and_names_missing_ones() -> None:
    finding = sentences.finding(SIZES, LANGUAGE, FUNNELS)
    assert "b holds 4 clips and 4 captions without mirrors, 30 distinct words; " in finding
    assert (
        "c holds 10 clips and 10 captions without mirrors, 30 distinct words (21 expected in 4 captions); " in finding
    )
    assert finding.endswith("the funnel keeps 4 of 12 clips of c; only 9 of 10 clips of c have captions here.")
    assert sentences.partial(SIZES.head(2)) == {}
