"""A figure as SVG, with letters as outlines: it looks alike on every machine, also where a font is missing."""

import io
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import Collection, PathCollection, QuadMesh
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

HEAVY = 300_000
"""Bytes from which a figure stays a picture of pixels."""
MANY = 1500
"""Marks of one kind, or points of a line, from which these are pixels inside the drawing."""


def write(figure: Figure, path: Path) -> bool:
    """Writes an SVG where it stays below `HEAVY`; marks too many to draw one by one become pixels in it.

    Args:
        figure: as it is shown; some of its artists are marked to be drawn as pixels.
        path: where to; a file that is there goes.

    Returns:
        Whether it was written.

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write(Figure(figsize=(2, 1)), Path(folder) / "empty.svg")
        True
    """
    for artist in figure.findobj(_is_heavy):
        artist.set_rasterized(True)
    drawn = io.BytesIO()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": path.stem}):
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    path.unlink(missing_ok=True)
    if drawn.tell() >= HEAVY:
        return False
    path.write_bytes(drawn.getvalue())
    return True


def _is_heavy(artist: Artist) -> bool:
    if isinstance(artist, Line2D):
        return len(np.asarray(artist.get_xydata())) > MANY
    if isinstance(artist, PathCollection):
        return len(np.asarray(artist.get_offsets())) > MANY
    return isinstance(artist, QuadMesh) or (isinstance(artist, Collection) and len(artist.get_paths()) > MANY)
