"""What a notebook writes: under redaction neither captions, ids nor verbs that hardly occur."""

import json
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from lib.base.device import CHOSEN
from lib.base.errors import RunError
from lib.base.withheld import COMMON, WITHHELD
from lib.corpus.corpus import Provenance
from lib.demo.synthesis import Spec, synthesise
from lib.draw.exhibits import Player, Players
from lib.draw.interactive.caption_map import CaptionMap, Colouring
from lib.draw.interactive.tree_cut import TreeCut
from lib.draw.motion_player import Motion
from lib.metrics.intervals import Measure
from lib.run.params import load
from lib.run.redaction import Redaction
from lib.run.results import Run


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LIB_RESULTS", str(tmp_path))
    return Run("02_action_distribution", {"params": "params/demo.yml"})


def private(run: Run) -> Run:
    corpora = {key: source.model_copy(update={"private": True}) for key, source in run.profile.corpora.items()}
    run.profile = load("params/demo.yml").model_copy(update={"corpora": corpora})
    return run


VERBS = pd.DataFrame({"verb": ["walk", "alice"], "count": [COMMON, COMMON - 1], "share": [0.8, 0.2]})
EXAMPLES = pd.DataFrame({"test_caption": ["alice walks"], "clip_id": ["007"], "cosine": [0.9]})


def test_a_public_corpus_is_shown_in_full(run, tmp_path):
    run.show("verbs", VERBS)
    run.show("examples", EXAMPLES)
    assert "alice" in (tmp_path / "tables/verbs.csv").read_text()
    assert "alice" in (tmp_path / "tables/examples.html").read_text()


def test_a_private_corpus_shows_no_caption_no_id_and_no_rare_verb(run, tmp_path):
    run = private(run)
    run.show("verbs", VERBS)
    run.show("rare", VERBS[1:])
    run.show("examples", EXAMPLES)
    written = {path.name: path.read_text() for path in (tmp_path / "tables").iterdir()}
    assert "walk" in written["verbs.csv"] and "0.9" in written["examples.csv"]
    assert not [name for name, text in written.items() if "alice" in text or "007" in text]


def test_who_asks_for_mpnet_is_noted_as_resting_on_it(run, tmp_path):
    assert run.mpnet is None
    noted = json.loads((tmp_path / "provenance.json").read_text())["models"]
    assert list(noted) == ["all-mpnet-base-v2"] and noted["all-mpnet-base-v2"].startswith("a9cad8904263")


def moving(label: str, *, public: bool) -> Motion:
    joints = synthesise([Spec("walk", seconds=1.0)], np.random.default_rng(0))
    return Motion(joints, label, note=f"note of {label}", public=public)


def test_the_device_and_a_lower_precision_are_noted_wherever_pytorch_had_a_part(run, tmp_path, monkeypatch):
    monkeypatch.setenv(CHOSEN, "cpu")
    run.profile = run.profile.model_copy(update={"precision": "bf16"})
    with monkeypatch.context() as without:
        without.delitem(sys.modules, "torch", raising=False)
        run.record({"finding": "none"})
    assert not (tmp_path / "provenance.json").is_file()
    monkeypatch.setitem(sys.modules, "torch", torch)
    run.record({"finding": "none"})
    assert json.loads((tmp_path / "provenance.json").read_text())["device"] == "cpu, sentences in bf16"


@pytest.mark.parametrize(("gpu", "device"), [(False, "cpu"), (True, "cuda")])
def test_the_device_of_the_networks_is_noted_with_a_model(run, tmp_path, monkeypatch, gpu, device):
    monkeypatch.setattr("torch.cuda.is_available", lambda: gpu)
    run.model("TMR", "0" * 64)
    assert json.loads((tmp_path / "provenance.json").read_text())["device"] == device


def test_motions_are_stored_with_a_picture_and_no_markup(run, tmp_path):
    run.show("row", Player([moving("alice", public=False), moving("truth", public=True)], "alice walks"))
    stored = json.loads((tmp_path / "motions/row.json").read_text())
    assert stored["label"] == "alice walks" and [m["label"] for m in stored["motions"]] == ["alice", "truth"]
    assert set(stored["motions"][0]) == {"label", "note", "data", "options"}
    assert (tmp_path / "figures/row.png").is_file()
    assert "alice" in (tmp_path / "figures/row.txt").read_text()


def test_a_private_corpus_shows_public_motions_only_and_no_caption_of_the_row(run, tmp_path):
    run = private(run)
    both = [moving("alice", public=False), moving("truth", public=True)]
    run.show("row", Player(both, "alice walks", "alice"))
    run.show("none", Player(both[:1], "alice walks"))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in files if path.suffix == ".json" and path.parent.name == "motions"] == ["row.json"]
    assert not [path for path in files if path.suffix in {".json", ".txt"} and "alice" in path.read_text()]
    assert not (tmp_path / "figures/none.png").exists()


