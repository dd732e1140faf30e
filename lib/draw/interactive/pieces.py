"""Interactive pieces between a notebook, which packs what they show, and a page, which holds them: a JSON file each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lib.base import state
from lib.draw.interactive import caption_map, threshold, tree_cut
from lib.draw.interactive.folder import FOLDER

_MARKUP = {piece.KIND: piece.markup for piece in (caption_map, threshold, tree_cut)}


def read(folders: Mapping[str, Path], prefix: str) -> tuple[dict[str, str], dict[str, Path]]:
    """The pieces that notebooks left.

    Args:
        folders: results folder by stem.
        prefix: of the addresses that pages use.

    Returns:
        HTML by address, such as ``assets/05_clustering/caption_map.html``; and the scripts that stand beside pages, by
        theirs.
    """
    pieces, scripts = {}, {}
    for stem, folder in folders.items():
        for path in sorted(folder.glob(f"{FOLDER}/*.json")):
            content = state.required(path, dict[str, Any], fix="run the notebook again: make report")
            address = f"{prefix}/{stem}/{path.stem}"
            pieces[f"{address}.html"] = _MARKUP[content["kind"]](content, f"{address}.js")
            if (beside := path.with_suffix(".js")).is_file():
                scripts[f"{address}.js"] = beside
    return pieces, scripts
