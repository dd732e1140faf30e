"""Parameter files, rig files and variables made to break a reader: one line with file, place and what was expected."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lib.base.errors import ParamsError
from lib.base.paths import ROOT
from lib.motion import rig
from lib.run import params

DEMO = (ROOT / "params" / "demo.yml").read_text(encoding="utf-8")
MIXAMO = (ROOT / "params" / "rigs" / "mixamo.yml").read_text(encoding="utf-8")
LAST = DEMO.count("\n") + 1
"""The line of what a test adds to the demo's file."""

NINES = ", ".join(["*a{0}"] * 9)
BOMB = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{NINES.format(i - 1)}]\n" for i in range(1, 20))
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i} {{<<: [{NINES.format(i - 1)}]}}\n" for i in range(1, 20))


def refusal(tmp_path: Path, content: str | bytes) -> str:
    """What a profile of that content is refused with: one line that a terminal can hold, the file first."""
    file = tmp_path / "mine.yml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ParamsError) as caught:
        params.load(file)
    line = str(caught.value)
    assert caught.value.exit_code == 2 and line.startswith(str(file)) and "\n" not in line
    assert len(line) - len(str(file)) < 400
    return line.removeprefix(str(file))


def set_to(key: str, value: str) -> str:
    """The demo's file with the value of a key of its own line."""
    lines = [f"{key}: {value}" if line.startswith(f"{key}:") else line for line in DEMO.split("\n")]
    assert lines != DEMO.split("\n")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (set_to("seed", "2024-01-02"), ": seed = '2024-01-02'; expected a valid integer"),
        (set_to("seed", "2024-13-45"), ": seed = '2024-13-45'; expected a valid integer"),
        (set_to("seed", "9" * 5000), ":4: seed: expected at most 18 digits, not 5,000"),
        (set_to("seed", "0x" + "f" * 5000), ":4: seed: expected at most 18 digits, not 5,002"),
        (set_to("seed", "1" + ":59" * 2000), ":4: seed: expected at most 18 digits, not 6,001"),
        (set_to("seed", "4294967296"), ": seed = 4294967296; expected less than or equal to 1000000000"),
        (set_to("seed", "!!int abc"), ":4: seed: expected a value without the tag !!int"),
        (set_to("seed", "!!binary '////'"), ":4: seed: expected a value without the tag !!binary"),
        (set_to("profile", "d" * 300), "at most 64 characters"),
        (set_to("description", '"a\\0b"'), ":3: description: expected a text without the control character U+0000"),
        (set_to("description", '"\\x1b[2J"'), ":3: description: expected a text without the control character U+001B"),
        (set_to("description", '"\\ud800"'), ":3: description: expected a text without the lone surrogate U+D800"),
        (DEMO + "models: {mpnet: 3}", ":2: key 'models' is given twice"),
        (DEMO + "similarity: {block: 1, block: 2}", f":{LAST}: similarity: key 'block' is given twice"),
        (DEMO + "similarity: {<<: {block: 0}}", ": similarity.block = 0; expected greater than or equal to 1"),
        (DEMO + "similarity: &s {<<: *s}", f":{LAST}: similarity.<<: an alias stands inside what it repeats"),
        (
            DEMO + "preparation: {high_pass_cutoff_hz: .inf}",
            ": preparation.high_pass_cutoff_hz = inf; expected a finite",
        ),
        (DEMO.replace("lr: 1e-3", "lr: .inf", 1), "lr = inf; expected a finite number"),
        (DEMO + "x: " + "[" * 100_000, f":{LAST}: x.0.0.0"),
        (DEMO + "x: " + "{a: " * 50_000, "nested more than 20 deep"),
        (DEMO + "x:\n  " + "- " * 50_000, "nested more than 20 deep"),
        (DEMO + "? " * 50_000, f":{LAST}: a list, a mapping or an alias as key; expected a text"),
        (DEMO + "x: &a [1]\n*a : 1\n*a : 2", f":{LAST + 1}: a list, a mapping or an alias as key"),
        (BOMB + DEMO, ":5: a4.5: more than 10,000 values once its aliases are written out"),
        (MERGES + DEMO, "more than 10,000 values once its aliases are written out"),
        (DEMO + f"x: [{'1, ' * 11_000}]", f":{LAST}: x.9"),
        (DEMO + "#" * 300_000, ": larger than 256 KiB"),
        (DEMO + "x: &a [*a]", f":{LAST}: x.0: an alias stands inside what it repeats"),
        (DEMO + "x: !!python/object/apply:os.system [ls]", "without the tag !!python/object/apply:os.system"),
        (DEMO + "1: 2", f":{LAST}: the key 1 is read as a number; expected a text, in quotes"),
        (
            DEMO.replace("  dm:", "  no:"),
            ":8: corpora: the key no is read as a truth value; expected a text, in quotes",
        ),
        ("%YAML 1." + "9" * 5000 + "\n---\n" + DEMO, ": not valid YAML"),
        (DEMO.encode() + b"x: \xff", f":{LAST}: not a text in UTF-8"),
        (DEMO.encode("utf-16"), ":1: not a text in UTF-8"),
        (DEMO.encode() + b"x: \0", f":{LAST}: expected a text without the control character U+0000"),
        (DEMO + "similarity: {block: '" + "x" * 100_000 + "'}", "; expected a valid integer"),
        (DEMO + "x" * 100_000 + ": 1", "not valid YAML"),
        (DEMO + "? " + "x" * 100_000 + "\n: 1", "unknown key 'xxx"),
        ("", ": expected a mapping of keys to values"),
        ("# nothing\n", ": expected a mapping of keys to values"),
    ],
)
def test_a_file_made_to_break_the_reader_is_one_line_with_place_and_expectation(tmp_path, content, line):
    assert line in refusal(tmp_path, content)


