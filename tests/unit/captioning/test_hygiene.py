"""Captions cleaned before they are judged: each fault on texts written here, and people's captions unharmed."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.captioning.hygiene import clean
from lib.captioning.hygiene_rows import cleaned_all
from lib.captioning.hygiene_text import FAULTS, cleaned
from lib.engine import results
from lib.engine.parameters import CHOSEN, EngineParameters


@pytest.fixture(autouse=True)
def _kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "PARTITIONS", tmp_path / "kept")


@pytest.mark.parametrize(
    ("text", "fault", "repaired"),
    [
        ("", "empty", ""),
        (None, "empty", ""),
        ("...", "empty", ""),
        ("I'm sorry, but I can't view the video.", "refusal", ""),
        ("A man lies down on an icy city sidewalk, then waves.", "scene", "A man lies down, then waves."),
        ("As an AI language model, I have no eyes.", "refusal", ""),
        ("No video was provided.", "refusal", ""),
        ("In this video, a man waves his left hand.", "meta", "A man waves his left hand."),
        ("The video shows a man who waves.", "meta", "A man who waves."),
        ("Sure! Here is a caption: a man waves.", "meta", "A man waves."),
        ("The stick figure walks forward.", "meta", "The person walks forward."),
        ("A man walks forward in the video.", "meta", "A man walks forward."),
        ("A man walks. Let me know if you need more.", "meta", "A man walks."),
        ("```json\n{\"caption\": \"a man waves\"}\n```", "fence", "a man waves"),
        ("{\"action\": \"wave\", \"description\": \"a man waves\"}", "fence", "a man waves"),
        ("**A man** waves.", "fence", "A man waves."),
        ("{\"hand\": 3}", "fence", ""),
        ("a man walks and then sits and then sits and then sits.", "loop", None),
        ("A man walks. A man walks. A man sits.", "loop", "A man walks. A man sits."),
        ("A man walks forward. He then raises his", "cut", "A man walks forward."),
        ("The man raises the", "cut", ""),
        ("A person jumps in a bright studio.", "scene", "A person jumps."),
        ("A woman wearing a red shirt jumps twice.", "scene", "A woman jumps twice."),
        ("A man with long hair jumps.", "scene", "A man jumps."),
    ],
)  # fmt: skip
def test_each_fault_is_repaired_or_dropped(text: str | None, fault: str, repaired: str | None) -> None:
    made = cleaned(text)
    assert fault in made.faults
    if repaired is not None:
        assert made.text == repaired
    assert made.dropped == (repaired == "")


@pytest.mark.parametrize(
    "text",
    [
        "a person walks forward and to the left.",
        "a man steps left, right, left.",
        "The person turns around, then sits down on the floor.",
        "a person picks something up from the ground",
        "someone is walking in a circle",
        "a man raises both arms and lowers them again and again.",
    ],
)
def test_a_sound_caption_passes_as_it_is(text: str) -> None:
    made = cleaned(text)
    assert (made.text, made.faults) == (text, ())


def test_a_loop_is_said_once() -> None:
    assert cleaned("The man turns left, turns left, turns left, turns left").text == "The man turns left"


def test_a_server_that_stopped_at_the_length_cut_the_sentence() -> None:
    text = "A man walks forward. He turns around and jumps high"
    assert cleaned(text, finish="stop").faults == ()
    assert cleaned(text, finish="length").text == "A man walks forward."


def test_each_captioners_faults_are_counted_with_an_example(tmp_path: Path) -> None:
    rows = [
        ("a", "one", "In this video, a man walks."),
        ("b", "one", "I cannot see a video."),
        ("c", "one", "a man jumps"),
        ("a", "two", "Ein Mann geht langsam nach vorne und setzt sich."),
        ("b", "two", "人が前に歩く"),
        ("c", "two", ""),
    ]
    table = pd.DataFrame(rows, columns=["clip_id", "captioner", "text"])
    table["caption_id"] = table.clip_id + "#" + table.captioner
    table.index = pd.Index(range(10, 16))
    made = clean(table, store=tmp_path / "languages.sqlite")
    assert made.captions.text.to_dict() == {10: "A man walks.", 12: "a man jumps"}
    assert made.info == {"captions": 6, "repaired": 1, "dropped": 4}
    counts = {(r.captioner, r.fault): (r.captions, r.repaired, r.dropped) for r in made.summary.itertuples()}
    assert counts == {
        ("one", "refusal"): (1, 0, 1),
        ("one", "meta"): (1, 1, 0),
        ("two", "empty"): (1, 0, 1),
        ("two", "language"): (2, 0, 2),
    }
    assert set(FAULTS) <= set(made.flags.columns) and made.flags.index.tolist() == table.index.tolist()
    assert made.summary.example.tolist()[0] == "I cannot see a video."


def test_one_text_for_many_unlike_clips_is_dropped_and_for_alike_ones_is_not(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    vectors = {f"far{i}": rng.normal(size=8) for i in range(30)}
    vectors |= {f"near{i}": rng.normal(size=8) * 0.5 for i in range(10)}
    rows = [(f"far{i}", "A person moves.") for i in range(8)] + [(f"near{i}", "A person walks.") for i in range(8)]
    table = pd.DataFrame(rows, columns=["clip_id", "text"]).assign(captioner="m")
    table["caption_id"] = table.clip_id + "#0"
    store = tmp_path / "languages.sqlite"
    made = clean(table, likeness=lambda clips: vectors, rng=rng, store=store)
    assert set(made.captions.text) == {"A person walks."}
    assert made.flags.shared.sum() == 8
    assert clean(table, store=store).info["dropped"] == 0
    with pytest.raises(ValueError, match="rng"):
        clean(table, likeness=lambda clips: vectors, store=store)


@pytest.mark.parametrize(("rows", "workers"), [(70, 1), (35, 2), (10, 1)], ids=["1", "2", "7"])
def test_any_partitioning_cleans_as_a_loop_over_texts_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, workers: int
) -> None:
    monkeypatch.setenv(CHOSEN, EngineParameters(workers=workers).model_dump_json())
    said = [None, 5, "", "In this video, a man walks.", "A man walks and then sits", "I cannot see a video."]
    said += ['```json\n{"caption": "a man"}```', "A woman in a red dress jumps in a park.", "人が前に歩く"]
    texts = [said[n % 9] if n % 4 else f"{said[n % 9]} {n}" for n in range(70)]
    finish = ["length" if n % 5 == 0 else "" for n in range(70)]
    wanted = [cleaned(text, finish=why) for text, why in zip(texts, finish, strict=True)]
    assert cleaned_all(texts, finish, rows=rows) == wanted
    table = pd.DataFrame({"text": texts, "finish": [why or None for why in finish], "captioner": "m"})
    table["clip_id"] = table["caption_id"] = [f"c{n}" for n in range(70)]
    made = clean(table, store=tmp_path / "languages.sqlite", rows=rows)
    assert made.flags["cleaned"].tolist() == [one.text for one in wanted]
    told = made.flags[[*FAULTS]].apply(lambda row: {fault for fault in FAULTS if row[fault]} - {"language"}, axis=1)
    assert told.tolist() == [{*one.faults} for one in wanted]
    assert len([*(tmp_path / "kept" / "hygiene").iterdir()]) == -(-70 // rows)


def test_peoples_captions_pass_unharmed(shared_data: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(shared_data / "humanml3d" / "texts.zip") as files:
        lines = [line for name in files.namelist() for line in files.read(name).decode().splitlines() if line.strip()]
    texts = [line.rsplit("#", 3)[0] for line in lines]
    table = pd.DataFrame({"text": texts, "captioner": "human"})
    table["clip_id"] = table["caption_id"] = table.index.astype(str)
    made = clean(table, store=tmp_path / "languages.sqlite")
    touched = made.flags[list(FAULTS)].any(axis=1)
    print(f"{touched.sum()} of {len(texts):,} human captions are changed or dropped ({touched.mean():.2%})")
    assert len(texts) == 7243
    assert touched.mean() <= 0.01
