"""What 06 measures on and records: subsets by list, by cluster and by action, sentences, and what the rule reads."""

import ast
import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import hypergeom

from lib.corpus import Corpus, Provenance
from lib.models.evaluation_prompts import EvaluationPrompts, Judge
from lib.models.generated_latents import GeneratedLatents, TestSet
from lib.models.latents import Latents
from lib.models.momask.regimes import Regime
from lib.run import declared
from lib.run.freshness import notebook_cells
from lib.run.pipeline import BY_STEM
from lib.sections.evaluation import figures, phrases, sentences, tables
from lib.sections.evaluation.judgement import Judgement
from lib.sections.evaluation.leak_free import LeakFree, of_regimes, table, values
from lib.sections.evaluation.subsets import clusters, new_actions
from lib.sections.evaluation.tables import wide


def prompts_of(clips: pd.DataFrame, text: np.ndarray) -> EvaluationPrompts:
    clips = clips if "base_id" in clips else clips.assign(base_id=clips.get("clip_id"))
    return EvaluationPrompts("made-up", clips, TestSet(text, text, clips["clip_id"].to_numpy()), False, {})


def corpus(name: str, rows: list[tuple[str, str, str, str]]) -> Corpus:
    """Rows (clip, base, split, tokens)."""
    table = pd.DataFrame(rows, columns=["clip_id", "base_id", "split", "tokens"])
    clips = table.assign(mirror_of=table["base_id"].where(table["base_id"] != table["clip_id"]), has_motion=True)
    captions = table.assign(caption_id=table["clip_id"] + "#0", text=table["tokens"], start_s=0.0, end_s=0.0)
    return Corpus(name, clips, captions, {}, None, Provenance(Path("x"), {}))  # type: ignore[arg-type]


def regime(name: str, *corpora: int) -> Regime:
    """One clip of every corpus, drawn alike."""
    rows = pd.DataFrame([(at, f"clip {at}", at, "walk", 0, 9) for at in corpora], columns=ROWS)
    return Regime(name, rows, np.full(len(corpora), 1 / len(corpora)))


ROWS = ["corpus", "clip_id", "motion", "text", "begin", "end"]


def lists(folder: Path, **clips: str) -> Path:
    (folder / "tables").mkdir(exist_ok=True)
    for name, some in clips.items():
        (folder / "tables" / f"{name}.txt").write_text("# the rule, with a\n" + "".join(f"{clip}\n" for clip in some))
    return folder


def test_regimes_are_compared_on_the_clips_that_none_has_met(tmp_path: Path) -> None:
    """Clip "c" leaks by a caption of dm alone: a regime that trains on dm has met it, the benchmark alone has not."""
    prompts, keys = prompts_of(pd.DataFrame({"clip_id": [*"abc"], "base_id": [*"abb"]}), np.eye(3)), ["h3d", "dm"]
    regimes = [regime("h3d", 0), regime("h3d+dm", 0, 1)]
    unknown = of_regimes(prompts, tmp_path, regimes, keys)
    assert unknown.own == unknown.common == {} and values(unknown, pd.DataFrame(), []) == {}
    half = of_regimes(prompts, lists(tmp_path, leak_free_test="bc"), regimes, keys)
    assert half.own == half.common == {}  # no list says what dm leaks
    clean = of_regimes(prompts, lists(tmp_path, leak_free_test_dm="b"), regimes, keys)
    assert {name: mask.tolist() for name, mask in clean.own.items()} == {
        "h3d": [False, True, True], "h3d+dm": [False, True, False]
    }  # fmt: skip
    assert {name: mask.tolist() for name, mask in clean.common.items()} == {"leak-free": [False, True, False]}
    assert clean.base_clips(clean.mask) == 1 and clean.base_clips(clean.own["h3d"]) == 1
    none = of_regimes(prompts, lists(tmp_path, leak_free_test_dm=""), regimes, keys)
    assert none.common == {} and values(none, pd.DataFrame(columns=PAIRED), ["R@3"])["leak_free_base_clips"] == 0


