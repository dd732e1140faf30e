from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.text import spacy_model, tokens


def test_own_tokens_are_the_key_to_the_character(tmp_path: Path) -> None:
    captions = pd.DataFrame(
        {"text": ["walks", "a man does a squat"], "tokens": ["odd/X  key/VERB ", None]}, index=[7, 3]
    )
    keys = tokens.pos_key(captions, store=tmp_path / "t.sqlite", progress=False)
    assert keys.index.tolist() == [7, 3]
    assert keys.tolist() == ["odd/X  key/VERB ", "a/DET man/NOUN do/VERB a/DET squat/NOUN"]


def test_rule_of_humanml3d(tmp_path: Path) -> None:
    text = "The man's side-steps, then he is walking 3 steps to his left."
    key = tokens.tag([text], store=tmp_path / "t.sqlite", progress=False)[text]
    pairs = [token.split("/") for token in key.split()]
    assert all(word.isalpha() for word, _ in pairs)
    assert "sidestep" in "".join(word for word, _ in pairs)
    assert ["is", "AUX"] in pairs and ["walk", "VERB"] in pairs and ["step", "NOUN"] in pairs
    assert "left" in [word for word, _ in pairs]
    assert tokens.verbs(key).count("walk") == 1


def test_tagged_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "t.sqlite"
    first = tokens.tag(["a man walks", "a man walks", ""], store=store, progress=False)
    monkeypatch.setattr(type(spacy_model.load()), "pipe", None)
    assert tokens.tag(["a man walks", ""], store=store, progress=False) == first
    assert first[""] == ""


def test_hard_texts(tmp_path: Path) -> None:
    hard = ["🙂🙂", "هذا رجل يمشي", "x" * 10_000, 'a # b / c \\ "', "<script>alert(1)</script>"]
    found = tokens.tag(hard, store=tmp_path / "t.sqlite", progress=False)
    assert list(found) == hard
    assert all(token.count("/") == 1 for key in found.values() for token in key.split())


REAL = "a man puts outstretched arms down and then bends them towards his chest."
"""A caption of HumanML3D."""
TAGGED = "a/DET man/NOUN put/VERB outstretche/VERB arm/NOUN down/ADV and/CCONJ then/ADV bend/VERB chest/NOUN"
"""Its released tags, the last words left out."""


def test_a_lemma_that_is_no_word_gives_way_to_the_captions_own() -> None:
    found = tokens.mended(pd.Series([TAGGED], index=[4], name="pos_key"), pd.Series([REAL]))
    assert found.tolist() == [TAGGED.replace("outstretche/", "outstretched/")]
    assert found.index.tolist() == [4] and found.name == "pos_key"


def test_a_lemma_that_captions_use_or_the_dictionary_holds_stays() -> None:
    keys = pd.Series(["he/PRON moonwalk/VERB back/ADV", "he/PRON go/VERB", TAGGED])
    texts = pd.Series(["he moonwalks back, a moonwalk", "he went", "outstretche is said here"])
    assert tokens.mended(keys, texts).tolist() == keys.tolist()


def test_a_lemma_that_nothing_in_the_caption_is_near_is_dropped() -> None:
    keys = pd.Series(["he/PRON qwxzze/VERB walk/VERB", "qwxzze/X"])
    assert tokens.mended(keys, pd.Series(["he walks", "he walks"])).tolist() == ["he/PRON walk/VERB", "qwxzze/X"]


def test_released_tags_hold_no_lemma_that_is_no_word(shared_data: Path) -> None:
    import zipfile

    with zipfile.ZipFile(shared_data / "humanml3d" / "texts.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith(".txt")]
        lines = [line.rsplit("#", 3) for name in names for line in archive.read(name).decode().splitlines() if line]
    table = pd.DataFrame([line[:2] for line in lines], columns=["text", "key"])
    assert table["key"].str.contains("outstretche/").sum() > 20
    found = tokens.mended(table["key"], table["text"])
    assert not found.str.contains("outstretche/").any()
    changed = found != table["key"]
    assert 0 < changed.mean() < 0.05
    assert (found.str.split().str.len() == table["key"].str.split().str.len()).mean() > 0.99


def test_released_tokens_mostly_agree(shared_data: Path, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(shared_data / "humanml3d" / "texts.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith(".txt")][:100]
        lines = [line.rsplit("#", 3) for name in names for line in archive.read(name).decode().splitlines() if line]
    ours = tokens.tag([line[0] for line in lines], store=tmp_path / "t.sqlite", progress=False)
    pairs = [
        (mine, theirs)
        for line in lines
        for mine, theirs in zip(ours[line[0]].split(), line[1].split(), strict=False)
        if len(ours[line[0]].split()) == len(line[1].split())
    ]
    assert sum(mine == theirs for mine, theirs in pairs) / len(pairs) > 0.93


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A man walks.", ["a", "man", "walks"]),
        ("side-step, side step", ["sidestep", "side", "step"]),
        ("the person's and the persons' arms", ["the", "person", "and", "the", "persons", "arms"]),
        ("360 degrees x2", ["degrees", "x"]),
        ("Ｗａｌｋ ﬁst", ["walk", "fist"]),
        ("🙂 هذا رجل", ["هذا", "رجل"]),
        ("snake_case", ["snake", "case"]),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert tokens.words(text) == found


@given(st.text())
def test_words_are_letters_and_stable(text: str) -> None:
    found = tokens.words(text)
    assert all(word and not any(char.isdigit() or char.isspace() for char in word) for word in found)
    assert [again for word in found for again in tokens.words(word)] == found
