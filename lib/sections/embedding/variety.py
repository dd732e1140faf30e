"""What mirrors add to the variety of motions and captions, beside what as many other clips and exact copies add."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.base.prose import sentence
from lib.metrics.directions import Floats
from lib.metrics.effective_number import (
    Parts,
    moments,
    neighbour_width,
    participation_ratio,
    spectrum,
    squared_kernel,
    vendi,
)
from lib.metrics.intervals import Measure, number, told
from lib.metrics.jackknife import blocks_of, jackknife
from lib.models.pairs import CaptionMotionLatents

Numbers = Callable[[Floats], Floats]
"""The effective numbers of a set by each of `MEASURES`, given how often each part is in it."""

BLOCKS = 20
"""Blocks of base clips that the jackknife leaves out in turn."""
CELLS, SPLITS = 4, 4
"""Cells of a block, of which a half is two, and how many times halves are drawn."""
FEWEST = 2 * BLOCKS * CELLS
"""Mirrored base clips from which on variety is measured: two in a cell."""
MOST = 3000
"""Mirrored base clips at most that variety is measured on."""
NEIGHBOURS = "among neighbours"
MEASURES = ("Vendi score", "participation ratio", NEIGHBOURS)
MODALITIES = {"motions": "motion", "captions": "text"}
COUNTED = ("without", "with")
ADDED = ("mirrors", "clips", "copies")
LESS = "mirrors less clips"


def variety(pairs: Mapping[str, CaptionMotionLatents], *, block: int, seed: int, sample: int = MOST) -> pd.DataFrame:
    """The effective number of motions and captions, and what each of three additions multiplies it by.

    One random half of the mirrored base clips is the start. To it come, as many as it has, its mirrors, the clips of
    the other half, or itself once more; factors are means over `SPLITS` halves. Intervals leave out blocks of base
    clips, each with its mirrors.

    The Vendi score and the participation ratio are of the cosine kernel, which counts directions of the space and so
    grows little with any clips once there are more of them than dimensions. `NEIGHBOURS` is the participation ratio
    of a Gaussian kernel as wide as the median distance of an unmirrored clip to the nearest other: it counts clips
    that are told apart from their neighbours.

    Args:
        pairs: of every corpus by name, mirrors included.
        block: rows compared at a time.
        seed: of the sample, the halves and the blocks.
        sample: base clips at most, drawn at random.

    Returns:
        A row a corpus, modality, measure and number: ``corpus, of, measure, number, value, low, high, n``; the number
        is one of `COUNTED` (effective numbers), `ADDED` (factors of the start) or `LESS` (their difference). No rows
        of a corpus with fewer than `FEWEST` mirrored base clips.
    """
    rows = []
    for name, one in pairs.items():
        rng = np.random.default_rng(seed)
        base, mirror = _matched(one)
        chosen = np.sort(rng.permutation(len(base))[:sample])
        if len(chosen) < FEWEST:
            continue
        cell_of = blocks_of(np.arange(len(chosen)), BLOCKS * CELLS, rng=rng)
        part_of = np.concatenate([2 * cell_of, 2 * cell_of + 1])
        starts = rng.permuted(np.tile(np.arange(CELLS) % 2, (SPLITS, BLOCKS, 1)), axis=2).astype(np.float64)
        for of, modality in MODALITIES.items():
            latents = getattr(one, modality)
            both = np.concatenate([latents[base[chosen]], latents[mirror[chosen]]])
            width = neighbour_width(both[: len(chosen)], block=block)
            found = _estimates(_numbers(both, part_of, width, block), starts, len(chosen))
            rows += [(name, of, *what, one.value, one.low, one.high, one.n) for what, one in found.items()]
    return pd.DataFrame(rows, columns=["corpus", "of", "measure", "number", "value", "low", "high", "n"])


def shown(table: pd.DataFrame) -> pd.DataFrame | None:
    """The table for reading, a row a corpus, modality and measure; None of no rows."""
    if table.empty:
        return None
    keys = ["corpus", "of", "measure"]
    counted = table["number"].isin(COUNTED)
    texts = table.assign(told=np.where(counted, told(table, 1), told(table, 2)))
    wide = texts.pivot(index=keys, columns="number", values="told")
    copies = table[table["number"] == "copies"].set_index(keys)["value"]
    wide = wide.assign(copies=copies).loc[table.drop_duplicates(keys).set_index(keys).index]
    names = {"without": "without_mirrors", "with": "with_mirrors", "mirrors": "times_by_mirrors"}
    names |= {"clips": "times_by_clips", "copies": "times_by_copies"}
    return wide[[*COUNTED, *ADDED]].rename(columns=names).reset_index()


def estimate(table: pd.DataFrame, corpus: str, of: str, measure: str, number: str) -> Measure:
    """One row of `variety`; N counts base clips."""
    at = (table["corpus"] == corpus) & (table["of"] == of) & (table["measure"] == measure) & (table["number"] == number)
    row = table[at].iloc[0]
    digits = 1 if number in COUNTED else 2
    return Measure(row["value"], row["low"], row["high"], int(row["n"]), digits=digits)


def _matched(pairs: CaptionMotionLatents) -> tuple[Parts, Parts]:
    """Rows of the base clips that have a mirror, and of one mirror of each."""
    clips = pairs.clips.assign(row=np.arange(len(pairs)))[["base_id", "mirrored", "row"]]
    sides = [clips[clips["mirrored"] == flag].drop_duplicates("base_id") for flag in (False, True)]
    both = sides[0].merge(sides[1], on="base_id")
    return both["row_x"].to_numpy(), both["row_y"].to_numpy()


def _numbers(rows: npt.ArrayLike, part_of: Parts, width: float, block: int) -> Numbers:
    parts = 2 * BLOCKS * CELLS
    counts = np.bincount(part_of, minlength=parts).astype(np.float64)
    sums, squares = moments(rows, part_of, parts), squared_kernel(rows, part_of, parts, width=width, block=block)
    flat = sums.reshape(parts, -1)

    def numbers(times: Floats) -> Floats:
        n = float(times @ counts)
        shares = spectrum((times @ flat).reshape(sums.shape[1:]), n)
        return np.array([vendi(shares), participation_ratio(shares), n**2 / (times @ squares @ times)])

    return numbers


def _estimates(numbers: Numbers, starts: Floats, n: int) -> dict[tuple[str, str], Measure]:
    """By measure and number, each with its jackknife interval.

    Args:
        numbers: from `_numbers`.
        starts: which cells are in the start (splits, blocks, cells).
        n: base clips.
    """

    def number(keep: Floats, clips: Floats, mirrors: Floats) -> Floats:
        kept = np.stack([clips, mirrors], axis=-1) * keep[:, None, None]
        return numbers(kept.ravel())

    all_, none = np.ones(starts.shape[1:]), np.zeros(starts.shape[1:])
    whole = np.ones(BLOCKS)

    def every(keep: Floats) -> Floats:
        without = number(keep, all_, none)
        alone = np.array([number(keep, start, none) for start in starts])
        mirrors = np.mean([number(keep, start, start) for start in starts] / alone, axis=0)
        clips = np.mean(without / alone, axis=0)
        return np.array([without, number(keep, all_, all_), mirrors, clips, mirrors - clips])

    values, left_out = every(whole), np.array([every(1.0 - row) for row in np.eye(BLOCKS)])
    copies = number(whole, 2 * starts[0], none) / number(whole, starts[0], none)
    found: dict[tuple[str, str], Measure] = {}
    for j, measure in enumerate(MEASURES):
        for i, what in enumerate((*COUNTED, "mirrors", "clips", LESS)):
            found[measure, what] = jackknife(float(values[i, j]), left_out[:, i, j], n=n)
        found[measure, "copies"] = Measure(float(copies[j]), float(copies[j]), float(copies[j]), n)
    return found


def values(keys: Mapping[str, str], table: pd.DataFrame) -> dict[str, Measure | str]:
    """What mirrors add to variety by the kernel of neighbours, by corpus key, and ``variety``, the same in a sentence.

    Args:
        keys: key of each corpus name.
        table: from `variety`.

    Returns:
        Nothing where no corpus has enough mirrored clips.
    """
    found: dict[str, Measure | str] = {}
    clauses = []
    for name in table["corpus"].unique():
        for of in MODALITIES:
            one = {what: estimate(table, name, of, NEIGHBOURS, what) for what in (*COUNTED, *ADDED, LESS)}
            found |= {f"{keys[name]}_{of}_effective_{what}": one[what] for what in COUNTED}
            found |= {f"{keys[name]}_{of}_times_by_{what}": one[what] for what in ADDED}
            found[f"{keys[name]}_{of}_mirrors_less_clips"] = one[LESS]
            less = one[LESS]
            said = "add less" if less.high < 0 else "add more" if less.low > 0 else "are not shown to add less"
            clauses.append(
                f"mirrors multiply the effective number of {of} of {name} by {one['mirrors'].text}, as many other "
                f"clips by {one['clips'].text} and exact copies by {number(one['copies'].value, 2)}: mirrors {said}"
            )
    return found | ({"variety": sentence(clauses)} if clauses else {})
