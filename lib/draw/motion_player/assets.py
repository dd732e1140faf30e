"""The style and the script of the player, whole and without a word from the network."""

import json
from functools import cache
from pathlib import Path

from markupsafe import Markup

from lib.draw.motion_player.markup import Choice, Track, markup
from lib.draw.style import COLOURS
from lib.motion.skeleton import FACING, LEFT, PARENTS, RIGHT

STYLE, SCRIPT = "motion_player.css", "motion_player.js"
_FOLDER = Path(__file__).parent
_PARTS = ("motion.js", "camera.js", "scene.js", "controls.js", "player.js")
_HEAD_JOINT = 15
_ANKLES_AND_TOES = {"left": (10, 0b0011), "right": (11, 0b1100)}
_ENDS = {"left": (7, 20), "right": (8, 21)}

_PAGE = Markup("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
{style}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{player}
</main>
<script>
{script}
</script>
</body>
</html>
""")


@cache
def assets() -> tuple[str, str]:
    """Style and script, each to stand in a file of its own or between tags in the page.

    The script brings every player of the page to life once the page is read; for players added later it offers
    ``mountMotionPlayers(element)``. A living player answers to ``element.motionPlayer``: ``state``, ``play()``,
    ``pause()``, ``seek(frame)``, ``step(frames)``, ``setSpeed(rate)``, ``turn(yaw, pitch)``, ``zoom(by)``,
    ``follow()``, ``home()``, ``choose(option)`` and ``load(payloads)``; it fires ``motionround`` each time it has
    played to the end.

    Returns:
        CSS and JavaScript. The body and its colours are those of ``lib.motion.skeleton`` and ``lib.draw.style``.

    Example:
        >>> css, js = assets()
        >>> "--motion-left: #0173b2" in css, "https://" in js
        (True, False)
    """
    named = "; ".join(f"--motion-{side}: {COLOURS[side]}" for side in ("left", "right", "spine"))
    css = f".motion-player {{ {named}; }}\n" + (_FOLDER / STYLE).read_text(encoding="utf-8")
    script = "\n".join((_FOLDER / part).read_text(encoding="utf-8") for part in _PARTS)
    body = f"const SKELETON = {json.dumps(_skeleton(), separators=(',', ':'))};"
    return css, f'(function () {{\n"use strict";\n{body}\n{script}}})();\n'


def page(tracks: list[Track], *, title: str, choice: Choice | None = None) -> str:
    """A whole HTML page around one player, with nothing outside of it.

    Args:
        tracks: motions ready for a page.
        title: plain text of any origin.
        choice: what the options of the motions are.

    Returns:
        HTML that opens from disk.
    """
    css, js = assets()
    css += (_FOLDER / "page.css").read_text(encoding="utf-8")
    player = Markup(markup(tracks, label=title, choice=choice))
    return str(_PAGE.format(title=title, style=Markup(css), script=Markup(js), player=player))


def framed(tracks: list[Track], *, title: str, choice: Choice | None = None) -> str:
    """The page of :func:`page` in a frame of its own, for the output of a notebook."""
    return str(
        Markup('<iframe srcdoc="{}" title="{}" width="100%" height="520" style="border: 0"></iframe>').format(
            page(tracks, title=title, choice=choice), title
        )
    )


def _skeleton() -> dict[str, object]:
    side = {joint: "left" if joint in LEFT else "right" if joint in RIGHT else "spine" for joint in range(len(PARENTS))}
    return {
        "parents": PARENTS,
        "bones": [{"joint": j, "parent": p, "side": side[j]} for j, p in enumerate(PARENTS) if p >= 0],
        "facing": FACING,
        "head": _HEAD_JOINT,
        "feet": [{"joint": j, "bits": bits, "side": name} for name, (j, bits) in _ANKLES_AND_TOES.items()],
        "ends": [{"joint": j, "side": name} for name, joints in _ENDS.items() for j in joints],
    }
