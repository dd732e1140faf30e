"""Cost of every step of a profile against the number of clips, each step in a process of its own.

    python -m tests.benchmarks.bench_growth --sizes 3000 30000 344476 --limit 7200

The profile of production size runs in a copy of this checkout, at each size with the benchmark's share of clips kept,
so that results, caches and site of the checkout stay as they are. A step is a command of ``python -m lib``. Seconds are
of the clock and depend on what else runs; the processor's seconds are the step's own, its children included; memory is
the largest resident set of any one of its processes; bytes are what the copy's files grew by. The exponent b of
cost = a * clips ** b is the slope between the two largest sizes: 1 is linear. Busy processors are the processor's
seconds by those of the clock: as many as there are where arithmetic is the limit, fewer where a step waits for the disk
or runs in one process.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from lib.base.paths import ROOT

PROFILE = "scale"
PARTS = ("lib", "notebooks", "params", "report", "constraints.txt", "pyproject.toml", "environment.yml")
SIZES = (3_000, 30_000)
LEAST = 40
"""Clips that the embedded corpora have at least."""
MOVED = ("clips", "step", "seconds", "cpu_seconds", "peak_mb", "written_mb")


def scaled(clips: int) -> dict[str, Any]:
    """The profile of production size with so many clips of the private corpus, and the benchmark in proportion."""
    profile: dict[str, Any] = yaml.safe_load((ROOT / "params" / f"{PROFILE}.yml").read_text(encoding="utf-8"))
    demo = profile["demo"]
    share = clips / demo["dm_clips"]
    profile["demo"] = demo | {"dm_clips": clips, "h3d_clips": max(LEAST, round(share * demo["h3d_clips"]))}
    return profile


def steps(profile: dict[str, Any]) -> dict[str, list[str]]:
    """The commands of a report, by the step's name; models are trained on what the first notebook keeps."""
    first, *others = profile["notebooks"]
    return {
        "corpora": ["corpus"],
        first: ["run", first],
        "models": ["models"],
        **{stem: ["run", stem] for stem in others},
        "site": ["site"],
        "again": ["report"],
    }


def written(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def step(command: Sequence[str], checkout: Path, limit: float) -> dict[str, float]:
    """Runs one command in a copy of the checkout and measures it.

    Raises:
        RuntimeError: it failed, or was still running at the limit.
    """
    environment = os.environ | {"PYTHONPATH": str(checkout), "PARAMS": f"params/{PROFILE}.yml"}
    before, start = written(checkout), time.perf_counter()
    with tempfile.TemporaryFile() as said:
        run = [sys.executable, "-m", "lib", *command]
        process = subprocess.Popen(run, cwd=checkout, env=environment, stdout=said, stderr=said, start_new_session=True)
        stopper = subprocess.Popen(["sh", "-c", f"sleep {limit}; kill -- -{process.pid}"], start_new_session=True)
        _, status, usage = os.wait4(process.pid, 0)
        os.killpg(stopper.pid, 15)
        stopper.wait()
        if status:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)}: {said.read().decode(errors='replace')[-2000:]}")
    return {
        "seconds": time.perf_counter() - start,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss * 1024 / 1e6,
        "written_mb": (written(checkout) - before) / 1e6,
    }


def measure(clips: int, limit: float) -> pd.DataFrame:
    """A row a step at one size, columns as in `MOVED`; what failed is said and left out, with all that follows it."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        checkout = Path(folder)
        for part in PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
            copy(ROOT / part, checkout / part)
        profile = scaled(clips)
        (checkout / "params" / f"{PROFILE}.yml").write_text(yaml.safe_dump(profile, sort_keys=False), encoding="utf-8")
        for name, command in steps(profile).items():
            try:
                measured = step(command, checkout, limit)
            except RuntimeError as error:
                print(f"{clips:,} clips, {name}: failed or beyond {limit:.0f} s: {error}", flush=True)
                break
            rows.append({"clips": clips, "step": name, **measured})
            print(" ".join(f"{key} {rows[-1][key]:,.1f}" for key in MOVED[2:]), f"{clips:,} {name}", flush=True)
    return pd.DataFrame(rows, columns=MOVED)


def growth(table: pd.DataFrame) -> pd.DataFrame:
    """A row a step: its cost at the largest size, milliseconds of the processor a clip, and the exponents of growth.

    Example:
        >>> rows = pd.DataFrame([(10, "a", 1.0, 1.0, 5.0, 1.0), (100, "a", 10.0, 100.0, 5.0, 10.0)], columns=MOVED)
        >>> growth(rows)[["cpu_exponent", "memory_exponent"]].values.tolist()
        [[2.0, 0.0]]
    """
    rows = []
    for name, one in table.groupby("step", sort=False):
        one = one.sort_values("clips")
        last = one.iloc[-1]
        row = {"step": name, **last[[*MOVED[2:]]].to_dict(), "cpu_ms_a_clip": 1000 * last.cpu_seconds / last.clips}
        if len(one) > 1:
            sizes = np.log(one["clips"].to_numpy(dtype=float)[-2:])
            for column, exponent in (("cpu_seconds", "cpu_exponent"), ("peak_mb", "memory_exponent")):
                costs = np.log(one[column].to_numpy(dtype=float)[-2:])
                row[exponent] = round(float(np.diff(costs)[0] / np.diff(sizes)[0]), 2)
        row["busy_processors"] = last.cpu_seconds / last.seconds
        rows.append(row)
    return pd.DataFrame(rows)


def main() -> None:
    """Measures every size, then prints the table of growth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--limit", type=float, default=3600.0, help="seconds that a step may take")
    parser.add_argument("--write", type=Path, help="JSON file for what was measured")
    asked = parser.parse_args()
    table = pd.concat([measure(clips, asked.limit) for clips in sorted(asked.sizes)], ignore_index=True)
    print(growth(table).round(2).to_string(index=False))
    if asked.write:
        asked.write.write_text(json.dumps(table.to_dict("records"), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
