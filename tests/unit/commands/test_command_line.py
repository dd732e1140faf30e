"""The command line: an error the user can mend is one line and exit code 2, never a traceback."""

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lib.base import locks
from lib.base.paths import ROOT
from lib.commands import app


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    unset = {"HUMANML3D_ROOT", "BANDAI_NAMCO_ROOT", "DM_ROOT", "PARAMS"}
    clean = {key: value for key, value in os.environ.items() if key not in unset}
    command = [sys.executable, "-m", "lib", *arguments]
    return subprocess.run(command, cwd=ROOT, env=clean | environment, capture_output=True, text=True)


def refused(done: subprocess.CompletedProcess[str], *said: str) -> bool:
    lines = done.stderr.strip().splitlines()
    return (
        done.returncode == 2 and len(lines) == 1 and lines[0].startswith("error: ") and all(s in lines[0] for s in said)
    )


def test_a_valid_profile_passes_in_silence():
    done = run("check-params", "--params", "params/demo.yml")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_unset_root_names_the_variable_and_how_to_set_it():
    done = run("check-params", "--params", "params/humanml3d.yml")
    assert refused(done, "params/humanml3d.yml", "HUMANML3D_ROOT", "make report PARAMS=")


def test_a_missing_root_names_the_folder_and_the_key(tmp_path):
    done = run("check-params", "--params", "params/humanml3d.yml", HUMANML3D_ROOT=str(tmp_path / "nowhere"))
    assert refused(done, str(tmp_path / "nowhere"), "corpora.h3d.root")


@pytest.mark.parametrize("line", ["similarity: {tresholds: [0.9]}", "similarity: {block: many}", "simlarity: {}"])
def test_an_unknown_key_or_wrong_type_is_refused_before_anything_runs(tmp_path, line):
    file = tmp_path / "wrong.yml"
    file.write_text(Path("params/demo.yml").read_text() + line + "\n")
    for command in ("check-params", "corpus", "models", "run", "collect", "site"):
        assert refused(run(command, "--params", str(file)), "wrong.yml"), command


def test_an_unknown_notebook_names_those_there_are():
    assert refused(run("run", "09_nowhere"), "09_nowhere", "01_similarity_test")


def test_the_parameter_file_may_come_from_make_s_variable(tmp_path):
    assert refused(run("check-params", PARAMS=str(tmp_path / "gone.yml")), "gone.yml", "no such parameter file")


def test_make_help_lists_every_target_that_make_has():
    rules = Path("Makefile").read_text(encoding="utf-8")
    phony = rules.partition(".PHONY:")[2].split()
    listed = subprocess.run(
        ["make", "help"], cwd=ROOT, env=outside_make(), capture_output=True, text=True
    ).stdout.split("\n")
    assert sorted(line.split()[0] for line in listed if line) == sorted(phony)
    fixed = {"report", "test", "results", "site", "lab", "serve", "publish", "lint", "bench", "clean", "help"}
    assert fixed <= set(phony)


@pytest.mark.parametrize("arguments", [(), ("run", "--bogus"), ("nonsense",), ("run", "a", "b")])
def test_wrong_usage_is_told_without_a_traceback(arguments):
    done = run(*arguments)
    assert done.returncode == 2 and "Usage:" in done.stdout + done.stderr and "Traceback" not in done.stderr


def test_an_error_of_the_disk_is_one_line(monkeypatch, capsys):
    from lib import __main__, commands

    for error in (PermissionError(13, "Permission denied", "build/x"), OSError(28, "No space left on device")):

        def refuse(*_: object, error: OSError = error, **__: object) -> None:
            raise error

        monkeypatch.setattr(commands, "app", refuse)
        with pytest.raises(SystemExit) as left:
            __main__.main()
        said = capsys.readouterr().err
        assert left.value.code == 2 and said.startswith("error: ") and said.count("\n") == 1
        assert str(error.strerror) in said


def test_a_missing_package_is_one_line_that_says_how_to_install_it():
    stub = "import sys; sys.modules['pydantic'] = None; from lib.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", stub], cwd=ROOT, capture_output=True, text=True)
    assert refused(done, "pydantic", "make env", "constraints.txt")


