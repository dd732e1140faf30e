"""Which pairs of clips play beside each other, and in which order."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from lib.sections.similarity import contamination


def test_pairs_stand_beside_each_other_nearest_to_the_bound_first() -> None:
    corpora = {"h": SimpleNamespace(name="open"), "d": SimpleNamespace(name="own")}
    ids = [f"open{n}" for n in range(5)]
    flags = pd.DataFrame(
        {
            "clip_id": ids,
            "nearest_clip_id": [f"own{n}" for n in range(5)],
            "caption": list("abcde"),
            "nearest_caption": list("ABCDe"),
            "cosine": [0.99, 0.96, 0.97, 0.94, 0.999],
        }
    )
    summary = pd.DataFrame({"threshold": [0.9, 0.95]})
    leak = SimpleNamespace(flags=flags, summary=summary, test="open", train="own")
    found = contamination.played_pairs(corpora, leak, most=2)
    assert found["clip_id"].tolist() == ["open1", "own1", "open2", "own2"]
    assert found["key"].tolist() == ["h", "d", "h", "d"] and found["note"].tolist() == ["b", "B", "c", "C"]
    assert found["label"].tolist()[:2] == ["test, cosine 0.960", "train, cosine 0.960"]


def test_the_recall_of_an_index_is_shown_by_corpus_and_nothing_without_one() -> None:
    names = [f"t{n}" for n in range(60)]
    vectors = dict(zip(names, np.repeat(np.eye(6, dtype=np.float32), 10, axis=0), strict=True))
    clips = pd.DataFrame({"clip_id": names, "mirror_of": None})
    corpus = SimpleNamespace(name="own", clips=clips, captions=pd.DataFrame({"clip_id": names, "text": names}))
    asked = {"threshold": 0.9, "block": 16, "draws": 100}
    exact, found = (
        contamination.near_duplicate_groups([corpus], vectors, **asked, search=search, rng=np.random.default_rng(0))
        for search in ("exact", "ivf")
    )
    assert contamination.index_recall(exact) is None
    shown = contamination.index_recall(found)
    assert shown is not None and shown[["corpus", "share", "n"]].to_numpy().tolist() == [["own", 1.0, 60 * 9]]
    pd.testing.assert_frame_equal(contamination.group_table(exact), contamination.group_table(found))
