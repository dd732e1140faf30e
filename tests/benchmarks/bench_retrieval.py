"""Streamed retrieval measures against ways that hold the whole similarity matrix: seconds and peak memory.

    python -m tests.benchmarks.bench_retrieval --sizes 5000 20000 100000 --budget 8

Every case runs in its own process, so that its peak memory is its own. A way whose arrays exceed the budget is not run.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

import numpy as np

from lib.metrics.retrieval import retrieval_metrics

DIMENSIONS = 256
# Bytes held at once for each entry of the matrix, from the arrays each way makes.
ENTRY = {"streamed": 0, "matrix, counted": 5, "matrix, sorted": 17}


def latents(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs whose R@1 is neither 0 nor 100 at any of the sizes."""
    rng = np.random.default_rng(0)
    text = rng.standard_normal((n, DIMENSIONS), dtype=np.float32)
    return text, text + 4 * rng.standard_normal((n, DIMENSIONS), dtype=np.float32)


def streamed(text: np.ndarray, motion: np.ndarray) -> float:
    """The project's way."""
    return retrieval_metrics(text, motion)["t2m/R@1"]


def cosines(text: np.ndarray, motion: np.ndarray) -> np.ndarray:
    """The whole matrix in single precision."""
    text, motion = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (text, motion))
    return text @ motion.T


def counted(text: np.ndarray, motion: np.ndarray) -> float:
    """The whole matrix, ranks by counting what lies above the diagonal entry and what equals it."""
    matrix = cosines(text, motion)
    found = []
    for one in (matrix, matrix.T):
        own = one.diagonal()[:, None]
        places = (one > own).sum(axis=1) + ((one == own).sum(axis=1) - 1) / 2
        found.append(100 * float((places < 1).mean()))
    return found[0]


def ordered(text: np.ndarray, motion: np.ndarray) -> float:
    """The whole matrix, rows sorted and searched for the value on the diagonal, as TMR's evaluation goes about it."""
    matrix = cosines(text, motion)
    found = []
    for one in (matrix, matrix.T):
        distances = -one
        rows, columns = np.nonzero((np.sort(distances, axis=1) - distances.diagonal()[:, None]) == 0)
        places = np.bincount(rows, weights=columns) / np.bincount(rows)
        found.append(100 * float((places < 1).mean()))
    return found[0]


WAYS = {"streamed": streamed, "matrix, counted": counted, "matrix, sorted": ordered}


def case(way: str, n: int) -> dict[str, float]:
    """Runs one way in this process."""
    text, motion = latents(n)
    seconds, processor = time.perf_counter(), time.process_time()
    recall = WAYS[way](text, motion)
    seconds, processor = time.perf_counter() - seconds, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "processor": processor, "peak_mb": peak, "recall": recall}


def apart(way: str, n: int) -> dict[str, float]:
    """Runs one way in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_retrieval", "--case", way, "--sizes", str(n)]
    return dict(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one line a case."""
    parser = argparse.ArgumentParser(description="Streamed retrieval against the full matrix")
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 20_000, 100_000], help="numbers of pairs")
    parser.add_argument("--budget", type=float, default=8.0, help="gigabytes a matrix way may take")
    parser.add_argument("--case", choices=list(WAYS), help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.case:
        print(json.dumps(case(chosen.case, chosen.sizes[0])))
        return
    print(f"retrieval, both directions, {DIMENSIONS} dimensions")
    print(f"{'n':>9}  {'way':<16}{'seconds':>9}{'CPU s':>9}{'peak MB':>9}{'t2m R@1':>9}")
    for n in chosen.sizes:
        for way in WAYS:
            need = ENTRY[way] * n * n / 1e9
            if need > chosen.budget:
                print(f"{n:>9,}  {way:<16}  not run: needs {need:,.0f} GB, the budget is {chosen.budget:g}")
                continue
            got = apart(way, n)
            numbers = f"{got['seconds']:>9.1f}{got['processor']:>9.1f}{got['peak_mb']:>9,.0f}{got['recall']:>9.2f}"
            print(f"{n:>9,}  {way:<16}{numbers}", flush=True)


if __name__ == "__main__":
    main()
