"""The four retrieval protocols, what sentences alone allow, and keyword classes, on pairs made by hand."""

import matplotlib.path
import numpy as np
import pandas as pd
import pytest
import torch
from statsmodels.stats.multitest import multipletests

from lib.base.arrays import place_of
from lib.metrics import ranking
from lib.models import pairs
from lib.models.pairs import CaptionMotionLatents
from lib.run import declared
from lib.sections.embedding import (
    embedding,
    figures,
    keyword_classes,
    modality_gap,
    published_range,
    retrieval_protocols,
    sentences,
)
from lib.sections.embedding.retrieval_protocols import protocols

ASKED = {"threshold": 0.9, "batch": 4, "block": 2, "ties": "average"}


def paired(text, motion, *, texts=None, listed=(), mirrored=None, split="test") -> CaptionMotionLatents:
    n = len(text)
    clips = pd.DataFrame(
        {
            "clip_id": [f"c{i:02d}" for i in range(n)],
            "base_id": [f"c{i:02d}" for i in range(n)],
            "split": split,
            "mirrored": mirrored or [False] * n,
            "caption_id": [f"c{i:02d}#0" for i in range(n)],
            "text": texts or [f"text {i}" for i in range(n)],
            "tokens": pd.NA,
        }
    )
    return CaptionMotionLatents(
        "toy", clips, np.asarray(text, np.float32), np.asarray(motion, np.float32), tuple(listed)
    )


def brute(similarity: np.ndarray) -> np.ndarray:
    """Average ranks of the diagonal, each row against all columns."""
    own = np.diag(similarity)[:, None]
    return (similarity > own).sum(1) + ((similarity == own).sum(1) - 1) / 2


def test_protocol_a_and_b_agree_with_ranks_counted_one_by_one():
    rng = np.random.default_rng(0)
    text, motion = rng.normal(size=(9, 5)), rng.normal(size=(9, 5))
    sentence = np.repeat(np.eye(9)[:5], 2, axis=0)[:9].astype(np.float32)  # neighbours share a sentence
    found = {one.name: one for one in protocols(paired(text, motion), sentence, **ASKED)}
    unit = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (text, motion)]
    similarity = unit[0] @ unit[1].T
    ranks = brute(similarity)
    assert found["all"].measures["t2m/R@3"] == pytest.approx(100 * (ranks < 3).mean())
    assert found["all"].measures["m2t/MedR"] == pytest.approx(np.median(brute(similarity.T)) + 1)
    best = [max(similarity[q, j] for j in range(9) if sentence[q] @ sentence[j] > 0.9) for q in range(9)]
    near = np.array([(similarity[q] > best[q]).sum() for q in range(9)])
    assert found["threshold"].measures["t2m/R@1"] == pytest.approx(100 * (near < 1).mean())
    assert found["threshold"].chance == pytest.approx(100 * (8 * 2 + 1) / 9 / 9)
    assert found["all"].chance == pytest.approx(100 / 9) and found["small batches"].chance == 25