PAIRED = ["subset", "model", "metric", "low", "high"]


def test_how_many_clips_are_left_and_how_far_intervals_reach_is_told() -> None:
    clean = LeakFree(
        np.array([*"aabbc"]), {"h3d": np.array([1, 1, 1, 1, 0]) > 0, "h3d+dm": np.array([1] + [0] * 4) > 0}
    )
    rows = [("leak-free", "x", "R@3", -0.4, 0.2), ("leak-free", "y", "R@3", 0, 0.2), ("leak-free", "z", "R@3", 0, 0.4)]
    rows += [("all", "x", "R@3", -0.1, 0.1), ("leak-free", "x", "FID", np.nan, np.nan)]
    recorded = values(clean, pd.DataFrame(rows, columns=PAIRED), ["R@3", "FID"])
    assert recorded == {
        "leak_free_base_clips": 1, "leak_free_of": 3,
        "leak_free": "1 of 3 test clips without mirrors are leak-free for every training set (2 for h3d, 1 for "
        "h3d+dm). To be shown, a difference must exceed 0.200 in R@3 there, and 0.100 in R@3 on all test clips: half "
        "the interval, a median over generators.",
    }  # fmt: skip
    assert all(declared.is_value("evaluation", name) for name in recorded)
    alone = LeakFree(np.array(["a"]), {"h3d": np.array([True])})
    assert values(alone, pd.DataFrame(columns=PAIRED), ["R@3"]) == {}


def test_what_every_regime_scores_on_its_own_list_is_what_its_clips_score() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 4))
    test = TestSet(x, x, np.arange(40))
    models = {name: GeneratedLatents((x + rng.normal(size=x.shape))[None, None]) for name in ("h3d", "h3d+dm")}
    own = {"h3d": np.arange(40) < 30, "h3d+dm": np.arange(40) < 8}
    made = table(test, models, LeakFree(test.groups, own), ["R@1", "FID"], seed=0, draws=50, pool=32)
    assert made["base_clips"].tolist() == [30, 8, 40, 8, 8, 40] and made["n"].tolist() == made["base_clips"].tolist()
    for row in made.to_dict("records"):
        n, latents = row["n"], models[row["training_set"]].latents[0, 0]
        far = cdist(x, latents)
        closer = (far < np.diag(far)[:, None]).sum(axis=1)[:n]
        assert row["R@1"].startswith(f"{hypergeom.cdf(0, 39, closer, 31).mean():.3f} (")
        assert pd.isna(row["FID"]) == (n < 20)
    assert table(test, models, LeakFree(test.groups, {}), ["R@1"], seed=0, draws=50, pool=32) is None


def test_a_clip_is_of_the_cluster_whose_training_captions_are_nearest() -> None:
    one = corpus(
        "one", [("t1", "t1", "train", "walk/VERB"), ("Mt1", "t1", "train", "walk/VERB"), ("x", "x", "test", "")]
    )
    two = corpus("two", [("t2", "t2", "train", "jump/VERB"), ("t3", "t3", "train", "jump/VERB")])
    text = {"one": np.float32([[9, 0.1], [9, 0.3], [0, 1]]), "two": np.float32([[0, 1], [0.1, 2]])}
    latents = {
        key: Latents(c.clips["clip_id"].tolist(), text[key], c.captions[["clip_id", "caption_id"]], text[key], "")
        for key, c in (("one", one), ("two", two))
    }
    weights = pd.DataFrame({"clip_id": ["t1", "t2", "t3"], "cluster": [4, 11, 11]})
    prompts = prompts_of(pd.DataFrame({"clip_id": ["x", "y"]}), np.float32([[0.2, 1], [5, 1]]))
    found = clusters(prompts, weights, {"one": one, "two": two}, latents, {"11": "jump"})
    assert {name: mask.tolist() for name, mask in found.items()} == {"cluster 4": [False, True], "jump": [True, False]}
    assert clusters(prompts, None, {}, {}, {}) == {}


