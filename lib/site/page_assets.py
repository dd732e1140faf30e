"""What a run left behind for the pages: values, figures, tables, and which notebooks ran."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lib.base import state
from lib.draw.interactive import alpha_slider, assets, caption_map, funnel_bounds, threshold, tree_cut
from lib.draw.motion_player import PLAYERS, read_player

PREFIX = "assets"
SHOWN = {".png", ".svg", ".csv"}
_PIECES = {piece.KIND: piece.markup for piece in (alpha_slider, caption_map, funnel_bounds, threshold, tree_cut)}


@dataclass(frozen=True)
class PageAssets:
    """Everything a page may refer to.

    Args:
        variables: plain text by dotted name, such as ``similarity.text_share``.
        files: file behind each address a page may use, such as ``assets/01_similarity_test/ecdf.png``.
        alternatives: text that states a figure's takeaway, by the figure's address.
        fragments: cleaned HTML by address, such as ``assets/01_similarity_test/shares.html``.
        pieces: HTML that this library made and that stands on a page as it is, by address.
        players: HTML of motions to be played, by address, such as ``assets/07_visualization/walk.html``.
        notebooks: stems of the notebooks that ran.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    alternatives: Mapping[str, str] = field(default_factory=dict)
    fragments: Mapping[str, str] = field(default_factory=dict)
    pieces: Mapping[str, str] = field(default_factory=dict)
    players: Mapping[str, str] = field(default_factory=dict)
    notebooks: frozenset[str] = frozenset()

    def has(self, name: str) -> bool:
        """Whether a variable, a file, a table or a notebook of this name exists.

        Args:
            name: an address with a slash, a variable with a dot, or the stem of a notebook.

        Example:
            >>> evidence = PageAssets(variables={"run.date": "today"}, notebooks=frozenset({"01_similarity_test"}))
            >>> [evidence.has(x) for x in ("run.date", "01_similarity_test", "assets/01_similarity_test/ecdf.png")]
            [True, True, False]
        """
        if "/" in name:
            return any(name in known for known in (self.files, self.fragments, self.players, self.pieces))
        return name in self.variables if "." in name else name in self.notebooks


def collect(folders: Mapping[str, Path]) -> tuple[dict[str, Path], dict[str, str], dict[str, Path]]:
    """Lists the figures and tables of the notebooks that ran.

    Args:
        folders: results folder by stem.

    Returns:
        PNG, SVG and CSV files by address, alternative texts by the figure's address, and
        HTML fragments, not yet cleaned, by address.
    """
    files: dict[str, Path] = {}
    alternatives: dict[str, str] = {}
    fragments: dict[str, Path] = {}
    for stem, folder in folders.items():
        for path in sorted([*folder.glob("figures/*"), *folder.glob("tables/*")]):
            address = f"{PREFIX}/{stem}/{path.name}"
            if path.suffix == ".html":
                fragments[address] = path
            elif path.suffix == ".txt" and path.parent.name == "figures":
                text = " ".join(path.read_text(encoding="utf-8").split())
                alternatives[f"{PREFIX}/{stem}/{path.stem}.png"] = text
            elif path.suffix in SHOWN:
                files[address] = path
    return files, alternatives, fragments


def players(folders: Mapping[str, Path], alternatives: Mapping[str, str]) -> dict[str, str]:
    """The motions to be played of the notebooks that ran, as HTML by address.

    Args:
        folders: results folder by stem.
        alternatives: text by the address of a picture; a player shows the picture of its name where it cannot play.
    """
    found = {}
    for stem, folder in folders.items():
        for path in sorted(folder.glob(f"{PLAYERS}/*.json")):
            address = f"{PREFIX}/{stem}/{path.stem}"
            alt = alternatives.get(f"{address}.png", "")
            found[f"{address}.html"] = read_player(path, picture=f"{address}.png" if alt else "", alt=alt)
    return found


def pieces(folders: Mapping[str, Path]) -> tuple[dict[str, str], dict[str, Path]]:
    """The interactive pieces of the notebooks that ran, a JSON file each.

    Args:
        folders: results folder by stem.

    Returns:
        HTML by address, such as ``assets/05_clustering/caption_map.html``; and the scripts that stand beside pages, by
        theirs.
    """
    markups: dict[str, str] = {}
    scripts: dict[str, Path] = {}
    for stem, folder in folders.items():
        for path in sorted(folder.glob(f"{assets.FOLDER}/*.json")):
            content = state.required(path, dict[str, Any], fix="run the notebook again: make report")
            address = f"{PREFIX}/{stem}/{path.stem}"
            markups[f"{address}.html"] = _PIECES[content["kind"]](content, f"{address}.js")
        scripts |= {f"{PREFIX}/{stem}/{path.name}": path for path in sorted(folder.glob(f"{assets.FOLDER}/*.js"))}
    return markups, scripts
