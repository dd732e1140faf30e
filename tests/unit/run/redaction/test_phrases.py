"""A glance at the words of a text never passes over one that holds what is sought."""

from hypothesis import given
from hypothesis import strategies as st

from lib.run.redaction.phrases import RarestWords, normal

WORDS = st.sampled_from(
    ["a", "person", "walks", "Gr\u00fcn", "dm_007", "STRASSE", "stra\u00dfe", "\u4eba\u8d70", "x-1", "\u0130"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@given(st.lists(TEXTS, max_size=5), TEXTS, st.sampled_from(["{}", "see <b>{}</b>", "- {}, {}!", "\u4eba{}"]))
def test_every_text_that_stands_in_another_is_possible(others: list[str], text: str, around: str) -> None:
    said = around.format(text, text)
    if f" {normal(text)} " in f" {normal(said)} ":
        assert RarestWords(map(normal, [*others, text])).any_possible(said)


@given(st.lists(TEXTS, max_size=5), TEXTS)
def test_none_is_possible_where_a_word_of_each_is_missing(texts: list[str], said: str) -> None:
    words = {*normal(said).split()}
    expected = any({*normal(text).split()} <= words for text in texts)
    assert RarestWords(map(normal, texts)).any_possible(said) == expected
