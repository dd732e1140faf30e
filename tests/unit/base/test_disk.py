"""What the disk cannot hold is refused before it is begun; what it can hold is not."""

import os
from collections import namedtuple

import pytest

from lib.base import disk
from lib.base.errors import UserError

Usage = namedtuple("Usage", "total used free")


def free(monkeypatch, count):
    asked = []

    def usage(place):
        asked.append(place)
        return Usage(2 * count, count, count)

    monkeypatch.setattr(disk.shutil, "disk_usage", usage)
    return asked


def test_room_is_what_is_needed_and_the_margin_to_the_byte(tmp_path, monkeypatch):
    free(monkeypatch, 10**9)
    disk.require_room(tmp_path, 10**9 - disk.MARGIN, "the corpus")
    with pytest.raises(UserError) as refused:
        disk.require_room(tmp_path, 10**9 - disk.MARGIN + 1, "the corpus")
    assert str(refused.value).startswith(f"{tmp_path}: the corpus needs 0.5 GB and 0.5 GB to spare, 1.0 GB are free; ")
    assert "\n" not in str(refused.value)


def test_nothing_is_refused_on_a_full_disk_too(tmp_path, monkeypatch):
    free(monkeypatch, 0)
    with pytest.raises(UserError, match="0 bytes are free"):
        disk.require_room(tmp_path, 0, "the corpus")


def test_a_folder_that_is_not_there_is_asked_for_at_its_nearest_parent(tmp_path, monkeypatch):
    asked = free(monkeypatch, 10**12)
    disk.require_room(tmp_path / "not" / "yet", 1, "the corpus")
    assert asked == [tmp_path.resolve()] and not (tmp_path / "not").exists()


def test_the_disk_behind_a_link_is_asked(tmp_path, monkeypatch):
    asked = free(monkeypatch, 10**12)
    (tmp_path / "big").mkdir()
    (tmp_path / "link").symlink_to("big/later")
    disk.require_room(tmp_path / "link" / "deep", 1, "the corpus")
    assert asked == [(tmp_path / "big").resolve()]


def test_the_disk_itself_agrees(tmp_path):
    stat = os.statvfs(tmp_path)
    disk.require_room(tmp_path, 0, "nothing")
    with pytest.raises(UserError, match="needs"):
        disk.require_room(tmp_path, stat.f_blocks * stat.f_frsize, "as much as the disk holds")


def test_a_disk_that_cannot_be_asked_is_told_in_one_line(tmp_path, monkeypatch):
    def refusing(place):
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr(disk.shutil, "disk_usage", refusing)
    with pytest.raises(UserError, match="Permission denied"):
        disk.require_room(tmp_path, 1, "the corpus")


def test_a_negative_need_is_a_fault_of_the_code(tmp_path):
    with pytest.raises(ValueError, match="cannot need -1 bytes"):
        disk.require_room(tmp_path, -1, "the corpus")
