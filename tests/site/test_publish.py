"""Publishing adds a dated copy and moves the link to it."""

import os
import shutil
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from lib.base.errors import SiteError
from lib.site import record
from lib.site.publish import publish
from tests.faults import kill


def site(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "index.html").write_text(text, encoding="utf-8")
    record.write(folder, shows="demo", name="2026-01-31-bbb", made_from="")
    return folder


def beside(folder: Path, *names: str) -> bool:
    """Whether a shared folder holds these names and nothing else, hidden or not."""
    return {path.name for path in folder.iterdir()} == {*names}


def test_latest_follows_the_newest_copy(tmp_path: Path) -> None:
    dest = tmp_path / "shared" / "reports"
    publish(site(tmp_path / "site", "one"), dest, name="2026-01-30-aaa")
    made = publish(site(tmp_path / "site", "two"), dest, name="2026-01-31-bbb")
    assert made == dest / "2026-01-31-bbb"
    assert (dest / "latest").is_symlink()
    assert (dest / "latest" / "index.html").read_text(encoding="utf-8") == "two"
    assert (dest / "2026-01-30-aaa" / "index.html").read_text(encoding="utf-8") == "one"
    assert {path.name for path in dest.iterdir()} == {"latest", "2026-01-30-aaa", "2026-01-31-bbb"}


def test_a_copy_of_the_same_name_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "gone.html").write_text("x", encoding="utf-8")
    publish(site(tmp_path / "site", "one"), tmp_path / "d", name="n")
    (tmp_path / "site" / "gone.html").unlink()
    made = publish(site(tmp_path / "site", "two"), tmp_path / "d", name="n")
    assert beside(made, "MANIFEST.sha256", "index.html", "site.json") and beside(tmp_path / "d", "latest", "n")
    assert (tmp_path / "d" / "latest" / "index.html").read_text(encoding="utf-8") == "two"


def test_the_manifest_is_what_sha256sum_reads_and_notices_a_change(tmp_path: Path) -> None:
    (tmp_path / "site" / "assets").mkdir(parents=True)
    (tmp_path / "site" / "assets" / "a b\\n\n.csv").write_text("x", encoding="utf-8")
    made = publish(site(tmp_path / "site", "one"), tmp_path / "d", name="n")
    command = ["sha256sum", "--check", "--strict", "--quiet", "MANIFEST.sha256"]
    assert subprocess.run(command, cwd=made, capture_output=True).returncode == 0
    assert (made / "MANIFEST.sha256").read_text(encoding="utf-8").count("  ./") == 3
    (made / "assets" / "a b\\n\n.csv").write_text("y", encoding="utf-8")
    assert subprocess.run(command, cwd=made, capture_output=True).returncode == 1


def test_what_another_machine_is_copying_at_the_same_time_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copying = shutil.copytree

    def interrupted(source: Path, part: Path) -> None:
        copying(source, part)
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr("socket.gethostname", lambda: "elsewhere")
            elsewhere.setattr(shutil, "copytree", copying)
            publish(site(tmp_path / "other", "theirs"), tmp_path / "d", name="n")
        monkeypatch.setattr(shutil, "copytree", copying)

    monkeypatch.setattr(shutil, "copytree", interrupted)
    made = publish(site(tmp_path / "site", "ours"), tmp_path / "d", name="n")
    assert (made / "index.html").read_text(encoding="utf-8") == "ours"
    assert beside(tmp_path / "d", "n", "latest")


@pytest.mark.parametrize(("name", "renames"), [("n", 4), ("m", 2)])
def test_killed_before_any_of_its_renames_the_older_site_stands_and_the_next_leaves_nothing_over(
    tmp_path: Path, name: str, renames: int
) -> None:
    for number in range(renames + 1):
        dest = tmp_path / f"d{number}"
        publish(site(tmp_path / "site", "old"), dest, name="n")
        site(tmp_path / "site", "new")
        killed = kill.killed_before(number, partial(publish, tmp_path / "site", dest, name=name))
        assert killed == (number < renames)
        shown = (dest / "latest" / "index.html").read_text(encoding="utf-8")
        assert shown == ("new" if number == renames else "old")
        publish(site(tmp_path / "site", "newer"), dest, name="k")
        assert beside(dest, "latest", "k", "n", *([name] if number >= renames - 1 else [])), number
        assert not [path for path in dest.rglob(".*")]
        kept = (dest / "n" / "index.html").read_text(encoding="utf-8")
        assert kept == ("new" if name == "n" and number >= renames - 1 else "old")