def test_new_actions_are_those_of_few_unmirrored_training_clips() -> None:
    rows = [(f"t{i}", f"t{i}", "train", "a/DET man/NOUN walk/VERB") for i in range(3)]
    rows += [
        ("t9", "t9", "train", "crawl/VERB"),
        ("Mt9", "t9", "train", "crawl/VERB"),
        ("v", "v", "test", "crawl/VERB"),
    ]
    tokens = ["begin/VERB walk/VERB", "begin/VERB crawl/VERB", "crawl/VERB walk/VERB", "begin/VERB", "fly/VERB"]
    prompts = prompts_of(pd.DataFrame({"clip_id": list("abcde"), "text": tokens, "tokens": tokens}), np.eye(5))
    every = {key: [Judge("TMR", None, prompts)] for key in ("one", "two")}  # type: ignore[arg-type]
    found = new_actions(every, corpus("one", rows), rare=2, not_actions=["begin"])
    assert [*found] == ["two"] and found["two"]["new actions"].tolist() == [False, True, False, False, True]


def test_what_is_found_names_differences_and_judges_none() -> None:
    rows = [("R@3", -0.1, 0.3), ("FID", -0.2, -0.1), ("KID", 1.0, 2.0)]
    table = pd.DataFrame(rows, columns=["metric", "low", "high"]).assign(model="one+two", subset="all", base_clips=9)
    table["difference"] = (table["low"] + table["high"]) / 2
    text = sentences.finding(judgement(table), {}, ["R@3", "FID"], seeds=3, baseline="one")
    assert text.startswith("one+two minus one: R@3 +0.100 (−0.100 to +0.300), FID −0.150 (−0.200 to −0.100). Intervals")
    assert not {"helps", "hurts", "better", "worse", "shown"} & set(text.split())
    nothing = sentences.finding(judgement(table.iloc[:0]), {}, ["R@3"], seeds=3, baseline="one")
    assert nothing.startswith("There is one dataset")
    unfit = {"one+two": "hardly moves", "theirs (external)": "moves too much"}
    still = sentences.finding(judgement(table), unfit, ["R@3"], seeds=3, baseline="one")
    assert still.endswith("3 training seeds at once. Not judged: one+two hardly moves.")


NO_SCORES = pd.DataFrame(columns=["model", "metric", "expected", "clip_low"])
NO_DIFFERENCES = pd.DataFrame(columns=["model", "metric", "subset", "low", "n"])


def judgement(paired: pd.DataFrame, name: str = "TMR", **tables: pd.DataFrame) -> Judgement:
    """What an evaluator says, of which only some tables are there."""
    none = dict.fromkeys(["weighting", "filtering", "over_frozen"], NO_DIFFERENCES) | {"scores": NO_SCORES}
    return SimpleNamespace(name=name, paired=paired, **(none | tables))  # type: ignore[return-value]


def roled(model: str, subset: str = "all", low: float = 0.1, baseline: float = 0.5) -> pd.DataFrame:
    row = {"model": model, "metric": "R@3", "subset": subset, "difference": low + 0.1, "low": low, "high": low + 0.2}
    row |= {"clip_low": low + 0.05, "clip_high": low + 0.15}
    return pd.DataFrame([{**row, "baseline": baseline, "p": low / 100, "n": 12, "base_clips": 9}])


