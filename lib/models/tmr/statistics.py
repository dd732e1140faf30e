"""Where the statistics of a TMR run lie, `mean.pt` and `std.pt`; torch is not needed to find them."""

from pathlib import Path

from lib.base.errors import ModelError

STATISTICS = ("mean.pt", "std.pt")


def statistics_folder(folder: Path, base: str) -> Path:
    """The folder of a run's statistics: `base` in the run folder, else in the nearest folder above it that holds them.

    Raises:
        ModelError: they are nowhere.
    """
    places = [place / base for place in (folder.resolve(), *folder.resolve().parents)]
    for place in places:
        if all((place / name).is_file() for name in STATISTICS):
            return place
    fix = f"copy the run's mean.pt and std.pt to {folder / base}"
    raise ModelError(f"its statistics {base}/mean.pt and std.pt are not found", where=folder, fix=fix)
