"""Clustering at full size beside named peers: seconds, peak memory, and inertia at equal k.

    python -m tests.benchmarks.bench_clustering --sizes 95000 190000 380000 --limit 900 --budget 8

Every case runs in its own process, so that its peak memory is its own; the vectors alone are 1 kB a row. A case that
needs more than the budget or the limit is stopped and said to have failed, and is not tried at larger sizes. Times are
of this machine under its load; the processor's seconds tell how much of that was the case's own.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from tests.benchmarks.latents import latents

CENTROIDS = 1000
ITERATIONS = 20
EPS, MIN_SAMPLES = 0.3, 10
Numbers = dict[str, float]
Vectors = npt.NDArray[np.float32]


def two_step(x: Vectors) -> Numbers:
    """The project's way: K-means, the tree of its centroids, and measures on a sample."""
    from lib.clustering.quality import quality
    from lib.clustering.semantic import cluster

    found = cluster(x, n_centroids=CENTROIDS, n_clusters=12, seed=0, iterations=ITERATIONS)
    judged = quality(x, found.labels, rng=np.random.default_rng(0), sample=1000)
    return {"inertia": found.inertia, "clusters": found.n_clusters, "silhouette": judged.silhouette.value}


def own_kmeans(x: Vectors) -> Numbers:
    """The project's K-means alone."""
    from lib.clustering.kmeans import kmeans

    return {"inertia": kmeans(x, n_centroids=CENTROIDS, seed=0, iterations=ITERATIONS).inertia}


def faiss_kmeans(x: Vectors) -> Numbers:
    """faiss's K-means as it comes, but on all rows instead of 256 a centroid."""
    import faiss

    fitted = faiss.Kmeans(x.shape[1], CENTROIDS, niter=ITERATIONS, seed=0, max_points_per_centroid=len(x))
    fitted.train(x)
    return {"inertia": float(fitted.index.search(x, 1)[0].astype(np.float64).sum())}


def minibatch(x: Vectors) -> Numbers:
    """scikit-learn's MiniBatchKMeans as it comes."""
    from sklearn.cluster import MiniBatchKMeans

    fitted = MiniBatchKMeans(CENTROIDS, random_state=0).fit(x)
    return {"inertia": -float(fitted.score(x))}


def own_dbscan(x: Vectors) -> Numbers:
    """The project's DBSCAN."""
    from lib.clustering.dbscan import dbscan

    return described(dbscan(x, eps=EPS, min_samples=MIN_SAMPLES).labels)


def sklearn_dbscan(x: Vectors) -> Numbers:
    """scikit-learn's DBSCAN, which holds every neighbourhood."""
    from sklearn.cluster import DBSCAN

    return described(DBSCAN(eps=EPS, min_samples=MIN_SAMPLES, n_jobs=-1).fit(x).labels_)


def sklearn_hdbscan(x: Vectors) -> Numbers:
    """scikit-learn's HDBSCAN."""
    from sklearn.cluster import HDBSCAN

    return described(HDBSCAN(min_samples=MIN_SAMPLES, n_jobs=-1, copy=False).fit(x).labels_)


def described(labels: npt.NDArray[np.integer]) -> Numbers:
    """What tells one density clustering from another; the checksum is the same for the same labels."""
    checksum = int((labels.astype(np.int64) + 2) @ (np.arange(len(labels)) % 9973)) % 1_000_003
    return {"clusters": int(labels.max()) + 1, "noise": float((labels < 0).mean()), "checksum": checksum}


# The first of each family is the project's; the times of the others are told as multiples of its.
FAMILIES: dict[str, dict[str, Callable[[Vectors], Numbers]]] = {
    "K-means": {"lib K-means": own_kmeans, "faiss Kmeans": faiss_kmeans, "sklearn MiniBatch": minibatch},
    "two steps": {"lib two steps": two_step},
    "density": {"lib DBSCAN": own_dbscan, "sklearn DBSCAN": sklearn_dbscan, "sklearn HDBSCAN": sklearn_hdbscan},
}


def case(way: str, n: int, budget: float) -> Numbers:
    """Runs one way in this process; memory beyond the budget is refused to it."""
    limit = int(budget * 1e9)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    x = latents(n)
    run = next(ways[way] for ways in FAMILIES.values() if way in ways)
    seconds, processor = time.perf_counter(), time.process_time()
    found = run(x)
    took = {"seconds": time.perf_counter() - seconds, "processor": time.process_time() - processor}
    return {**took, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, **found}


def apart(way: str, n: int, budget: float, limit: float) -> Numbers | str:
    """Runs one way in a process of its own; a text says how it failed."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_clustering", "--case", way, "--sizes", str(n)]
    command += ["--budget", str(budget)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return f"failed at {n:,}: not done after {limit:,.0f} s"
    if done.returncode:
        why = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        memory = "MemoryError" in why or "bad_alloc" in why or "allocate" in done.stderr or done.returncode < 0
        return f"failed at {n:,}: {f'needs more than {budget:g} GB' if memory else why[:100]}"
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def line(n: int, way: str, got: Numbers | str, own: Numbers | str, best: float) -> str:
    """One printed line; times are beside those of the family's first."""
    start = f"{n:>9,}  {way:<18}"
    if isinstance(got, str):
        return f"{start}  {got}"
    ratio = f"x{got['processor'] / own['processor']:.2f}" if isinstance(own, dict) else ""
    rest = [f"{name} {got[name]:.4g}" for name in ("clusters", "noise", "silhouette") if name in got]
    if "checksum" in got:
        rest.append(f"labels #{got['checksum']:.0f}")
    if "inertia" in got:
        rest.append(f"inertia {got['inertia']:,.0f}" + (f" ({got['inertia'] / best - 1:+.2%})" if best else ""))
    numbers = f"{got['seconds']:>9.1f}{got['processor']:>9.1f}{ratio:>8}{got['peak_mb']:>9,.0f}"
    return f"{start}{numbers}  {', '.join(rest)}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one line a case."""
    parser = argparse.ArgumentParser(description="Clustering at full size")
    parser.add_argument("--sizes", type=int, nargs="+", default=[95_000, 190_000, 380_000], help="numbers of rows")
    parser.add_argument("--budget", type=float, default=8.0, help="gigabytes a case may take")
    parser.add_argument("--limit", type=float, default=900.0, help="seconds a case may take")
    parser.add_argument("--family", choices=list(FAMILIES), nargs="+", default=list(FAMILIES))
    parser.add_argument("--case", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.case:
        print(json.dumps(case(chosen.case, chosen.sizes[0], chosen.budget)))
        return
    print(
        f"clustering, 256 dimensions, {CENTROIDS} centroids, {ITERATIONS} iterations; eps {EPS}, {MIN_SAMPLES} samples"
    )
    print(f"{'n':>9}  {'way':<18}{'seconds':>9}{'CPU s':>9}{'ratio':>8}{'peak MB':>9}")
    failed: dict[str, str] = {}
    for n in sorted(chosen.sizes):
        for family in chosen.family:
            ways = list(FAMILIES[family])
            got = {way: failed.get(way) or apart(way, n, chosen.budget, chosen.limit) for way in ways}
            failed |= {
                way: f"not run: {was.removeprefix('not run: ')}" for way, was in got.items() if isinstance(was, str)
            }
            best = min(
                (float(x["inertia"]) for x in got.values() if isinstance(x, dict) and "inertia" in x), default=0.0
            )
            for way in ways:
                print(line(n, way, got[way], got[ways[0]], best if len(ways) > 1 else 0.0), flush=True)


if __name__ == "__main__":
    main()
