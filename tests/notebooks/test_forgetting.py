"""A clip through notebooks, the site and a publication, then forgotten; looked for in every byte, as is its vector."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from lib.own_data import example
from lib.run.pipeline import PIPELINE
from lib.text import encoder
from tests.notebooks.checkout import copied
from tests.unit.forgetting.world import holding

pytestmark = pytest.mark.notebook
CLIP, CAPTION = "zq0000007", "A performer juggles seven burning torches at midnight."
SEEN = "jump_1"
"""The clip of the example that is given this id and caption: of the test split, which page 01 shows."""


def command(place: Path, *arguments: str) -> str:
    clean = {key: value for key, value in os.environ.items() if key not in {"PARAMS", "PYTHONPATH"}}
    line = [sys.executable, "-m", "lib", *arguments]
    done = subprocess.run(line, cwd=place, env=clean, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = copied(tmp_path_factory.mktemp("forget") / "checkout")
    data = place.parent / "data"
    example.write(data, notebooks=PIPELINE)
    tables = {name: pd.read_parquet(data / f"{name}.parquet") for name in ("clips", "captions")}
    mine = tables["captions"].clip_id == SEEN
    tables["captions"].loc[mine, ["caption_id", "text"]] = [f"{CLIP}#0", CAPTION]
    for name, table in tables.items():
        table.replace({"clip_id": {SEEN: CLIP}}).to_parquet(data / f"{name}.parquet")
    profile = yaml.safe_load((data / "params.yml").read_text(encoding="utf-8"))
    profile["corpora"]["own"]["private"] = False
    profile |= {"notebooks": ["01_similarity_test", "02_action_distribution"], "report": {"renderer": "preview"}}
    params = place / "params" / "own.yml"
    params.write_text(yaml.safe_dump(profile), encoding="utf-8")
    for arguments in (["run"], ["site"], ["publish", str(place.parent / "shared")]):
        command(place, *arguments, "--params", str(params))
    return place


def test_a_clip_that_was_run_and_published_is_in_no_byte(place: Path) -> None:
    store = place / ".cache/embeddings/sentences.sqlite"
    vector = encoder.encode([CAPTION], store=place.parent / "vectors.sqlite", progress=False)[0].tobytes()
    sought = (CLIP, CAPTION.rstrip("."), vector)
    folders = [place / name for name in (".cache", "results", "build", "site", "notebooks")]
    shared = place.parent / "shared"
    held = {folder.name: holding(folder, *sought) for folder in [*folders, shared]}
    assert {".cache", "results", "site", "shared"} <= {name for name, files in held.items() if files}, held
    assert "embeddings/sentences.sqlite" in held[".cache"]
    before = store.stat().st_size
    params = str(place / "params" / "own.yml")
    said = command(place, "forget", "own", CLIP, "--params", params, "--published", str(shared))
    assert {folder.name: files for folder in [*folders, shared] if (files := holding(folder, *sought))} == {}
    assert store.stat().st_size == before, "the other captions' vectors stay"
    assert "no trace of it is left" in said and "set their consent to false" in said
    assert [*shared.iterdir()] == []
