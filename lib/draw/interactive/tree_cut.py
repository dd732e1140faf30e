"""The tree over centroids with a cut that a reader moves, and the clusters on either side of it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from IPython.display import HTML, display
from markupsafe import Markup

from lib.draw.exhibits import Redaction
from lib.draw.fragment import inert
from lib.draw.interactive.assets import FOLDER

KIND = "tree_cut"


@dataclass(frozen=True, eq=False)
class TreeCut:
    """Trees over centroids, to be cut anywhere.

    Args:
        spaces: for each space its ``name``, the merges (``left, right`` numbered as scipy's, ``height``), the rows of
            each centroid (``sizes``), the cluster of each (``merged``), the clusters' ``names``, how many there are
            (``clusters``), and of the cuts that were judged their ``quality``: lists of equal length, ``clusters,
            silhouette, silhouette_low, silhouette_high, coherence, by_chance, chance_low, chance_high``, None where
            nothing was measured; empty where no cut was judged.
    """

    spaces: Sequence[Mapping[str, Any]]

    def show(self, folder: Path, name: str, redaction: Redaction) -> None:
        """Writes the trees with cleared names, and says so."""
        spaces = redaction.value([dict(space) for space in self.spaces])
        write(folder, name, TreeCut(spaces))
        names = ", ".join(space["name"] for space in spaces)
        display(HTML(f"<p>{name}: the trees of {names}, which the page of the report lets you cut.</p>"))


def write(folder: Path, name: str, trees: TreeCut) -> None:
    """Writes trees into a results folder, as ``interactive/<name>.json``."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    content = {"kind": KIND, "spaces": list(trees.spaces), "name": name}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (folder / FOLDER / f"{name}.json").write_text(text, encoding="utf-8")


def markup(content: Mapping[str, Any], address: str) -> str:
    """The HTML of the trees; the script and the style of the interactive pieces bring it to life.

    Args:
        content: of the JSON file that :func:`write` left.
        address: unused; other pieces have files beside the page.
    """
    told = json.dumps(content["spaces"], ensure_ascii=False, separators=(",", ":"))
    html = Markup(
        '<div class="tree-cut piece" role="group" aria-label="Clusters by where the tree is cut" data-trees="{}">\n'
        "<noscript><p>The tree needs JavaScript; the figures and their tables show the cut that was taken.</p>"
        "</noscript>\n</div>"
    )
    return inert(str(html.format(told)))
