"""Folders are put in place whole; a kill between the two renames is mended."""

import pytest

from lib.base import atomic
from lib.base.atomic import recover, swap_in, write_text


def folder(path, text):
    path.mkdir(parents=True)
    (path / "a").write_text(text)
    return path


def test_swap_replaces_the_older_folder_and_leaves_nothing_beside_it(tmp_path):
    target = folder(tmp_path / "out", "old")
    swap_in(folder(tmp_path / "part", "new"), target)
    assert (target / "a").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_kill_between_the_renames_gives_the_older_folder_back(tmp_path):
    target = folder(tmp_path / "out", "old")
    target.rename(tmp_path / ".out.old")
    recover(target)
    assert (target / "a").read_text() == "old"


def test_a_kill_before_the_clean_up_keeps_the_newer_folder(tmp_path):
    target = folder(tmp_path / "out", "new")
    folder(tmp_path / ".out.old", "old")
    recover(target)
    assert (target / "a").read_text() == "new" and not (tmp_path / ".out.old").exists()


def test_text_is_rewritten_only_when_it_differs(tmp_path):
    file = tmp_path / "deep" / "stamp.json"
    assert write_text(file, "a")
    written = file.stat().st_mtime_ns
    assert not write_text(file, "a") and file.stat().st_mtime_ns == written
    assert write_text(file, "b") and file.read_text() == "b"


def test_files_that_were_committed_during_the_wait_for_others_are_left_to_who_committed_them(tmp_path, monkeypatch):
    waiting = tmp_path / f"{atomic.ARRIVING}last.txt"
    waiting.mkdir()
    (tmp_path / "last.txt").write_text("older")

    def locked(held: int, how: int) -> None:
        waiting.rename(tmp_path / "gone")
        waiting.mkdir()
        (waiting / "last.txt").write_text("newer")

    with monkeypatch.context() as patched:
        patched.setattr("lib.base.atomic.fcntl.flock", locked)
        assert atomic.arrive(tmp_path) == []
    assert (tmp_path / "last.txt").read_text() == "older" and atomic.arrive(tmp_path) == ["last.txt"]
    assert (tmp_path / "last.txt").read_text() == "newer"


def test_a_folder_that_cannot_come_in_leaves_the_older_one(tmp_path):
    target = folder(tmp_path / "out", "old")
    with pytest.raises(OSError):
        swap_in(tmp_path / "nothing", target)
    assert (target / "a").read_text() == "old" and [path.name for path in tmp_path.iterdir()] == ["out"]