def test_what_the_rule_reads_is_recorded_under_the_name_of_its_role() -> None:
    models = ["one+two", "one+two weighted", "one+two shuffled", "theirs+more (external)", "one+two unfiltered"]
    differences = pd.concat([roled(model, low=at) for at, model in enumerate(models)])
    weighting, filtering = roled("one+two weighted", low=9.0, baseline=0.25), roled("one+two", low=7.0, baseline=0.75)
    recorded = sentences.values(judgement(differences, weighting=weighting, filtering=filtering))
    roles = {name: value for name, value in recorded.items() if not name.endswith("_difference")}
    assert {name: getattr(value, "low", value) for name, value in roles.items()} == {
        "adding_r3": 0.0, "adding_r3_rival": 0.5, "both_r3": 1.0, "both_r3_rival": 0.5, "weighting_r3": 9.0,
        "weighting_r3_rival": 0.25, "filtering_r3": 7.0, "filtering_r3_rival": 0.75,
        "adding_r3_over_clips": 0.05, "both_r3_over_clips": 1.05, "weighting_r3_over_clips": 9.05,
        "filtering_r3_over_clips": 7.05, "adding_r3_p": 0.0, "both_r3_p": 0.01, "weighting_r3_p": 0.09,
        "filtering_r3_p": 0.07,
    }  # fmt: skip
    assert len(recorded) == len(roles) + 5 and recorded["theirs_more_external_all_r3_difference"].n == 9
    assert all(declared.is_value("evaluation", name) for name in recorded)
    beside = sentences.values_beside(judgement(differences, "small", weighting=weighting, filtering=filtering))
    assert beside == {f"beside_{name}": value for name, value in roles.items()} | {"beside_name": "small"}
    assert all(declared.is_value("evaluation", name) for name in beside)


def test_the_control_stands_beside_the_same_data_with_their_own_captions() -> None:
    def scored(model: str, r3: float, fid: float) -> pd.DataFrame:
        differences = {"R@3": r3, "FID": fid}
        return pd.concat([roled(model, low=value - 0.1).assign(metric=name) for name, value in differences.items()])

    own, permuted = scored("one+two", 0.2, -1.0), scored("one+two shuffled", 0.1, -3.0)
    both = pd.concat([own, permuted])
    told = sentences.control(both, ["R@3", "FID"], "one")["control"]
    assert told.startswith("On all test clips, one+two shuffled minus one: R@3 +0.100 (") and "FID −3.000 (" in told
    assert told.endswith(" Its estimate is better in FID and no better in R@3 than that of one+two.")
    decides = pd.concat([both, permuted.assign(subset="leak-free")])
    assert sentences.control(decides, ["R@3"], "one")["control"].startswith("On leak-free test clips, one+two shuffled")
    alone = both[both["model"] == "one+two shuffled"]
    assert "Its estimate" not in sentences.control(alone, ["R@3", "FID"], "one")["control"]
    assert sentences.control(own, ["FID"], "one") == {}


def test_the_filter_is_judged_against_the_same_data_unfiltered_and_left_out_of_the_finding() -> None:
    told = sentences.filtered(roled("one+two"), ["R@3"])
    assert told == {"filtering": "one+two minus one+two unfiltered: R@3 +0.200 (+0.100 to +0.300)."}
    assert sentences.filtered(roled("one+two")[:0], ["R@3"]) == {}
    both = pd.concat([roled("one+two"), roled("one+two unfiltered")])
    found = sentences.finding(judgement(both), {}, ["R@3"], seeds=3, baseline="one")
    assert found.startswith("one+two minus one: R@3") and "unfiltered" not in found


def test_what_regimes_score_over_frozen_bodies_is_recorded_for_those_that_the_rule_judges() -> None:
    models = {"one": 1.0, "one+two": 0.1, "one+two weighted": 0.2, "one+two shuffled": 3.0, "one+two unfiltered": 4.0}
    models |= {"real": 0.5, "one+two (external)": 5.0}
    rows = [roled(model, low=low) for model, low in models.items()]
    table = pd.concat([*rows, roled("one+two", "leak-free", low=0.3), roled("one+two", "cluster 4", low=7)])
    found = sentences.values(judgement(NO_DIFFERENCES, over_frozen=table))
    assert {name: value.low for name, value in found.items()} == {
        "adding_over_frozen_r3": 0.1, "leak_free_adding_over_frozen_r3": 0.3, "both_over_frozen_r3": 0.2,
        "real_over_frozen_r3": 0.5,
    }  # fmt: skip
    assert all(declared.is_value("evaluation", name) for name in found)