NAMES = ["alice", "walk"]
MAP = CaptionMap(np.zeros((2, 2)), ["alice walks", "they walk"], [Colouring("verb", NAMES, np.arange(2))])
TREE = TreeCut(
    [
        {"name": "text", "left": [0], "right": [1], "height": [1.0], "sizes": [1, 1]}
        | {"merged": [0, 1], "names": NAMES, "clusters": 2}
    ]
)


def pieces(folder) -> dict[str, str]:
    return {path.name: path.read_text() for path in (folder / "interactive").iterdir()}


def test_a_map_and_a_tree_are_written_for_their_page(run, tmp_path):
    run.show("map", MAP)
    run.show("tree", TREE)
    assert {*pieces(tmp_path)} == {"map.json", "map.js", "tree.json"}
    assert json.loads(pieces(tmp_path)["tree.json"]) == {"kind": "tree_cut", "name": "tree", "spaces": [*TREE.spaces]}


def test_a_private_corpus_has_a_map_without_captions_and_no_name_that_is_withheld(run, tmp_path, monkeypatch):
    run = private(run)
    monkeypatch.setattr(Redaction, "text", lambda self, text: text.replace("alice", WITHHELD))
    run.show("map", MAP)
    run.show("tree", TREE)
    written = {name: json.loads(text) for name, text in pieces(tmp_path).items()}
    assert {*written} == {"map.json", "tree.json"} and written["map.json"]["withheld"]
    assert written["map.json"]["colourings"][0]["classes"] == [WITHHELD, "walk"]
    assert written["tree.json"]["spaces"][0]["names"] == [WITHHELD, "walk"]


def test_what_the_loader_withheld_is_noted_though_nothing_else_is(run, tmp_path, monkeypatch):
    table = Provenance(tmp_path, {}, withheld={"consent": 3})
    monkeypatch.setattr("lib.corpus.load", lambda *_, name, **__: SimpleNamespace(name=name, provenance=table))
    assert list(run.all_clips) == ["h3d", "dm"]
    noted = json.loads((tmp_path / "provenance.json").read_text())
    assert noted["withheld"]["rows"]["demo-dm"] == {"consent": 3} and noted["warnings"] == []


def test_a_number_becomes_a_measure_and_one_that_is_not_finite_has_no_value(tmp_path, monkeypatch):
    monkeypatch.setenv("LIB_RESULTS", str(tmp_path))
    run = Run("01_similarity_test", {"params": "params/demo.yml"})
    unknown = Measure(1.0, float("nan"), float("nan"), 3)
    run.record({"text_cosine": 0.95, "test_clips": 7, "partial": "only 3", "source_share": unknown})
    run.record({"leak_free_clips": float("nan"), "leak_free_of": np.float64("inf")})
    number = {"low": None, "high": None, "n": None, "unit": ""}
    assert json.loads((tmp_path / "values.json").read_text()) == {
        "text_cosine": {"value": 0.95, "text": "0.95", **number},
        "test_clips": {"value": 7, "text": "7", **number},
        "partial": "only 3",
    }


def test_several_lists_are_written_at_once(run, tmp_path):
    run.all_clips = {}
    run.lists({"one": ["# rule", "a"], "two": []})
    written = {path.name: path.read_text() for path in (tmp_path / "tables").glob("*.txt")}
    assert written == {"one.txt": "# rule\na\n", "two.txt": ""}


def test_six_motions_play_together(run, tmp_path):
    run.show("many", Players([moving(f"{n}", public=True) for n in range(7)], "seven"))
    stored = {path.stem: json.loads(path.read_text()) for path in (tmp_path / "motions").iterdir()}
    assert {name: len(one["motions"]) for name, one in stored.items()} == {"many_1": 6, "many_2": 1}


def test_streams_of_random_numbers_are_told_by_their_names(run):
    first, same, other = run.rng("bootstrap"), run.rng("bootstrap"), run.rng("held out")
    drawn = first.integers(1 << 62, size=9)
    assert (drawn == same.integers(1 << 62, size=9)).all()
    assert not (drawn == other.integers(1 << 62, size=9)).any()


@pytest.mark.parametrize("method", ["value", "values", "figure", "player", "table"])
def test_a_method_of_version_0_1_0_says_what_took_its_place(run, method):
    with pytest.raises(RunError, match=f"^the notebook: run.{method} of version 0.1.0 is run"):
        getattr(run, method)("name", 1)
