"""The sha256 of every file of a published site, as ``sha256sum -c`` reads them."""

from pathlib import Path

from lib.base.hashes import file_sha256

NAME = "MANIFEST.sha256"


def write(folder: Path) -> Path:
    """Writes the manifest of a folder into it; it lists every file but itself.

    Returns:
        The file; check it with ``sha256sum --check --strict MANIFEST.sha256`` inside the folder.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "a.txt").write_text("walk")
        >>> print(write(folder).read_text(), end="")
        7a6c4fac6c5cd7209ee2eecd9d6ad3673c55315117de1d8daa5aeb3f71bbd7c7  ./a.txt
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != NAME)
    lines = [_line(path.relative_to(folder).as_posix(), file_sha256(path)) for path in files]
    manifest = folder / NAME
    manifest.write_text("".join(lines), encoding="utf-8")
    return manifest


def _line(name: str, sha: str) -> str:
    """A name with a line break or a backslash is escaped and marked, as coreutils does."""
    told = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return ("" if told == name else "\\") + f"{sha}  ./{told}\n"
