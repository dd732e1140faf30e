"""Published copies and exported datasets under a folder: those that hold a clip go whole, others stay."""

from collections.abc import Collection, Iterator
from pathlib import Path

from lib.base import atomic
from lib.base.errors import UserError
from lib.dataset.croissant import CROISSANT
from lib.dataset.part import PART, RECORD, SUMS
from lib.forgetting.clips import Forgotten
from lib.forgetting.made_here import Removed, is_current, made_of
from lib.forgetting.places import discard
from lib.forgetting.traces import Traces, files, in_folder
from lib.site import record
from lib.site.publish import LATEST, MANIFEST

MARKS = ((MANIFEST, record.NAME), (SUMS, CROISSANT))
"""Files by which a published copy and an exported dataset are known; other folders are nobody's to delete."""


def copies(folder: Path, sources: Collection[Path]) -> list[Path]:
    """The published copies and exports in a folder, or the folder itself; a copy within a copy is part of it.

    Args:
        folder: where to look.
        sources: folders of source data, which are no copies.

    Raises:
        UserError: no such folder.
    """
    if not folder.is_dir():
        raise UserError(
            "no such folder", where=folder, fix="name the folder that make publish or make dataset wrote to"
        )
    return [*_within(folder, sources)]


def _within(folder: Path, sources: Collection[Path]) -> Iterator[Path]:
    if folder.resolve() in sources:
        return
    if _is_copy(folder) or _is_unfinished(folder):
        yield folder
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            yield from _within(path, sources)


def _is_copy(folder: Path) -> bool:
    return any(all((folder / name).is_file() for name in names) for names in MARKS)


def _is_unfinished(folder: Path) -> bool:
    """Whether a folder is an export or a publication that did not come to its end."""
    return folder.name.startswith(".") and folder.suffix == PART


def remove(found: Collection[Path], traces: Traces) -> Iterator[Removed]:
    """Removes the copies that hold a trace; a link to the latest one moves to the newest that is left.

    A copy is sealed and its pages lead into one another, so that it goes whole, its manifest with it. `make publish`
    and `make dataset` make it anew.
    """
    for copy in found:
        if in_folder(copy, traces):
            _point_elsewhere(copy)
            if _is_unfinished(copy):
                atomic.remove(copy.with_suffix(RECORD))
            discard(copy)
            yield copy, "a copy that holds it, removed whole"


def computed_with(found: Collection[Path], forgotten: Forgotten) -> list[Path]:
    """The copies that are left and were made from the corpus as it was before: their numbers stay."""
    there = [copy for copy in found if copy.is_dir() and made_of(copy, forgotten.label)]
    return [copy for copy in there if not is_current(copy, forgotten)]


def outside(folder: Path, found: Collection[Path], sources: Collection[Path]) -> Iterator[Path]:
    """The files in a folder that belong to no copy, which are searched and left alone."""
    return files(folder, without={*found, *sources})


def _point_elsewhere(copy: Path) -> None:
    link = copy.with_name(LATEST)
    if not (link.is_symlink() and link.resolve() == copy.resolve()):
        return
    others = [path for path in copy.parent.iterdir() if path not in (copy, link) and not path.name.startswith(".")]
    newest = max(filter(_is_copy, others), key=lambda path: path.name, default=None)
    part = atomic.part_of(link)
    atomic.remove(part)
    if newest is None:
        atomic.remove(link)
        return
    part.symlink_to(newest.name, target_is_directory=True)
    atomic.rename(part, link)
