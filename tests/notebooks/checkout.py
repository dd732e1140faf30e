"""A copy of the checkout to follow instructions in, with the models of the cache and nothing else that was made."""

import shutil
from pathlib import Path

from lib.base.environment import DESCRIBED_BY
from lib.base.paths import CACHE, ROOT

COPIED = ("lib", "params", "notebooks", "report", "Makefile", "CONTRIBUTING.md", *DESCRIBED_BY)


def copied(place: Path) -> Path:
    """Copies the sources to a new folder; models are those of the cache, by a link."""
    place.mkdir()
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, place / name)
    (CACHE / "models").mkdir(parents=True, exist_ok=True)
    (place / ".cache").mkdir()
    (place / ".cache" / "models").symlink_to(CACHE / "models")
    return place
