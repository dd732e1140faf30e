"""The one rule of what may be shown, tried with what a private corpus would give away."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from matplotlib.text import Text

from lib.base.withheld import COMMON, WITHHELD
from lib.corpus import Corpus
from lib.corpus.corpus import Provenance
from lib.run.redaction import Redaction, secrets

COMMONLY = [f"a person waltzes {where}" for where in ("left", "right", "forward", "back", "around", "twice")]


def corpus(tmp_path, name: str, texts: list[str], **columns: list) -> Corpus:
    ids = [f"{name}{i:04d}" for i in range(len(texts))]
    clips = pd.DataFrame({"clip_id": ids, "source": [f"video of Ann{i}" for i in range(len(texts))], **columns})
    captions = pd.DataFrame({"clip_id": ids, "caption_id": [f"{i}#0" for i in ids], "text": texts})
    captions = captions.assign(captioner="mllm-x", prompt="say what Bob does")
    captions["tokens"] = [None, *["a/DET person/NOUN xanthippe/VERB"] * (len(texts) - 1)][:2] + [None] * (
        len(texts) - 2
    )
    provenance = Provenance(root=tmp_path / "vault77" / name, files={})
    return Corpus(name, clips, captions, splits={}, motions=SimpleNamespace(), provenance=provenance)  # type: ignore[arg-type]


@pytest.fixture
def rule(tmp_path):
    dm = corpus(tmp_path, "dm", [*COMMONLY, "Zelda vaults over it", "wave", "a man walks in a circle"])
    h3d = corpus(tmp_path, "h3d", ["a man walks in a circle", "a person twirls"])
    return Redaction(["dm"], lambda: {"h3d": h3d, "dm": dm})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("nearest: A person WALTZES -- left!", f"nearest: {WITHHELD}!"),
        ("clip dm0003, dm0003#0 and h3d0001", f"clip {WITHHELD}, {WITHHELD} and h3d0001"),
        ("/data/dm/dm0003.npy", f"/data/dm/{WITHHELD}.npy"),
        ("cut from video of Ann2", f"cut from {WITHHELD}"),
        ("mllm-x, prompt “say what Bob does”, temperature 0.2", "captioner 1, prompt 1, temperature 0.2"),
        ("most typical: waltzes, Zelda", f"most typical: waltzes, {WITHHELD}"),
        ("xanthippe, walk", f"{WITHHELD}, walk"),
        ("waltz leads with 12 clips; wave and twirls follow", "waltz leads with 12 clips; wave and twirls follow"),
        ("a man walks in a circle", "a man walks in a circle"),
        ("the share of test captions above 0.95", "the share of test captions above 0.95"),
    ],
)
def test_a_text_loses_what_a_private_corpus_alone_says(rule, said, told):
    assert rule.text(said) == told


def test_folders_of_the_machine_go(rule, tmp_path):
    assert "vault77" not in rule.text(f"read {tmp_path}/vault77/dm/clips.parquet") + rule.text("vault77")


def test_a_stem_of_a_rare_word_goes_too(rule):
    assert rule.text("verbs: zeld, waltz") == f"verbs: {WITHHELD}, waltz"


def test_a_table_loses_raw_columns_rare_verbs_and_secrets_in_any_cell_or_heading(rule):
    frame = pd.DataFrame({"test_caption": ["x", "y"], "clip_id": [1, 2], "note": ["by dm0001", "fine"],
                          "mllm-x": [0.5, 0.6], "text": [0.1, 0.2], "verb": ["walk", "jump"],
                          "count": [COMMON, COMMON - 1]})  # fmt: skip
    shown = rule.frame(frame)
    assert shown.to_dict("list") == {"test_caption": [WITHHELD], "clip_id": [WITHHELD], "note": [f"by {WITHHELD}"],
                                     "captioner 1": [0.5], "text": [0.1], "verb": ["walk"],
                                     "count": [COMMON]}  # fmt: skip
    assert list(frame["note"]) == ["by dm0001", "fine"]


def test_every_text_of_a_figure_is_cleared_also_where_ticks_write_it_anew(rule):
    figure, axes = plt.subplots()
    axes.barh(["walk", "Zelda"], [1, 2], label="mllm-x")
    axes.set_yticks([0, 1], ["walk", "dm0004"])
    axes.set(title="a person waltzes twice")
    axes.annotate("Zelda", (1, 1))
    axes.legend()
    rule.figure(figure)
    figure.canvas.draw()
    drawn = {artist.get_text() for artist in figure.findobj(Text)}
    assert {"walk", "captioner 1", WITHHELD} <= drawn
    assert not {text for text in drawn if "Zelda" in text or "dm0004" in text or "waltzes" in text or "mllm" in text}
    plt.close(figure)


def test_categories_on_an_axis_are_cleared(rule):
    figure, axes = plt.subplots()
    axes.bar(["walk", "Zelda"], [1, 2])
    rule.figure(figure)
    figure.canvas.draw()
    assert [label.get_text() for label in axes.get_xticklabels()] == ["walk", WITHHELD]
    plt.close(figure)


def test_motions_of_a_private_corpus_are_not_drawn(rule):
    read = rule._corpora()
    assert rule.drawable(read["dm"]) is None and rule.drawable(read["h3d"]) is read["h3d"] and not rule.drawable(None)
    rows = pd.DataFrame({"key": ["h3d", "dm", "h3d"]})
    assert list(rule.drawable_rows(rows).index) == [0, 2]


def test_named_captioners_keep_their_names_and_the_account_has_no_id(tmp_path):
    dm = corpus(tmp_path, "dm", COMMONLY, performer=["Ann"] + ["Ben"] * 5)
    rule = Redaction(["dm"], lambda: {"dm": dm}, ["mllm-x"])
    assert rule.text("mllm-x wins; performer Ann, Ben") == f"mllm-x wins; performer {WITHHELD}, Ben"
    assert rule.account()["private"]["dm"]["captions"] == 6 and "Ann" not in str(rule.account())


def test_without_a_private_corpus_nothing_is_touched(tmp_path):
    dm = corpus(tmp_path, "dm", COMMONLY)
    rule, frame = Redaction([], lambda: {"dm": dm}), pd.DataFrame({"clip_id": ["dm0001"]})
    assert rule.text(COMMONLY[0]) == COMMONLY[0] and rule.frame(frame) is frame and rule.drawable(dm) is dm


@pytest.mark.parametrize("said", ["一个人慢慢向前走", "男の人がゆっくり歩く", "ผู้ชายเดินช้าๆ"])
def test_sentences_without_spaces_are_found_in_others(tmp_path, said):
    dm = corpus(tmp_path, "dm", [said, *COMMONLY])
    rule = Redaction(["dm"], lambda: {"dm": dm})
    for around in ("({})", "比如{}。", "caption {}, then more"):
        assert said not in rule.text(around.format(said)) and WITHHELD in rule.text(around.format(said))


@pytest.mark.parametrize("name", ["bradley", "folded", "zelda"])
def test_an_identifier_in_the_source_shows_no_name(tmp_path, monkeypatch, name):
    """Names of the project's own source are read nowhere: a checkout that has them redacts as one that has not."""
    source = tmp_path / "lib" / "audit" / "own.py"
    source.parent.mkdir(parents=True)
    source.write_text(f"{name} = 1\n", encoding="utf-8")
    for module in ("lib.base.paths", "lib.run.redaction.secrets"):
        monkeypatch.setattr(f"{module}.ROOT", tmp_path, raising=False)
    dm = corpus(tmp_path, "dm", [*COMMONLY, f"{name.capitalize()} vaults over it"])
    assert Redaction(["dm"], lambda: {"dm": dm}).text(f"typical: {name}, walk") == f"typical: {WITHHELD}, walk"


def test_no_first_name_is_a_word_of_the_report():
    words = secrets.report_words()
    assert not words & {"ann", "ada", "arthur", "ben", "bob", "bradley", "kendall", "terry", "wilson", "zelda"}
    assert {"share", "captions", "above", "test", "threshold", "walk"} <= words
