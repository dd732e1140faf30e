"""Motions that a reader plays, turns and scrubs in the page: figures side by side under one clock and one view."""

from lib.draw.motion_player.assets import SCRIPT, STYLE, assets, framed, page
from lib.draw.motion_player.markup import (
    PLAYERS,
    Choice,
    Motion,
    Track,
    at_first,
    fragment,
    markup,
    read_player,
    write_player,
)
from lib.draw.motion_player.payload import payload, read

__all__ = [
    "PLAYERS",
    "SCRIPT",
    "STYLE",
    "Choice",
    "Motion",
    "Track",
    "assets",
    "at_first",
    "fragment",
    "framed",
    "markup",
    "page",
    "payload",
    "read",
    "read_player",
    "write_player",
]
