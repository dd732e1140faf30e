"""TMR's recall on test clips of one's own against the published one, carried over to a gallery of the same size."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.draw.table import records
from lib.metrics.gallery import found_in_gallery, recall_by_gallery
from lib.metrics.intervals import Measure
from lib.metrics.ranks import Ranks, Ties
from lib.sections.embedding.retrieval_protocols import ALL, KS, Protocol

GALLERY = 4384
"""Clips that the published recall was measured among: HumanML3D's test clips, mirrors included."""
COLUMNS = ("corpus", "way", "gallery", "recall", "low", "high", "published_low", "published_high", "chance", "ceiling")


FORMATS = {"recall": ".1 low high", "published_low": ".1", "published_high": ".1", "chance": ".1", "ceiling": ".1"}
"""How a table shows the columns."""


def published() -> pd.DataFrame:
    """Retrieval of TMR and TEMOS on HumanML3D's 4,384 test clips, protocol (a), as Petrovich et al. 2023 print it.

    Example:
        >>> published().query("model == 'TMR'")["R@1"].tolist()
        [5.68, 9.95]
    """
    rows = [
        ("TMR", "t2m", 5.68, 10.59, 14.04, 20.34, 30.94, 28.0),
        ("TMR", "m2t", 9.95, 12.44, 17.95, 23.56, 32.69, 28.5),
        ("TEMOS", "t2m", 2.12, 4.09, 5.87, 8.26, 13.52, 173.0),
        ("TEMOS", "m2t", 3.86, 4.54, 6.94, 9.38, 14.00, 183.25),
    ]
    return pd.DataFrame(rows, columns=["model", "way", "R@1", "R@2", "R@3", "R@5", "R@10", "MedR"])


def expected(recalls: Mapping[int, float], median: float, size: int, *, gallery: int = GALLERY) -> tuple[float, float]:
    """Between which ends R@1 lies in random galleries of a size, if R@k and MedR in a larger one are all that is known.

    R@k and MedR say how many queries have a rank between any two of the k, the median and the last place. The
    probability to be first in a random part of the gallery falls with the rank, so the best and the worst rank of each
    of these bins bound its share; ties are taken for ranks. In the full gallery both ends are R@1.

    Args:
        recalls: R@k in percent by k, in the full gallery; k = 1 among them.
        median: MedR in the full gallery.
        size: clips of the smaller galleries, the query's own among them.
        gallery: clips of the full gallery.

    Returns:
        The ends in percent.

    Example:
        >>> expected({1: 50.0}, 1.5, 1, gallery=9), expected({1: 50.0}, 1.5, 9, gallery=9)
        ((100.0, 100.0), (50.0, 50.0))
    """
    ks = sorted(recalls)
    best, worst, within = [0, *ks], [k - 1 for k in ks], [recalls[k] for k in ks]
    if median - 1 > ks[-1] and within[-1] < 50:
        best, worst, within = [*best, int(np.floor(median - 1))], [*worst, int(np.ceil(median - 1))], [*within, 50.0]
    shares, one = np.diff([0.0, *within, 100.0]), np.ones(len(best), dtype=np.int64)
    low, high = (
        float(shares @ found_in_gallery(Ranks(np.array(ranks), one, one, gallery), size, 1))
        for ranks in ([*worst, gallery - 1], best)
    )
    return low, high


def compared(found: Mapping[str, Sequence[Protocol]], *, ties: Ties, draws: int, seed: int) -> pd.DataFrame:
    """R@1 of all test clips of each corpus beside what TMR's published recall amounts to in a gallery of the same size.

    The gallery is the whole test split, or random parts of it as large as HumanML3D's where it is larger.

    Args:
        found: from `embedding.of_corpora`.
        ties: how ties are decided.
        draws: bootstrap replicates over base clips.
        seed: of the bootstrap.

    Returns:
        A row a corpus and way: ``corpus, way, gallery, recall, low, high, published_low, published_high, chance,
        ceiling, n``, in percent; the ceiling is the R@1 of a model that knows each motion's sentence and nothing more.
    """
    quoted = {row["way"]: row for row in records(published()) if row["model"] == "TMR"}
    rows = []
    for name, protocols in found.items():
        whole = next(one for one in protocols if (one.name, one.clips) == ("all", ALL))
        size = min(whole.ranks[0].gallery, GALLERY)
        ceiling = _ceiling(whole, size)
        for way, ranks in zip(("t2m", "m2t"), whole.ranks, strict=True):
            rng = np.random.default_rng(seed)
            curve = recall_by_gallery(ranks, whole.groups, sizes=[size], ks=[1], draws=draws, rng=rng, ties=ties)
            own, row = curve.iloc[0], quoted[way]
            ends = expected({k: row[f"R@{k}"] for k in KS}, row["MedR"], size)
            measured = own["recall"], own["low"], own["high"]
            rows.append((name, way, size, *measured, *ends, own["chance"], ceiling, len(ranks)))
    return pd.DataFrame(rows, columns=[*COLUMNS, "n"])


def _ceiling(whole: Protocol, size: int) -> float:
    """R@1 in percent, in random parts of the gallery, of a model that knows the sentences and nothing more."""
    alike = np.round(100 / whole.ceilings).astype(np.int64)
    known = Ranks(np.zeros_like(alike), alike, np.ones_like(alike), whole.ranks[0].gallery)
    return float(100 * found_in_gallery(known, size, 1, ties="expected").mean())


def values(keys: Mapping[str, str], table: pd.DataFrame) -> dict[str, Measure | float | int]:
    """What the rule reads of TMR's recall beside the published one, by corpus key.

    Args:
        keys: key of each corpus name.
        table: from `compared`.
    """
    found: dict[str, Measure | float | int] = {}
    for row in records(table):
        key, way = keys[row["corpus"]], row["way"]
        found[f"{key}_equal_{way}_r1"] = Measure(row["recall"], row["low"], row["high"], int(row["n"]), "%", 1)
        found |= {f"{key}_published_{way}_{end}": float(row[f"published_{end}"]) for end in ("low", "high")}
        found |= {f"{key}_equal_gallery": int(row["gallery"]), f"{key}_equal_ceiling": float(row["ceiling"])}
    return found
