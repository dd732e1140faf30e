"""Both ways to leak together, against sets of clips counted by hand; lists for every training mix."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.corpus.leak_free import list_name
from lib.run import declared
from lib.sections.similarity import leak_free_lists, sentences
from lib.sections.similarity.either_way import EitherWay, either_way, table
from lib.sections.similarity.leakage import shared_sources
from lib.sections.similarity.split import LeakFree, leak_free

WORDS = ("walk", "jump", "sit", "wave", "spin")
VECTORS = {word: vector for word, vector in zip(WORDS, np.eye(5, dtype=np.float32), strict=True)}
VECTORS["stride"] = np.float32([0.96, 0.28, 0, 0, 0])  # says what "walk" says, at cosine 0.96
CLIP = st.tuples(st.sampled_from(["train", "test"]), st.sampled_from("vwxyz"), st.lists(st.sampled_from(WORDS)))


def tables(rows: list[tuple[str, str, str, list[str]]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Clips and captions of rows (clip, split, recording, captions); "Ma" is the mirror of "a"."""
    clips = pd.DataFrame([row[:3] for row in rows], columns=["clip_id", "split", "source"])
    clips["base_id"] = clips["clip_id"].str.removeprefix("M")
    clips["mirror_of"] = clips["base_id"].where(clips["base_id"] != clips["clip_id"])
    texts = [(clip, text) for clip, _, _, captions in rows for text in captions]
    return clips, pd.DataFrame(texts, columns=["clip_id", "text"])


def together(rows: list[tuple[str, str, str, list[str]]]) -> EitherWay | None:
    clips, captions = tables(rows)
    overlap = shared_sources(clips)
    clean = {"": leak_free(clips, captions, VECTORS, overlap, threshold=0.95)}
    return either_way(clean, overlap, draws=100, rng=np.random.default_rng(0))


@given(st.lists(CLIP, min_size=1, max_size=12))
def test_the_union_is_that_of_the_sets(made: list[tuple[str, str, list[str]]]) -> None:
    rows = [(f"c{at}", *one) for at, one in enumerate(made)]
    trained = [row for row in rows if row[1] == "train"]
    tapes, words = {row[2] for row in trained}, {word for row in trained for word in row[3]}
    tested = [row for row in rows if row[1] == "test"]
    recording = {row[0] for row in tested if row[2] in tapes}
    text = {row[0] for row in tested if words & {*row[3]}}
    found = together(rows)
    if found is None:
        assert not any(row[3] for row in tested)
        return
    counts = table(found).set_index("leaks")["clips"].to_dict()
    assert counts == {
        "by recording or by text": len(recording | text), "by recording": len(recording), "by text": len(text),
        "by both": len(recording & text),
    }  # fmt: skip
    assert all(one.n == len(tested) and one.low <= one.value <= one.high for one in found.shares.values())
    shown = table(found).set_index("leaks")["low"]
    assert shown.isna().tolist() == [False, True, True, False], "the share of one way has its interval elsewhere"
    assert found.expected == pytest.approx(len(recording) * len(text) / len(tested))
    assert found.unjudged == len([row for row in tested if not row[3] and row[0] not in recording])


def test_a_clip_and_its_mirror_are_one_and_either_caption_leaks() -> None:
    rows = [("t", "train", "v", ["walk"]), ("a", "test", "w", ["sit"]), ("Ma", "test", "w", ["stride"])]
    rows += [("b", "test", "v", ["jump"]), ("Mb", "test", "v", ["jump"]), ("c", "test", "x", ["wave"])]
    found = together(rows)
    assert found is not None and found.shares["by recording or by text"].n == 3
    assert found.overlap == "1 by recording and 1 by text, none by both (0.3 expected by chance)"
    recorded = sentences.together(found)
    assert recorded["either_clips"] == 2 and recorded["either_cosine"] == 0.95 and recorded["both_clips"] == 0
    assert all(declared.is_value("similarity", name) for name in recorded)
    assert sentences.together(None) == {} and table(None) is None