def test_leak_free_queries_are_ranked_in_the_whole_gallery(monkeypatch):
    rng = np.random.default_rng(4)
    text, motion = rng.normal(size=(12, 5)), rng.normal(size=(12, 5))
    sentence = np.repeat(np.eye(12)[:6], 2, axis=0).astype(np.float32)  # neighbours share a sentence
    monkeypatch.setattr(embedding, "encode", lambda texts, model: sentence)
    clean = [1, 2, 3, 7, 10, 11]
    tests = {"toy": paired(text, motion), "other": paired(text, motion)}
    found = embedding.of_corpora(tests, clean={"toy": {f"c{i:02d}" for i in clean} | {"absent"}}, **ASKED)
    assert {one.clips for one in found["other"]} == {"all"}
    unit = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (text, motion)]
    ranks = brute(unit[0] @ unit[1].T)
    first = found["toy"][0]
    assert (first.name, first.clips, first.ranks[0].gallery, len(first.ranks[0])) == ("all", "leak-free", 12, 6)
    assert first.measures["t2m/R@3"] == pytest.approx(100 * (ranks[clean] < 3).mean())
    assert first.measures["t2m/MedR"] == pytest.approx(np.median(ranks[clean]) + 1)
    assert first.chance == pytest.approx(100 / 12) and first.ceiling == pytest.approx(50)
    whole = {one.name: one for one in found["toy"] if one.clips == "all"}
    assert whole["all"].measures["t2m/R@3"] == pytest.approx(100 * (ranks < 3).mean())
    assert [one.clips for one in found["toy"]] == sorted((one.clips for one in found["toy"]), reverse=True)

    table = embedding.interval_table(found, ties="average", draws=100, seed=0)
    row = embedding.estimate(table[table["corpus"] == "toy"], "all", "text to motion", "R@3", clips="leak-free")
    assert row.n == 6 and row.value == pytest.approx(first.measures["t2m/R@3"])
    asked = embedding.gallery_table(found, ties="average", draws=50, seed=0).query("k == 3 and size == 12")
    assert asked.query("corpus == 'toy'")["recall"].iloc[0] == pytest.approx(whole["all"].measures["t2m/R@3"])
    keys = {"toy": "toy", "other": "other"}
    recorded = sentences.values(keys, modality_gap.gaps({}, draws=10, seed=0), table, None)
    recorded |= sentences.leak_free(keys, table)
    assert recorded["toy_leak_free_t2m_all_r3"].n == 6 and recorded["toy_t2m_all_r3"].n == 12
    assert recorded["toy_leak_free_clips"] == 6 and "other_leak_free_clips" not in recorded
    assert recorded["leak_free"].startswith("6 of the 12 test clips of toy are leak-free for this TMR,")
    assert all(declared.is_value("embedding", name) for name in recorded)


def test_fewer_than_five_leak_free_base_clips_are_not_asked_for():
    x = np.eye(8)
    one = protocols(paired(x, x), x.astype(np.float32), **ASKED)[0]
    assert one.among({"c00", "c01", "c02", "c03"}, ties="average") is None
    assert one.among({"c00", "c01", "c02", "c03", "c04"}, ties="average").measures["t2m/R@1"] == 100


def test_the_ceiling_is_one_over_the_clips_that_share_the_sentence():
    sentence = np.eye(4)[[0, 0, 0, 0, 1, 1, 2, 3]].astype(np.float32)
    x = np.eye(8)
    found = {one.name: one for one in protocols(paired(x, x), sentence, **ASKED)}
    assert found["all"].measures["t2m/R@1"] == 100
    assert found["all"].ceiling == pytest.approx(100 * np.mean([1 / 4] * 4 + [1 / 2] * 2 + [1, 1]))


def test_listed_clips_make_protocol_c_and_the_missing_ones_are_said():
    x = np.eye(6)
    one = protocols(paired(x, x, listed=["c01", "c04", "gone"]), x.astype(np.float32), **ASKED)[2]
    assert one.ranks[0].gallery == 2 and one.note == "2 clips, the corpus' own list, 1 listed are missing"


def test_too_few_clips_for_a_batch_leave_protocol_d_out():
    x = np.eye(3)
    found = {"toy": protocols(paired(x, x), x.astype(np.float32), **ASKED)}
    assert [one.name for one in found["toy"]] == ["all", "threshold", "dissimilar"]
    repeated = embedding.repeated_sentences({"toy": paired(x, x, texts=["a", "a", "b"])}, found)
    assert repeated.loc[0, ["clips", "sentences"]].tolist() == [3, 2] and np.isnan(repeated["ceiling_batches"][0])
    assert repeated["shared"][0] == pytest.approx(2 / 3)


def test_published_rows_say_that_they_are_published():
    x = np.eye(5)
    table = embedding.retrieval_table({"toy": protocols(paired(x, x), x.astype(np.float32), **ASKED)})
    both = embedding.beside_published(table)
    quoted = both[~both["data"].eq("toy")]
    assert quoted["data"].str.startswith("published: ").all() and len(quoted) == 4
    assert both.columns.tolist() == table.columns.tolist()


