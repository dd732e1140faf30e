"""The runner: results appear whole, failures and kills leave the last ones alone, two runs take turns."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
import pytest

from lib.base.errors import RunError, UserError
from lib.base.locks import exclusive
from lib.base.paths import ROOT
from lib.run import runner
from lib.run.params import load
from lib.run.pipeline import Notebook
from tests.notebooks.checkout import copied

pytestmark = pytest.mark.notebook

WRITES = "import json, os\njson.dump({'block': block}, open(os.environ['LIB_RESULTS'] + '/values.json', 'w'))"
TINY = Notebook("99_tiny", "similarity", "Does it run?")


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Folders of their own for notebooks and results, and a profile whose corpora are one small file each."""
    for key in ("h3d", "dm"):
        (tmp_path / key).mkdir()
        (tmp_path / key / "train.txt").write_text(key)
    (tmp_path / "notebooks").mkdir()
    for module, name in (
        ("run.pipeline", "NOTEBOOKS"),
        ("run.pipeline", "RESULTS"),
        ("run.runner", "RESULTS"),
        ("base.locks", "LOCKS"),
    ):
        monkeypatch.setattr(f"lib.{module}.{name}", tmp_path / name.lower())
    return tmp_path


def write(place: Path, *sources: str) -> None:
    cells = [
        nbformat.v4.new_code_cell("block = 1", metadata={"tags": ["parameters"]}),
        *map(nbformat.v4.new_code_cell, sources),
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), place / "notebooks" / f"{TINY.stem}.ipynb")


def profile(place: Path, block: int = 64):
    loaded = load("params/demo.yml", {"similarity": {"block": block}})
    return loaded.model_copy(
        update={"corpora": {k: s.model_copy(update={"root": str(place / k)}) for k, s in loaded.corpora.items()}}
    )


def result(place: Path) -> dict:
    return json.loads((TINY.results("demo") / "values.json").read_text())


def test_a_result_holds_what_the_contract_names_and_is_not_made_twice(place):
    write(place, WRITES)
    assert runner.run(TINY, profile(place), "params/demo.yml")
    assert result(place) == {"block": 64}
    provenance = json.loads((TINY.results("demo") / "provenance.json").read_text())
    named = {
        "git",
        "params",
        "params_sha256",
        "corpora",
        "models",
        "versions",
        "seed",
        "device",
        "start",
        "seconds",
        "warnings",
        "stamp",
    }
    assert named <= provenance.keys() and provenance["versions"]["torch"].startswith("2.13.0")
    assert not runner.run(TINY, profile(place), "params/demo.yml")
    assert runner.run(TINY, profile(place, block=65), "params/demo.yml") and result(place) == {"block": 65}


def test_a_failing_cell_leaves_the_last_result_and_is_told_in_one_line(place):
    write(place, WRITES)
    runner.run(TINY, profile(place), "params/demo.yml")
    write(place, WRITES, "raise ValueError('no legs\\nsecond line')")
    with pytest.raises(
        RunError, match=r"99_tiny: cell \d+ failed with ValueError: no legs; read .*99_tiny.\d+/notebook.ipynb"
    ) as caught:
        runner.run(TINY, profile(place), "params/demo.yml")
    assert caught.value.exit_code == 1 and "\n" not in str(caught.value)
    assert result(place) == {"block": 64}
    kept = ROOT / str(caught.value).split("; read ")[1]
    assert "no legs" in kept.read_text()


