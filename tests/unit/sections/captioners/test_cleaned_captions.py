"""Hygiene before anything is judged: what is repaired, what is dropped, what passes, and what is counted of it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.base.errors import CorpusError
from lib.base.withheld import WITHHELD
from lib.captioning.taking import take
from lib.corpus import Corpus, load
from lib.run.redaction import Redaction
from lib.sections.captioners.cleaned_captions import CleanedCaptions, cleaned
from lib.sections.captioners.compared_captions import compared_captions

SAID = {
    "neat": ["A man walks forward.", "A man waves his left hand.", "A man jumps."],
    "chatty": ["In this video, a man walks.", "I'm sorry, I can't see a video.", "A man jumps on a stage."],
    "human": ["in this video a man walks", "a man waves", "a man jumps"],
}


def manifest(root: Path, said: dict[str, list[str]] = SAID) -> Corpus:
    root.mkdir()
    ids = [f"c{n}" for n in range(3)]
    split = {"clip_id": [*ids, "t0", "v0"], "split": ["test"] * 3 + ["train", "val"]}
    clips = pd.DataFrame({**split, "fps": 20.0, "n_frames": 10, "offset": range(0, 50, 10)})
    clips = clips.assign(source=None, body_mode="full", person_count=1, consent=True, mirror_of=None)
    clips.astype({"source": "str", "mirror_of": "str"}).to_parquet(root / "clips.parquet")
    rows = [(ids[n], f"{ids[n]}#{name}", text, name) for name, texts in said.items() for n, text in enumerate(texts)]
    table = pd.DataFrame(rows, columns=["clip_id", "caption_id", "text", "captioner"])
    table = table.assign(tokens="a/DET", start_s=0.0, end_s=0.0)
    table.to_parquet(root / "captioner_captions.parquet")
    others = table.head(2).assign(clip_id=["t0", "v0"], caption_id=["t0", "v0"], captioner="human")
    own = table.query("captioner == 'human'").assign(caption_id=ids, captioner="old")
    pd.concat([own, others]).to_parquet(root / "captions.parquet")
    return load("manifest", root, name="dm")


def judged(corpus: Corpus, store: Path) -> CleanedCaptions:
    compared = compared_captions({"dm": corpus}, "captioner", splits=["test"])
    return cleaned(compared, rng=np.random.default_rng(0), store=store / "languages.sqlite")


def test_captions_are_repaired_or_dropped_and_counted_by_captioner(tmp_path: Path) -> None:
    found = judged(manifest(tmp_path / "dm"), tmp_path)
    texts = found.compared.captions.set_index("caption_id")["text"]
    assert texts.to_dict() == {
        "c0#neat": "A man walks forward.",
        "c1#neat": "A man waves his left hand.",
        "c2#neat": "A man jumps.",
        "c0#chatty": "A man walks.",
        "c2#chatty": "A man jumps.",
    }
    counts = found.counts.set_index("captioner")
    assert counts.loc["neat"].tolist() == [3, 0, 0, 0] and counts.loc["chatty"].tolist() == [3, 3, 2, 1]
    assert {name: value.value for name, value in found.values.items()} == {
        "candidates": 6,
        "repaired": 2,
        "dropped": 1,
        "human_captions": 3,
        "human_faults": 1,
    }
    faults = found.faults.set_index("fault")
    assert faults.loc["refusal", "judged_caption"] == "" and faults.loc["meta", "judged_caption"] == "A man walks."


def test_captions_of_people_pass_unharmed(tmp_path: Path) -> None:
    corpus = manifest(tmp_path / "dm")
    found = judged(corpus, tmp_path)
    assert found.counts.set_index("captioner").loc["human"].tolist() == [3, 1, 0, 0]  # a fault is seen, nothing is done
    by_place = compared_captions({"dm": corpus}, "position", splits=["test"], positions=1)
    assert cleaned(by_place, rng=np.random.default_rng(0)).compared is by_place


def test_a_captioner_of_whom_nothing_is_left_leaves_no_comparison_and_is_named(tmp_path: Path) -> None:
    found = judged(manifest(tmp_path / "dm", SAID | {"chatty": ["I cannot see the video."] * 3}), tmp_path)
    assert found.compared.names == ["neat"] and found.compared.why_not == "no caption by chatty can be judged"


def test_examples_of_a_private_corpus_are_withheld(tmp_path: Path) -> None:
    shown = Redaction(["dm"], dict).frame(judged(manifest(tmp_path / "dm"), tmp_path).faults)
    assert {*shown["example_caption"], *shown["judged_caption"]} == {WITHHELD}


def test_what_is_taken_is_what_was_judged(tmp_path: Path) -> None:
    root = tmp_path / "dm"
    corpus, rng = manifest(root), np.random.default_rng(0)
    done = take(corpus, "chatty", rng=rng)
    assert (done.captions, done.clips, done.repaired, done.dropped) == (2, 2, 2, 1)
    table = pd.read_parquet(root / "captions.parquet").query("captioner == 'chatty'")
    assert table["text"].tolist() == ["A man walks.", "A man jumps."] and table["tokens"].isna().all()
    assert take(corpus, "neat", rng=rng).repaired == 0
    table = pd.read_parquet(root / "captions.parquet").query("captioner == 'neat'")
    assert table["tokens"].tolist() == ["a/DET"] * 3  # of unchanged words


def test_a_captioner_of_refusals_is_not_taken(tmp_path: Path) -> None:
    root = tmp_path / "dm"
    corpus = manifest(root, SAID | {"chatty": ["I cannot see the video."] * 3})
    with pytest.raises(CorpusError, match="no caption of 'chatty' can be used"):
        take(corpus, "chatty", rng=np.random.default_rng(0))