def test_intervals_hold_the_value_and_galleries_end_at_the_full_one():
    rng = np.random.default_rng(1)
    text = rng.normal(size=(24, 6))
    found = {"toy": protocols(paired(text, text + rng.normal(size=(24, 6))), text.astype(np.float32), **ASKED)}
    table = embedding.interval_table(found, ties="average", draws=200, seed=0)
    assert (table["low"] <= table["value"]).all() and (table["value"] <= table["high"]).all()
    curve = embedding.gallery_table(found, ties="average", draws=100, seed=0).query("k == 1 and size == 24")
    measured = [found["toy"][0].measures[f"{way}/R@1"] for way in ("t2m", "m2t")]
    assert curve["recall"].tolist() == pytest.approx(measured)


def test_mirrors_count_only_where_asked():
    one = paired(np.eye(4), np.eye(4), mirrored=[False, True, False, True])
    assert len(one.unmirrored) == 2 and len(one.split("test")) == 4 and len(one.split("train")) == 0
    assert pairs.counted({"toy": one}).query("split == 'test'")[["pairs", "without_mirrors"]].values.tolist() == [
        [4, 2]
    ]


def test_a_gap_that_is_there_is_found_and_centring_closes_it():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(80, 6))
    table = modality_gap.gaps({"toy": paired(x + 3, x - 3)}, draws=100, seed=0).set_index(["measure", "centred"])
    raw, centred = table.loc[("centroid gap", False)], table.loc[("centroid gap", True)]
    assert raw["low"] > raw["none"] and centred["value"] < raw["value"] / 5
    shown = modality_gap.before_and_after(table.reset_index())
    assert shown["measure"].tolist()[:2] == ["centroid gap", "probe AUC"]
    assert shown["centred"].isna().tolist() == [True, *[False] * (len(shown) - 1)] and shown["raw"].notna().all()


def test_the_gap_is_the_distance_of_the_centroids_along_x_and_small_by_chance():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(300, 6))
    one = paired(x + 2, x - np.array([2, 0, 0, 0, 0, 0]))
    text, motion = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (one.text, one.motion))
    points, shares = modality_gap.drawn({"toy": one}, seed=0)
    assert len(points) == 4 * 300 and set(points["labels"]) == {"observed", "by chance"}
    seen = points[points["labels"] == "observed"]
    centres = seen.groupby("modality")[["x", "y"]].mean()
    distance = np.linalg.norm(text.mean(axis=0) - motion.mean(axis=0))
    assert centres.loc["motion", "x"] - centres.loc["text", "x"] == pytest.approx(distance, rel=1e-5)
    assert centres["x"].sum() == pytest.approx(0, abs=1e-6) and centres["y"].tolist() == pytest.approx([0, 0], abs=1e-6)
    both = np.concatenate([text, motion]).astype(float)
    both -= both.mean(axis=0)
    axis = (motion.mean(axis=0) - text.mean(axis=0)) / distance
    rest = both - np.outer(both @ axis, axis)
    first = np.linalg.svd(rest, full_matrices=False)[1][0] ** 2
    assert shares["toy"] == pytest.approx(first / (both**2).sum(), rel=1e-4)
    assert seen["y"].var(ddof=0) * len(seen) == pytest.approx(first, rel=1e-4)
    chance = points[points["labels"] == "by chance"].groupby("modality")["x"].mean()
    assert abs(chance["motion"] - chance["text"]) < distance / 5
    figure = figures.joint_plane(points, shares)
    assert f"toy, observed: gap {distance:.2f};" in figure.alt.lower() and len(figure.figure.axes) == 4


def test_every_class_has_a_panel_of_its_own_that_names_it_and_an_ellipse_round_half_of_it():
    rng = np.random.default_rng(6)
    place = rng.normal(size=(4000, 2)) @ np.array([[2.0, 0.5], [0.0, 0.7]])
    table = pd.DataFrame(place, columns=["x", "y"]).assign(corpus="toy", space="text")
    table["class"] = np.repeat(["walk", "sit", ""], [2000, 1000, 1000])
    table = pd.concat([table, table.assign(space="motion")])
    axes = figures.classes(table, {"toy": ["walk", "sit"]}, None).figure.axes
    assert [one.get_title() for one in axes[:3]] == ["half of each class", "walk (2,000)", "sit (1,000)"]
    outline = axes[1].lines[0].get_xydata()
    inside = matplotlib.path.Path(outline).contains_points(place[:2000])
    assert inside.mean() == pytest.approx(0.5, abs=0.03) and len(axes[0].lines) == 2


