"""Runs every benchmark in a process of its own and prints its time and peak memory: ``python -m tests.benchmarks``."""

import os
import subprocess
import sys
import time
from pathlib import Path


def main() -> int:
    """Returns how many benchmarks failed."""
    failed = 0
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        print(f"== {path.stem}", flush=True)
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-m", f"tests.benchmarks.{path.stem}"])
        _, status, usage = os.wait4(process.pid, 0)
        failed += status != 0
        print(f"{time.perf_counter() - start:.1f} s, peak {usage.ru_maxrss / 1024:,.0f} MB", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
