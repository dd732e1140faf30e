"""Content hashes of the files a corpus was read from."""

from collections.abc import Iterable
from pathlib import Path

from lib.hashes import digest, folder_sha256


def hash_files(root: Path, names: Iterable[str]) -> dict[str, str]:
    """sha256 of files and of whole folders below `root`, by name; what does not exist is left out.

    Args:
        root: the corpus' folder.
        names: paths relative to it; one that ends in "/" is a folder and gets one hash for all its files.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = Path(folder, "a").write_bytes(b"")
        ...     {name: sha[:12] for name, sha in hash_files(Path(folder), ("a", "texts/")).items()}
        {'a': 'e3b0c44298fc'}
    """
    hashes = folder_sha256(root)
    found: dict[str, str] = {}
    for name in names:
        below = [part for part in hashes.items() if part[0].startswith(name)] if name.endswith("/") else []
        if below:
            found[name] = digest(below)
        elif name in hashes:
            found[name] = hashes[name]
    return found
