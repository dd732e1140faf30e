"""Publishing adds a dated copy and moves the link to it."""

import shutil
import subprocess
from pathlib import Path

import pytest

from lib.errors import SiteError
from lib.report.publish import publish


def site(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "index.html").write_text(text, encoding="utf-8")
    return folder


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
    source = site(tmp_path / "site", "one")
    (source / "gone.html").write_text("x", encoding="utf-8")
    publish(source, tmp_path / "d", name="n")
    (source / "gone.html").unlink()
    made = publish(source, tmp_path / "d", name="n")
    assert sorted(path.name for path in made.iterdir()) == ["MANIFEST.sha256", "index.html"]


def test_the_manifest_is_what_sha256sum_reads_and_notices_a_change(tmp_path: Path) -> None:
    source = site(tmp_path / "site", "one")
    (source / "assets").mkdir()
    (source / "assets" / "a b\\n\n.csv").write_text("x", encoding="utf-8")
    made = publish(source, tmp_path / "d", name="n")
    command = ["sha256sum", "--check", "--strict", "--quiet", "MANIFEST.sha256"]
    assert subprocess.run(command, cwd=made, capture_output=True).returncode == 0
    assert (made / "MANIFEST.sha256").read_text(encoding="utf-8").count("  ./") == 2
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

    monkeypatch.setattr(shutil, "copytree", interrupted)
    made = publish(site(tmp_path / "site", "ours"), tmp_path / "d", name="n")
    assert (made / "index.html").read_text(encoding="utf-8") == "ours"
    assert {path.name for path in (tmp_path / "d").iterdir()} == {"n", "latest"}


def test_a_copy_that_failed_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(part: Path) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("lib.report.manifest.write", full)
    with pytest.raises(SiteError, match="no space left"):
        publish(site(tmp_path / "site", "x"), tmp_path / "d", name="n")
    assert not [*(tmp_path / "d").iterdir()]


def test_what_cannot_be_published_is_said_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="run make site first"):
        publish(tmp_path, tmp_path / "d", name="n")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(SiteError, match="check DEST"):
        publish(site(tmp_path / "site", "x"), tmp_path / "file" / "d", name="n")