@pytest.mark.parametrize(
    "key", ["corpora.dm.root", "demo.folder", "models.mpnet", "models.tmr.run_dir", "evaluation.generations"]
)
def test_a_path_with_a_nul_is_refused_by_its_key(tmp_path, key):
    *parents, last = key.split(".")
    added = f'{": {".join([*parents, last])}: "a\\0b"{"}" * len(parents)}\n'
    whole = "".join(line + "\n" for line in DEMO.splitlines() if not line.startswith((f"{parents[0]}:", " ")))
    assert f"{key}: expected a text without the control character U+0000" in refusal(tmp_path, whole + added)


def test_a_date_is_a_text_and_a_byte_order_mark_is_none_of_it(tmp_path):
    file = tmp_path / "dated.yml"
    file.write_bytes(set_to("profile", "2024-01-02").encode("utf-8-sig"))
    assert params.load(file).profile == "2024-01-02"


def test_a_rig_file_is_read_within_the_same_bounds(tmp_path):
    file = tmp_path / "rig.yml"
    for added, said in ((BOMB, "more than 10,000 values"), ("x: " + "[" * 100_000, "nested"), ('x: "\\0"', "U\\+0000")):
        file.write_text(f"{MIXAMO}\n{added}")
        with pytest.raises(ParamsError, match=said) as caught:
            rig.load(file)
        assert "\n" not in str(caught.value) and str(file) in str(caught.value)


@pytest.mark.parametrize("kind", ["folder", "fifo", "socket", "device"])
def test_what_is_no_file_is_refused_without_waiting_for_it(tmp_path, kind):
    place = tmp_path / "p"
    with socket.socket(socket.AF_UNIX) as bound:
        if kind == "folder":
            place.mkdir()
        elif kind == "fifo":
            os.mkfifo(place)
        elif kind == "socket":
            bound.bind(str(place))
        else:
            place.symlink_to("/dev/zero")
        with pytest.raises(ParamsError, match=r"not a file; there are params/bandai_namco.yml"):
            params.load(place)


@pytest.mark.parametrize(
    ("value", "held"), [("/data/a\nb", "a line break"), (os.fsdecode(b"/data/\xff"), "the lone surrogate U\\+DCFF")]
)
def test_a_variable_with_what_no_path_may_hold_is_refused_by_the_key_that_uses_it(monkeypatch, value, held):
    monkeypatch.setenv("HUMANML3D_ROOT", value)
    with pytest.raises(
        ParamsError, match=f"corpora.h3d.root = .* holds {held}; give the folder another name"
    ) as caught:
        params.load("params/humanml3d.yml")
    str(caught.value).encode("utf-8")


def test_a_root_that_links_to_itself_is_no_folder(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    environment = {**os.environ, "HUMANML3D_ROOT": str(tmp_path / "loop"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "lib", "check-params", "--params", "params/humanml3d.yml"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "no such folder" in done.stderr
