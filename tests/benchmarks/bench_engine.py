"""Quality scores of many clips by one process, by two and by a Ray of two workers: seconds, CPU, memory, same table.

python -m tests.benchmarks.bench_engine [--clips N] [--rows N]

Each way runs in a fresh process on an empty cache. Ray is started before the clock and its workers have scored a few
other clips, as they have in a run that comes to its second corpus; what that took is said apart. Processes of this
machine begin within the clock. Peak memory is of the largest process, as it was seen twice a second,
pages of the mapped motions included. Seconds say little on a machine that others use: what processes gain is
the ratio in one run. The scores of all ways are compared bit by bit.
"""

import argparse
import hashlib
import importlib.util
import json
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from lib.corpus import load
from lib.corpus.motion_scores import motion_scores
from lib.engine import results
from lib.engine.parameters import EngineParameters, choose_engine
from lib.motion.discriminator import cross_fit
from tests.unit.motion.bodies import swinging

WAYS = {
    "one process": EngineParameters(workers=1),
    "two processes": EngineParameters(workers=2),
    "Ray, two workers": EngineParameters(kind="ray", workers=2, address="local"),
}
BODIES = 64
"""Motions that are made; clips repeat them, each with noise of its own."""
FEW = 16
"""Clips of each of the partitions that make the workers of Ray read the code."""


def write(root: Path, clips: int) -> None:
    """A manifest of packed joints, written body by body, and networks to judge them."""
    rng = np.random.default_rng(0)
    lengths = rng.integers(60, 181, BODIES)
    bodies = [swinging(int(n), seed=k, turn=1.0, speed=0.5) for k, n in enumerate(lengths)]
    poses = np.concatenate(bodies)
    networks = cross_fit(poses, groups=np.repeat(np.arange(BODIES), lengths), seed=0, epochs=2)
    (root / "networks").write_bytes(pickle.dumps(networks))
    which = np.arange(clips) % BODIES
    frames = lengths[which]
    joints = np.lib.format.open_memmap(root / "joints.npy", "w+", np.int16, (int(frames.sum()), 22, 3))
    offsets = np.concatenate([[0], np.cumsum(frames)[:-1]])
    for k, at in zip(which, offsets, strict=True):
        noise = rng.normal(scale=0.002, size=bodies[k].shape)
        joints[at : at + len(noise)] = np.round(1000 * (bodies[k] + noise))
    joints.flush()
    ids = [f"c{k:07d}" for k in range(clips)]
    table = {"clip_id": ids, "split": np.array(["train", "val", "test"])[np.arange(clips) % 3], "fps": 20.0}
    table |= {"n_frames": frames, "offset": offsets, "source": "s", "body_mode": "full", "person_count": 1}
    none = pd.array([None] * clips, dtype="str")
    pd.DataFrame({**table, "consent": True, "mirror_of": none}).to_parquet(root / "clips.parquet")
    captions = {"clip_id": ids, "caption_id": [f"{one}#0" for one in ids], "text": "a man", "captioner": "m"}
    pd.DataFrame({**captions, "tokens": none, "start_s": 0.0, "end_s": 0.0}).to_parquet(root / "captions.parquet")


def measure(way: str, root: Path, kept: Path, rows: int) -> None:
    """Scores the clips in one way and prints what it took, as JSON."""
    corpus = load("manifest", root)
    networks = pickle.loads((root / "networks").read_bytes())
    results.PARTITIONS = kept
    choose_engine(WAYS[way])
    started = time.perf_counter()
    if WAYS[way].kind == "ray":
        motion_scores(corpus, corpus.clips[: 4 * FEW], networks, rows=FEW)
    before = time.perf_counter() - started
    seen: dict[int, tuple[float, float]] = {}
    done = threading.Event()
    watching = threading.Thread(target=watch, args=(seen, done))
    watching.start()
    start = time.perf_counter()
    table = motion_scores(corpus, corpus.clips, networks, rows=rows)
    seconds = time.perf_counter() - start
    done.set()
    watching.join()
    scores = hashlib.sha256(pd.util.hash_pandas_object(table).to_numpy().tobytes()).hexdigest()
    took = {"seconds": seconds, "cpu": sum(cpu for cpu, _ in seen.values()), "scores": scores, "before": before}
    print(json.dumps({**took, "peak": max(peak for _, peak in seen.values()), "processes": len(seen)}))


def watch(seen: dict[int, tuple[float, float]], done: threading.Event) -> None:
    """Notes CPU seconds since now and peak MB of this process and of all that it started, those of Ray included."""
    me, before = psutil.Process(), sum(psutil.Process().cpu_times()[:2])
    while not done.wait(0.5):
        for one in (me, *me.children(recursive=True)):
            try:
                cpu, size = sum(one.cpu_times()[:2]), one.memory_info().rss / 2**20
            except psutil.Error:
                continue
            cpu -= before if one.pid == me.pid else 0
            seen[one.pid] = cpu, max(size, seen.get(one.pid, (0.0, 0.0))[1])


def main() -> None:
    """Prints one line a way."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", type=int, default=3000)
    parser.add_argument("--rows", type=int, default=512)
    parser.add_argument("--measure", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        way, root, kept = options.measure
        measure(way, Path(root), Path(kept), options.rows)
        return
    ways = [way for way, engine in WAYS.items() if engine.kind == "local" or importlib.util.find_spec("ray")]
    print(f"{options.clips:,} clips, {options.rows:,} a partition" + "; Ray is not installed" * (len(ways) < len(WAYS)))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "corpus"
        root.mkdir()
        write(root, options.clips)
        took = {}
        for number, way in enumerate(ways):
            command = [sys.executable, "-m", "tests.benchmarks.bench_engine", "--rows", str(options.rows), "--measure"]
            done = subprocess.run([*command, way, str(root), f"{folder}/{number}"], check=True, stdout=subprocess.PIPE)
            took[way] = one = json.loads(done.stdout)
            gain = took["one process"]["seconds"] / one["seconds"]
            same = "same" if one["scores"] == took["one process"]["scores"] else "OTHER"
            a_clip = 1000 * one["cpu"] / options.clips
            print(
                f"{way:18} {one['seconds']:7.1f} s ({gain:4.2f} times as fast), {one['cpu']:7.1f} s CPU ({a_clip:.1f} "
                f"ms a clip), largest of {one['processes']} processes {one['peak']:,.0f} MB, {same} scores"
                + (f", ready in {one['before']:.1f} s" if WAYS[way].kind == "ray" else ""),
                flush=True,
            )


if __name__ == "__main__":
    main()
