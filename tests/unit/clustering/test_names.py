"""Names: c-TF-IDF by its formula, and the rows in a cluster's middle."""

import numpy as np
import pytest

from lib.clustering.names import central, class_tfidf, names, terms


def test_scores_follow_the_formula():
    lists = [["walk", "door"], ["walk"], ["dance", "party"], ["dance", "walk"]]
    table = class_tfidf(lists, [0, 0, 1, 1]).set_index(["cluster", "term"])["score"]
    mean = 7 / 2  # terms a cluster
    assert table[0, "walk"] == pytest.approx(2 / 3 * np.log(1 + mean / 3))
    assert table[1, "walk"] == pytest.approx(1 / 4 * np.log(1 + mean / 3))
    assert table[1, "dance"] == pytest.approx(2 / 4 * np.log(1 + mean / 2))


def test_what_every_cluster_says_names_none():
    lists = [["walk"] * 5 + ["run"] * 3, ["walk"] * 5 + ["dance"] * 3]
    table = class_tfidf(lists, [0, 1])
    assert names(table, [0, 1], words=1)["name"].tolist() == ["run", "dance"]


def test_a_word_too_rare_is_left_out_and_a_cluster_without_words_is_numbered():
    table = class_tfidf([["walk", "walk", "ngo"], []], [0, 1])
    assert names(table, [0, 1], least=2)["name"].tolist() == ["walk", "cluster 1"]


def test_two_clusters_of_the_same_words_have_two_names():
    lists = [["walk"], ["walk"], ["walk", "sit"], []]
    table = class_tfidf([some * 10 for some in lists], range(4))
    assert names(table, range(4), words=1)["name"].tolist() == ["walk", "walk (2)", "sit", "cluster 3"]


def test_objects_are_the_nouns_after_a_verb():
    assert terms("the/DET man/NOUN pick/VERB box/NOUN from/ADP floor/NOUN") == ["pick", "box", "floor"]
    assert terms("a/DET man/NOUN") == [] and terms("") == []


def test_central_rows_are_those_of_brute_force_without_equal_texts():
    rng = np.random.default_rng(0)
    rows, labels = rng.normal(size=(60, 4)), rng.integers(3, size=60)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    table = central(rows, labels, n=3)
    for cluster in range(3):
        inside = np.flatnonzero(labels == cluster)
        near = unit[inside] @ unit[inside].mean(axis=0)
        assert table.query("cluster == @cluster")["row"].tolist() == inside[np.argsort(-near)][:3].tolist()
    assert len(central(rows, labels, n=3, alike=["same"] * 60)) == 3
