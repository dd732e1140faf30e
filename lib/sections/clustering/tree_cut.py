"""The tree over the centroids of each space, for a reader of the page to cut."""

from collections.abc import Mapping

import pandas as pd

from lib.clustering.semantic import SemanticClusters
from lib.draw.interactive.tree_cut import TreeCut


def tree_cut(found: Mapping[str, SemanticClusters], called: Mapping[str, pd.DataFrame]) -> TreeCut:
    """What the page needs to cut the tree of each space anywhere.

    Heights are kept to nine digits.

    Args:
        found: the clusters of each space.
        called: the names of the clusters of each space, from `lib.sections.clustering.two_spaces.named`.

    Example:
        >>> from lib.clustering.semantic import cluster
        >>> found = cluster([[0.0], [0.1], [5.0], [9.0]], n_centroids=4, n_clusters=3, seed=0)
        >>> called = pd.DataFrame({"cluster": range(3), "name": list("abc")})
        >>> (space,) = tree_cut({"text": found}, {"text": called}).spaces
        >>> space["clusters"], space["names"], sorted(space["merged"]), round(space["height"][0], 3)
        (3, ['a', 'b', 'c'], [0, 0, 1, 2], 0.1)
    """
    spaces = []
    for space, clusters in found.items():
        names = called[space].set_index("cluster")["name"]
        left, right, height, _ = clusters.tree.merges.T
        spaces.append(
            {
                "name": space,
                "left": left.astype(int).tolist(),
                "right": right.astype(int).tolist(),
                "height": [float(f"{value:.9g}") for value in height],
                "sizes": clusters.sizes.tolist(),
                "merged": clusters.merged.tolist(),
                "names": [str(names[cluster]) for cluster in range(clusters.n_clusters)],
                "clusters": clusters.n_clusters,
            }
        )
    return TreeCut(spaces)
