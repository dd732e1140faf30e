"""A finished site, copied to a shared folder under its date and commit, with a link to the newest."""

import os
import re
import shutil
import socket
from pathlib import Path

import yaml

from lib.atomic import swap_in
from lib.errors import SiteError
from lib.report import manifest

LATEST = "latest"


def publish(site: Path, dest: Path, *, name: str) -> Path:
    """Copies a site and points ``latest`` to it.

    The copy appears under its name only when complete, and the link moves in one rename: whoever reads through
    ``latest`` sees the older site or the newer one, never half of either.

    Args:
        site: a finished site.
        dest: the shared folder.
        name: of the copy, such as ``2026-01-31-0123abc``; an existing copy of that name is replaced. The copy also
            holds ``MANIFEST.sha256``.

    Returns:
        The copy.

    Raises:
        SiteError: no site there, or the shared folder cannot be written.
    """
    if not (site / "index.html").is_file():
        raise SiteError("no site here", where=site, fix="run make site first")
    own = f"{socket.gethostname()}.{os.getpid()}"  # others may publish the same commit at the same time
    target, part = dest / name, dest / f".{name}.{own}.part"
    try:
        dest.mkdir(parents=True, exist_ok=True)
        shutil.copytree(site, part)
        manifest.write(part)
        swap_in(part, target)
        link = dest / f".{LATEST}.{own}"
        link.unlink(missing_ok=True)
        link.symlink_to(name, target_is_directory=True)
        link.replace(dest / LATEST)
    except OSError as error:
        raise SiteError(f"cannot publish here ({error.strerror or error})", where=dest, fix="check DEST") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def named(pages: Path) -> str:
    """The name of a copy: date and commit of the run, read from the staged pages.

    Args:
        pages: a staged folder.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> run = "run: {date: '2026-01-31', commit: 0123abc with local changes}"
        >>> _ = (folder / "_variables.yml").write_text(run)
        >>> named(folder)
        '2026-01-31-0123abc-dirty'
    """
    run = yaml.safe_load((pages / "_variables.yml").read_text(encoding="utf-8"))["run"]
    commit = str(run["commit"]).replace(" with local changes", "-dirty")
    return f"{run['date']}-{re.sub(r'[^0-9a-zA-Z-]+', '-', commit).strip('-')}"
