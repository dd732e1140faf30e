"""What is made of texts is made once ever, in partitions of any size, and nothing but the store is left."""

from pathlib import Path

import pandas as pd
import pytest

from lib.base.errors import RunError
from lib.text import language, tokens
from lib.text.made_once import made_once
from lib.text.store import Store, key

TEXTS = [f"a {who} {how} {n} steps" for who in ("man", "woman") for how in ("walks", "side-steps") for n in range(8)]
asked: list[str] = []


def louder(rows: pd.DataFrame) -> pd.DataFrame:
    asked.extend(rows["text"])
    return pd.DataFrame({"made": [text.upper() for text in rows["text"]]}, dtype="str")


def refuses(rows: pd.DataFrame) -> pd.DataFrame:
    if "no" in {*rows["text"]}:
        raise ValueError("no")
    return louder(rows)


@pytest.fixture(autouse=True)
def nothing_asked() -> None:
    asked.clear()


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_each_text_is_made_once_ever(tmp_path: Path) -> None:
    how = {"step": "s", "maker": "m", "store": tmp_path / "s.sqlite", "workers": 1, "rows": 3}
    assert made_once(louder, ["a", "b", "a", ""], **how) == {"a": "A", "b": "B", "": ""}
    assert asked == ["a", "b", ""]
    assert made_once(louder, ["c", "b", "d", "e", "f", "ä"], **how) == {one: one.upper() for one in "cbdefä"}
    assert asked == ["a", "b", "", "c", "d", "e", "f", "ä"]
    assert made_once(louder, ["a"], **how | {"maker": "n"}) == {"a": "A"}
    assert len(asked) == 9 and files(tmp_path) == {"s.sqlite"}
    assert made_once(louder, [], **how) == {}


def test_what_was_made_before_a_failure_is_not_made_again(tmp_path: Path) -> None:
    how = {"step": "s", "maker": "m", "store": tmp_path / "s.sqlite", "workers": 1, "rows": 2}
    with pytest.raises(RunError, match="^s: rows 2 to 3 failed: ValueError: no"):
        made_once(refuses, ["a", "b", "c", "no", "d"], **how)
    assert asked == ["a", "b", "d"]
    assert made_once(louder, ["a", "b", "c", "no", "d"], **how)["no"] == "NO"
    assert asked == ["a", "b", "d", "c", "no"] and files(tmp_path) == {"s.sqlite"}


def test_lone_surrogates_are_no_letters_and_keep_their_text(tmp_path: Path) -> None:
    how = {"step": "s", "maker": "m", "store": tmp_path / "s.sqlite", "workers": 1}
    assert made_once(louder, ["a\ud800b"], **how) == {"a\ud800b": "A\ufffdB"}
    with Store(tmp_path / "s.sqlite") as kept:
        assert kept.has([key("m", "a\ud800b")])


@pytest.mark.parametrize("rows", [len(TEXTS), 16, 5], ids=["1", "2", "7"])
@pytest.mark.parametrize("workers", [1, 2])
def test_tags_and_languages_do_not_depend_on_partitions(tmp_path: Path, rows: int, workers: int) -> None:
    how = {"store": tmp_path / "s.sqlite", "rows": rows, "workers": workers, "progress": False}
    made = made_once(tokens.tagged, TEXTS, step="tags", maker="tags", **how)
    assert made == tokens.tag(TEXTS, store=tmp_path / "whole.sqlite", progress=False)
    german = [f"eine Frau geht langsam {n} Schritte nach links" for n in range(4)]
    spoken = made_once(language.spoken, [*TEXTS, *german], step="languages", maker="languages", **how)
    assert spoken == {text: "en" for text in TEXTS} | {text: "de" for text in german}