def test_the_words_beside_the_cosines_are_means_of_all_pairs():
    rng = np.random.default_rng(2)
    text, motion = rng.normal(size=(9, 4)), rng.normal(size=(9, 4)) + 1
    unit = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (text, motion)]
    cosine = unit[0] @ unit[1].T
    others = cosine[~np.eye(9, dtype=bool)].mean()
    told = sentences.cosines(modality_gap.gaps({"toy": paired(text, motion)}, draws=20, seed=0))
    assert f"of {np.diag(cosine).mean():.2f}, mismatched ones of {others:.2f}.".replace("-", "−") in told


def test_classes_that_lie_off_the_plane_are_separable_in_the_full_space_only():
    rng = np.random.default_rng(0)
    wide = rng.normal(size=(120, 2)) * 10
    off = np.repeat([[2.0], [-2.0]], 60, axis=0)
    x = np.concatenate([wide, off], axis=1)
    labels = ["walk"] * 60 + ["sit"] * 60
    apart = keyword_classes.separable({"toy": paired(x, x)}, {"toy": labels}, permutations=99, seed=0)
    probe = apart.query("measure == 'probe accuracy' and space == 'text'").iloc[0]
    assert probe["full"] > 0.75 > probe["plane"] and probe["p_holm"] < 0.05
    for _, asked in apart.groupby("measure"):
        corrected = multipletests(asked["p_difference"], method="holm")[1]
        assert len(asked) == 2 and asked["p_holm"].tolist() == pytest.approx(corrected.tolist())
    assert keyword_classes.shown(apart)["p_holm"].equals(apart["p_holm"])


@pytest.mark.parametrize(
    ("recalls", "end"), [([10, 30, 40], "3, the last one, so it may not have converged."), ([10, 30, 20], "epoch 2.")]
)
def test_a_training_that_was_best_at_its_end_is_said_to_be_open(recalls, end):
    log = pd.DataFrame({"epoch": range(3), "recons": 1.0, "contrastive": 2.0, "R@1": recalls})
    assert sentences.training(log).endswith(end) and f"is best, {max(recalls)}.0 %," in sentences.training(log)


def test_a_clip_with_two_keywords_is_in_no_class_and_too_few_clips_make_no_test():
    tokens = ["walk/VERB", "walk/VERB sit/VERB", "sit/VERB", "a/DET man/NOUN"]
    said = paired(np.eye(4), np.eye(4))
    said.clips["tokens"] = said.clips["text"] = tokens
    asked = {"not_actions": [], "synonym": 0.9, "model": None}
    words, labels = keyword_classes.chosen({"toy": said}, ["walk", "sit"], 2, **asked)
    assert words == {"toy": ["walk", "sit"]} and labels == {"toy": ["walk", "", "sit", ""]}
    assert keyword_classes.counted(labels, words)["count"].tolist() == [1, 1]
    x = np.eye(4)
    assert keyword_classes.separable({"toy": paired(x, x)}, labels, permutations=19, seed=0) is None


def test_of_a_large_corpus_some_clips_are_drawn_on_the_axes_of_all(monkeypatch):
    x = np.random.default_rng(3).normal(size=(30, 8))
    labels = [f"clip {at}" for at in range(30)]
    whole = keyword_classes.placed({"toy": paired(x, x)}, {"toy": labels}).set_index(["space", "class"])
    monkeypatch.setattr(keyword_classes, "DRAWN", 7)
    some = keyword_classes.placed({"toy": paired(x, x)}, {"toy": labels}).set_index(["space", "class"])
    assert len(whole) == 60 and len(some) == 14
    pd.testing.assert_frame_equal(some, whole.loc[some.index])


def few_and_many() -> dict[str, CaptionMotionLatents]:
    rng = np.random.default_rng(3)
    return {
        name: paired(rng.normal(size=(n, 4)), rng.normal(size=(n, 4)), mirrored=[False] * plain + [True] * (n - plain))
        for name, n, plain in (("few", 8, 4), ("many", 6, 5))
    }


