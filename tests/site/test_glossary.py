"""The glossary: terms in plain sentences, each with an anchor, and no page links a term that it lacks."""

import re

import pytest

from lib.base.paths import ROOT

PAGES = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "report").rglob("*.qmd"))}
GLOSSARY = PAGES[ROOT / "report" / "guide" / "glossary.qmd"]
TERMS = re.findall(r"^\[[^\]]+\]\{#([\w-]+)\}\n:   (.+)$", GLOSSARY, re.MULTILINE)
LONGEST = 25


def test_every_term_that_a_page_links_is_there_and_none_is_there_twice() -> None:
    anchors = [anchor for anchor, _ in TERMS]
    linked = {anchor for text in PAGES.values() for anchor in re.findall(r"glossary\.qmd#([\w-]+)", text)}
    assert len({*anchors}) == len(anchors) > 20
    assert linked and linked - {*anchors} == set()


@pytest.mark.parametrize(("term", "told"), TERMS, ids=[term for term, _ in TERMS])
def test_a_term_is_one_to_three_short_sentences(term: str, told: str) -> None:
    sentences = re.split(r"(?<=[.;])\s+", re.sub(r"\s*\[@[\w-]+\]", "", told))
    assert told.endswith(".") and 1 <= len(sentences) <= 4
    assert max(len(sentence.split()) for sentence in sentences) <= LONGEST


def test_the_readme_links_every_page_of_the_guide() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    guide = [path.relative_to(ROOT).as_posix() for path in PAGES if path.parent.name == "guide"]
    assert [page for page in guide if f"({page})" not in readme] == []
    assert [link for link in re.findall(r"\]\((report/[^)]+)\)", readme) if not (ROOT / link).is_file()] == []
    assert len(readme.splitlines()) < 70 and "make report" in readme and "make test" in readme
