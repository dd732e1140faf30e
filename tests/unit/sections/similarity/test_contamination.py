"""Which pairs of clips play beside each other, and in which order."""

from types import SimpleNamespace

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
