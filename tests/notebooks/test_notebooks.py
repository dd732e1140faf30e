"""The notebooks: thin, clean, with the defaults of their schema; executed on the smoke profile, every contract kept."""

import ast
import json
import re
import shutil
import signal
import subprocess
import sys

import pandas as pd
import pytest
import yaml

from lib import corpus
from lib.base.paths import CACHE, NOTEBOOKS, ROOT
from lib.demo import embedded
from lib.models import latents
from lib.models.tmr.model import TMR
from lib.run import freshness, runner
from lib.run.exploring.last_profile import LAST
from lib.run.params import Profile, load
from lib.run.pipeline import PIPELINE
from lib.site import publication

STEMS = [notebook.stem for notebook in PIPELINE]
SMOKE = "params/smoke.yml"
MODELS = """
import os, pathlib, signal, sys
import lib.base.paths
lib.base.paths.CACHE = pathlib.Path(sys.argv[1])
from lib.models.tmr import checkpoint
def killed(*given, save=checkpoint.save):
    save(*given)
    os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[3:]:
    checkpoint.save = killed
from lib.commands import app
app(["models", "--params", sys.argv[2]])
"""
"""`make models` with a cache of its own; with a third argument killed after the first epoch."""


def cells(stem: str, kind: str) -> list[dict]:
    content = json.loads((NOTEBOOKS / f"{stem}.ipynb").read_text(encoding="utf-8"))
    return [cell for cell in content["cells"] if cell["cell_type"] == kind]


def sources(stem: str, kind: str = "code") -> list[str]:
    return ["".join(cell["source"]) for cell in cells(stem, kind)]


def test_every_notebook_is_in_the_pipeline_and_every_stem_has_one():
    assert sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")) == STEMS


@pytest.mark.parametrize("stem", STEMS)
def test_notebooks_are_thin_and_hold_no_outputs(stem):
    lengths = sorted(len(source.splitlines()) for source in sources(stem))
    assert lengths[len(lengths) // 2] <= 4 and lengths[-1] <= 12
    assert not any(cell["outputs"] or cell["execution_count"] for cell in cells(stem, "code"))
    nodes = [node for source in sources(stem) for node in ast.walk(ast.parse(source))]
    assert not [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.For | ast.While)]


@pytest.mark.parametrize("stem", STEMS)
def test_a_notebook_opens_with_its_question_and_ends_with_its_finding(stem):
    question = next(notebook.question for notebook in PIPELINE if notebook.stem == stem)
    assert question in sources(stem, "markdown")[0]
    assert 'run.record({"finding": ' in sources(stem)[-1]


@pytest.mark.parametrize("stem", STEMS)
def test_a_notebook_has_at_most_three_imports_and_no_alias(stem):
    nodes = [node for source in sources(stem) for node in ast.walk(ast.parse(source))]
    imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    assert len(imports) <= 3 and not [alias for node in imports for alias in node.names if alias.asname]
    kinds = ast.comprehension | ast.Lambda
    assert not [node for node in nodes if isinstance(node, kinds)]


@pytest.mark.parametrize("notebook", PIPELINE, ids=STEMS)
def test_the_parameters_cell_holds_the_schema_s_defaults(notebook):
    tagged = [c for c in cells(notebook.stem, "code") if "parameters" in c["metadata"].get("tags", [])]
    scope: dict = {}
    exec("".join(tagged[0]["source"]), scope)
    scope.pop("__builtins__")
    assert len(tagged) == 1 and scope.pop("params") == LAST
    block = type(getattr(load("params/demo.yml"), notebook.section))()
    assert scope == block.model_dump(exclude=type(block).bounds)


def test_every_section_belongs_to_a_notebook():
    sections = {notebook.section for notebook in PIPELINE}
    assert sections <= Profile.model_fields.keys()


@pytest.fixture(scope="module")
def smoke():
    """The smoke profile, run from nothing but the caches."""
    profile = load(SMOKE)
    embedded.ensure(**profile.demo.corpora)
    for notebook in PIPELINE:
        shutil.rmtree(notebook.results("smoke"), ignore_errors=True)
    runner.run_all(profile, SMOKE)
    return profile


@pytest.mark.notebook
@pytest.mark.parametrize("notebook", PIPELINE, ids=STEMS)
def test_a_run_writes_the_results_contract(smoke, notebook):
    folder = notebook.results("smoke")
    values = json.loads((folder / "values.json").read_text(encoding="utf-8"))
    assert values["finding"].endswith(".")
    for value in values.values():
        assert isinstance(value, str | bool) or value.keys() == {"value", "low", "high", "n", "unit", "text"}
    figures = sorted((folder / "figures").glob("*.png"))
    assert figures and all((figure.with_suffix(".txt")).read_text().strip() for figure in figures)
    for file in (folder / "tables").glob("*.csv"):
        assert len(pd.read_csv(file)), f"{file.name} is empty"
    provenance = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["seconds"] > 0 and provenance["params"]["profile"] == "smoke"
    assert ("all-mpnet-base-v2" in provenance["models"]) == ("mpnet" in notebook.models)
    assert "TMR" in provenance["models"] or "tmr" not in notebook.models


