"""Making the environment: what cannot work is one line, what was left half-made is made again."""

import venv

import pytest

from lib import environment


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