def test_leak_free_clips_are_told_and_recorded_first_and_all_clips_second() -> None:
    both = pd.concat([roled("one+two"), roled("one+two", "leak-free", low=0.3), roled("one+two", "cluster 4", low=7)])
    weighting = pd.concat([roled("one+two weighted"), roled("one+two weighted", "leak-free", low=-0.2)])
    text = sentences.finding(judgement(both, weighting=weighting), {}, ["R@3"], seeds=3, baseline="one")
    assert text.startswith(
        "On leak-free test clips, one+two minus one: R@3 +0.400 (+0.300 to +0.500); one+two weighted minus one+two: "
        "R@3 −0.100 (−0.200 to +0.000). On all test clips, one+two minus one: R@3 +0.200 (+0.100 to +0.300);"
    )
    recorded = sentences.values(judgement(both, weighting=weighting))
    assert recorded["leak_free_adding_r3"].low == 0.3 and recorded["adding_r3"].low == 0.1
    assert recorded["leak_free_weighting_r3"].low == -0.2 and recorded["leak_free_adding_r3_rival"] == 0.5
    assert all(declared.is_value("evaluation", name) for name in recorded)
    shown = tables.shown(both.assign(better="higher", value=0.7), {"one+two": "hardly moves"})
    assert shown["subset"].tolist() == ["leak-free", "all"] and set(shown["judged"]) == {"hardly moves"}
    other = tables.shown(both.assign(better="higher", value=0.7), {"others": "yes"})
    assert set(other["judged"]) == {"–"}  # nothing is known of it
    assert tables.on_subsets(both.assign(better="higher", value=0.7), ["R@3"])["subset"].tolist() == ["cluster 4"]
    told = phrases.forest(both, weighting, ["R@3"], "one")
    assert told == text.removesuffix(" Intervals are 95 %, over test clips and 3 training seeds at once.")


def test_elsewhere_is_told_by_corpus_and_on_the_actions_that_the_benchmark_lacks() -> None:
    table = pd.concat([roled("one+two"), roled("one+two", "new actions", low=0.3)])
    judges = {"two": [SimpleNamespace(prompts=SimpleNamespace(corpus="Two"))]}
    recorded = sentences.elsewhere({"two": table}, judges, ["R@3"], "one")  # type: ignore[arg-type]
    assert recorded["elsewhere"] == (
        "On the test clips of Two, one+two minus one: R@3 +0.200 (+0.100 to +0.300). On the 12 of them whose actions "
        "the benchmark hardly has, R@3 +0.400 (+0.300 to +0.500)."
    )
    assert recorded["elsewhere_two_adding_r3"].low == 0.1 and recorded["elsewhere_two_new_adding_r3"].low == 0.3
    assert recorded["elsewhere_two_new_clips"] == 12
    assert all(declared.is_value("evaluation", name) for name in recorded)
    assert sentences.elsewhere({}, {}, ["R@3"], "one") == {}


def test_no_value_but_those_of_a_metric_or_a_name_is_declared() -> None:
    assert not any(declared.is_value("evaluation", name) for name in ("h3d_r9", "both_r3_margin", "verdicts"))


def test_a_cell_of_the_main_table_has_the_score_and_its_interval_over_seeds() -> None:
    row = {"model": "one", "metric": "R@3", "expected": 0.5, "replication_low": 0.50, "replication_high": 0.52}
    ends = [(0.4, 0.6), (-0.4, 1), (np.nan, np.nan)]
    rows = [{**row, "model": str(at), "seed_low": low, "seed_high": high} for at, (low, high) in enumerate(ends)]
    assert wide(pd.DataFrame(rows), ["R@3"])["R@3"].tolist() == [
        "0.500 (0.400–0.600)", "0.500 (−0.400 to 1.000)", "0.500"
    ]  # fmt: skip


