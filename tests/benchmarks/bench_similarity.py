"""Seconds and memory of the exact nearest-caption search at HumanML3D's size.

python -m tests.benchmarks.bench_similarity [--queries N] [--references N]
"""

import argparse
import time
import tracemalloc

import numpy as np

from lib.metrics.nearest import nearest


def main() -> None:
    """Prints one line a block size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--queries", type=int, default=13_000)
    parser.add_argument("--references", type=int, default=70_000)
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((options.queries + options.references, 768), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    queries, references = vectors[: options.queries], vectors[options.queries :]
    for block in (512, 2048, 8192):
        tracemalloc.start()
        start = time.perf_counter()
        nearest(queries, references, block=block)
        seconds = time.perf_counter() - start
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        rate = 2 * queries.size * len(references) / seconds
        print(f"block {block:5}: {seconds:6.1f} s, {rate / 1e9:5.0f} GFLOP/s, {peak / 1e6:6.0f} MB")


if __name__ == "__main__":
    main()
