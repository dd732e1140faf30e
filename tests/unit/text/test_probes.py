"""Probes: exact inverses where they should be, on all real sentences at hand and on made ones."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.corpus import load
from lib.text.probes import PROBES, order_reversed, sides_swapped, subject_replaced

WORDS = st.sampled_from(
    ["left", "right", "Left", "RIGHT", "rIght", "clockwise", "Counterclockwise", "counter-clockwise", "anticlockwise",
     "away", "all", "upright", "right-handed", "leftwards", "a", "person", "turns", "then", "walks,", "left.", "back"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "swapped"),
    [
        ("A person turns left.", "A person turns right."),
        ("LEFT hand, Right foot", "RIGHT hand, Left foot"),
        ("turns clockwise, to the right-hand side", "turns counterclockwise, to the left-hand side"),
        ("steps leftward, then rightwards", "steps rightward, then leftwards"),
        ("the left's turn_left", "the right's turn_left"),
        ("stands upright, right away, all right", None),
        ("turns counter-clockwise and anticlockwise", None),
        ("jumps", None),
        ("", None),
    ],
)
def test_sides(text: str, swapped: str | None) -> None:
    assert sides_swapped(text) == swapped


@given(st.lists(WORDS, max_size=8).map(" ".join))
def test_swapping_twice_gives_any_text_back(text: str) -> None:
    made = sides_swapped(text)
    assert made is None or (made != text and sides_swapped(made) == text)


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("a person walks forward then sits down.", "a person sits down then walks forward."),
        ("The man is jumping, and then clapping twice", "The man is clapping twice, and then jumping"),
        ("a woman waves then she slowly bows", "a woman slowly bows then she waves"),
        ("a person jumps then a hop", None),
        ("a person is walking then sits", None),
        ("a person walks then turns then sits", None),
        ("a person walks. then sits", None),
        ("a person jumps then jumps", None),
        ("walking then sitting", None),
        ("a person jumps then is pushed", None),
    ],
)
def test_order(text: str, turned: str | None) -> None:
    assert order_reversed(text) == turned
    assert turned is None or order_reversed(turned) == text


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("The person walks", "The dog walks"),
        ("an elderly man sits", "a dog sits"),
        ("person waves", "a dog waves"),
        ("Someone waves", "A dog waves"),
        ("several people dance", "several dogs dance"),
        ("walking in a circle", None),
    ],
)
def test_subject(text: str, replaced: str | None) -> None:
    assert subject_replaced(text) == replaced


def test_probes_on_real_sentences(shared_data: Path) -> None:
    texts = sorted(set(load("humanml3d", shared_data / "humanml3d").captions.text))
    made = {name: [(text, false) for text in texts if (false := probe(text))] for name, probe in PROBES.items()}
    share = {name: len(found) / len(texts) for name, found in made.items()}
    assert share["left and right swapped"] > 0.3 and share["subject replaced"] > 0.9
    assert share["order of events reversed"] > 0.1
    for name in ("left and right swapped", "order of events reversed"):
        for text, false in made[name]:
            assert PROBES[name](false) == text != false
            assert sorted(re.findall(r"\w+", false.lower())) == sorted(re.findall(r"\w+", text.lower())) or (
                name == "left and right swapped" and len(false.split()) == len(text.split())
            )
    sided = [text for text in texts if re.search(r"\b(left|right)\b", text)]
    assert len(made["left and right swapped"]) > 0.95 * len(sided)
    for text, false in made["subject replaced"]:
        assert re.match(r"\W*(\w+ )?dogs?\b", false) or len(text.split()) < 3
        assert false.split()[-1] == text.split()[-1] or len(text.split()) < 3
