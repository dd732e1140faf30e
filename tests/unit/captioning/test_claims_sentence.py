"""What a sentence claims, read by hand."""

import pytest

from lib.captioning.claims.sentence import claims


def made(text: str) -> set[tuple[str, str, str]]:
    return {(c.kind, c.event.action, c.value) for c in claims(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the man kicks twice with his left leg",
         {("action", "kick", ""), ("side", "kick", "left"), ("count", "kick", "2")}),
        ("someone waves the right hand", {("action", "wave", ""), ("side", "wave", "right")}),
        ("a man raises both hands", {("action", "raise_arm", ""), ("limb", "raise_arm", "both")}),
        ("a person walks backwards slowly",
         {("action", "walk", ""), ("travel", "walk", "backward"), ("speed", "walk", "slow")}),
        ("A person raises one hand pointing.", {("action", "raise_arm", "")}),
        ("a figure walks to the left", {("action", "walk", ""), ("travel", "walk", "left")}),
        ("a person sits down on the floor", {("posture", "sit", ""), ("contact", "sit", "ground")}),
        ("the man is crawling on hands and knees", {("action", "crawl", ""), ("contact", "crawl", "fours")}),
        ("a person stands up", {("posture", "rise", "")}),
        ("person jogs counter-clockwise", {("action", "run", ""), ("turn", "run", "counterclockwise")}),
        ("he throws a punch with his right fist", {("action", "punch", ""), ("side", "punch", "right")}),
        ("the person uses his right hand to wave", {("action", "wave", ""), ("side", "wave", "right")}),
        ("a person does three jumping jacks", {("action", "jacks", ""), ("count", "jacks", "3")}),
        ("a man turns 180 degrees to the right",
         {("action", "turn", ""), ("turn", "turn", "right"), ("turn", "turn", "180")}),
        ("a woman bows deeply from the waist", {("action", "bow", "")}),
    ],
)  # fmt: skip
def test_each_kind_of_claim_is_read(text: str, expected: set[tuple[str, str, str]]) -> None:
    assert made(text) == expected


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("a person walks like a soldier who kicks", "kick"),
        ("a man walks forward without jumping", "jump"),
        ("the person does not sit", "sit"),
        ("a person stretches as if to throw a ball", "throw"),
        ("a man almost falls while walking", "fall"),
        ("the ball jumps and the man walks", "jump"),
    ],
)
def test_what_is_compared_denied_or_not_a_persons_claims_nothing(text: str, absent: str) -> None:
    assert absent not in {action for _, action, _ in made(text)}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("a person walks forward, then sits down", "walk", "sit"),
        ("a man jumps before kicking", "jump", "kick"),
        ("a man waves after jumping", "jump", "wave"),
        ("the person crawls and afterwards stands up", "crawl", "rise"),
    ],
)
def test_an_order_is_read_from_first_to_last(text: str, first: str, last: str) -> None:
    orders = [(c.event.action, c.then.action) for c in claims(text) if c.kind == "order" and c.then]
    assert orders == [(first, last)]


def test_a_caption_without_deeds_claims_nothing() -> None:
    assert claims("The overall mood is playful.") == []
    assert claims("") == []
