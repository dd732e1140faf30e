"""An export that is killed, or meets a full disk, leaves the earlier one whole and is finished by its rerun."""

import errno
import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lib.base import atomic
from lib.base.errors import UserError
from lib.dataset.part import is_whole
from lib.dataset.part_files import MADE
from lib.engine.parameters import CHOSEN, EngineParameters
from tests.faults import kill
from tests.unit.dataset import small

CLIPS = 17


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CHOSEN, EngineParameters(workers=1).model_dump_json())


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("inputs")
    small.write(root)
    return root


@pytest.fixture(scope="module")
def earlier(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export without mirrors, which the next one replaces."""
    out = tmp_path_factory.mktemp("earlier") / "out"
    small.make(inputs, out, mirrors=False)
    return out


@pytest.fixture(scope="module")
def wanted(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], int]:
    """The files of an export that nothing disturbed, and how many were made."""
    out = tmp_path_factory.mktemp("wanted") / "out"
    made = small.make(inputs, out, webdataset=True).made
    return small.files(out), made


def exporting(inputs: Path, out: Path, **asked: object) -> Callable[[], object]:
    """An export in this process of which a hook sees the renames of its own files and folders alone."""

    def ours(target: Path) -> bool:
        return out.parent in target.parents and MADE not in target.parts

    def command() -> object:
        hook = atomic.before_rename
        atomic.before_rename = lambda part, target: hook(part, target) if ours(target) else None
        try:
            return small.make(inputs, out, **asked)
        finally:
            atomic.before_rename = hook

    return command


def test_a_kill_at_any_point_leaves_the_earlier_export_and_the_rerun_goes_on(
    inputs: Path, earlier: Path, wanted: tuple[dict[str, bytes], int], tmp_path: Path
) -> None:
    content, made = wanted
    renames = made + 2  # the earlier export aside, the new one in its place
    before, out = small.files(earlier), tmp_path / "out"
    for at in (0, 1, renames // 4, renames // 2, 3 * renames // 4, *range(renames - 5, renames)):
        shutil.rmtree(tmp_path)
        shutil.copytree(earlier, out)
        assert kill.killed_before(at, exporting(inputs, out, webdataset=True, rows=1)), at
        old = out if out.exists() else tmp_path / ".out.old"
        assert small.files(old) == before, f"killed before rename {at}"
        again = small.make(inputs, out, webdataset=True)
        finished = 2 * (at // 2) if at < 2 * CLIPS else min(at, made - 4)  # a partition is a motion and a text
        assert again.made == made - finished, "what was finished is not made again, the four files about it are"
        assert small.files(out) == content and is_whole(out)
        assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert not kill.killed_before(renames, exporting(inputs, out, webdataset=True, mirrors=False))


def test_the_same_export_again_makes_nothing_and_a_damaged_one_is_made_anew(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    small.make(inputs, out)
    content = small.files(out)
    assert small.make(inputs, out).made == 0
    (out / "texts" / "h3d-000001.txt").write_text("spoiled")
    assert small.make(inputs, out).made == len(content) and small.files(out) == content


def test_another_input_begins_anew(inputs: Path, tmp_path: Path) -> None:
    root, out = tmp_path / "in", tmp_path / "out"
    shutil.copytree(inputs, root)
    assert kill.killed_before(20, exporting(root, out))
    (root / "h3d" / "texts" / "000001.txt").write_text(small.LINES[0].replace("walks", "runs") + "\n")
    small.make(root, out)
    assert b"a man runs" in (out / "texts" / "h3d-000001.txt").read_bytes()


def test_a_record_cut_off_in_a_line_loses_that_clip_alone(inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert kill.killed_before(12, exporting(inputs, out, rows=1))
    record = tmp_path / ".out.record"
    record.write_bytes(record.read_bytes()[:-7])
    whole = small.make(inputs, tmp_path / "other").made
    assert small.make(inputs, out).made == whole - 10 and is_whole(out)


@pytest.mark.parametrize("at", [0, 20, 47])
def test_a_full_disk_is_one_line_and_the_rerun_goes_on(
    inputs: Path, earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    out, left = tmp_path / "out", itertools.count()
    shutil.copytree(earlier, out)

    def full(part: Path, target: Path) -> None:
        if next(left) == at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))

    with monkeypatch.context() as patched:
        patched.setattr(atomic, "before_rename", full)
        with pytest.raises(UserError, match="out: cannot be written .No space left on device.; free space.*run again"):
            exporting(inputs, out, rows=1)()
    assert small.files(out) == small.files(earlier)
    again = small.make(inputs, out)
    assert is_whole(out) and 0 < again.made <= len(small.files(out)) - min(at, 40)


def test_a_folder_that_holds_other_things_is_never_replaced(inputs: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "thesis.txt").write_text("mine")
    with pytest.raises(UserError, match="home: holds thesis.txt, which is of no export"):
        small.make(inputs, home)
    assert (home / "thesis.txt").read_text() == "mine" and [*tmp_path.iterdir()] == [home]
    with pytest.raises(UserError, match=r"thesis.txt: is a file; name a folder"):
        small.make(inputs, home / "thesis.txt")
    out = tmp_path / "out"
    small.make(inputs, out)
    (out / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="out: holds mine.txt"):
        small.make(inputs, out, mirrors=False)
    assert (out / "mine.txt").read_text() == "mine"