def test_a_corpus_with_fewer_than_five_base_clips_is_left_out_and_named():
    tests = few_and_many()
    assert pairs.base_clips(tests) == {"few": 4, "many": 5} and [*pairs.measurable(tests)] == ["many"]
    held_out = {name: one.unmirrored for name, one in pairs.measurable(tests).items()}
    gaps = modality_gap.gaps(held_out, draws=100, seed=0)  # five clips fill the five folds of the probe
    assert set(gaps["corpus"]) == {"many"} and np.isfinite(gaps[["value", "low", "high"]]).all(axis=None)
    told = sentences.too_few(pairs.base_clips(tests))["too_few"]
    assert "few has 4 and is left out" in told and "many" not in told


def test_without_a_measurable_corpus_nothing_is_drawn_and_a_sentence_says_why():
    counts, few = {"few": 4}, pairs.measurable({"few": few_and_many()["few"]})
    gaps, table = modality_gap.gaps(few, draws=100, seed=0), modality_gap.cosines(few, seed=0)
    assert gaps.empty and table is None and modality_gap.before_and_after(gaps) is None
    drawn, shares = modality_gap.drawn(few, seed=0)
    assert published_range.compared({}, ties="average", draws=100, seed=0).empty
    assert figures.joint_plane(drawn, shares).figure is None and figures.cosines(table, gaps).figure is None
    found = embedding.of_corpora(few, clean={}, **ASKED)
    asked = {"ties": "average", "draws": 100, "seed": 0}
    intervals, galleries = embedding.interval_table(found, **asked), embedding.gallery_table(found, **asked)
    assert figures.recalls(intervals).figure is None and figures.gallery(galleries).figure is None
    assert embedding.shown(intervals) is None
    assert embedding.repeated_sentences(few, found).empty and embedding.protocol_table(found).empty
    assert sentences.values({"few": "few"}, gaps, intervals, None) == {}
    assert sentences.finding(gaps, intervals, counts) == sentences.too_few(counts)["too_few"]


def test_a_listed_subset_of_which_no_clip_is_there_gives_way_to_the_farthest_captions():
    x = np.eye(6)
    found = {one.name: one for one in protocols(paired(x, x, listed=["absent"]), x.astype(np.float32), **ASKED)}
    assert found["dissimilar"].note == "6 clips, chosen farthest first by sentence"


def test_the_finding_names_the_gallery_that_was_searched() -> None:
    gap = {
        "corpus": "c",
        "measure": "centroid gap",
        "centred": False,
        "value": 1.0,
        "low": 0.9,
        "high": 1.1,
        "none": 0.2,
    }
    recall = {"corpus": "c", "clips": "all", "protocol": "small batches", "measure": "R@1", "low": 50.0, "high": 70.0}
    ways = [recall | {"direction": way, "value": 60.0, "n": 80} for way in ("text to motion", "motion to text")]
    finding = sentences.finding(pd.DataFrame([gap]), pd.DataFrame(ways).assign(chance=100 / 8), {"c": 80})
    assert "R@1 among 8 is 60.0 % text to motion and 60.0 % motion to text on all clips (chance 12.5 %)" in finding


def test_where_arrays_lie_changes_neither_ranks_nor_chances(monkeypatch):
    rng = np.random.default_rng(3)
    text = rng.normal(size=(40, 6))
    sentence = np.round(rng.normal(size=(40, 3)) + 1).astype(np.float32) + np.float32(0.5)
    given = paired(text, text + rng.normal(size=(40, 6))), sentence
    here = protocols(*given, **ASKED)
    for module in (ranking, retrieval_protocols):
        monkeypatch.setattr(module, "place_of", lambda device=None: place_of(torch.device("cpu")))
    unlike = sentence / np.linalg.norm(sentence, axis=1, keepdims=True)
    for one, other in zip(here, protocols(*given, **ASKED), strict=True):
        assert one.measures == other.measures
        np.testing.assert_array_equal(one.chances, other.chances)
    near = (unlike @ unlike.T > ASKED["threshold"]).sum(axis=1)
    np.testing.assert_array_equal(here[1].chances, 100 * near / 40)
    assert near.max() > 1
