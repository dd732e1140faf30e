"""Players between a notebook, which packs the motions, and a page, which shows them: one JSON file each."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from lib.report.motion_player.markup import Track, markup

FOLDER = "motions"


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
    content = json.loads(path.read_text(encoding="utf-8"))
    tracks = [Track(**track) for track in content["motions"]]
    return markup(tracks, label=content["label"], picture=picture, alt=alt)
