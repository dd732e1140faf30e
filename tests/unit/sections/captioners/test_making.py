"""How captions were made, from files written by hand: what is added up and counted, what a private corpus hides."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from lib.captioning.parameters import CaptioningParameters
from lib.corpus import Corpus, load
from lib.draw import table
from lib.run.freshness import notebook_cells
from lib.run.redaction import Redaction
from lib.run.results import Run
from lib.sections.captioners import making as module
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
    asked["send"] = "video"
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
    read = making(asked, {"dm": corpus}, rng=np.random.default_rng(0))
    assert read.glance is not None and read.details is not None
    (row,) = read.glance.to_dict("records")
    assert (row["captioner"], row["requests"], row["failed"], row["captions"]) == ("zqname", 8, 4, 4)
    assert (row["repaired"], row["dropped"], row["dollars"], row["seconds_a_clip"]) == (2, 1, 0.75, 2.0)
    rows = read.details.set_index("what").n.to_dict()
    assert rows == {
        "prompt “zqprompt”; temperature 0.2; video at 4 fps": 4,
        "request failed: too many requests": 2,
        "request failed: the answer was blocked": 1,
        "request failed: the run ended before the answer came": 1,
        "wording: refusal": 1,
        f"wording: {FAULTS['meta']}": 1,
        f"wording: {FAULTS['scene']}": 1,
    }
    assert read.at_a_glance is not None
    upright = dict(read.at_a_glance.itertuples(index=False, name=None))
    assert (upright["model"], upright["tokens in"], upright["dollars"]) == (
        "zqmodel, by the client zqvendor",
        "700",
        "0.7500",
    )
    assert "planted" not in read.details and "made_simulated" not in read.values
    assert read.values["made_captions"] == 4 and read.values["made_dropped"] == 1


def test_a_fault_that_was_planted_and_is_not_found_stands_with_none(
    made: tuple[Corpus, CaptioningParameters, Path],
) -> None:
    corpus, asked, folder = made
    (folder / "captioner_planted.json").write_text(
        json.dumps({"zqname": {"meta": 1, "loop": 3, "rate": 2, "empty": 1}})
    )
    read = making(asked, {"dm": corpus}, rng=np.random.default_rng(0))
    assert read.details is not None
    rows = read.details.dropna(subset="planted").set_index("what")
    assert rows.planted.to_dict() == {
        "request failed: too many requests": 2,
        "request failed: an answer without text": 1,
        f"wording: {FAULTS['meta']}": 1,
        f"wording: {FAULTS['loop']}": 3,
    }
    assert rows.n[f"wording: {FAULTS['loop']}"] == 0 == rows.n["request failed: an answer without text"]
    assert (read.values["made_planted"], read.values["made_recovered"]) == (7, 3)


def test_a_private_corpus_shows_no_text_and_no_name(made: tuple[Corpus, CaptioningParameters, Path]) -> None:
    corpus, asked, _ = made
    read = making(asked, {"dm": corpus}, rng=np.random.default_rng(0), private=["dm"])
    redaction = Redaction(["dm"], lambda: {"dm": corpus})
    assert read.glance is not None and read.details is not None and read.at_a_glance is not None
    for whole in (read.glance, read.details, read.at_a_glance):
        for shown in (whole, redaction.frame(whole)):
            text = shown.to_csv() + table.render(shown, {}, "t")
            assert not [secret for secret in SECRETS if secret in text], text
    assert not [secret for secret in SECRETS if secret in str(read.values)]
    numbered = making(
        asked, {"dm": replace(corpus, called={"zqname": "captioner 7"})}, rng=np.random.default_rng(0), private=["dm"]
    )
    assert numbered.glance is not None and numbered.glance.captioner.tolist() == ["captioner 7"]
    named = making(asked, {"dm": corpus}, rng=np.random.default_rng(0), private=["dm"], named=["zqname"])
    assert named.glance is not None and named.glance.client.tolist() == ["zqvendor"]


def test_the_notebook_writes_no_marker_of_a_private_corpus_and_no_folder(
    made: tuple[Corpus, CaptioningParameters, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, asked, _ = made
    file, written = tmp_path / "own.yml", tmp_path / "results"
    source = {"label": "own", "kind": "manifest", "root": str(tmp_path / "own"), "private": True}
    block = asked.model_dump(include={"corpus", "folder"})
    file.write_text(yaml.safe_dump({"profile": "own", "corpora": {"dm": source}, "captioning": block}))
    monkeypatch.setenv("LIB_RESULTS", str(written))
    shown: list[str] = []
    monkeypatch.setattr("lib.draw.exhibits.display", lambda one: shown.append(one.data))
    run = Run("03_captioner_comparison", {"params": str(file), "clips": "all"})
    (cell,) = [one for kind, one in notebook_cells(run.notebook.path) if kind == "code" and "making.making(" in one]
    exec(cell, {"run": run, "making": module})
    files = {path.name: path.read_text() for path in written.rglob("*") if path.is_file()}
    assert {"making.csv", "making_details.csv", "values.json"} <= files.keys() and len(shown) == 2
    assert "captioner made here 1" in files["making.csv"] and "made_captions" in files["values.json"]
    for secret in (*SECRETS, str(tmp_path)):
        assert not [name for name, text in files.items() if secret in text], secret
        assert not [text for text in shown if secret in text], secret


@pytest.mark.parametrize("lacking", ["block", "files"])
def test_nothing_is_shown_where_nothing_was_made(
    lacking: str, made: tuple[Corpus, CaptioningParameters, Path], tmp_path: Path
) -> None:
    corpus, _, _ = made
    asked = CaptioningParameters(**({"corpus": "dm", "folder": str(tmp_path / "none")} if lacking == "files" else {}))
    read = making(asked, {"dm": corpus}, rng=np.random.default_rng(0))
    assert read.glance is None and read.details is None and not read.values