def test_the_interval_of_the_union_resamples_recordings() -> None:
    rows = [("t", "train", "tape 0", ["walk"]), ("u", "train", "tape 1", ["walk"])]
    rows += [(f"c{n}", "test", f"tape {n // 20}", ["sit"]) for n in range(200)]  # ten tapes, two of them shared
    clips, captions = tables(rows)
    overlap = shared_sources(clips)
    clean = {"": leak_free(clips, captions, VECTORS, overlap, threshold=0.95)}
    found = either_way(clean, overlap, draws=4000, rng=np.random.default_rng(0))
    whole = found.shares["by recording or by text"]
    assert whole.value == 0.2 and (whole.high - whole.low) / 2 == pytest.approx(1.96 * 0.4 / 10**0.5, rel=0.2)


def test_what_one_way_cannot_judge_is_counted_as_not_leaking_and_said() -> None:
    found = together([("t", "train", "v", ["walk"]), ("a", "test", "w", []), ("b", "test", "v", ["walk"])])
    assert found.shares["by recording or by text"].value == 0.5 and found.unjudged == 1
    assert found.overlap.endswith("; 1 more count as not leaking, as one way could not judge them")


def mixes() -> tuple[dict[str, SimpleNamespace], dict[str, LeakFree]]:
    """Test clips that leak nowhere, by recording, by text, or by a caption of other data alone."""
    rows = [("t", "train", "v", ["walk"]), ("a", "test", "w", ["jump"]), ("b", "test", "v", ["jump"])]
    rows += [("c", "test", "x", ["stride"]), ("d", "test", "y", ["sit"]), ("Md", "test", "y", ["sit"])]
    rows += [("e", "test", "z", ["wave"])]
    others = {
        "dm": [("w", "train", "w", ["sit"]), ("n", "test", "n", ["jump"])],  # its recording "w" is another one
        "kit": [("w", "train", "w", ["wave", "spin"])],
    }
    corpora = {}
    for key, own in {"h3d": rows, **others}.items():
        clips, captions = tables(own)
        captions["caption_id"] = [f"{key}#{at}" for at in range(len(captions))]
        corpora[key] = SimpleNamespace(name=key.upper(), clips=clips, captions=captions)
    overlaps = {"H3D": shared_sources(corpora["h3d"].clips)}
    return corpora, leak_free_lists.of_mixes(corpora, VECTORS, overlaps, threshold=0.95, block=2)


def test_every_training_mix_has_a_list_without_what_its_captions_leak() -> None:
    corpora, clean = mixes()
    assert {name: one.clip_ids for name, one in clean.items()} == {
        list_name(): ["a", "d", "Md", "e"], list_name("dm"): ["a", "e"], list_name("kit"): ["a", "d", "Md"],
    }  # fmt: skip
    reasons = clean[list_name("dm")].flags.set_index("clip_id")["reason"]
    assert reasons["d"] == reasons["Md"] == "caption in added data" and reasons["c"] == "caption in train"
    assert "1 train captions and 1 of DM, mirrors included" in clean[list_name("dm")].rule
    made = leak_free_lists.table(corpora, clean)
    kept = made[made["reason"] == "kept"].set_index("trained_on")
    assert kept["clips"].to_dict() == {"H3D": 4, "H3D and DM": 2, "H3D and KIT": 3, "all of them": 1}
    assert kept["base_clips"].to_dict() == {"H3D": 3, "H3D and DM": 2, "H3D and KIT": 2, "all of them": 1}
    assert leak_free_lists.lines(clean)[list_name("kit")][1:] == ["a", "d", "Md"]
    recorded = sentences.lists([*corpora], clean)
    assert {name: value for name, value in recorded.items() if name != "leak_free_rule"} == {
        "leak_free_clips": 4, "leak_free_of": 6, "leak_free_dm_clips": 2, "leak_free_kit_clips": 3,
        "leak_free_mix_clips": 1,
    }  # fmt: skip
    assert all(declared.is_value("similarity", name) for name in recorded)


def test_one_corpus_alone_has_one_list() -> None:
    corpora, _ = mixes()
    alone = {"h3d": corpora["h3d"]}
    clean = leak_free_lists.of_mixes(alone, VECTORS, {}, threshold=0.95, block=2)
    assert [*clean] == [list_name()] and {"leak_free_mix_clips"}.isdisjoint(sentences.lists(["h3d"], clean))
    assert {*leak_free_lists.table(alone, clean)["trained_on"]} == {"H3D"}
