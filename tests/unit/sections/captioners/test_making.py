"""How captions were made, from files written by hand: what is added up and counted, what a private corpus hides."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from lib.captioning.parameters import CaptioningParameters
from lib.corpus import Corpus, load
from lib.draw import table
from lib.run.redaction import Redaction
from lib.sections.captioners.making import FAULTS, making
from tests.unit.captioning.test_block import write_manifest

SECRETS = ("zqtext", "zqprompt", "zqname", "zqvendor", "zqmodel", "zqclip")
SAID = (
    "A man walks forward zqtext.",
    "In this video, a man walks forward.",
    "I'm sorry, I cannot describe this video.",
    "A man waves with the left hand in a kitchen.",
)


@pytest.fixture
def made(tmp_path: Path) -> tuple[Corpus, CaptioningParameters, Path]:
    root, folder = tmp_path / "own", tmp_path / "made"
    write_manifest(root, {f"zqclip{n}": True for n in range(4)})
    folder.mkdir()
    ids = [f"zqclip{n}" for n in range(4)]
    columns = {"captioner": "zqname", "prompt": "zqprompt", "temperature": 0.2, "finish": "stop"}
    captions = pd.DataFrame({"clip_id": ids, "caption_id": [f"{one}#z" for one in ids], "text": SAID, **columns})
    captions.assign(tokens_out=5, start_s=0.0, end_s=0.0).to_parquet(folder / "captioner_captions.parquet")
    asked = {"client": "zqvendor", "model": "zqmodel", "temperatures": [0.2], "fps": 4.0, "clips": 5, "priced": True}
    asked["prompts"] = {"zqprompt": "Describe zqtext the person."}
    (folder / "captioner_settings.json").write_text(json.dumps({"zqname": asked}))
    ledger = ["zqname,zqprompt,7,4,3,1,700,0,40,10.0,0.5,0.25", "gone,zqprompt,9,9,0,0,900,0,90,9.0,9.0,0.0"]
    head = "captioner,prompt,requests,answered,failed,unknown,tokens_in,tokens_cached,tokens_out,seconds,dollars"
    (folder / "captioner_ledger.csv").write_text("\n".join([f"{head},dollars_unknown", *ledger]))
    outcomes = "captioner,outcome,requests\nzqname,answered,4\nzqname,rate,2\nzqname,blocked,1\nzqname,unknown,1\n"
    (folder / "captioner_outcomes.csv").write_text(outcomes)
    return load("manifest", root, name="own"), CaptioningParameters(corpus="dm", folder=str(folder)), folder


def test_what_was_sent_and_what_came_of_it_is_added_up(made: tuple[Corpus, CaptioningParameters, Path]) -> None:
    corpus, asked, _ = made
    read = making(asked, {"dm": corpus})
    assert read.glance is not None and read.details is not None
    (row,) = read.glance.to_dict("records")
    assert (row["captioner"], row["requests"], row["failed"], row["captions"]) == ("zqname", 8, 4, 4)
    assert (row["repaired"], row["dropped"], row["dollars"], row["seconds_a_clip"]) == (2, 1, 0.75, 2.0)
    rows = read.details.set_index("what").n.to_dict()
    assert rows == {
        "zqprompt": 4,
        "too many requests": 2,
        "the answer was blocked": 1,
        "the run ended before the answer came": 1,
        "refusal": 1,
        FAULTS["meta"]: 1,
        FAULTS["scene"]: 1,
    }
    assert "planted" not in read.details and "made_simulated" not in read.values
    assert read.values["made_captions"] == 4 and read.values["made_dropped"] == 1


def test_a_fault_that_was_planted_and_is_not_found_stands_with_none(
    made: tuple[Corpus, CaptioningParameters, Path],
) -> None:
    corpus, asked, folder = made
    (folder / "captioner_planted.json").write_text(
        json.dumps({"zqname": {"meta": 1, "loop": 3, "rate": 2, "empty": 1}})
    )
    read = making(asked, {"dm": corpus})
    assert read.details is not None
    rows = read.details.dropna(subset="planted").set_index("what")
    assert rows.planted.to_dict() == {
        "too many requests": 2,
        "an answer without text": 1,
        FAULTS["meta"]: 1,
        FAULTS["loop"]: 3,
    }
    assert rows.n[FAULTS["loop"]] == 0 == rows.n["an answer without text"]
    assert (read.values["made_planted"], read.values["made_recovered"]) == (7, 3)


def test_a_private_corpus_shows_no_text_and_no_name(made: tuple[Corpus, CaptioningParameters, Path]) -> None:
    corpus, asked, _ = made
    read = making(asked, {"dm": corpus}, private=["dm"])
    redaction = Redaction(["dm"], lambda: {"dm": corpus})
    assert read.glance is not None and read.details is not None
    for whole in (read.glance, read.details):
        for shown in (whole, redaction.frame(whole)):
            text = shown.to_csv() + table.render(shown, {}, "t")
            assert not [secret for secret in SECRETS if secret in text], text
    assert not [secret for secret in SECRETS if secret in str(read.values)]
    numbered = making(asked, {"dm": replace(corpus, called={"zqname": "captioner 7"})}, private=["dm"])
    assert numbered.glance is not None and numbered.glance.captioner.tolist() == ["captioner 7"]
    named = making(asked, {"dm": corpus}, private=["dm"], named=["zqname"])
    assert named.glance is not None and named.glance.client.tolist() == ["zqvendor"]


@pytest.mark.parametrize("lacking", ["block", "files"])
def test_nothing_is_shown_where_nothing_was_made(
    lacking: str, made: tuple[Corpus, CaptioningParameters, Path], tmp_path: Path
) -> None:
    corpus, _, _ = made
    asked = CaptioningParameters(**({"corpus": "dm", "folder": str(tmp_path / "none")} if lacking == "files" else {}))
    read = making(asked, {"dm": corpus})
    assert read.glance is None and read.details is None and not read.values