@pytest.mark.notebook
def test_letters_of_figures_are_large_enough_where_they_are_shown_and_none_collides_or_is_cut(smoke):
    pytest.importorskip("playwright", reason="playwright is not installed")
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        pytest.skip("no Chromium on PATH")
    folder = PIPELINE[0].results("smoke").parent
    measure = [sys.executable, "-m", "tests.browser.figure_texts", str(folder)]  # a process of its own: see Playwright
    told = subprocess.run(measure, cwd=ROOT, capture_output=True, text=True, check=False)
    counts = [int(count) for count in re.findall(r": (\d+) texts, ", told.stdout)]
    assert len(counts) > 15 and sum(counts) > 200, told.stderr
    assert told.returncode == 0, told.stdout


@pytest.mark.notebook
def test_a_second_run_does_nothing(smoke):
    before = {n.stem: (n.results("smoke") / "provenance.json").stat().st_mtime_ns for n in PIPELINE}
    runner.run_all(smoke, SMOKE)
    assert before == {n.stem: (n.results("smoke") / "provenance.json").stat().st_mtime_ns for n in PIPELINE}


@pytest.fixture
def kept(smoke, tmp_path):
    """The results, put back after a test that changes them."""
    folder = PIPELINE[0].results("smoke").parent
    shutil.copytree(folder, tmp_path / "kept")
    yield
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "kept", folder)


@pytest.mark.notebook
@pytest.mark.parametrize(
    ("bounds", "readers"),
    [({"thresholds": [0.85]}, []), ({"leak_free_threshold": 0.85}, ["embedding", "evaluation"])],
    ids=["of what is shown", "of the leak-free lists, which 04 and 06 read"],
)
def test_a_bound_makes_the_similarity_test_stale_and_then_what_reads_its_list(smoke, kept, bounds, readers):
    similarity = next(notebook for notebook in PIPELINE if notebook.section == "similarity")
    changed = smoke.model_copy(update={"similarity": smoke.similarity.model_copy(update=bounds)})
    assert freshness.stale(changed) == [similarity]
    assert runner.run(similarity, changed, SMOKE)
    assert [notebook.section for notebook in freshness.stale(changed)] == readers


@pytest.mark.notebook
def test_every_notebook_said_something(smoke):
    said = publication.findings(smoke)
    assert len(said) == len(PIPELINE) and not any("no result" in line for line in said)


def table(stem: str, name: str) -> pd.DataFrame:
    return pd.read_csv(next(n for n in PIPELINE if n.stem == stem).results("smoke") / "tables" / f"{name}.csv")


@pytest.mark.notebook
def test_planted_defects_and_labels_are_recovered(smoke):
    scores = table("00_data_preparation", "calibration_scores").set_index("defect")
    assert (scores.loc[["jitter", "impossible pose", "foot skate"], "auc"] >= 0.95).all()
    spoiled = table("00_data_preparation", "bounds").set_index("spoiled")
    assert (spoiled["auc"] >= 0.9).all() and len(spoiled) == 6
    counts = table("00_data_preparation", "calibration_funnel")
    assert set(counts["stage"]) == {"consent", "body mode", "persons"} and counts["exact"].all()
    funnel = table("00_data_preparation", "funnel").query("corpus == 'demo-dm'").set_index("stage")
    dropped = table("00_data_preparation", "calibration_dropped")
    assert dropped["entering"].sum() == funnel.loc["pose realism", "entering"]
    assert dropped["kept"].sum() == funnel.loc["off the floor", "kept"]
    kept = dropped.set_index("planted").query("planted in ('jitter', 'impossible pose', 'foot skate')")
    assert (kept["kept"] <= 0.05 * kept["entering"]).all()


@pytest.mark.notebook
def test_text_and_motion_of_a_test_clip_find_each_other_more_often_than_by_chance(smoke):
    found = table("04_embedding_gap", "recalls").query("protocol == 'small batches' and measure == 'R@5'")
    assert set(found["direction"]) == {"text to motion", "motion to text"}
    assert (found.query("corpus == 'demo-dm'")["low"] > 100 * 5 / smoke.embedding.batch).all()


