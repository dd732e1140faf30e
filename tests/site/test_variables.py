"""Values keep their meaning on the way to prose, whatever characters they hold."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.base.errors import SiteError
from lib.site import variables

ANY = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cn"])
TEXTS = st.lists(st.text(ANY, min_size=1, max_size=30).filter(lambda text: text.split()), min_size=40, max_size=80)
# fmt: off
NASTY = [
    "<script>alert(1)</script>", "a\\b", "*x* _y_ `z`", "# h", "1. one", "(a) b", "- x", "+ x", "% title", ": def",
    "a -- b ---", "$x^2$", "[a](b) ![c](d)", "@guo2022", "{{< var x >}}", "&lt;", "\"q\" 'r'", "שלום 🚶", "~~s~~",
    "H~2~O", "^[note]", "::: x", "::: {.x}", "http://a.b", "---", "...", "\\", "i) x", "#. x", "(@) x", "x =1= y",
    "* x", "-0.5", "−0.5", "N", "true", "2026-01-31", "null", "12.1 %", "+3", "~", "a  b", "| t |", "> quote", "<b>",
    "x\u00a0y", "=====", "!", "\u2028x",
]
# fmt: on


def read_back(texts: list[str], *, as_metadata: bool) -> list[str]:
    """What Pandoc reads when each text stands escaped in prose, or in a file of variables."""
    if as_metadata:
        source = "---\n" + variables.dump({f"v.{n:04}": text for n, text in enumerate(texts)}) + "---\n"
    else:
        source = "\n\n".join(f"{variables.markdown(text)}\n\n☃" for text in texts)
    command = [pypandoc.get_pandoc_path(), "--from=markdown", "--to=json"]
    tree = json.loads(subprocess.run(command, input=source, capture_output=True, text=True, check=True).stdout)
    if as_metadata:
        return [plain(value["c"]) for _, value in sorted(tree["meta"]["v"]["c"].items())]
    paragraphs = [plain([block]) for block in tree["blocks"]]
    assert paragraphs[1::2] == ["☃"] * len(texts)
    return paragraphs[::2]


def plain(nodes: list[dict[str, Any]]) -> str:
    text = ""
    for node in nodes:
        kind = node["t"]
        assert kind in {"Str", "Space", "Para", "Plain"}, f"{kind} was read from plain text"
        text += " " if kind == "Space" else node["c"] if kind == "Str" else plain(node["c"])
    return text


def spaced(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("as_metadata", [False, True])
def test_marked_up_text_is_read_back_as_it_was(as_metadata: bool) -> None:
    assert read_back(NASTY, as_metadata=as_metadata) == [spaced(text) for text in NASTY]


@settings(max_examples=8, deadline=None)
@given(TEXTS)
def test_any_text_is_read_back_as_it_was(texts: list[str]) -> None:
    for as_metadata in (False, True):
        got = read_back(texts, as_metadata=as_metadata)
        assert [spaced(text) for text in got] == [spaced(text) for text in texts]


def test_values_are_read_with_their_parts(tmp_path: Path) -> None:
    file = tmp_path / "values.json"
    text = "50.0 % (95 % CI 40.0–60.0, N = 1,200)"
    share = {"value": 0.5, "low": 0.4, "high": 0.6, "n": 1200, "unit": "share", "text": text}
    file.write_text(json.dumps({"n": 2192, "ok": True, "share": share}), encoding="utf-8")
    read = variables.read(file, "similarity")
    assert read["similarity.n"] == "2,192"
    assert read["similarity.ok"] == "yes"
    assert read["similarity.share"] == text
    assert read["similarity.share_low"] == "40.0 %"
    assert read["similarity.share_n"] == "1,200"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"a.b": 1}', "not a plain name"),
        ('{"a": NaN}', "'a': not a finite number"),
        ('{"a": [1]}', "'a': a list cannot be said in prose"),
        ('{"a": {"low": 1}}', "'a': a measure needs its text"),
        ("[1]", "should be an object"),
        ("{", "cannot be read"),
    ],
)
def test_values_that_prose_cannot_hold_are_refused_by_name(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "values.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SiteError, match="values.json") as caught:
        variables.read(file, "similarity")
    assert said in str(caught.value)
