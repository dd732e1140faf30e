"""The tree over centroids with a cut that a reader moves, and the clusters on either side of it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import HTML, display
from markupsafe import Markup

from lib.clustering.semantic import SemanticClusters
from lib.report.fragment import inert
from lib.report.interactive.assets import FOLDER
from lib.results import Run

KIND = "tree_cut"


def content(found: Mapping[str, SemanticClusters], called: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """What the page needs to cut a tree anywhere.

    Args:
        found: the clusters of each space.
        called: the names of the clusters of each space, from `lib.audit.clusters.named`.

    Returns:
        For each space the merges (``left, right`` numbered as scipy's, ``height`` to nine digits), the clips of each
        centroid, the cluster of each, the clusters' names, and how many there are.
    """
    spaces = []
    for space, one in found.items():
        names = called[space].set_index("cluster")["name"]
        left, right, height, _ = one.tree.merges.T
        spaces.append(
            {
                "name": space,
                "left": left.astype(int).tolist(),
                "right": right.astype(int).tolist(),
                "height": [float(f"{value:.9g}") for value in height],
                "sizes": one.sizes.tolist(),
                "merged": one.merged.tolist(),
                "names": [str(names[cluster]) for cluster in range(one.n_clusters)],
                "clusters": one.n_clusters,
            }
        )
    return {"kind": KIND, "spaces": spaces}


def save(run: Run, name: str, found: Mapping[str, SemanticClusters], called: Mapping[str, pd.DataFrame]) -> None:
    """Writes the trees into the results of a run as ``interactive/<name>.json``, and says so."""
    write(run.folder, name, run.redaction.value(content(found, called)))
    display(HTML(f"<p>{name}: the trees of {', '.join(found)}, which the page of the report lets you cut.</p>"))


def write(folder: Path, name: str, made: Mapping[str, Any]) -> None:
    """Writes what :func:`content` made into a results folder."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    text = json.dumps({**made, "name": name}, ensure_ascii=False, separators=(",", ":"))
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
