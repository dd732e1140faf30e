"""Notebooks in Jupyter: on the last profile, with the cell's changes, told in one line what is not there."""

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
import yaml
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from lib.base.errors import CorpusError, ModelError, ParamsError, RunError
from lib.base.paths import NOTEBOOKS, ROOT
from lib.run.exploring import last_profile, readiness, session, start_page
from lib.run.exploring.last_profile import LAST
from lib.run.exploring.write_back import write_back
from lib.run.params import Profile, load
from lib.run.pipeline import BY_STEM, PIPELINE

ACTIONS = BY_STEM["02_action_distribution"]
OWN = """\
# ours
profile: mine  # a name
corpora:
  own: {label: Own, kind: manifest, root: "%s"}
notebooks: [02_action_distribution]
actions: {top_bar: 7, claimed: [walk]}  # few verbs
"""


class Shell:
    """What a kernel offers, as far as the session uses it."""

    def set_custom_exc(self, kinds: tuple[type, ...], tell: object) -> None:
        self.told = kinds


@pytest.fixture
def own(tmp_path: Path) -> str:
    (tmp_path / "data").mkdir()
    file = tmp_path / "own.yml"
    file.write_text(OWN % (tmp_path / "data"))
    return str(file)


@pytest.fixture
def jupyter(monkeypatch: pytest.MonkeyPatch, own: str) -> None:
    """In a kernel, after a run on the own profile."""
    monkeypatch.delenv("LIB_RESULTS", raising=False)
    monkeypatch.setattr(session, "get_ipython", Shell)
    monkeypatch.setattr(last_profile, "recall", lambda: own)


def defaults(**changed: object) -> dict[str, object]:
    return {"params": LAST, **load("params/demo.yml").actions.model_dump(), **changed}


def test_what_the_cell_leaves_alone_comes_from_the_last_profile(
    jupyter: None, own: str, capsys: pytest.CaptureFixture[str]
) -> None:
    variables = defaults()
    profile, file = session.resolve_parameters(ACTIONS, variables)
    assert (profile.profile, file) == ("mine", own) and profile.actions.top_bar == 7
    assert variables["top_bar"] == 7 and variables["claimed"] == ["walk"] and variables["bootstrap"] == 1000
    assert capsys.readouterr().out == f"profile mine ({own}, the last that ran)\n"


def test_what_the_cell_changes_goes_before_and_is_told(jupyter: None, capsys: pytest.CaptureFixture[str]) -> None:
    variables = defaults(top_bar=9, bootstrap=200)
    profile, _ = session.resolve_parameters(ACTIONS, variables)
    assert (profile.actions.top_bar, profile.actions.bootstrap, variables["top_bar"]) == (9, 200, 9)
    assert capsys.readouterr().out.endswith("; changed here: top_bar = 9, bootstrap = 200\n")
    session.resolve_parameters(ACTIONS, variables)
    assert "changed here: top_bar = 9, bootstrap = 200" in capsys.readouterr().out
    with pytest.raises(ParamsError, match="bootstrap"):
        session.resolve_parameters(ACTIONS, defaults(bootstrap=1))


