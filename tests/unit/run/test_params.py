"""Parameter files: what is accepted, and the one line that refuses the rest."""

from pathlib import Path

import pytest

from lib.base.errors import ParamsError
from lib.run import params

DEMO = Path("params/demo.yml").read_text(encoding="utf-8")


@pytest.fixture
def write(tmp_path):
    def to_file(text: str) -> Path:
        file = tmp_path / "profile.yml"
        file.write_text(text, encoding="utf-8")
        return file

    return to_file


@pytest.mark.parametrize("name", ["demo", "smoke"])
def test_embedded_profiles_are_valid_and_synthetic(name):
    assert params.load(f"params/{name}.yml").synthetic


@pytest.mark.parametrize(
    ("name", "variables"),
    [("humanml3d", ["HUMANML3D_ROOT"]), ("bandai_namco", ["BANDAI_NAMCO_ROOT"]), ("dm", ["HUMANML3D_ROOT", "DM_ROOT"])],
)
def test_profiles_of_real_data_take_their_roots_from_the_environment(name, variables, monkeypatch, tmp_path):
    for variable in variables:
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(ParamsError, match=f"needs {variables[0]}, which is not set; .*{variables[0]}="):
        params.load(f"params/{name}.yml")
    for variable in variables:
        monkeypatch.setenv(variable, str(tmp_path))
    profile = params.load(f"params/{name}.yml")
    assert {source.root for source in profile.corpora.values()} == {str(tmp_path)} and not profile.synthetic


def test_production_withholds_raw_captions(monkeypatch, tmp_path):
    monkeypatch.setenv("HUMANML3D_ROOT", str(tmp_path))
    monkeypatch.setenv("DM_ROOT", str(tmp_path))
    profile = params.load("params/dm.yml")
    assert profile.report.redact and profile.corpora["dm"].private


