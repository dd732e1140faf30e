"""The Quarto renderer: finds ``quarto`` and lets it render a staged folder."""

import os
import shutil
import subprocess
from pathlib import Path

from lib.errors import SiteError

OLDEST = (1, 6)


def find() -> Path | None:
    """The ``quarto`` of ``$QUARTO``, else of ``PATH``, else None.

    Raises:
        SiteError: ``$QUARTO`` names no file.
    """
    if named := os.environ.get("QUARTO"):
        if not (path := shutil.which(named)):
            raise SiteError("QUARTO names no program", where=named, fix="unset it or give the path of quarto")
        return Path(path)
    found = shutil.which("quarto")
    return Path(found) if found else None


def render(folder: Path, out: Path, *, program: Path) -> None:
    """Renders a staged folder.

    Args:
        folder: as made by :func:`lib.report.stage.stage`.
        out: a folder that does not exist yet.
        program: the ``quarto`` to run.

    Raises:
        SiteError: older than ``OLDEST``, or a page failed or warned of something unresolved.
    """
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < OLDEST:
        fix = "install Quarto 1.6 or later, or set report.renderer: preview"
        raise SiteError(f"Quarto {version or 'of unknown version'} is too old", where=program, fix=fix)
    done = subprocess.run([program, "render", str(folder), "--to", "html"], capture_output=True, text=True)
    said = done.stdout + done.stderr
    faults = [line.strip() for line in said.splitlines() if line.startswith(("WARN", "ERROR", "[WARNING]"))]
    if done.returncode or faults:
        raise SiteError(f"Quarto: {(faults or said.strip().splitlines() or ['failed'])[-1][:300]}", where=folder)
    shutil.move(folder / "_site", out)