def test_trivial_answers_stand_below_the_models_in_the_main_table() -> None:
    row = {"metric": "R@3", "expected": 0.5, "seed_low": np.nan, "seed_high": np.nan}
    scores, trivial = (
        pd.DataFrame([{**row, "model": name} for name in models]) for models in (["one"], ["real", "frozen body"])
    )
    kid = pd.DataFrame([{**row, "model": "one", "metric": "KID"}])
    made = tables.main(judgement(NO_DIFFERENCES, scores=pd.concat([scores, kid]), trivial_scores=trivial))
    assert made.to_dict("records") == [{"model": "one", "R@3": "0.500"}, {"model": "frozen body", "R@3": "0.500"}]


def test_trainings_that_were_still_improving_are_counted() -> None:
    rows = [("a", 0, 1, 0.5), ("a", 0, 2, 0.4), ("a", 1, 1, 0.2), ("a", 1, 2, 0.3), ("b", 0, 1, 0.1), ("b", 0, 2, 0.2)]
    logs = pd.DataFrame(rows, columns=["regime", "seed", "step", "val"]).assign(network="masked transformer")
    others = logs.assign(network="residual transformer", val=-logs["step"])  # always still improving, and not told of
    logs = pd.concat([others, logs])
    told = sentences.validation(logs)["validation"]
    assert told.startswith("1 of 3 masked transformers were still improving at the last check. Lowest")
    assert told.endswith("mean over seeds: b 0.1000; a 0.3000.") and phrases.losses_of(logs) in told


def test_differences_without_an_interval_are_not_quoted() -> None:
    row = {"model": "one+two", "metric": "R@3", "better": "higher", "subset": "all", "difference": 0.1}
    table = pd.DataFrame([{**row, "low": np.nan, "high": np.nan, "base_clips": 3}])
    assert sentences.values(judgement(table)) == {}
    assert "too few test clips" in sentences.finding(judgement(table), {}, ["R@3"], seeds=3, baseline="one")


def scored(**by_model: float) -> pd.DataFrame:
    rows = [("real", 9.0), *by_model.items()]
    return pd.DataFrame(rows, columns=["model", "expected"]).assign(metric="FID", clip_low=np.nan)


def test_both_evaluators_orders_are_compared_pair_by_pair_and_real_motion_has_no_place_in_them() -> None:
    first = judgement(NO_DIFFERENCES, scores=scored(a=0.1, b=0.2, c=0.3))
    second = judgement(NO_DIFFERENCES, "small", scores=scored(a=2.0, b=1.0, c=3.0))
    told = sentences.agreement(first, second, {}, ["R@3", "FID"])
    assert told == {
        "agreement": "TMR and the small order 2 of 3 pairs of models alike by FID (a and b first). Chance would order "
        "half of the pairs alike."
    }
    assert (
        "1 of 1 pairs of models alike by FID (a first by both)"
        in sentences.agreement(first, second, {"b": "hardly moves"}, ["FID"])["agreement"]
    )
    assert sentences.agreement(first, second, {"a": "hardly moves", "b": "hardly moves"}, ["FID"]) == {}
    assert declared.is_value("evaluation", "agreement")


def test_how_much_every_model_moves_is_recorded_by_model_and_by_role() -> None:
    ends = {f"{one}{end}": 0.4 for one in ("energy", "spread") for end in ("", "_low", "_high")}
    models = ["one", "one+two", "one+two weighted", "one+two shuffled", "theirs (external)"]
    rows = [{"model": name, **ends, "energy": at / 4, "n": 9} for at, name in enumerate(models)]
    ratios = pd.DataFrame(rows).assign(judged=["hardly moves", "yes", "yes", "yes", "moves too much"])
    found = sentences.movement(ratios, "one")
    energies = {name: value.value for name, value in found.items() if name.endswith("_energy")}
    assert energies == {
        "one_energy": 0.0, "baseline_energy": 0.0, "one_two_energy": 0.25, "adding_energy": 0.25,
        "one_two_weighted_energy": 0.5, "both_energy": 0.5, "one_two_shuffled_energy": 0.75,
        "theirs_external_energy": 1.0,
    }  # fmt: skip
    assert sum(name.endswith("_spread") for name in found) == 5
    assert found["movement"].startswith("Motion energy and pose spread as shares of real motion's: one 0.00 and 0.40;")
    assert found["movement"].endswith("Not judged: one hardly moves, theirs (external) moves too much.")
    assert all(declared.is_value("evaluation", name) for name in found)


