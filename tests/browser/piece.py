"""A page around one interactive piece, in the theme of the site."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lib.draw import motion_player
from lib.draw.interactive import assets

THEME = {"content": "content.css", "scheme": "scheme.js"}
BODY = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Piece</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1"><script>{scheme}</script>
<style>{content}{pieces}{player} body {{ background: var(--bg); color: var(--text); }}</style></head>
<body><main><h1>Piece</h1>{piece}</main><script src="motion_player.js"></script>
<script src="pieces.js"></script></body></html>"""


def write(folder: Path, name: str, markup: str, theme: Path) -> None:
    """Writes ``<name>.html`` and the scripts of pieces and players; styles are in the page, where axe may read them."""
    (style, script), (player, play) = assets.assets(), motion_player.assets()
    (folder / assets.SCRIPT).write_text(script, encoding="utf-8")
    (folder / motion_player.SCRIPT).write_text(play, encoding="utf-8")
    parts = {part: (theme / file).read_text(encoding="utf-8") for part, file in THEME.items()}
    (folder / f"{name}.html").write_text(
        BODY.format(**parts, pieces=style, player=player, piece=markup), encoding="utf-8"
    )


def rested(page: Any, state: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """The state once it no longer changes, which a slow machine may take a moment to reach."""
    for _ in range(20):
        before = state(page)
        page.wait_for_timeout(300)
        if state(page) == before:
            return before
    raise AssertionError("the piece goes on drawing")