def outside_make() -> dict[str, str]:
    """The environment without what an outer make, as in ``make test``, hands to an inner one."""
    return {
        key: value for key, value in os.environ.items() if key not in {"PARAMS", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    }


def test_make_works_in_a_folder_whose_name_a_shell_or_a_template_would_read(tmp_path):
    place = tmp_path / """my {x} {{y}} $HOME `date` it's a "report" %d #1 é"""
    place.mkdir()
    shutil.copy(ROOT / "Makefile", place)
    shutil.copytree(ROOT / "lib", place / "lib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "params", place / "params")
    home = place / "an env"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (home / "bin" / "python").chmod(0o755)
    active = {**outside_make(), "CONDA_DEFAULT_ENV": "own", "CONDA_PREFIX": str(home)}

    def make(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["make", *arguments], cwd=place, env=active, capture_output=True, text=True)

    assert "everything" in make("help").stdout
    assert make("-n", "report").returncode == 0
    checked = make("check")
    assert (checked.returncode, checked.stderr) == (0, "")
    (place / "site").mkdir()
    (place / "site" / "index.html").touch()
    assert "site/site.json: no such file" in make("publish", 'DEST=to "all"').stderr


def make_publish(*arguments: str) -> str:
    command = ["make", "-n", "publish", *arguments]
    return subprocess.run(command, cwd=ROOT, env=outside_make(), capture_output=True, text=True).stdout


def test_publishing_rebuilds_the_site_only_when_asked_for_a_profile():
    assert " -m lib site" in make_publish("PARAMS=params/smoke.yml")
    assert (" -m lib site" in make_publish()) != (ROOT / "site" / "index.html").is_file()


def test_a_checkout_whose_path_no_line_can_hold_is_refused_at_the_start(tmp_path):
    place = tmp_path / "two\nlines"
    (place / "lib").mkdir(parents=True)
    (place / "lib" / "base").mkdir()
    for name in ("__init__.py", "__main__.py", "base/__init__.py", "base/errors.py", "base/paths.py"):
        shutil.copy(ROOT / "lib" / name, place / "lib" / name)
    command = [sys.executable, "-m", "lib", "check-params"]
    environment = {**os.environ, "PYTHONPATH": str(place)}
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)
    assert refused(done, "holds a line break; rename it")


@pytest.fixture(scope="module")
def example(tmp_path_factory) -> Path:
    from lib.own_data import example

    folder = tmp_path_factory.mktemp("own") / "example"
    example.write(folder)
    return folder


def checked(example: Path, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a shell makes of `corpus check`, which a script calls CHECK."""
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    command = f'CHECK() {{ "{sys.executable}" -m lib corpus check "{example}"; }}; {script}'
    return subprocess.run(
        ["bash", "-c", command],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("set -o pipefail; CHECK | true", 1, ""),
        ("CHECK > /dev/full", 2, "error: standard output: No space left on device; check its permissions and the free"),
        ("CHECK >&-", 0, ""),
        ("CHECK <&- >&- 2>&-", 0, ""),
    ],
)
def test_an_output_that_takes_nothing_is_no_traceback(example, script, code, said):
    done = checked(example, script)
    assert done.returncode == code and done.stderr.startswith(said) and done.stderr.count("\n") == bool(said)


def test_a_terminal_without_the_letters_of_a_message_is_shown_their_numbers(tmp_path):
    for environment in ({"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}):
        assert refused(
            run("check-params", "--params", str(tmp_path / "é.yml"), **environment), "no such parameter file"
        )
    shown = run("survey", "make", "--help", PYTHONIOENCODING="ascii")
    assert shown.returncode == 0 and "Traceback" not in shown.stderr


def test_an_argument_that_no_line_can_hold_is_refused_before_anything_is_written(tmp_path):
    for name in (b"\xff", b"two\nlines"):
        done = run("corpus", "init", os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
        assert refused(done, "the argument holds"), name
    assert refused(run("check-params", PARAMS=os.fsdecode(b"/\xff.yml")), "the name holds the lone surrogate U+DCFF")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (OSError(24, "Too many open files", "joints.npy"), 2, "joints.npy: Too many open files; .*ulimit -n"),
        (OSError(12, "Cannot allocate memory"), 2, "Cannot allocate memory; free memory"),
        (OSError(36, "File name too long", "x"), 2, "x: File name too long; give a shorter name"),
        (MemoryError("Unable to allocate 71 PiB"), 1, "out of memory .Unable to allocate 71 PiB.; free memory"),
        (KeyboardInterrupt(), 130, "interrupted; what was finished stays"),
        (SystemExit(130), 130, "interrupted; what was finished stays"),
    ],
)
def test_an_error_of_the_machine_is_one_line_that_says_what_helps(monkeypatch, capsys, error, code, said):
    from lib import __main__, commands

    def refuse(**_: object) -> None:
        raise error

    monkeypatch.setattr(commands, "app", refuse)
    monkeypatch.setattr(sys, "argv", ["lib"])
    with pytest.raises(SystemExit) as left:
        __main__.main()
    shown = capsys.readouterr().err
    assert left.value.code == code and re.match(f"error: .*{said}", shown) and shown.count("\n") == 1


def test_clips_are_forgotten_while_nobody_writes_results_the_site_or_a_dataset(monkeypatch):
    held = []

    @contextmanager
    def exclusive(name):
        held.append(name)
        yield
        held.remove(name)

    monkeypatch.setattr(locks, "exclusive", exclusive)
    monkeypatch.setattr("lib.forgetting.forget.forget", lambda *_, **__: [" ".join(sorted(held))])
    done = CliRunner().invoke(app, ["forget", "h3d", "000001", "--params", "params/demo.yml"])
    assert (done.exit_code, done.stdout) == (0, "dataset results site\n")


def test_an_interrupt_is_one_line_and_exit_code_130():
    stub = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "  # a background job ignores it
    stub += "import lib.run.params, time; "
    stub += "lib.run.params.load = lambda _: (print('begun', flush=True), time.sleep(60)); "
    command = [sys.executable, "-c", stub + "from lib.__main__ import main; main()", "check-params"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        assert started.stdout.readline() == "begun\n"
        started.send_signal(signal.SIGINT)
        _, shown = started.communicate(timeout=30)
    assert (started.returncode, shown) == (130, "error: interrupted; what was finished stays, run again\n")