def test_an_interrupt_is_one_line_and_has_the_exit_code_of_one(place, monkeypatch):
    write(place, WRITES)
    monkeypatch.setattr(papermill, "execute_notebook", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(RunError, match="99_tiny: interrupted; the last result is untouched") as caught:
        runner.run(TINY, profile(place), "params/demo.yml")
    assert caught.value.exit_code == 130


def script(place: Path) -> str:
    moved = "; ".join(
        f"lib.{m}.{n} = pathlib.Path({str(place / n.lower())!r})"
        for m, n in (
            ("run.pipeline", "NOTEBOOKS"),
            ("run.pipeline", "RESULTS"),
            ("run.runner", "RESULTS"),
            ("base.locks", "LOCKS"),
        )
    )
    return (
        f"import pathlib, sys, lib.run.pipeline, lib.run.runner; {moved}; sys.path.insert(0, 'tests/notebooks'); "
        f"import test_runner as t; p = pathlib.Path({str(place)!r})\n"
        "with lib.base.locks.exclusive('results'): lib.run.runner.run(t.TINY, t.profile(p), 'params/demo.yml')"
    )


def start(place: Path) -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", script(place)], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )


def wait_for(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def test_a_kill_in_the_middle_leaves_the_last_result_and_the_next_run_completes(place):
    write(place, WRITES)
    runner.run(TINY, profile(place), "params/demo.yml")
    begun = place / "begun"
    write(place, WRITES, f"import time; open({str(begun)!r}, 'w').close(); time.sleep(600)")
    process = start(place)
    wait_for(begun.exists)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert result(place) == {"block": 64}
    assert [part.suffix for part in (place / "results" / ".part" / "demo").iterdir()] == [f".{process.pid}"]
    write(place, WRITES, "1 + 1")
    with exclusive("results"):
        assert runner.run(TINY, profile(place), "params/demo.yml")
    assert not list((place / "results" / ".part" / "demo").iterdir())


def test_two_runs_take_turns_and_the_second_says_whom_it_waits_for(place):
    begun, go = place / "begun", place / "go"
    write(
        place,
        WRITES,
        f"import os, time; open({str(begun)!r}, 'w').close()\nwhile not os.path.exists({str(go)!r}): time.sleep(0.1)",
    )
    first = start(place)
    wait_for(begun.exists)
    second = start(place)
    said = second.stderr.readline()
    assert f"process {first.pid}" in said and "waiting" in said
    go.touch()
    assert (first.wait(60), second.wait(60)) == (0, 0)
    assert result(place) == {"block": 64}


def test_data_that_cannot_be_used_is_told_in_its_own_words(place):
    write(
        place,
        "from lib.base.errors import CorpusError\nraise CorpusError('no captions', where='texts.zip', fix='add them')",
    )
    with pytest.raises(UserError, match=r"^texts.zip: no captions; add them \(met in 99_tiny; read .*\)$") as caught:
        runner.run(TINY, profile(place), "params/demo.yml")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("changed", ["h3d/train.txt", "notebooks/99_tiny.ipynb"])
def test_an_input_that_changes_during_a_run_is_noticed(place, changed):
    edit = "import pathlib; p = pathlib.Path({!r}); p.write_text(p.read_text().replace('h3d', 'h3 d'))"
    write(place, WRITES, edit.format(str(place / changed)) + "  # h3d")
    with pytest.raises(RunError, match="99_tiny: .* changed while it ran; run again"):
        runner.run(TINY, profile(place), "params/demo.yml")
    assert not TINY.results("demo").exists()


def test_a_result_whose_files_were_altered_is_made_again(place):
    write(place, WRITES)
    runner.run(TINY, profile(place), "params/demo.yml")
    for name, text in (("values.json", "{}"), ("provenance.json", "{"), ("provenance.json", "[]")):
        (TINY.results("demo") / name).write_text(text)
        assert runner.run(TINY, profile(place), "params/demo.yml") and result(place) == {"block": 64}, name
    assert not runner.run(TINY, profile(place), "params/demo.yml")


def test_the_executed_notebook_names_its_parameter_file_from_the_root(place):
    write(place, WRITES)
    runner.run(TINY, profile(place), str(ROOT / "params" / "demo.yml"))
    cells = nbformat.read(TINY.results("demo") / "notebook.ipynb", as_version=4).cells
    assert any('params = "params/demo.yml"' in cell.source for cell in cells)


def test_a_checkout_may_lie_in_a_folder_whose_name_is_a_template(tmp_path):
    place = copied(tmp_path / """{x} {{y}} $HOME it's a "report" %d #1 é""")
    (place / "data").mkdir()
    (place / "data" / "train.txt").write_text("a\n")
    (place / "params" / "{z} 'own'.yml").write_text(
        "profile: own\ncorpora: {h3d: {label: a, kind: humanml3d, root: data}}\n"
    )
    for notebook in (place / "notebooks").glob("0*.ipynb"):
        notebook.unlink()
    write(place, WRITES)
    (place / "notebooks" / f"{TINY.stem}.ipynb").rename(place / "notebooks" / "01_similarity_test.ipynb")
    command = [sys.executable, "-m", "lib", "run", "01_similarity_test", "--params", "params/{z} 'own'.yml"]
    environment = {**os.environ, "PYTHONPATH": str(place)}
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "01_similarity_test: no result yet\n")
    assert json.loads((place / "results/own/01_similarity_test/values.json").read_text()) == {"block": 2048}


@pytest.mark.parametrize(
    "command",
    [
        ["sh", "-c", "kill -9 $$"],
        ["sh", "-c", 'ulimit -v 60000; exec "$0" -m ipykernel_launcher -f "$1"', sys.executable, "{connection_file}"],
    ],
    ids=["killed", "no memory"],
)
def test_a_kernel_that_dies_before_it_answers_is_one_line(place, monkeypatch, capfd, command):
    kernel = place / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "x", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(place / "jupyter"))
    write(place, WRITES)
    with pytest.raises(RunError, match="99_tiny: the kernel did not start .*; free memory and run again") as caught:
        runner.run(TINY, profile(place), "params/demo.yml")
    assert caught.value.exit_code == 1 and "Error occurred while starting" not in capfd.readouterr().err
    assert not TINY.results("demo").exists()


def test_a_kernel_that_is_killed_for_its_memory_is_one_line(place, capfd):
    write(place, WRITES, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    with pytest.raises(
        RunError, match="99_tiny: the kernel died, .* too little memory; free memory, or lower the block"
    ):
        runner.run(TINY, profile(place), "params/demo.yml")
    assert "Kernel died" not in capfd.readouterr().err


@pytest.mark.parametrize("cell", ["bytearray(10**16)", "import torch\ntorch.empty(10**16)"])
def test_a_cell_that_asks_for_more_memory_than_there_is_says_what_to_lower(place, cell):
    write(place, WRITES, cell)
    with pytest.raises(
        RunError, match="99_tiny: cell . failed with .*; free memory, or lower the block .*; read "
    ) as caught:
        runner.run(TINY, profile(place), "params/demo.yml")
    assert "\n" not in str(caught.value)
