"""A finished site, copied to a shared folder under its date and commit, with a link to the newest."""

import contextlib
import os
import re
import shutil
import socket
from pathlib import Path

from lib.base.atomic import alive, rename
from lib.base.errors import SiteError
from lib.base.hashes import file_sha256
from lib.site import record

LATEST, MANIFEST = "latest", "MANIFEST.sha256"


def publish(site: Path, dest: Path, *, name: str) -> Path:
    """Copies a site and points ``latest`` to it.

    The copy appears under its name only when complete, and the link moves in one rename: whoever reads through
    ``latest`` sees the older site or the newer one, never half of either, also where the process is killed in between.
    What killed processes of this host left behind is removed.

    Args:
        site: a finished site with its record.
        dest: the shared folder, apart from the site.
        name: of the copy, such as ``2026-01-31-0123abc``; an existing copy of that name is replaced. The copy also
            holds ``MANIFEST.sha256``.

    Returns:
        The copy.

    Raises:
        SiteError: no site there, the shared folder cannot be written or is the site's own, or the copy is not the site.
    """
    if not (site / "index.html").is_file():
        raise SiteError("no site here", where=site, fix="run make site first")
    _refuse_own(site, dest, name)
    target, link = dest / name, dest / LATEST
    try:
        dest.mkdir(parents=True, exist_ok=True)
        _clear_up(dest)
        shutil.copytree(site, part := _beside(target, "part"))
        record.check(part)
        write_manifest(part)
        if target.exists() and link.exists() and link.samefile(target):
            shutil.copytree(target, spare := _beside(target, "spare"))
            _point(link, spare)
        if target.exists():
            rename(target, _beside(target, "old"))
        rename(part, target)
        _point(link, target)
    except OSError as error:
        raise SiteError(f"cannot publish here ({_why(error)})", where=dest, fix="check DEST") from None
    finally:
        with contextlib.suppress(OSError):
            _clear_up(dest, own=True)
    return target


def write_manifest(folder: Path) -> Path:
    """Writes the sha256 of every file of a folder but itself into it, as ``sha256sum -c`` reads them.

    Returns:
        The file; check it with ``sha256sum --check --strict MANIFEST.sha256`` inside the folder.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "a.txt").write_text("walk")
        >>> print(write_manifest(folder).read_text(), end="")
        7a6c4fac6c5cd7209ee2eecd9d6ad3673c55315117de1d8daa5aeb3f71bbd7c7  ./a.txt
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    lines = [_manifest_line(path.relative_to(folder).as_posix(), file_sha256(path)) for path in files]
    manifest = folder / MANIFEST
    manifest.write_text("".join(lines), encoding="utf-8")
    return manifest


def _manifest_line(name: str, sha: str) -> str:
    """A name with a line break or a backslash is escaped and marked, as coreutils does."""
    told = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return ("" if told == name else "\\") + f"{sha}  ./{told}\n"


def _refuse_own(site: Path, dest: Path, name: str) -> None:
    """Refuses a folder that is the site or lies in it, or in which the copy would take the place of the site."""
    inside = any(_same(folder, site) for folder in (dest, *dest.absolute().parents, *dest.resolve().parents))
    if inside or any(_same(dest / name, folder) for folder in (site, *site.resolve().parents)):
        raise SiteError("a site cannot be published into itself", where=dest, fix="name another folder as DEST")


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _beside(path: Path, kind: str) -> Path:
    """A hidden neighbour of this process alone: others may publish the same commit at the same time."""
    return path.with_name(f".{path.name}.{socket.gethostname()}.{os.getpid()}.{kind}")


def _point(link: Path, target: Path) -> None:
    part = _beside(link, "link")
    part.symlink_to(target.name, target_is_directory=True)
    rename(part, link)


def _clear_up(dest: Path, *, own: bool = False) -> None:
    """Removes what dead processes of this host left behind, with ``own`` also what this one did.

    A copy that was moved aside goes back where nothing has come in its place, and ``latest`` leaves what is removed.
    """
    pattern = re.compile(rf"\.(.+)\.{re.escape(socket.gethostname())}\.(\d+)\.(part|spare|old|link)")
    found = [(path, pattern.fullmatch(path.name)) for path in (sorted(dest.iterdir()) if dest.is_dir() else [])]
    left = [(path, match) for path, match in found if match and _is_left(int(match[2]), own=own)]
    for path, match in left:
        if match[3] == "old" and not (dest / match[1]).exists():
            rename(path, dest / match[1])
    for path, match in left:
        if _same(path, dest / LATEST) and (dest / match[1]).exists():
            _point(dest / LATEST, dest / match[1])
        if path.is_symlink():
            path.unlink(missing_ok=True)
        elif not _same(path, dest / LATEST):
            shutil.rmtree(path, ignore_errors=True)


def _is_left(pid: int, *, own: bool) -> bool:
    """Whether what a process made beside a copy is nobody's any more."""
    return own if pid == os.getpid() else not alive(pid)


def _why(error: OSError) -> str:
    """The first reason in a few words; copying a folder gathers one for every file."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list) and error.args[0]:
        return re.sub(r"^\[Errno \d+\] |: .*", "", str(error.args[0][0][-1]))
    return error.strerror or str(error)
