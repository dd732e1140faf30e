"""Making the environment: what cannot work is one line, what was left half-made is made again."""

import os
import re
import subprocess
import tomllib
import venv
from importlib.metadata import distributions
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from lib.base import environment

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def place(tmp_path, monkeypatch):
    for name in environment.DESCRIBED_BY:
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "LOCKS", tmp_path / "locks")
    monkeypatch.setenv("PREFIX", str(tmp_path / ".venv"))
    monkeypatch.setenv("CONDA", "")
    return tmp_path


def test_a_half_made_environment_is_made_again_and_a_complete_one_is_left_alone(place, monkeypatch):
    made: list[object] = []
    monkeypatch.setattr(venv, "create", lambda prefix, **_: (made.append(prefix), prefix.mkdir()))
    monkeypatch.setattr(environment, "_run", lambda command: 0)
    (place / ".venv" / "bin").mkdir(parents=True)
    (place / ".venv" / "bin" / "python").touch()
    assert environment.main() == 0 and made == [place / ".venv"]
    assert environment.main() == 0 and len(made) == 1


def test_a_python_without_ensurepip_is_told_in_one_line(place, monkeypatch, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert environment.main() == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ") and "python3-venv" in said and said.count("\n") == 1


def test_a_place_that_cannot_be_written_is_told_in_one_line(place, monkeypatch, capsys):
    (place / "file").touch()
    monkeypatch.setattr(environment, "LOCKS", place / "file" / "locks")
    assert environment.main() == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ") and "file" in said and said.count("\n") == 1


@pytest.mark.parametrize("name", ["a:b", "a\nb"])
def test_a_folder_in_which_no_environment_can_lie_is_told_in_one_line(place, monkeypatch, capsys, name):
    monkeypatch.setenv("PREFIX", str(place / name / ".venv"))
    assert environment.main() == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ") and "rename it" in said and said.count("\n") == 1


PIP = """#!/bin/sh
echo "$@" >> "{log}"
case "$*" in *quarto-cli*) ;; *) exit 0 ;; esac
{quarto}
"""


@pytest.fixture
def with_quarto(place, monkeypatch):
    """An environment whose Python is a script that notes what pip is asked for, and does with Quarto as told."""
    monkeypatch.setenv("WITH_QUARTO", "1")
    monkeypatch.setattr(venv, "create", lambda prefix, **_: None)

    def stands_in(quarto: str) -> list[str]:
        (place / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
        (place / ".venv" / "bin" / "pip").touch()
        python = place / ".venv" / "bin" / "python"
        python.write_text(PIP.format(log=place / "asked", quarto=quarto))
        python.chmod(0o755)
        assert environment.main() == 0
        return (place / "asked").read_text().splitlines()

    return stands_in


def test_quarto_is_added_once_with_the_pinned_version(with_quarto, place, capsys):
    asked = with_quarto(f"touch '{place / '.venv' / 'bin' / 'quarto'}'")
    assert len(asked) == 2 and asked[1].endswith("--no-deps --no-build-isolation -c constraints.txt quarto-cli")
    assert "Quarto is installed" in capsys.readouterr().err
    assert environment.main() == 0 and len((place / "asked").read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("quarto", "said"),
    [
        (
            "echo '  Error downloading Quarto: <urlopen error no route>'; echo 'ERROR: build failed' >&2; exit 1",
            "no route",
        ),
        ("echo 'ERROR: Could not find a version that satisfies quarto-cli' >&2; exit 1", "Could not find a version"),
        ("echo half of it; exit 1", "pip says no reason"),
        ("exit 0", "pip says no reason"),
    ],
)
def test_quarto_that_cannot_be_had_is_one_line_and_the_environment_stands(with_quarto, place, capsys, quarto, said):
    with_quarto(quarto)
    lines = [line for line in capsys.readouterr().err.splitlines() if "Quarto" in line]
    assert len(lines) == 1 and lines[0].startswith("Quarto was not installed (") and said in lines[0]
    assert (place / ".venv" / ".complete").is_file()


def test_quarto_that_never_comes_is_given_up(with_quarto, monkeypatch, capsys):
    monkeypatch.setattr(environment, "QUARTO_PATIENCE_S", 0.2)
    with_quarto("exec sleep 60")
    assert "nothing came in 0.2 seconds" in capsys.readouterr().err


def test_the_build_and_the_environment_have_one_setuptools_and_one_kind_of_quarto():
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line)
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    assert build == [f"setuptools=={pins['setuptools']}"]
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert {"quarto-cli"} <= set(pins) and any(re.fullmatch(r"quarto=\d+\.\d+\.\d+", str(item)) for item in conda)
    assert not [item for item in conda if isinstance(item, str) and ">" in item]


@pytest.mark.parametrize(("given", "told"), [("QUARTO=1", "[1] []"), ("QUARTO=/opt/quarto", "[] [/opt/quarto]")])
def test_make_tells_quarto_to_be_added_from_quarto_that_is_named(tmp_path, given, told):
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "[$WITH_QUARTO] [$QUARTO]"\n')
    python.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("CONDA", "MAKE", "QUARTO"))}
    command = ["make", "-s", "env", f"PYTHON={python}", given]
    done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == told


def test_every_pinned_package_can_be_installed_on_the_oldest_python_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=") + ".0"
    pinned = {line.partition("==")[0] for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line}
    installed = {name: each for each in distributions() if (name := canonicalize_name(each.metadata["Name"])) in pinned}
    needs = {name: each.metadata.get("Requires-Python") or "" for name, each in installed.items()}
    assert len(needs) > 100
    assert [name for name, need in needs.items() if not SpecifierSet(need).contains(oldest)] == []
