"""What a notebook writes: under redaction neither captions, ids nor verbs that hardly occur."""

import pandas as pd
import pytest

from lib.params import load
from lib.results import COMMON_VERB, Run


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("LIB_RESULTS", str(tmp_path))
    return Run("02_action_distribution", {"params": "params/demo.yml"})


def private(run: Run) -> Run:
    corpora = {key: source.model_copy(update={"private": True}) for key, source in run.profile.corpora.items()}
    run.profile = load("params/demo.yml").model_copy(update={"corpora": corpora})
    return run


VERBS = pd.DataFrame({"verb": ["walk", "alice"], "count": [COMMON_VERB, COMMON_VERB - 1], "share": [0.8, 0.2]})
EXAMPLES = pd.DataFrame({"test_caption": ["alice walks"], "clip_id": ["007"], "cosine": [0.9]})


def test_a_public_corpus_is_shown_in_full(run, tmp_path):
    run.table("verbs", VERBS)
    run.table("examples", EXAMPLES)
    assert "alice" in (tmp_path / "tables/verbs.csv").read_text()
    assert "alice" in (tmp_path / "tables/examples.html").read_text()


def test_a_private_corpus_shows_no_caption_no_id_and_no_rare_verb(run, tmp_path):
    run = private(run)
    run.table("verbs", VERBS)
    run.table("rare", VERBS[1:])
    run.table("examples", EXAMPLES)
    written = {path.name: path.read_text() for path in (tmp_path / "tables").iterdir()}
    assert "walk" in written["verbs.csv"] and "0.9" in written["examples.csv"]
    assert not [name for name, text in written.items() if "alice" in text or "007" in text]