def test_the_forest_shows_the_two_comparisons_that_decide_first_and_every_number_once() -> None:
    models = ["one+two", "one+two weighted", "one+two shuffled"]
    paired = pd.concat(
        [roled(model, subset, low=at) for at, model in enumerate(models) for subset in ("all", "leak-free")]
    )
    paired = pd.concat([paired, roled("one+two", "cluster 4", low=99)]).assign(better="higher")
    weighting = roled("one+two weighted", low=9.0).assign(better="higher")
    drawn = figures.forest(paired, weighting, ["R@3"], "one")
    (panel,) = drawn.figure.axes  # type: ignore[union-attr]
    labels = {label.get_text(): label.get_fontweight() for label in panel.get_yticklabels()}
    assert labels == {
        "one+two weighted − one": "bold", "one+two weighted − one+two": "bold",
        "one+two − one": "normal", "one+two shuffled − one": "normal",
    }  # fmt: skip
    marks = [line.get_xydata() for line in panel.lines if line.get_marker() != "None"]
    at = sorted((round(float(y)), round(float(x), 3)) for ((x, y),) in marks)
    assert at == [(0, 1.1), (0, 1.1), (1, 9.1), (2, 0.1), (2, 0.1), (3, 2.1), (3, 2.1)]
    assert drawn.data is not None and len(drawn.data) == 7 and "one+two weighted minus one+two: R@3 +9.100" in drawn.alt
    alone = figures.forest(paired[:0], weighting[:0], ["R@3"], "one")
    assert alone.figure is None and alone.alt == ""


def test_the_curves_have_the_points_that_regimes_are_and_the_ends_of_those_that_are_there_anyway() -> None:
    models = ["one+two", "one+two weighted", "one+two 25 %", "one+two weights^0.5", "one+two shuffled"]
    table = pd.concat([roled(model, low=at) for at, model in enumerate(models)])
    table = pd.concat([table, roled("one+two 25 %", "leak-free", low=9)])
    points = figures.curves(table, ["R@3"], "one").data
    assert points is not None
    places = {(row["model"], row["curve"]): row["at"] for row in points.to_dict("records")}
    assert places == {
        ("one+two", "share"): 1.0, ("one+two", "exponent"): 0.0, ("one+two weighted", "exponent"): 1.0,
        ("one+two 25 %", "share"): 0.25, ("one+two weights^0.5", "exponent"): 0.5,
    }  # fmt: skip
    without = table[~table["model"].str.contains("25|0.5")]
    assert figures.curves(without, ["R@3"], "one").figure is None
    told = phrases.curves(points, ["R@3"], "one")
    assert told == (
        "R@3 minus one by share: +2.100 at 0.25, +0.100 at 1; R@3 minus one by exponent: +0.100 at 0, +3.100 at 0.5, "
        "+1.100 at 1."
    )


@pytest.mark.parametrize("comparable", [True, False])
def test_published_rows_are_compared_only_with_the_public_evaluator(comparable: bool) -> None:
    table = tables.published(comparable)
    assert table["comparable"].str.startswith("yes" if comparable else "no").all() and "MoMask" in set(table["model"])


