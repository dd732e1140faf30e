"""Stamps: what makes a result stale, and what must not."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lib.base.hashes import corpus_fingerprint
from lib.base.imported_code import modules_of
from lib.base.paths import ROOT
from lib.models.tmr.sizes import NETWORKS
from lib.run import freshness
from lib.run.params import load
from lib.run.pipeline import BY_STEM

STEM = "01_similarity_test"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the code and a tiny corpus folder, with the module's root moved there."""
    for name in ("lib", "notebooks", "params"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "constraints.txt", tmp_path)
    for corpus in ("h3d", "dm"):
        (tmp_path / corpus).mkdir()
        (tmp_path / corpus / "train.txt").write_text("000001\n")
    monkeypatch.setattr(freshness, "ROOT", tmp_path)
    monkeypatch.setattr("lib.run.pipeline.NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr("lib.base.hashes.CACHE", tmp_path / ".cache")
    return tmp_path


def stamped(project: Path, section: str = "similarity", overrides: dict | None = None) -> dict:
    corpus_fingerprint.cache_clear()
    modules_of.cache_clear()
    profile = load("params/demo.yml", overrides)
    roots = {key: source.model_copy(update={"root": str(project / key)}) for key, source in profile.corpora.items()}
    stem = next(n.stem for n in BY_STEM.values() if n.section == section)
    return freshness.stamp(BY_STEM[stem], profile.model_copy(update={"corpora": roots}))


def models(section: str, **overrides: str) -> dict:
    profile = load("params/demo.yml").model_copy(update=overrides)
    notebook = next(n for n in BY_STEM.values() if n.section == section)
    told: dict = freshness._models(notebook, profile)
    return told


def edit(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")


def test_a_gpu_that_is_named_counts_where_networks_are_trained_and_bf16_where_texts_are_encoded(project):
    for section, trains, encodes in (
        ("preparation", False, False),
        ("actions", False, False),
        ("similarity", False, True),
        ("embedding", True, True),
        ("evaluation", True, True),
    ):
        before = models(section)
        assert {models(section, device=name).get("device") for name in ("auto", "cpu")} == {None}
        gpus = [models(section, device=name) for name in ("cuda", "cuda:3")]
        assert gpus == [before | ({"device": "cuda"} if trains else {})] * 2
        assert models(section, precision="bf16") == before | ({"precision": "bf16"} if encodes else {})


def test_touching_every_file_changes_nothing(project):
    before = stamped(project)
    for path in project.rglob("*"):
        os.utime(path)
    assert stamped(project) == before


def test_a_parameter_of_one_section_changes_that_notebook_alone(project):
    changed = {"similarity": {"thresholds": [0.8]}}
    assert stamped(project, "similarity", changed) != stamped(project, "similarity")
    for section in ("preparation", "actions"):
        assert stamped(project, section, changed) == stamped(project, section)


def test_what_is_exported_changes_no_notebook(project):
    before = stamped(project, "clustering")
    assert stamped(project, "clustering", {"dataset": {"mirrors": False}}) == before
    edit(project / "lib" / "dataset" / "parameters.py")
    assert stamped(project, "clustering") == before


def test_how_tmr_is_trained_changes_only_notebooks_that_need_it(project):
    changed = {"models": {"tmr": {"training": {"epochs": 3}}}}
    assert stamped(project, "embedding", changed) != stamped(project, "embedding")
    assert stamped(project, "actions", changed) == stamped(project, "actions")


def test_the_weights_of_a_given_run_count_and_where_it_lies_does_not(project):
    stamps = []
    for name, weights in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        (project / name / "last_weights").mkdir(parents=True)
        (project / name / "config.json").write_text("{}")
        for network in NETWORKS:
            (project / name / "last_weights" / f"{network}.pt").write_bytes(weights)
        stamps.append(stamped(project, "embedding", {"models": {"tmr": {"run_dir": str(project / name)}}}))
    assert stamps[0] == stamps[1] != stamps[2]


def test_the_statistics_of_a_given_run_and_a_text_model_in_a_folder_count(project):
    run, text = project / "outputs" / "run", project / "text"
    (run / "last_weights").mkdir(parents=True)
    config = {"data": {"motion_loader": {"normalizer": {"base_dir": "stats"}}}}
    (run / "config.json").write_text(json.dumps(config))
    for folder in (project / "stats", text):  # TMR's own runs have their statistics in a folder above them
        folder.mkdir()
    for file in (project / "stats" / "mean.pt", project / "stats" / "std.pt", text / "model.safetensors"):
        file.write_bytes(b"1")
    models = {"models": {"tmr": {"run_dir": str(run), "text_model": str(text)}}}
    stamps = [stamped(project, "embedding", models)]
    for file in ("stats/mean.pt", "stats/std.pt", "text/model.safetensors"):
        (project / file).write_bytes(b"2")
        stamps.append(stamped(project, "embedding", models))
    assert len({json.dumps(stamp) for stamp in stamps}) == 4
    trained = {"models": {"tmr": {"text_model": str(text)}}}
    before = stamped(project, "embedding", trained)
    (text / "model.safetensors").write_bytes(b"3")
    assert stamped(project, "embedding", trained) != before


def test_motions_of_other_models_outside_the_corpus_count_where_they_are_read(project):
    folder = project / "others"
    (folder / "model" / "0").mkdir(parents=True)
    asked = {"evaluation": {"generations": str(folder)}}
    before = {section: stamped(project, section, asked) for section in ("evaluation", "visualization", "embedding")}
    (folder / "model" / "0" / "1.npy").write_bytes(b"1")
    after = {section: stamped(project, section, asked) for section in before}
    assert {section for section in before if after[section] != before[section]} == {"evaluation", "visualization"}


def test_only_what_a_result_leaves_for_others_makes_theirs_stale(project, monkeypatch):
    monkeypatch.setattr("lib.run.pipeline.RESULTS", project / "results")
    folder = BY_STEM["05_clustering"].results("demo")
    (folder / "tables").mkdir(parents=True)
    for name in ("values.json", "sampling_weights.parquet", "tables/draws.csv", "tables/growth.csv"):
        (folder / name).write_text("1")
    before = stamped(project, "evaluation")
    for name, stale in (("values.json", False), ("tables/growth.csv", False), ("tables/draws.csv", True)):
        (folder / name).write_text("2")
        assert (stamped(project, "evaluation") != before) is stale, name
    latents = BY_STEM["04_embedding_gap"].results("demo") / "latents"
    before = stamped(project, "clustering")
    latents.mkdir(parents=True)
    (latents / "dm.json").write_text("1")
    assert stamped(project, "clustering") != before


def test_all_but_figures_counts_of_a_notebook_that_does_not_say_what_it_leaves(project, monkeypatch):
    monkeypatch.setattr("lib.run.pipeline.RESULTS", project / "results")
    monkeypatch.setitem(BY_STEM, STEM, replace(BY_STEM[STEM], after=("02_action_distribution",)))
    folder = BY_STEM["02_action_distribution"].results("demo")
    (folder / "figures").mkdir(parents=True)
    before = stamped(project)
    (folder / "figures" / "bar.png").write_text("1")
    assert stamped(project) == before
    (folder / "values.json").write_text("{}")
    assert stamped(project) != before


def test_an_edit_in_lib_changes_only_notebooks_that_import_it(project):
    before = {section: stamped(project, section) for section in ("preparation", "similarity", "actions")}
    edit(project / "lib" / "sections" / "similarity" / "text_leak.py")
    assert stamped(project, "similarity") != before["similarity"]
    assert stamped(project, "preparation") == before["preparation"]
    assert stamped(project, "actions") == before["actions"]


@pytest.mark.parametrize("section", ["actions", "evaluation"])
def test_a_new_default_of_one_section_leaves_the_other_notebooks_fresh(project, section):
    before = {notebook.section: stamped(project, notebook.section) for notebook in BY_STEM.values()}
    edit(project / "lib" / "sections" / section / "parameters.py")
    assert {notebook.section: stamped(project, notebook.section) for notebook in BY_STEM.values()} == before
    changed = load("params/demo.yml", {section: {"bootstrap": 333}})
    other = [one.section for one in BY_STEM.values() if section not in (one.section, *one.reads)]
    assert all(changed.for_notebook(name) == load("params/demo.yml").for_notebook(name) for name in other)


def test_the_rule_of_an_answer_is_in_no_stamp(project):
    before = stamped(project, "similarity")
    edit(project / "lib" / "sections" / "similarity" / "verdict.py")
    assert stamped(project, "similarity") == before


@pytest.mark.parametrize("file", ["h3d/train.txt", "constraints.txt", "lib/base/hashes.py"])
def test_data_versions_and_shared_code_change_the_stamp_and_taking_it_back_restores_it(project, file):
    before, path = stamped(project), project / file
    text = path.read_text()
    edit(path)
    assert stamped(project) != before
    path.write_text(text)
    assert stamped(project) == before


def test_what_a_new_notebook_adds_to_parameters_and_pipeline_leaves_the_others_fresh(project):
    before = stamped(project)
    for name in ("params.py", "pipeline.py"):
        edit(project / "lib" / "run" / name)
    assert stamped(project) == before
    other = replace(BY_STEM[STEM], after=("00_data_preparation",), reads=("survey",))
    asked = load("params/demo.yml")
    assert freshness.stamp(other, asked) != freshness.stamp(BY_STEM[STEM], asked)


def test_a_moved_corpus_is_the_same_corpus(project):
    before = stamped(project)
    shutil.copytree(project / "h3d", project / "elsewhere" / "h3d")
    profile = load("params/demo.yml")
    roots = {"h3d": "elsewhere/h3d", "dm": "dm"}
    moved = {
        key: source.model_copy(update={"root": str(project / roots[key])}) for key, source in profile.corpora.items()
    }
    assert freshness.stamp(BY_STEM[STEM], profile.model_copy(update={"corpora": moved})) == before


def test_notebook_outputs_do_not_count_but_its_code_does(project):
    before, path = stamped(project), project / "notebooks" / f"{STEM}.ipynb"
    content = json.loads(path.read_text())
    content["cells"][1]["execution_count"] = 3
    path.write_text(json.dumps(content))
    assert stamped(project) == before
    content["cells"][-1]["source"] = ["changed"]
    path.write_text(json.dumps(content))
    assert stamped(project) != before


def test_a_result_is_fresh_only_when_complete_and_made_from_the_same_inputs(tmp_path):
    wanted = {"params": {"similarity": {"block": 1}}, "lib": {"lib/a.py": "x"}}
    assert not freshness.is_fresh(tmp_path, wanted) and freshness.changes(tmp_path, wanted) == "no result yet"
    (tmp_path / "values.json").write_text("{}")
    made = {"stamp": wanted, "outputs": freshness.outputs_fingerprint(tmp_path)}
    (tmp_path / "provenance.json").write_text(json.dumps(made))
    assert not freshness.is_fresh(tmp_path, wanted)
    (tmp_path / "notebook.ipynb").write_text("{}")
    assert freshness.is_fresh(tmp_path, wanted)
    other = {"params": {"similarity": {"block": 2}}, "lib": {"lib/a.py": "y"}}
    assert freshness.changes(tmp_path, other) == "lib/a.py, similarity.block"
    (tmp_path / "values.json").write_text('{"share": 1}')
    assert not freshness.is_fresh(tmp_path, wanted) and "altered" in freshness.changes(tmp_path, wanted)
    (tmp_path / "provenance.json").write_text("{ half")
    assert not freshness.is_fresh(tmp_path, wanted) and freshness.changes(tmp_path, wanted)


def test_what_was_planted_is_part_of_the_stamp(project, monkeypatch):
    shutil.rmtree(project / "params")
    monkeypatch.setattr("lib.run.params.ROOT", project)
    before = stamped(project)
    truth = project / "build" / "corpora" / "demo" / "truth.json"
    truth.parent.mkdir(parents=True)
    truth.write_text("{}")
    assert stamped(project) != before


def test_what_parameters_say_by_value_is_left_out_of_the_code():
    names = {path.name for path in freshness.imported_files("from lib.run import freshness")}
    assert {"freshness.py", "provenance.py"} <= names and not {"params.py", "pipeline.py"} & names


FILTERED = ("actions", "captioners", "embedding", "clustering", "evaluation", "visualization")


def judged(project: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """A filter that says this, where 00 would leave it; the code, which it cannot change, is left out of stamps."""
    monkeypatch.setattr("lib.run.pipeline.RESULTS", project / "results")
    monkeypatch.setattr(freshness, "imported_files", lambda code: set())
    folder = BY_STEM["00_data_preparation"].results("demo")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kept.parquet").write_text(text)
    (folder / "values.json").write_text(text)


def test_what_the_filter_keeps_makes_those_stale_that_use_it(project, monkeypatch):
    judged(project, monkeypatch, "1")
    sections = [one.section for one in BY_STEM.values()]
    before = {section: stamped(project, section) for section in sections}
    (BY_STEM["00_data_preparation"].results("demo") / "values.json").write_text("2")
    assert {section: stamped(project, section) for section in sections} == before
    judged(project, monkeypatch, "2")
    assert {section for section in sections if stamped(project, section) != before[section]} == {*FILTERED}


def test_a_section_that_uses_all_clips_does_not_depend_on_the_filter(project, monkeypatch):
    every = {"actions": {"clips": "all"}, "clustering": {"clips": "all"}, "models": {"tmr": {"clips": "all"}}}
    judged(project, monkeypatch, "1")
    before = {section: stamped(project, section, every) for section in ("actions", "clustering", "embedding")}
    judged(project, monkeypatch, "2")
    after = {section: stamped(project, section, every) for section in before}
    assert {section for section in before if after[section] != before[section]} == {"embedding"}
    assert (
        "00_data_preparation" not in after["actions"]["results"] and "kept" not in after["clustering"]["models"]["tmr"]
    )


def test_all_clips_of_a_section_still_rest_on_a_tmr_that_was_trained_on_kept_ones(project, monkeypatch):
    own = {"clustering": {"clips": "all"}}
    judged(project, monkeypatch, "1")
    before = stamped(project, "clustering", own)
    judged(project, monkeypatch, "2")
    after = stamped(project, "clustering", own)
    assert after["results"] == before["results"]
    assert freshness.differences(before, after) == "models.tmr.kept.kept.parquet"


def test_without_00_among_the_notebooks_no_stamp_knows_of_a_filter(project, monkeypatch):
    alone = {"notebooks": ["02_action_distribution", "04_embedding_gap"]}
    judged(project, monkeypatch, "1")
    profile = load("params/demo.yml")
    for section in ("actions", "embedding"):
        (stem,) = (n.stem for n in BY_STEM.values() if n.section == section)
        stamp = freshness.stamp(BY_STEM[stem], profile.model_copy(update=alone))
        assert "kept.parquet" not in json.dumps(stamp)
