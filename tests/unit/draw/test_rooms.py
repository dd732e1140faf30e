"""The picture of the rooms: arrows as the code has them, and the same bytes for the same code."""

import re
from pathlib import Path

from lib.base.paths import ROOT
from lib.draw import rooms


def test_arrows_are_the_imports_between_folders(tmp_path: Path) -> None:
    files = {
        "lib/base/__init__.py": "import os\n",
        "lib/draw/strip.py": "from lib.base import paths\nfrom lib.draw import style\n",
        "lib/site/pages.py": "def f():\n    import lib.draw.strip\n    from lib import base\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    below = rooms.arrows(tmp_path)
    assert {room: others for room, others in below.items() if others} == {"draw": {"base"}, "site": {"draw", "base"}}
    assert rooms.needed(below)["site"] == {"draw"}


def test_the_committed_picture_names_every_room_and_has_the_arrows_of_the_code(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        rooms.write(ROOT, tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    drawn = (ROOT / "report" / "rooms.svg").read_text(encoding="utf-8")
    anew = (tmp_path / "a.svg").read_text(encoding="utf-8")
    (shown,), (expected,) = (re.findall("<dc:description>(.+)</dc:description>", svg) for svg in (drawn, anew))
    assert shown == expected, "the picture shows other imports than the code has; run: make rooms"
    folders = [folder.name for folder in (ROOT / "lib").iterdir() if (folder / "__init__.py").is_file()]
    assert folders and all(f">{name}<" in drawn for name in folders)
