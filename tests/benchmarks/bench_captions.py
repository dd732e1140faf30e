"""Captions through the vendors' packages from a server that takes 50 ms: seconds beyond the ideal, and peak memory.

    python -m tests.benchmarks.bench_captions --requests 250 1000 --concurrency 16

The server runs in a process of its own, so that time and memory of the asking process are those of the client, the
journal and the answers. Ideal is that all requests wait 50 ms, as many at a time as are asked at a time.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from lib.captioning import making
from lib.captioning.clients import client as opened
from lib.captioning.journal import Journal
from lib.captioning.parameters import CaptioningParameters
from lib.captioning.plan import plan
from lib.captioning.question import Clip
from lib.captioning.sample import Sampled
from lib.demo.mllm_server import Grammar, MLLMServer

DELAY_S = 0.05
TEMPERATURES = [number / 10 for number in range(10)]
KEY = "BENCH_CAPTIONS_KEY"


def serve() -> None:
    """Runs a server until its standard input ends."""
    with MLLMServer(Grammar({}), delay_s=DELAY_S) as server:
        print(server.url, flush=True)
        sys.stdin.read()


def case(client: str, url: str, requests: int, concurrency: int, kilobytes: int) -> dict[str, float]:
    """Asks in this process."""
    os.environ[KEY] = "none"
    rng = np.random.default_rng(0)
    captioner = {
        "client": client,
        "model": "any",
        "key": KEY,
        "base_url": url if client == "gemini" else f"{url}/v1",
        "prompts": ["describe"],
        "temperatures": TEMPERATURES,
    }
    block = {"corpus": "dm", "concurrency": concurrency, "captioners": {"mine": captioner}}
    asked = CaptioningParameters.model_validate(block)
    with tempfile.TemporaryDirectory() as folder:
        clips = []
        for number in range(requests // len(TEMPERATURES)):
            path = Path(folder) / f"clip{number:04d}.mp4"
            path.write_bytes(rng.bytes(1000 * kilobytes))
            clips.append(Clip(path.stem, path, 4.0, str(number)))
        place = Path(folder) / "out"
        journal = Journal(place, cache=Path(folder) / "cache")
        opened("mine", asked.captioners["mine"], "none", journal.uploads("mine")).close()  # imports the package
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        seconds, processor = time.perf_counter(), time.process_time()
        made = making.make(asked, plan(asked, Sampled(clips, {}, 0)), place, progress=False, journal=journal)
        seconds, processor = time.perf_counter() - seconds, time.process_time() - processor
    assert len(made.captions) == requests, made.failures
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ideal = DELAY_S * -(-requests // concurrency)
    return {"seconds": seconds, "beyond": seconds - ideal, "processor": processor, "grown_mb": peak - before}


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints one line a client and number of requests."""
    parser = argparse.ArgumentParser(description="Captions from a server on the loopback")
    parser.add_argument("--requests", type=int, nargs="+", default=[250, 1000], help="requests, tens")
    parser.add_argument("--concurrency", type=int, default=16, help="requests at a time")
    parser.add_argument("--kilobytes", type=int, default=50, help="size of a video")
    parser.add_argument("--case", choices=["gemini", "openai", "server"], help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.case == "server":
        serve()
        return
    if chosen.case:
        print(json.dumps(case(chosen.case, chosen.url, chosen.requests[0], chosen.concurrency, chosen.kilobytes)))
        return
    program = [sys.executable, "-m", "tests.benchmarks.bench_captions"]
    given = ["--concurrency", str(chosen.concurrency), "--kilobytes", str(chosen.kilobytes)]
    print(f"{chosen.concurrency} at a time, {1000 * DELAY_S:.0f} ms each, videos of {chosen.kilobytes} kB")
    print(f"{'requests':>9}  {'client':<8}{'seconds':>9}{'beyond ideal':>14}{'CPU s':>9}{'grown MB':>10}")
    for client in ("gemini", "openai"):
        for requests in chosen.requests:
            server = subprocess.Popen(
                [*program, "--case", "server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            assert server.stdin is not None and server.stdout is not None
            url = server.stdout.readline().strip()
            command = [*program, "--case", client, "--url", url, "--requests", str(requests), *given]
            got = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            server.stdin.close()
            server.wait()
            numbers = f"{got['seconds']:>9.1f}{got['beyond']:>14.1f}{got['processor']:>9.1f}{got['grown_mb']:>10.0f}"
            print(f"{requests:>9,}  {client:<8}{numbers}", flush=True)


if __name__ == "__main__":
    main()
