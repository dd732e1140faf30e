"""The style and the script of the interactive pieces, whole and without a word from the network."""

import json
from functools import cache
from pathlib import Path

from lib.draw.style import CYCLE, GREY

FOLDER = "interactive"
"""Where a results folder keeps what the pieces show."""
STYLE, SCRIPT = "pieces.css", "pieces.js"
WEB = Path(__file__).parent / "web"
_PARTS = (
    "elements.js",
    "beside.js",
    "map_points.js",
    "map_view.js",
    "map_painter.js",
    "map_look.js",
    "map_controls.js",
    "map_motions.js",
    "caption_map.js",
    "threshold.js",
    "tree.js",
    "tree_cut.js",
    "alpha_slider.js",
    "funnel_bounds.js",
    "tables.js",
    "figures.js",
)


@cache
def assets() -> tuple[str, str]:
    """Style and script, to stand in a file each; the script brings the pieces of a page to life once the page is read.

    Returns:
        CSS and JavaScript, with the colours of ``lib.draw.style``.

    Example:
        >>> css, js = assets()
        >>> 'const HUES = ["#0173b2"' in js, "https://" in css + js
        (True, False)
    """
    colours = f"const HUES = {json.dumps([hue for hue in CYCLE if hue != GREY])}, REST = {json.dumps(GREY)};"
    parts = [(WEB / part).read_text(encoding="utf-8") for part in _PARTS]
    return (WEB / STYLE).read_text(encoding="utf-8"), "\n".join(
        ["(function () {", '"use strict";', colours, *parts, "})();", ""]
    )
