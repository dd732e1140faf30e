"""The licence a dataset states for itself."""

from pathlib import Path

NAMES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt", "LICENCE.md")


def licence_of(root: Path) -> str:
    """First non-empty line of the folder's licence file, or "not stated".

    Example:
        >>> licence_of(Path("/nonexistent"))
        'not stated'
    """
    for name in NAMES:
        if (root / name).is_file():
            lines = (root / name).read_text(encoding="utf-8-sig", errors="replace").splitlines()
            return next((line.strip() for line in lines if line.strip()), "not stated")
    return "not stated"
