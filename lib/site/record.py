"""The record of a finished site: what it shows, and the SHA-256 of every file; what is private of it stays in build/.

``site/site.json`` goes with the site and names no corpus. A file in ``build/`` holds where the corpora lie, which are
private, and the SHA-256 of the record that it belongs to. Both carry a digest of their own content, so that one changed
byte is noticed, and neither is believed where it does not agree with the other.
"""

import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lib.base.atomic import replaced
from lib.base.errors import SiteError
from lib.base.hashes import file_sha256, text_sha256

NAME = "site.json"
AGAIN = "make the site again: make site"


@dataclass(frozen=True)
class Record:
    """What a site is.

    Attributes:
        shows: the profile.
        name: date and commit, by which it is published.
        made_from: digest of everything that it was made from.
        files: SHA-256 of every file but the record, by path.
    """

    shows: str
    name: str
    made_from: str
    files: Mapping[str, str]


def write(folder: Path, *, shows: str, name: str, made_from: str) -> None:
    """Writes the record of a complete site into it.

    Raises:
        SiteError: the folder holds a link or anything else that is neither file nor folder.
    """
    paths = sorted({*_files(folder)} - {NAME})
    files = {path: "" if path.endswith("/") else file_sha256(folder / path) for path in paths}
    text = _sealed({"shows": shows, "name": name, "made_from": made_from, "files": files})
    (folder / NAME).write_text(text, encoding="ascii")


def check(folder: Path) -> Record:
    """Reads the record of a site and holds every file against it.

    Raises:
        SiteError: no readable record, or a file that is missing, edited or not listed.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "index.html").write_text("walk")
        >>> write(folder, shows="demo", name="2026-01-31-0123abc", made_from="")
        >>> check(folder).shows
        'demo'
    """
    content = _opened(folder / NAME)
    try:
        files = {str(path): str(sha) for path, sha in content["files"].items()}
        record = Record(str(content["shows"]), str(content["name"]), str(content["made_from"]), files)
    except (KeyError, AttributeError):
        raise SiteError("not the record of a site", where=folder / NAME, fix=AGAIN) from None
    there = {*_files(folder)} - {NAME}
    for fault, paths in (("missing", files.keys() - there), ("not listed in the record", there - files.keys())):
        if paths:
            raise SiteError(f"{fault}{_more(paths)}", where=folder / min(paths), fix=AGAIN)
    edited = {path for path, sha in files.items() if not _is(folder / path, sha)}
    if edited:
        raise SiteError(f"edited since the site was made{_more(edited)}", where=folder / min(edited), fix=AGAIN)
    return record


def keep(file: Path, folder: Path, corpora: Mapping[str, Mapping[str, Any]]) -> None:
    """Writes what is private of a site, its corpora, into a file bound to the record in the site.

    Args:
        file: off the site.
        folder: the site, with its record.
        corpora: by key: label, kind, root, whether it is private, and the captioners that may be named.
    """
    text = _sealed({"record": file_sha256(folder / NAME), "corpora": dict(corpora)})
    with replaced(file) as part:
        part.write_text(text, encoding="ascii")


def corpora(file: Path, folder: Path) -> dict[str, dict[str, Any]]:
    """The corpora of a site, from the file that :func:`keep` wrote.

    Raises:
        SiteError: no such file, it was edited, or it belongs to another site.
    """
    content = _opened(file)
    if content.get("record") != file_sha256(folder / NAME):
        raise SiteError(f"it belongs to another site than {folder}", where=file, fix=AGAIN)
    try:
        return {str(key): dict(facts) for key, facts in content["corpora"].items()}
    except (KeyError, AttributeError, TypeError, ValueError):
        raise SiteError("it names no corpora", where=file, fix=AGAIN) from None


def named(pages: Path) -> str:
    """The name that a site is published by: date and commit of the run, read from the staged pages.

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


def _files(folder: Path) -> Iterator[str]:
    """The path of every file, and with a slash behind it that of every empty folder, whose name may say something."""
    for above, folders, files in os.walk(folder, onerror=_unreadable):
        here = Path(above)
        for name in [*folders, *files]:
            kind = (here / name).lstat().st_mode
            if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
                raise SiteError("neither a file nor a folder", where=here / name, fix=f"remove it and {AGAIN}")
        if not folders and not files and here != folder:
            yield f"{here.relative_to(folder).as_posix()}/"
        yield from ((here / name).relative_to(folder).as_posix() for name in files)


def _unreadable(error: OSError) -> None:
    raise SiteError(f"cannot be read ({error.strerror})", where=error.filename, fix=AGAIN)


def _is(path: Path, sha: str) -> bool:
    """Whether a path is the file, or without a digest the folder, that it was."""
    try:
        return file_sha256(path) == sha if sha else path.is_dir()
    except OSError:
        return False


def _more(paths: set[str]) -> str:
    return f", and {len(paths) - 1:,} more" if len(paths) > 1 else ""


def _sealed(content: Mapping[str, Any]) -> str:
    digest = text_sha256(json.dumps(content, sort_keys=True))
    return json.dumps({**content, "sha256": digest}, indent=1, sort_keys=True) + "\n"


def _opened(file: Path) -> dict[str, Any]:
    """The content of a sealed file; whatever is not, to the byte, what was sealed is refused."""
    try:
        text = file.read_bytes().decode("ascii")
        content = json.loads(text)
        del content["sha256"]
        if _sealed(content) == text:
            return dict(content)
    except FileNotFoundError:
        raise SiteError("no such file", where=file, fix=AGAIN) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError, AttributeError):
        pass
    raise SiteError("cut short or edited since the site was made", where=file, fix=AGAIN)
