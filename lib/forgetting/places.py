"""Where this project leaves what it makes, and which profile each folder belongs to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lib.base import atomic, state
from lib.base.errors import UserError
from lib.base.paths import ROOT
from lib.dataset.ids import file_id
from lib.run import params
from lib.run.params import Profile
from lib.site import record

ASIDE = ".forgotten."
"""How a folder is called while it is deleted, so that it is gone at once for whoever reads it."""
EMBEDDED = "made_from.json"
"""Lies in a folder of embedded corpora, which are written again from their seed."""


@dataclass(frozen=True)
class Places:
    """The folders of a checkout.

    Attributes:
        root: of the project.
        profile: the one that the command is for.
    """

    root: Path
    profile: Profile

    @property
    def cache(self) -> Path:
        """Vectors, weights, tags."""
        return self.root / ".cache"

    @property
    def results(self) -> Path:
        """What notebooks made, by profile."""
        return self.root / "results"

    @property
    def build(self) -> Path:
        """Staged pages, survey, explored notebooks, embedded corpora."""
        return self.root / "build"

    @property
    def sites(self) -> list[Path]:
        """The site, and what a build that was killed left beside it."""
        return sorted(path for path in (self.root / "site", *self.root.glob(".site.*")) if path.is_dir())

    @cached_property
    def known(self) -> dict[str, Profile]:
        """The profiles whose parameter files can be read here, by name."""
        by_name = {self.profile.profile: self.profile}
        for file in sorted((ROOT / "params").glob("*.yml")):
            try:
                profile = params.load(file)
            except UserError:  # its data is elsewhere, or it is half written
                continue
            by_name.setdefault(profile.profile, profile)
        return by_name

    def reads(self, name: str, corpus: Path) -> bool | None:
        """Whether a profile reads a corpus; None where its parameters are not here."""
        if name not in self.known:
            return None
        return any(Path(source.root) == corpus for source in self.known[name].corpora.values())

    def exported(self, corpus: Path, clips: Iterable[str]) -> set[str]:
        """How exports call clips of a corpus and their mirrors, whichever profile they were made of."""
        read = [(key, Path(one.root)) for profile in self.known.values() for key, one in profile.corpora.items()]
        keys = {key for key, root in read if root == corpus}
        return {f"{mirror}{file_id(key, clip)}" for key in keys for clip in clips for mirror in ("", "M")}

    @cached_property
    def sources(self) -> frozenset[Path]:
        """Folders of source data, which nothing here touches: corpora of known profiles, and embedded ones."""
        roots = {Path(source.root) for profile in self.known.values() for source in profile.corpora.values()}
        embedded = {stamp.parent for stamp in self.build.glob(f"**/{EMBEDDED}")}
        return frozenset(roots | embedded)

    def profiles_in(self, folder: Path) -> Iterator[tuple[str, Path]]:
        """The folders of a folder that holds one a profile, with the profile's name; those of killed runs too."""
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.name == ".part":
                yield from self.profiles_in(path)
            elif path.is_dir():
                yield path.name.removeprefix(".").removesuffix(".part").removesuffix(".old"), path


def discard(path: Path) -> None:
    """Deletes a file or a folder, which is gone at once or, where that fails, as it was.

    Raises:
        OSError: it cannot be moved.
    """
    aside = path.with_name(f"{ASIDE}{path.name}")
    atomic.remove(aside)
    atomic.rename(path, aside)
    atomic.remove(aside)


def finish(folder: Path) -> None:
    """Deletes what interrupted calls of `discard` left of a folder and anywhere below it."""
    for path in [folder.with_name(f"{ASIDE}{folder.name}"), *folder.rglob(f"{ASIDE}*")]:
        atomic.remove(path)


def shows(site: Path) -> str:
    """The profile that a site says it shows; empty where it says nothing."""
    told = state.read(site / record.NAME, dict[str, object], then="it counts as of no profile")
    return str((told or {}).get("shows", ""))
