"""How the evaluator reads a caption's tokens: facts of the public vectoriser, on words of this test."""

import numpy as np
import pytest

from lib.models.evaluators.words import CLASSES, LISTED, Vocabulary, of_captions

VOCABULARY = Vocabulary(("sos", "eos", "unk", "the", "girl", "slowly", "knee", "chair", "jump", "up", "Up"))


@pytest.mark.parametrize(
    ("token", "word", "kind"),
    [
        ("the/DET", "the", "DET"),
        ("girl/NOUN", "girl", "NOUN"),
        ("girl/PROPN", "girl", "OTHER"),
        ("the/Loc_VIP", "the", "Loc_VIP"),
        ("slowly/ADV", "slowly", "Desc_VIP"),
        ("knee/VERB", "knee", "Body_VIP"),
        ("chair/NOUN", "chair", "Obj_VIP"),
        ("jump/NOUN", "jump", "Act_VIP"),
        ("up/ADP", "up", "Loc_VIP"),
        ("Up/ADP", "Up", "ADP"),  # letters count as written, so it is not the listed word
        ("Jump/VERB", "unk", "OTHER"),
        ("down/ADV", "unk", "OTHER"),  # listed, but without a vector here
        ("gallop/VERB", "unk", "OTHER"),
        ("sos/OTHER", "sos", "OTHER"),
        ("", "unk", "OTHER"),
    ],
)
def test_a_word_has_its_vector_and_its_class(token: str, word: str, kind: str) -> None:
    row, number = VOCABULARY.look_up(token)
    assert (VOCABULARY.words[row], CLASSES[number]) == (word, kind)


def test_classes_stand_in_the_order_of_the_public_one_hot() -> None:
    assert len(CLASSES) == 15 and CLASSES[0] == "VERB" and CLASSES[8] == "ADV" and CLASSES[14] == "OTHER"
    assert CLASSES[9:14] == ("Loc_VIP", "Body_VIP", "Obj_VIP", "Act_VIP", "Desc_VIP")
    assert [sum(kind == one for kind in LISTED.values()) for one in CLASSES[9:14]] == [12, 13, 10, 34, 12]


@pytest.mark.parametrize(("tokens", "length"), [(0, 2), (1, 3), (19, 21), (20, 22), (21, 22), (40, 22)])
def test_twenty_tokens_are_read_between_start_and_end(tokens: int, length: int) -> None:
    key = " ".join((["girl/NOUN", "jump/VERB"] * 20)[:tokens])
    rows, classes, lengths = VOCABULARY.encode([key])
    assert rows.shape == classes.shape == (1, 22)
    words = [VOCABULARY.words[row] for row in rows[0]]
    read = (["girl", "jump"] * 20)[: min(tokens, 20)]
    assert words == ["sos", *read, "eos", *["unk"] * (20 - len(read))]
    assert lengths.tolist() == [length]
    assert set(classes[0, length:]) <= {CLASSES.index("OTHER")}


def test_captions_are_read_independently_of_each_other() -> None:
    keys = ["girl/NOUN jump/VERB", "the/DET", "gallop/VERB " * 30]
    together = VOCABULARY.encode(keys)
    for at, key in enumerate(keys):
        for whole, alone in zip(together, VOCABULARY.encode([key]), strict=True):
            assert np.array_equal(whole[[at]], alone)


def test_rare_words_of_captions_have_no_vector_of_their_own() -> None:
    keys = ["a/DET man/NOUN walk/VERB", "a/DET man/NOUN sos/NOUN", "a/DET eos/X eos/X"]
    assert of_captions(keys, fewest=2).words == ("sos", "eos", "unk", "a", "man")
    assert of_captions(keys, fewest=1).words == ("sos", "eos", "unk", "a", "man", "walk")
    assert of_captions([], fewest=1).words == ("sos", "eos", "unk")
