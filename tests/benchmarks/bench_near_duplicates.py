"""Seconds and memory of the exact search for near-duplicates among 344,476 captions, and what indexes find of them.

python -m tests.benchmarks.bench_near_duplicates [--captions N] [--threshold COSINE] [--kind captions|groups|spread]
    [--index hnsw|ivf] [--workers N]

Vectors are drawn: of ``captions`` the spectrum is that of sentence vectors of motion captions, with every fifth a
rewording of another; ``groups`` are 1,500 tight ones, most pairs of which count; ``spread`` has no few directions, the
worst case of the first pass.
"""

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lib.base.paths import CACHE
from lib.engine.parameters import EngineParameters, choose_engine
from lib.metrics import near_duplicates
from lib.metrics.duplicates import components
from lib.metrics.indexed_pairs import IndexedPairs
from lib.sections.similarity import sharded

ALL = 344_476
WIDTH = 768


def vectors(kind: str, count: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Unit rows (count, 768)."""
    rows = rng.standard_normal((count, WIDTH), dtype=np.float32)
    if kind == "captions":
        rows *= np.arange(1, WIDTH + 1, dtype=np.float32) ** -0.6
        rows[:, 0] = np.abs(rows[:, 0]) + 1.5
        again = np.arange(0, count, 5)
        rows[again] = rows[rng.permutation(count)[: len(again)]] + 0.2 * rows[again]
    elif kind == "groups":
        rows *= 0.15
        rows += rng.standard_normal((1500, WIDTH), dtype=np.float32)[rng.integers(0, 1500, count)]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def timed(name: str, act: Callable[[], Any]) -> Any:
    """Prints what a call takes, in seconds of the clock and of all processors."""
    wall, work = time.perf_counter(), time.process_time()
    found = act()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    wall, work = time.perf_counter() - wall, time.process_time() - work
    print(f"{name}: {wall:.1f} s, {work:.1f} s of processor, peak of the process so far {peak:.2f} GB", flush=True)
    return found


def main() -> None:
    """Prints one line a search."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--captions", type=int, default=ALL)
    parser.add_argument("--threshold", type=float, default=0.95)
    parser.add_argument("--kind", choices=["captions", "groups", "spread"], default="captions")
    parser.add_argument("--index", choices=["hnsw", "ivf"])
    parser.add_argument("--block", type=int, default=2048)
    parser.add_argument("--workers", type=int, help="search again by shards, in so many processes")
    options = parser.parse_args()
    rows = vectors(options.kind, options.captions, np.random.default_rng(0))
    print(f"{options.kind}: {len(rows):,} rows, cosine {options.threshold}; {rows.nbytes / 2**30:.2f} GB")
    found = timed("groups", lambda: components(rows, options.threshold, block=options.block))
    sizes = np.bincount(np.unique(found, return_inverse=True)[1])
    print(f"{np.count_nonzero(sizes > 1):,} groups of {sizes[sizes > 1].sum():,} rows, the largest of {sizes.max():,}")
    if options.workers:
        choose_engine(EngineParameters(workers=options.workers))
        with TemporaryDirectory(dir=CACHE) as folder:
            how = {"block": options.block, "folder": Path(folder)}
            shards = timed("groups by shards", lambda: sharded.joined(rows, options.threshold, **how))
        told = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"processes: {told.ru_utime + told.ru_stime:.1f} s, the largest held {told.ru_maxrss / 2**20:.2f} GB")
        print(f"{np.mean(shards == found):.2%} of rows in the same group")
    if options.index:
        index = timed(f"{options.index}, built", lambda: IndexedPairs(rows, options.index))
        joined = timed(f"{options.index}, groups", lambda: components(rows, options.threshold, index=index))
        recall = index.recall(options.threshold, sample=1000, draws=200, rng=np.random.default_rng(1))
        print(f"{np.mean(joined == found):.2%} of rows in the same group; recall of pairs {recall.text}")
    elif options.kind != "groups":

        def counted() -> int:
            pairs = near_duplicates.pairs_above(rows, options.threshold, block=options.block)
            return sum(len(first) for first, *_ in pairs)

        print(f"{timed('pairs', counted):,} pairs")


if __name__ == "__main__":
    main()
