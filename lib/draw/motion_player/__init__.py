"""Motions that a reader plays, turns and scrubs in the page: figures side by side under one clock and one view."""

from lib.draw.motion_player.assets import SCRIPT, STYLE, assets, framed, page
from lib.draw.motion_player.markup import PLAYERS, Motion, Track, fragment, markup, read_player, write_player
from lib.draw.motion_player.payload import payload, read

__all__ = [
    "PLAYERS",
    "SCRIPT",
    "STYLE",
    "Motion",
    "Track",
    "assets",
    "fragment",
    "framed",
    "markup",
    "page",
    "payload",
    "read",
    "read_player",
    "write_player",
]