@pytest.mark.notebook
def test_the_latents_of_every_clip_and_caption_are_kept(smoke):
    folder = next(n for n in PIPELINE if n.stem == "04_embedding_gap").results("smoke")
    for key, one in smoke.corpora.items():
        loaded, kept = corpus.load(one.kind, one.root), latents.read(folder, key)
        assert kept.clip_id == loaded.clips.loc[loaded.clips["has_motion"], "clip_id"].tolist()
        assert len(kept.motion) == len(kept.clip_id) and len(kept.text) == len(kept.captions)


@pytest.mark.notebook
def test_a_training_killed_under_make_models_goes_on_to_the_weights_of_one_that_was_not(smoke, tmp_path):
    asked = yaml.safe_load((ROOT / SMOKE).read_text(encoding="utf-8"))
    asked["models"]["tmr"]["training"] |= {"epochs": 3}
    file, cache = tmp_path / "killed.yml", tmp_path / "cache"
    file.write_text(yaml.safe_dump(asked), encoding="utf-8")
    (cache / "models").mkdir(parents=True)
    for made in (CACHE / "embeddings", CACHE / "tags", *(CACHE / "models").glob("all-mpnet-base-v2-*")):
        (cache / made.relative_to(CACHE)).symlink_to(made)

    def trained(*how: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", MODELS, str(cache), str(file), *how]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    first = trained()
    assert first.returncode == 0, first.stderr[-2000:]
    (folder,) = (cache / "models").glob("tmr-*")
    whole = TMR.from_run_dir(folder).fingerprint
    shutil.rmtree(folder)
    assert trained("killed").returncode == -signal.SIGKILL and not folder.exists()
    assert (folder.with_name(f".{folder.name}.part") / "checkpoint.pt").is_file()
    again = trained()
    assert again.returncode == 0, again.stderr[-2000:]
    assert "0%" not in again.stderr.split("training TMR:")[1]
    assert TMR.from_run_dir(folder).fingerprint == whole


@pytest.mark.notebook
def test_planted_leaks_are_recovered(smoke):
    text = table("01_similarity_test", "calibration_text")
    assert set(text["unit"]) == {"caption", "clip"} and text["within"].all()
    sources = table("01_similarity_test", "calibration_sources")
    assert {"demo-h3d", "demo-dm"} == set(sources["corpus"]) and sources["exact"].all()


@pytest.mark.notebook
def test_the_leak_free_list_holds_no_clip_of_a_shared_recording_or_repeated_caption(smoke):
    folder = next(n for n in PIPELINE if n.stem == "01_similarity_test").results("smoke")
    rule, *kept = (folder / "tables" / "leak_free_test.txt").read_text(encoding="utf-8").splitlines()
    assert rule.startswith("# A test clip is kept when")
    truth = json.loads((ROOT / smoke.demo.folder / "truth.json").read_text(encoding="utf-8"))["demo-h3d"]
    leaking = {pair["test"].partition("#")[0] for pair in truth["near_duplicates"]["pairs"]}
    leaking |= set(truth["sources"]["shared_ids"])
    assert kept and not {clip.removeprefix("M") for clip in kept} & leaking
    _, *with_dm = (folder / "tables" / "leak_free_test_dm.txt").read_text(encoding="utf-8").splitlines()
    assert {*with_dm} <= {*kept}


@pytest.mark.notebook
def test_the_union_of_leaks_is_that_of_the_planted_ones(smoke):
    truth = json.loads((ROOT / smoke.demo.folder / "truth.json").read_text(encoding="utf-8"))["demo-h3d"]
    by_text = {pair["test"].partition("#")[0] for pair in truth["near_duplicates"]["pairs"]}
    by_recording = set(truth["sources"]["shared_ids"])
    clips = table("01_similarity_test", "either_way").set_index("leaks")["clips"]
    assert clips["by recording"] == len(by_recording) and clips["by both"] == len(by_text & by_recording)
    assert clips["by recording or by text"] == len(by_text | by_recording)


@pytest.mark.notebook
def test_the_claimed_actions_lead_where_they_were_planted(smoke):
    claims = table("02_action_distribution", "claims").set_index(["corpus", "verb"])
    assert claims.loc[("demo-h3d", "walk"), "rank"] == 1 and claims.loc[("demo-dm", "dance"), "rank"] == 1


@pytest.mark.notebook
def test_the_survey_recovers_the_planted_order_abilities_and_careless_respondents(smoke):
    order = table("03_captioner_comparison", "calibration_order")
    assert (order["planted_place"] == order["ability_place"]).all() and order["within"].all()
    people = table("03_captioner_comparison", "calibration_respondents")
    assert people["planted"].sum() == 2 and people.loc[people["planted"], "found"].all()
    assert len(table("03_captioner_comparison", "tests")) == 6
