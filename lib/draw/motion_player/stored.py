"""Players between a notebook, which packs the motions, and a page, which shows them: one JSON file each."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from lib.base import state
from lib.draw.motion_player.markup import Track, markup

FOLDER = "motions"


@dataclass(frozen=True)
class Stored:
    """A stored player: what a screen reader calls it, and its motions."""

    label: str
    motions: list[Track]


def write(folder: Path, name: str, tracks: Sequence[Track], *, label: str) -> None:
    """Writes ``motions/<name>.json`` into a results folder."""
    content = {"label": label, "motions": [asdict(track) for track in tracks]}
    (folder / FOLDER).mkdir(exist_ok=True)
    (folder / FOLDER / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def read(path: Path, *, picture: str = "", alt: str = "") -> str:
    """The HTML of a stored player; whatever its texts say, it holds no element but the player's own.

    Args:
        path: as written by :func:`write`.
        picture: address of its still picture, if there is one.
        alt: alternative text of the picture.
    """
    content = state.required(path, Stored, fix="run the notebook again: make report")
    return markup(content.motions, label=content.label, picture=picture, alt=alt)
