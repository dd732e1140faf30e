"""Frames a second of the motion player in headless Chromium, and what a frame costs, by number of figures.

python -m tests.benchmarks.bench_player [--seconds N]
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from lib.demo.synthesis import Spec, synthesise
from lib.draw.motion_player import Motion, Track, page

COUNT = """(seconds) => new Promise((done) => {
  const player = document.querySelector(".motion-player").motionPlayer;
  const [from, drawn] = [performance.now(), player.state.drawn];
  setTimeout(() => done((player.state.drawn - drawn) / (performance.now() - from) * 1000), seconds * 1000);
})"""


def processor_seconds(chromium: Browser) -> dict[str, float]:
    """Seconds of processor by kind of process, which hardly depend on what else the machine does."""
    session = chromium.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return {
        kind: sum(one["cpuTime"] for one in found if one["type"] == kind) for kind in {one["type"] for one in found}
    }


def main() -> None:
    """Prints one line a number of figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3.0)
    options = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        sys.exit("no Chromium on PATH")
    rng = np.random.default_rng(0)
    tracks = [Track.of(Motion(synthesise([Spec("walk", seconds=10.0)], rng), str(n))) for n in range(6)]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--headless", "--no-sandbox"])
        for figures in (1, 4, 6):
            file = Path(folder) / f"{figures}.html"
            file.write_text(page(tracks[:figures], title="walks"), encoding="utf-8")
            shown = chromium.new_page(viewport={"width": 1200, "height": 800})
            shown.goto(file.as_uri())
            shown.wait_for_timeout(500)
            before = processor_seconds(chromium)
            rate = shown.evaluate(COUNT, options.seconds)
            after = processor_seconds(chromium)
            drawn = rate * options.seconds
            costs = [f"{kind} {1000 * (after[kind] - before.get(kind, 0)) / drawn:.1f}" for kind in sorted(after)]
            print(f"{figures} figures: {rate:5.1f} frames/s; ms of processor a frame: {', '.join(costs)}")
            shown.close()
        chromium.close()


if __name__ == "__main__":
    main()
