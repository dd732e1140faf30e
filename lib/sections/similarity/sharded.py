"""Nearest captions and groups of near-duplicates: in this process, or by shards through the engine where they are many.

A shard is a range of rows, or of tiles, cut by position; every product has the shape and the one thread that it has in
this process, so that results are the same to the bit however many shards and workers there are. Vectors lie in files
that workers map into memory (`lib.engine.arrays`).
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.base.arrays import place_of
from lib.engine.arrays import is_large, kept, opened
from lib.engine.keys import Keyed
from lib.engine.mapping import map_partitions, partition_files
from lib.engine.results import read
from lib.metrics import duplicates
from lib.metrics import nearest as search
from lib.metrics.joined_rows import JoinedRows
from lib.metrics.near_duplicates import PairSearch, Rows, Vectors, prepared, tiles

BLOCKS = 1
"""Blocks of queries of a shard: of 2,048, some twenty seconds of a core for 300,000 references of 768 dimensions."""
TILES = 128
"""Tiles of a shard: of what is just large, three shards."""


def nearest(queries: Vectors, references: Vectors, *, block: int = 2048, folder: Path | None = None) -> search.Found:
    """What `lib.metrics.nearest.nearest` gives; many multiplications go through the engine.

    Args:
        queries: (n, d) finite floats.
        references: (m, d) finite floats.
        block: rows and columns of a tile.
        folder: holds the files of vectors and of results; by default the cache.

    Returns:
        scores (n,) float32 and indices (n,) int64 into the references; of equal references the first.

    Raises:
        ValueError: as `lib.metrics.nearest.nearest`.
        RunError: a shard failed.
        UserError: the disk has no room for the vectors.
    """
    asked, known = search.checked_pair(queries, references, block)
    if not is_large(len(asked), *known.shape):
        return search.nearest(asked, known, block=block)
    first, block = search.distinct(known), place_of().block(block)
    found = map_partitions(
        nearest_rows,
        pd.DataFrame({"top": np.arange(0, len(asked), block)}),
        step="nearest neighbours",
        arguments={"queries": kept(asked, folder=folder), "references": kept(known, rows=first, folder=folder)}
        | {"block": block},
        rows=BLOCKS,
        on_device=True,
        folder=folder,
        progress=True,
    )
    return found["score"].to_numpy(np.float32), first[found["found"].to_numpy()]


def nearest_rows(rows: pd.DataFrame, *, queries: str, references: str, block: int) -> pd.DataFrame:
    """The nearest reference of a shard's queries: ``score, found``, a row a query.

    Args:
        rows: ``top``, where blocks of queries begin that follow one another.
        queries: the file of the queries.
        references: the file of the references, which differ from one another.
        block: rows and columns of a tile.
    """
    some = opened(queries)[rows["top"].iloc[0] : rows["top"].iloc[-1] + block]
    score, found = search.closest(some, opened(references), block, place_of(), threads=1)
    return pd.DataFrame({"score": score, "found": found})


def joined(vectors: Vectors, threshold: float, *, block: int = 2048, folder: Path | None = None) -> Rows:
    """What `lib.metrics.duplicates.components` gives; many multiplications go through the engine.

    Each pair is looked at once, in the tile that holds it; a shard gives the groups that its own pairs make, which
    fewer rows say than the pairs would.

    Args:
        vectors: (n, d) finite floats, L2-normalised for cosines.
        threshold: the lowest similarity that joins two rows, inclusive.
        block: rows and columns of a tile.
        folder: holds the files of vectors and of results; by default the cache.

    Returns:
        (n,) label of each row: the lowest row of its group.

    Raises:
        ValueError: as `lib.metrics.near_duplicates.pairs_above`.
        RunError: a shard failed.
        UserError: the disk has no room for the vectors.
    """
    if not is_large(len(vectors), (len(vectors) + 1) // 2, vectors.shape[-1]):
        return duplicates.components(vectors, threshold, block=block)
    made, block = prepared(vectors, threshold), place_of().block(block)
    rows = kept(made.rows, folder=folder)
    # Components follow from the rows, and decide nothing: their last bits are no part of a key.
    heads = None if made.heads is made.rows else Keyed(kept(made.heads, folder=folder).value, rows.key)
    files = partition_files(
        joined_rows,
        pd.DataFrame(list(tiles(len(made.rows), block)), columns=["top", "left"]),
        step="near-duplicates",
        arguments={"vectors": rows, "heads": heads, "block": block}
        | {"threshold": made.threshold, "margin": made.margin},
        rows=TILES,
        on_device=True,
        folder=folder,
        progress=True,
    )
    groups = JoinedRows(len(made.rows))
    for file in files:
        table = read([file])
        groups.join(table["row"].to_numpy(), table["label"].to_numpy())
    return groups.labels


def joined_rows(
    rows: pd.DataFrame, *, vectors: str, heads: str | None, threshold: float, margin: float, block: int
) -> pd.DataFrame:
    """The groups that the pairs of a shard's tiles make: ``row, label`` of every row that is not the lowest of its own.

    Args:
        rows: ``top, left`` of the tiles.
        vectors: the file of the vectors.
        heads: the file of their leading components, see `lib.metrics.near_duplicates.PairSearch`; None has none.
        threshold: the lowest similarity that counts.
        margin: how far a product of float32 may be from the truth.
        block: rows and columns of a tile.
    """
    whole = opened(vectors)
    made = PairSearch(whole, whole if heads is None else opened(heads), threshold, margin)
    place, groups = place_of(), JoinedRows(len(whole))
    for top, left in zip(rows["top"].tolist(), rows["left"].tolist(), strict=True):
        first, second, _ = made.tile(top, left, block, place, groups.together)
        groups.join(first, second)
    return _moved(groups.labels)


def _moved(labels: NDArray[np.int64]) -> pd.DataFrame:
    moved = np.flatnonzero(labels != np.arange(len(labels)))
    return pd.DataFrame({"row": moved, "label": labels[moved]})
