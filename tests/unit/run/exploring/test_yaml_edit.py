"""Values change and everything else in the text stays, however the YAML is laid out."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.base.errors import ParamsError
from lib.run.exploring.yaml_edit import edited

FLOW = "# head\nprofile: x\nsimilarity: {thresholds: [0.9, 0.95], block: 10}  # kept\n\n# tail\nseed: 0\n"
BLOCK = """\
# head
similarity:  # of the section
  thresholds:
    - 0.9   # one
    - 0.95
  # before block
  block: 10  # of block

# tail
seed: 0
"""


def comments(text: str) -> list[str]:
    return [line[line.index("#") :] for line in text.splitlines() if "#" in line]


@pytest.mark.parametrize(
    "text", [FLOW, BLOCK, "similarity:\nseed: 0\n", "similarity: {}\nseed: 0\n", "seed: 0\n", "seed: 0"]
)
@pytest.mark.parametrize(
    "changes",
    [
        {"block": 5}, {"thresholds": [0.5]}, {"bootstrap": 200}, {"block": None, "examples": 7},
        {"claimed": ["walk", "a: b", "it's #1", "ü"]}, {"margin": 1e-05, "weighted": True},
    ],
)  # fmt: skip
def test_the_text_reads_as_before_with_the_changes(text: str, changes: dict[str, object]) -> None:
    done = edited(text, changes, "similarity")
    before = yaml.safe_load(text)
    section = {**(before.get("similarity") or {}), **changes}
    assert yaml.safe_load(done) == {**before, "similarity": section}
    kept = [one for one in comments(text) if not ("thresholds" in changes and one == "# one")]
    assert [one for one in kept if one not in done] == []


def test_a_line_that_is_not_changed_stays_to_the_letter() -> None:
    # A comment keeps its column.
    assert edited(BLOCK, {"block": 5}, "similarity") == BLOCK.replace("block: 10", "block: 5 ")
    assert edited(FLOW, {"block": 5}, "similarity") == FLOW.replace("block: 10} ", "block: 5}  ")
    assert edited(FLOW, {"examples": 2}, "similarity") == FLOW.replace("block: 10} ", "block: 10, examples: 2}")
    assert edited(BLOCK, {"examples": 2}, "similarity") == BLOCK.replace("of block\n", "of block\n  examples: 2\n")
    assert edited(FLOW, {"profile": "y"}) == FLOW.replace("profile: x", "profile: y")


def test_order_quotes_anchors_and_indentation_stay() -> None:
    text = (
        "---\nzebra: 'no'  # quoted\nalpha: &a\n    deep: \"x\"\n    list:\n        - 1\n"
        "again: *a\nmerged:\n    <<: *a\n    small: 1e-3\n\n# end\nlast: yes\n"
    )
    done = edited(text, {"small": 0.5}, "merged")
    assert done == text.replace("small: 1e-3", "small: 0.5")
    assert edited(text, {"new": "no"}, "merged") == text.replace("small: 1e-3\n", "small: 1e-3\n    new: 'no'\n")


def test_a_comment_that_would_be_lost_is_refused() -> None:
    for text in ("a: {x: 1,  # one\n  y: 2}\n", "# head\n---\na: {x: 1}\n"):
        with pytest.raises(ParamsError, match="would be lost; write {'x': 2} yourself"):
            edited(text, {"x": 2}, "a")
        assert edited(text, {}, "a") == text


WORDS = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")))


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers() | WORDS | st.lists(st.booleans()), min_size=1),
    st.dictionaries(st.sampled_from("abcdef"), st.none() | st.floats(allow_nan=False) | WORDS, min_size=1),
    st.booleans(),
)
def test_any_values_in_any_layout(before: dict[str, object], changes: dict[str, object], flow: bool) -> None:
    text = yaml.safe_dump({"one": before, "two": 2}, default_flow_style=flow or None, allow_unicode=True)
    assert yaml.safe_load(edited(text, changes, "one")) == {"one": {**before, **changes}, "two": 2}