def test_an_exponent_without_a_point_is_a_number(write):
    profile = params.load(write(DEMO + "preparation: {high_pass_max: 1e-4}\n"))
    assert profile.preparation.high_pass_max == 0.0001


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            DEMO + "similarity: {tresholds: [0.9]}\n",
            r"unknown key 'similarity.tresholds' = \[0.9\].*did you mean 'thresholds'",
        ),
        (DEMO + "simlarity: {}\n", r"unknown key 'simlarity'.*did you mean 'similarity'"),
        (DEMO + "similarity: {thresholds: [high]}\n", r"similarity.thresholds.0 = 'high'.*expected a valid number"),
        (DEMO + "similarity: {thresholds: [1.5]}\n", r"similarity.thresholds.0 = 1.5.*less than or equal to 1"),
        (DEMO + "similarity: {thresholds: []}\n", r"similarity.thresholds = \[\].*at least 1 item"),
        (DEMO + "similarity: {block: true}\n", r"similarity.block = True.*expected a valid integer"),
        (DEMO + 'similarity: {block: "64"}\n', r"similarity.block = '64'.*expected a valid integer"),
        (DEMO.replace("seed: 0\n", "seed: -1\n"), r"seed = -1.*greater than or equal to 0"),
        (DEMO.replace("kind: manifest", "kind: manfest"), r"corpora.dm.kind = 'manfest'.*did you mean 'manifest'"),
        (DEMO.replace("02_action_distribution", "02_actions"), r"notebooks.2 = '02_actions'.*02_action_distribution"),
        (DEMO.replace("02_action_distribution", "01_similarity_test"), r"a notebook is named twice"),
        (
            DEMO.replace("  - 04_embedding_gap\n", ""),
            r"notebooks = .*expected 04_embedding_gap as well.*05_clustering reads",
        ),
        (
            DEMO.replace("  - 01_similarity_test\n", ""),
            r"notebooks = .*expected 01_similarity_test.*04_embedding_gap reads",
        ),
        (DEMO + "similarity: {thresholds: [0.95, 0.9, 0.951]}\n", r"similarity.thresholds = .*first two decimals"),
        *(
            (
                DEMO.replace("\n  dm: {label", f"\n  {key}: {{label"),
                rf"corpora.{key} = '{key}'.*expected at most 64 small letters",
            )
            for key in ("h3d-v2", "3d", "_dm", "DM", "dé")
        ),
        (DEMO.replace("label: demo-dm", "label: demo-h3d"), r"a label of its own for every corpus"),
        (
            DEMO.replace("latent_dim: 96", "latent_dmi: 96"),
            r"unknown key 'models.tmr.sizes.latent_dmi' = 96.*did you mean 'latent_dim'",
        ),
        (DEMO.replace("latent_dim: 96", "latent_dim: 97"), r"models.tmr.sizes = .*latent_dim even and a multiple"),
        (DEMO.replace("lr: 1e-3", "lr: fast"), r"models.tmr.training.lr = 'fast'.*valid number"),
        (DEMO + "seed: 1\n", r"key 'seed' is given twice"),
        (DEMO.replace("profile: demo\n", ""), r"key 'profile' is missing"),
        ("profile: [", r"profile.yml:\d+: not valid YAML"),
        ("- a\n", r"expected a mapping"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_that_names_key_value_and_cure(write, text, said):
    with pytest.raises(ParamsError, match=said) as caught:
        params.load(write(text))
    assert "\n" not in str(caught.value) and "profile.yml" in str(caught.value)


def test_a_missing_file_names_those_there_are():
    with pytest.raises(ParamsError, match=r"nowhere.yml: no such parameter file; there are .*params/demo.yml"):
        params.load("params/nowhere.yml")


def test_overrides_from_a_notebook_are_checked_like_the_file():
    assert params.load("params/demo.yml", {"similarity": {"block": 7}}).similarity.block == 7
    with pytest.raises(ParamsError, match="similarity.block = 0"):
        params.load("params/demo.yml", {"similarity": {"block": 0}})


def test_what_a_notebook_depends_on_leaves_out_other_sections_and_places():
    depends = params.load("params/demo.yml").for_notebook("similarity")
    assert "similarity" in depends and "actions" not in depends and "preparation" not in depends
    assert "root" not in depends["corpora"]["h3d"]


def test_thresholds_are_put_in_order(write):
    assert params.load(write(DEMO + "similarity: {thresholds: [0.95, 0.8]}\n")).similarity.thresholds == [0.8, 0.95]


def test_a_root_may_start_at_home_and_hold_spaces(write, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    text = DEMO.replace("root: build/corpora/demo/demo-dm", 'root: "~/my data/dm"')
    assert params.load(write(text)).corpora["dm"].root == str((tmp_path / "my data" / "dm").resolve())


def test_models_may_lie_at_home_and_names_on_a_hub_stay(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    tmr = {"run_dir": "~/runs/tmr", "text_model": "~/distilbert"}
    models = params.load("params/demo.yml", {"models": {"mpnet": "~/mpnet", "tmr": tmr}}).models
    assert (models.mpnet, models.tmr.run_dir) == (f"{tmp_path}/mpnet", f"{tmp_path}/runs/tmr")
    assert models.tmr.text_model == f"{tmp_path}/distilbert"
    named = params.load("params/demo.yml", {"models": {"tmr": {"text_model": "org/name"}}}).models
    assert named.tmr.text_model == "org/name" and named.mpnet is None


def test_a_private_corpus_is_withheld_without_being_asked(write):
    assert not params.load(write(DEMO)).redacted
    private = params.load(write(DEMO.replace("label: demo-dm,", "label: demo-dm, private: true,")))
    assert private.redacted and private.for_notebook("actions")["redact"]


def test_videos_of_the_demo_make_no_notebook_stale_and_no_corpus_new(write):
    filmed = params.load(write(DEMO.replace("dm_clips: 2500", "dm_clips: 2500, dm_videos: 60")))
    plain = params.load("params/demo.yml")
    assert (filmed.demo.dm_videos, plain.demo.dm_videos) == (60, 0)
    assert filmed.demo.corpora == plain.demo.corpora == plain.for_notebook("actions")["demo"]
    assert filmed.for_notebook("captioners") == plain.for_notebook("captioners")


def test_another_engine_makes_no_result_stale(write):
    plain, spread = params.load("params/demo.yml"), params.load(write(DEMO + "engine: {workers: 7}\n"))
    assert spread.for_notebook("similarity") == plain.for_notebook("similarity")