def test_a_named_file_is_taken_and_under_the_runner_the_variables_decide(
    jupyter: None, own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "named.yml"
    named.write_text(Path(own).read_text().replace("profile: mine", "profile: named"))
    profile, file = session.resolve_parameters(ACTIONS, defaults(params=str(named), clips="all"))
    assert (profile.profile, file) == ("named", str(named))
    monkeypatch.setenv("LIB_RESULTS", "x")
    assert session.resolve_parameters(ACTIONS, defaults(params=own))[0].actions.top_bar == 30


CELL = "params = 'last'\ntop_bar = 30  # verbs"


def test_a_default_that_the_reader_assigns_goes_before_the_file_and_an_untouched_cell_follows_it(
    jupyter: None, own: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type(load(own).actions)().top_bar == 30 and load(own).actions.top_bar == 7
    for cells in ([CELL], [CELL, CELL], ["top_bar = 30", CELL], [CELL, "%matplotlib inline", "print(top_bar)"], []):
        untouched = defaults(In=cells)
        assert session.resolve_parameters(ACTIONS, untouched)[0].actions.top_bar == untouched["top_bar"] == 7
        assert "changed here" not in capsys.readouterr().out
    for cells in ([CELL, "top_bar = 30"], [f"{CELL}\ntop_bar = 30"], [CELL, "top_bar = 30\nrun = Run('02', vars())"]):
        variables = defaults(In=cells)
        assert session.resolve_parameters(ACTIONS, variables)[0].actions.top_bar == variables["top_bar"] == 30
        assert capsys.readouterr().out.endswith("; changed here: top_bar = 30\n")
    write_back(ACTIONS, variables, own)
    assert "actions: {top_bar: 30, claimed: [walk]}" in Path(own).read_text()


def test_in_a_real_kernel_an_own_cell_sets_a_default_and_run_all_again_follows_the_file(
    tmp_path: Path, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIB_RESULTS", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    asked = f'params = "{own}"\ntop_bar = 30'
    started = (
        "from lib.run.exploring.session import resolve_parameters\nfrom lib.run.pipeline import BY_STEM\n"
        'profile, _ = resolve_parameters(BY_STEM["02_action_distribution"], vars())\nprofile.actions.top_bar'
    )
    sources = (asked, started, asked, started, "top_bar = 30", started)
    page = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(page, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    shown = [output.data["text/plain"] for cell in page.cells for output in cell.outputs if "data" in output]
    assert shown == ["7", "7", "30"]


def test_a_hostile_file_is_refused_before_it_is_edited(own: str) -> None:
    letters = "abcdefghijklmnop"
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairwise(letters))
    text = Path(own).read_text() + bomb
    Path(own).write_text(text)
    with pytest.raises(ParamsError):
        write_back(ACTIONS, {"top_bar": 9}, own)
    assert Path(own).read_text() == text


def test_the_last_run_is_remembered_with_its_variables(
    tmp_path: Path, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "last.json"
    assert last_profile.recall(record=record) == "params/demo.yml"
    last_profile.remember("params/smoke.yml", record=record)
    assert last_profile.recall(record=record) == "params/smoke.yml"
    monkeypatch.setenv("HUMANML3D_ROOT", "/data/h3d")
    last_profile.remember(str(ROOT / "params/humanml3d.yml"), record=record)
    monkeypatch.delenv("HUMANML3D_ROOT")
    assert last_profile.recall(record=record) == "params/humanml3d.yml" and os.environ["HUMANML3D_ROOT"] == "/data/h3d"
    last_profile.remember(own, record=record)
    assert last_profile.recall(record=record) == own
    Path(own).unlink()
    assert last_profile.recall(record=record) == "params/demo.yml"
    record.write_text("{")
    assert last_profile.recall(record=record) == "params/demo.yml"


def smoke(tmp_path: Path) -> Profile:
    raw = yaml.safe_load((ROOT / "params/smoke.yml").read_text())
    for key in raw["corpora"]:
        raw["corpora"][key]["root"] = str(tmp_path / key)
    (tmp_path / "smoke.yml").write_text(yaml.safe_dump(raw | {"profile": "nothing-has-run-here"}, sort_keys=False))
    return load(tmp_path / "smoke.yml")


def test_a_fresh_clone_is_told_the_command_for_corpora_models_and_results_in_turn(tmp_path: Path) -> None:
    profile, models = smoke(tmp_path), tmp_path / "models"

    def lacks(stem: str) -> str:
        return str(readiness.lacking(BY_STEM[stem], profile, "p.yml", models=models))

    assert lacks("05_clustering") == "demo-h3d is not made yet; run: make corpora PARAMS=p.yml"
    for key in profile.corpora:
        (tmp_path / key).mkdir()
    assert lacks("00_data_preparation") == "None"
    assert lacks("05_clustering") == "the model MPNET is not here yet; run: make models PARAMS=p.yml"
    (models / "all-mpnet-base-v2-a9cad8904263").mkdir(parents=True)
    assert lacks("05_clustering") == "the model TMR is not here yet; run: make models PARAMS=p.yml"
    (models / "tmr-1").mkdir()
    asked = profile.models.tmr
    told = {"sizes": vars(asked.sizes), "training": {**vars(asked.training), "epochs": 1}}
    (models / "tmr-1" / "training.json").write_text(json.dumps(told))
    assert "TMR" in lacks("05_clustering")
    told["training"]["epochs"] = asked.training.epochs
    (models / "tmr-1" / "training.json").write_text(json.dumps(told))
    assert "reads the result of 00_data_preparation, which has not run; run: make results" in lacks("05_clustering")
    profile = load(tmp_path / "smoke.yml", {"clustering": {"clips": "all"}})
    assert "reads the result of 04_embedding_gap, which has not run; run: make results" in lacks("05_clustering")
    kinds = {type(readiness.lacking(BY_STEM["05_clustering"], profile, "p", models=m)) for m in (models, tmp_path)}
    assert kinds == {RunError, ModelError}


def test_a_folder_of_one_s_own_that_is_gone_names_the_key(own: str, tmp_path: Path) -> None:
    (tmp_path / "data").rmdir()
    error = readiness.lacking(ACTIONS, load(own), own)
    assert isinstance(error, CorpusError) and "set corpora.own.root" in str(error)


def test_a_file_of_the_working_directory_is_changed_where_it_lies(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(own).parent)
    variables = {"params": Path(own).name, "top_bar": 9}
    write_back(ACTIONS, variables, Path(own).name)
    assert load(own).actions.top_bar == 9


def test_changes_are_written_to_the_file_and_comments_stay(own: str, capsys: pytest.CaptureFixture[str]) -> None:
    variables = load(own).actions.model_dump() | {"top_bar": 9, "bootstrap": 300}
    assert write_back(ACTIONS, variables, own) == Path(own)
    changed = "actions: {top_bar: 9, claimed: [walk], bootstrap: 300} # few verbs"
    before = OWN % Path(own).with_name("data")
    assert Path(own).read_text() == before.replace("actions: {top_bar: 7, claimed: [walk]}  # few verbs", changed)
    assert capsys.readouterr().out == f"{own}: actions: top_bar: 9, bootstrap: 300\n"
    write_back(ACTIONS, variables, own)
    assert "nothing differs" in capsys.readouterr().out


def test_a_new_file_gets_a_profile_of_its_name_and_is_never_overwritten(own: str, tmp_path: Path) -> None:
    target = str(tmp_path / "My Own.yml")
    variables = load(own).actions.model_dump() | {"top_pie": 11}
    write_back(ACTIONS, variables, own, target)
    made = load(target)
    assert (made.profile, made.actions.top_pie, made.actions.top_bar) == ("my-own", 11, 7)
    assert "# few verbs" in Path(target).read_text() and load(own).actions.top_pie == 50
    with pytest.raises(ParamsError, match="exists already"):
        write_back(ACTIONS, variables, own, target)


def test_the_embedded_profiles_stay_and_wrong_values_are_refused(own: str) -> None:
    before = (ROOT / "params/demo.yml").read_text()
    with pytest.raises(ParamsError, match=r'run.write_back\("params/mine.yml"\)'):
        write_back(ACTIONS, {"top_bar": 9}, "params/demo.yml")
    assert (ROOT / "params/demo.yml").read_text() == before
    with pytest.raises(ParamsError, match="top_bar = 0"):
        write_back(ACTIONS, {"top_bar": 0}, own)
    assert Path(own).read_text() == OWN % Path(own).with_name("data")


def test_the_start_page_links_every_notebook_with_its_question(tmp_path: Path) -> None:
    text = start_page.text(ROOT / "build" / "lab")
    for notebook in PIPELINE:
        (row,) = [line for line in text.splitlines() if line.startswith(f"| [{notebook.stem}]")]
        link = row.partition("(")[2].partition(")")[0]
        assert notebook.question in row and (ROOT / "build" / "lab" / link).resolve() == notebook.path
    assert ((ROOT / "build/lab" / "../../CONTRIBUTING.md").resolve()).is_file() and "../../CONTRIBUTING.md" in text
    page = nbformat.read(start_page.write(tmp_path / "start.ipynb"), 4)
    nbformat.validate(page)
    assert [cell.cell_type for cell in page.cells] == ["markdown"]


def test_the_start_page_says_where_the_parameter_file_fails(own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(own).write_text("profile: x\n")
    monkeypatch.setattr(last_profile, "recall", lambda: own)
    assert "key 'corpora' is missing" in start_page.text(NOTEBOOKS)


def test_in_a_real_kernel_the_error_is_one_line_and_what_follows_does_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    smoke(tmp_path)
    monkeypatch.delenv("LIB_RESULTS", raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    asked = f'params = "{tmp_path / "smoke.yml"}"\ntop_bar = 5'
    started = 'from lib.run.results import Run\nrun = Run("02_action_distribution", vars())'
    page = new_notebook(cells=[new_code_cell(one) for one in (asked, started, "print('ran on')")])
    with pytest.raises(CellExecutionError):
        NotebookClient(page, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    outputs = page.cells[1].outputs
    assert [output.output_type for output in outputs] == ["stream", "stream"]
    said = "".join(output.text for output in outputs if output.name == "stderr")
    assert said == f"error: demo-h3d is not made yet; run: make corpora PARAMS={tmp_path / 'smoke.yml'}\n"
    assert not page.cells[2].outputs


def test_lab_opens_on_the_start_page_and_asks_the_network_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda *given: started.append(given))
    start_page.open_lab(["--no-browser"])
    ((program, command, environment),) = started
    assert command[:4] == [program, "-m", "jupyterlab", str(ROOT)] and command[-1] == "--no-browser"
    assert "--LabApp.default_url=/lab/tree/build/lab/start.ipynb?file-browser-path=/notebooks" in command
    assert "--LabApp.news_url=None" in command and environment["PYTHONPATH"].startswith(str(ROOT))
    assert start_page.FILE.is_file()


def test_lab_does_not_ask_whether_it_may_fetch_news(monkeypatch: pytest.MonkeyPatch) -> None:
    """JupyterLab's own reader of defaults, run as JupyterLab is, finds the answer."""
    started: list[tuple[str, list[str], dict[str, str]]] = []
    monkeypatch.setattr(os, "execve", lambda *given: started.append(given))
    start_page.open_lab()
    reader = (
        "import json; from jupyterlab_server.settings_utils import ConfigManager; "
        "print(json.dumps(ConfigManager(config_dir_name='labconfig').get('default_setting_overrides')))"
    )
    done = subprocess.run([sys.executable, "-c", reader], env=started[0][2], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