def pool_of(function: Callable[..., object]) -> inspect.Parameter | None:
    """The parameter `pool` of a function, or what it gives on of a typed dictionary that requires one."""
    parameters = inspect.signature(function).parameters
    for parameter in parameters.values():
        given_on = get_args(parameter.annotation)
        if parameter.kind is parameter.VAR_KEYWORD and given_on and "pool" in given_on[0].__required_keys__:
            return parameter
    return parameters.get("pool")


def test_a_changed_pool_changes_every_number_that_depends_on_it() -> None:
    """Whatever 06 calls that has a pool is given the notebook's own, and nothing has one to fall back on."""
    parameters, *cells = [
        ast.parse(text) for kind, text in notebook_cells(BY_STEM["06_evaluation"].path) if kind == "code"
    ]
    assert any(isinstance(node, ast.Name) and node.id == "pool" for node in ast.walk(parameters))
    modules, given, called = {}, {}, []
    for node in (node for cell in cells for node in ast.walk(cell)):
        if isinstance(node, ast.ImportFrom):
            modules |= {alias.name: importlib.import_module(f"{node.module}.{alias.name}") for alias in node.names}
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            own: dict[str, ast.expr] = {}
            for key, value in zip(node.value.keys, node.value.values, strict=True):
                own |= given.get(value.id, {}) if key is None else {key.value: value}
            given[node.targets[0].id] = own
    for call in (node for cell in cells for node in ast.walk(cell) if isinstance(node, ast.Call)):
        match call.func:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in modules:
                pool = pool_of(getattr(modules[module], name))
                if pool is not None:
                    passed = {key.arg: key.value for key in call.keywords if key.arg}
                    for unpacked in (key.value.id for key in call.keywords if not key.arg):
                        passed |= given.get(unpacked, {})
                    called.append(f"{module}.{name}")
                    assert pool.default is inspect.Parameter.empty
                    assert isinstance(passed["pool"], ast.Name) and passed["pool"].id == "pool", called[-1]
    judged = ("judgement.judged", "leak_free.table", "differences.by_subset", "differences.elsewhere")
    assert {*called} == {*judged, "noticing.of_prompts", "sentences.protocols"}


def test_models_of_others_have_values_of_their_own_that_a_page_can_quote():
    models = ["h3d+dm", "4D (external)", "Modèle (external)", "modele (external)"]
    table = pd.DataFrame({"model": models, "metric": "FID", "expected": range(4), "clip_low": 0.0, "clip_high": 9.0})
    found = sentences.values(judgement(NO_DIFFERENCES, scores=table.assign(base_clips=10)))
    assert {name: one.value for name, one in found.items()} == {
        "h3d_dm_fid": 0, "x_4d_external_fid": 1, "modele_external_fid": 2, "modele_external_2_fid": 3
    }  # fmt: skip


def test_the_table_of_bodies_has_how_much_they_move_beside_whether_they_could() -> None:
    row = {"model": "real", "expected": 0.06, "replication_low": np.nan, "replication_high": np.nan}
    row |= {"seed_low": np.nan, "seed_high": np.nan}
    units = {"motion energy": "m/s", "pose spread": "m", "jerk": "m/s³"}
    scores = pd.DataFrame([{**row, "metric": metric, "unit": unit} for metric, unit in units.items()])
    (body,) = tables.bodies(scores).to_dict("records")
    assert body == {
        "model": "real",
        "motion energy (m/s)": "0.060",
        "pose spread (mm)": "60.00",
        "jerk (m/s³)": "0.060",
    }


def test_a_network_that_is_validated_once_has_no_panel() -> None:
    logs = pd.DataFrame({"network": ["masked transformer"] * 2 + ["residual transformer"], "step": [1, 2, 2]})
    logs = logs.assign(regime="h3d", seed=0, val=[3.0, 2.0, 4.0])
    (panel,) = figures.training(logs).figure.axes  # type: ignore[union-attr]
    assert panel.get_title() == "masked transformer, validation clips"
    assert panel.lines[0].get_ydata().tolist() == [3.0, 2.0]