@pytest.mark.parametrize("fails_at", range(4))
def test_a_rename_that_fails_leaves_the_older_site_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    publish(site(tmp_path / "site", "old"), tmp_path / "d", name="n")
    asked: list[Path] = []

    def full(part: Path, target: Path) -> None:
        asked.append(part)
        if len(asked) == fails_at + 1:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("lib.base.atomic.before_rename", full)
    with pytest.raises(SiteError, match=r"cannot publish here \(No space left on device\); check DEST$"):
        publish(site(tmp_path / "site", "new"), tmp_path / "d", name="n")
    assert beside(tmp_path / "d", "latest", "n")
    shown = (tmp_path / "d" / "latest" / "index.html").read_text(encoding="utf-8")
    assert shown == ("new" if fails_at == 3 else "old")  # the copy was there, the link alone failed


def test_a_full_disk_is_said_in_one_short_line_however_many_files_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site").mkdir()
    for number in range(40):
        (tmp_path / "site" / f"{number}.html").write_text("x", encoding="utf-8")
    publish(site(tmp_path / "site", "old"), tmp_path / "d", name="n")

    def full(source: str, target: str, **how: object) -> None:
        raise OSError(28, "No space left on device", source)

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(SiteError) as caught:
        publish(site(tmp_path / "site", "new"), tmp_path / "d", name="m")
    assert str(caught.value) == f"{tmp_path / 'd'}: cannot publish here (No space left on device); check DEST"
    assert beside(tmp_path / "d", "latest", "n")
    assert (tmp_path / "d" / "latest" / "index.html").read_text(encoding="utf-8") == "old"


def test_parts_of_dead_processes_go_and_those_of_living_ones_and_other_hosts_stay(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    host = socket.gethostname()
    gone = [f".a.{host}.{dead.pid}.part", f".b.c.{host}.{dead.pid}.spare", f".a.{host}.{10**30}.part"]
    stay = [f".a.{host}.{os.getppid()}.part", f".a.elsewhere.{dead.pid}.part", ".a.part", f"a.{host}.{dead.pid}.part"]
    for name in [*gone, *stay]:
        (tmp_path / "d" / name / "x").mkdir(parents=True)
    (tmp_path / "d" / f".latest.{host}.{dead.pid}.link").symlink_to("nowhere")
    publish(site(tmp_path / "site", "x"), tmp_path / "d", name="n")
    assert beside(tmp_path / "d", *stay, "latest", "n")


@pytest.mark.parametrize("dest", ["site", "site/", "site/a/b", "link", "link/deeper", "d/../site", "parent"])
def test_a_site_is_not_published_into_itself(tmp_path: Path, dest: str) -> None:
    source = site(tmp_path / "site", "x")
    if dest == "parent":  # the copy would come where the site is
        source = site((tmp_path / "parent" / "n").parent, "x") / "n" / "site"
        source.mkdir(parents=True)
        site(source, "x")
    (tmp_path / "link").symlink_to(source)
    (tmp_path / "d").mkdir()
    before = sorted(source.rglob("*"))
    with pytest.raises(SiteError, match="a site cannot be published into itself; name another folder as DEST"):
        publish(source, tmp_path / dest, name="n")
    assert sorted(source.rglob("*")) == before


def test_a_copy_that_is_not_the_site_is_not_put_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copying = shutil.copytree

    def edited(source: Path, part: Path) -> None:
        copying(source, part)
        (part / "index.html").write_text("something else", encoding="utf-8")

    monkeypatch.setattr(shutil, "copytree", edited)
    with pytest.raises(SiteError, match="edited since the site was made"):
        publish(site(tmp_path / "site", "x"), tmp_path / "d", name="n")
    assert beside(tmp_path / "d")


def test_a_copy_that_failed_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(part: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("lib.site.publish.write_manifest", full)
    with pytest.raises(SiteError, match="no space left"):
        publish(site(tmp_path / "site", "x"), tmp_path / "d", name="n")
    assert not [*(tmp_path / "d").iterdir()]


def test_what_cannot_be_published_is_said_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="run make site first"):
        publish(tmp_path, tmp_path / "d", name="n")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(SiteError, match="check DEST"):
        publish(site(tmp_path / "site", "x"), tmp_path / "file" / "d", name="n")
