"""Captions in another language: found, next to none of the real English ones, counted and left out of tags."""

import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lib.base.errors import CorpusError
from lib.corpus import other_languages
from lib.sections.actions import action_mix
from lib.sections.preparation import figures, statistics
from lib.text.language import foreign, languages
from lib.text.tokens import pos_key

SENTENCES = {
    "zh": ["一个人慢慢地向前走。", "男人举起双手挥手", "一个人坐在椅子上"],
    "ja": ["人がゆっくり前に歩く。", "男性が両腕を上げて手を振る", "椅子に座る人"],
    "ko": ["한 사람이 천천히 앞으로 걷는다.", "남자가 두 팔을 들고 손을 흔든다", "사람이 의자에 앉는다"],
    "ar": ["شخص يمشي ببطء إلى الأمام.", "يجلس الشخص على كرسي"],
    "hi": ["एक व्यक्ति धीरे-धीरे आगे चलता है।", "एक आदमी दोनों हाथ उठाकर हिलाता है"],
    "ru": ["Человек медленно идёт вперёд.", "Мужчина поднимает обе руки и машет"],
    "de": ["Eine Person geht langsam vorwärts.", "Ein Mann hebt beide Arme und winkt."],
    "fr": ["Une personne marche lentement vers l'avant.", "Un homme lève les deux bras et salue."],
    "es": ["Una persona camina lentamente hacia adelante.", "Un hombre levanta los dos brazos y saluda."],
    "pt": ["Uma pessoa caminha lentamente para a frente.", "Um homem levanta os dois braços e acena."],
    "it": ["Una persona cammina lentamente in avanti.", "Un uomo alza entrambe le braccia e saluta."],
    "tr": ["Bir kişi yavaşça ileri yürüyor.", "Bir adam iki kolunu kaldırıp el sallıyor."],
    "nl": ["Een persoon loopt langzaam naar voren.", "Een man heft beide armen en zwaait."],
    "pl": ["Osoba idzie powoli do przodu.", "Mężczyzna podnosi obie ręce i macha."],
    "vi": ["Một người đi chậm về phía trước.", "Người đó ngồi xuống ghế."],
}
ENGLISH = [
    "a person walks",
    "walk",
    "T-pose",
    "hip-hop",
    "",
    "123 456",
    "🚶",
    "a man does a pirouette en dehors",
    "jump up",
]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "languages.sqlite"


@pytest.mark.parametrize("code", SENTENCES)
def test_sentences_of_other_languages_are_found(code: str, store: Path) -> None:
    assert languages(SENTENCES[code], store=store) == dict.fromkeys(SENTENCES[code], code)
    assert languages(SENTENCES[code], store=store) == dict.fromkeys(SENTENCES[code], code)  # as it was kept


def test_what_may_be_english_is_english(store: Path) -> None:
    assert set(languages(ENGLISH, store=store).values()) == {"en"}


def test_no_real_english_caption_is_taken_for_another_language(shared_data: Path, store: Path) -> None:
    captions = []
    with zipfile.ZipFile(shared_data / "humanml3d" / "texts.zip") as archive:
        for name in archive.namelist():
            lines = archive.read(name).decode("utf-8").splitlines() if name.endswith(".txt") else []
            captions += [line.split("#")[0] for line in lines if "#" in line]
    found = languages(captions, store=store)
    assert len(captions) == 7243
    assert [text for text, code in found.items() if code != "en"] == []


def rows(texts: list[str], tokens: list[object] | None = None) -> pd.DataFrame:
    ids = [f"c{n}" for n in range(len(texts))]
    none = pd.array([None] * len(texts), dtype="str")
    return pd.DataFrame({"clip_id": ids, "text": texts, "tokens": none if tokens is None else tokens})


def corpus(texts: list[str], name: str = "own") -> SimpleNamespace:
    captions = rows(texts)
    clips = captions[["clip_id"]].assign(base_id=captions["clip_id"], split="train", mirror_of=pd.NA)
    return SimpleNamespace(name=name, captions=captions, clips=clips)


def test_captions_with_tokens_of_their_own_need_no_tagger(store: Path) -> None:
    table = rows(SENTENCES["de"], [pd.NA, "ein/DET Mann/NOUN heben/VERB"])
    assert foreign(table, store=store).tolist() == ["de", ""]
    assert pos_key(table, progress=False).tolist() == ["", "ein/DET Mann/NOUN heben/VERB"]


def test_they_are_counted_by_language_and_no_verb_is_taken_from_them() -> None:
    own = corpus(["a person walks ahead", "someone jumps", *SENTENCES["de"], SENTENCES["zh"][0]])
    counted = other_languages.counts([own])
    assert counted[["captions", "language", "in_it"]].values.tolist() == [[5, "German", 2], [5, "Chinese", 1]]
    sentence = other_languages.value(counted)["other_languages"]
    assert sentence.endswith("3 of 5 captions of own (German 2, Chinese 1).")
    assert other_languages.english([own])["own"]["text"].tolist() == ["a person walks ahead", "someone jumps"]
    counts = action_mix.counts(action_mix.with_verbs({"own": own}, not_actions=[]))["own"]
    assert counts.captions == 2 and set(counts.verbs) == {"walk", "jump"}
    assert other_languages.value(other_languages.counts([corpus(["a person walks"])])) == {}


def test_a_corpus_without_a_verb_is_left_out_of_02_or_refused_in_one_line() -> None:
    tables = action_mix.with_verbs(
        {"a": corpus(["a person walks"], "first"), "b": corpus(SENTENCES["ko"])}, not_actions=[]
    )
    assert list(tables) == ["first"]
    with pytest.raises(CorpusError, match="own: no caption has an English verb to count; leave 02"):
        action_mix.with_verbs({"b": corpus(SENTENCES["ko"])}, not_actions=[])


def test_a_corpus_none_of_whose_captions_counts_has_no_words_and_no_figure() -> None:
    own = corpus(SENTENCES["de"])
    captions = other_languages.english([own, corpus(["a person walks"], "other")])
    table = statistics.language(captions, draws=20, rng=np.random.default_rng(0))
    assert table[["captions", "distinct_words"]].values.tolist() == [[0, 0], [1, 3]]
    alone = {"own": captions["own"]}
    assert figures.caption_lengths(alone, table).figure is None
    assert figures.rarefaction(statistics.rarefaction_curves(alone), table).figure is None
    assert statistics.more_words(captions, rng=np.random.default_rng(0)) == {}
