"""What a map of 344,476 captions costs: to pack, to send, to open, to move over, to search.

python -m tests.benchmarks.bench_map [--captions N] [--register crowd|mllm] [--keep FOLDER]
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright
from scipy.sparse import csr_matrix
from sklearn.decomposition import PCA
from tqdm import tqdm

from lib.demo.corpora import crowd, mllm
from lib.demo.corpora.scenario import DANCE_HEAVY, WALK_HEAVY, draw_take, shares
from lib.draw.interactive import assets, caption_map
from lib.draw.interactive.caption_map import CaptionMap, Colouring
from lib.sections.clustering.clip_map import first_verbs
from tests.benchmarks.bench_player import processor_seconds

ALL = 344_476
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]
HEAD = (
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Map</title><link rel="stylesheet" href="pieces.css">'
)
ACTS = {
    "panning": "map.drag(6 * Math.sin(t / 300), 4 * Math.cos(t / 300))",
    "zooming": "map.zoom(Math.exp(0.02 * Math.cos(t / 400)), 500, 300)",
    "hovering": "map.hover(500 + 200 * Math.sin(t / 300), 300 + 150 * Math.cos(t / 500))",
}
MOVING = """(seconds) => new Promise((done) => {
  const map = document.querySelector(".caption-map").captionMap, from = performance.now(), drawn = map.drawn;
  let slowest = 0, last = from, costs = 0, frames = 0;
  const step = (now) => {
    slowest = Math.max(slowest, now - last); last = now; costs += map.cost; frames += 1;
    const t = now - from;
    if (t > seconds * 1000) return done([frames / t * 1000, slowest, costs / frames, (map.drawn - drawn) / t * 1000]);
    ACT;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})"""
TIMED = """(act) => {
  const map = document.querySelector(".caption-map").captionMap, from = performance.now();
  if (act === "hover") map.at(300, 200, 10);
  else map.find(act);
  return [performance.now() - from, map.hits];
}"""


def synthetic(count: int, register: str) -> CaptionMap:
    """Captions of the demo grammar, at latents that their words decide, with their first action as cluster."""
    rng = np.random.default_rng(0)
    mix = shares(WALK_HEAVY if register == "crowd" else DANCE_HEAVY)
    texts, keys, actions = [], [], []
    for _ in tqdm(range(count), desc="captions", disable=None):
        specs = draw_take(mix, int(rng.choice([1, 2, 3], p=[0.6, 0.3, 0.1])), rng)
        said = crowd.caption(specs, crowd.scenes_for(specs, rng), rng) if register == "crowd" else None
        sentence = said or mllm.description(specs, 1, rng)
        texts.append(sentence.text)
        keys.append(sentence.tokens)
        actions.append(specs[0].action)
    words: dict[str, int] = {}
    columns = [words.setdefault(word, len(words)) for text in texts for word in text.split()]
    starts = np.cumsum([0, *(len(text.split()) for text in texts)])
    bags = csr_matrix((np.ones(len(columns), dtype=np.float32), columns, starts))
    latents = bags @ rng.normal(size=(bags.shape[1], 64)).astype(np.float32)
    names, clusters = np.unique(actions, return_inverse=True)
    latents += 4 * rng.normal(size=(len(names), 64)).astype(np.float32)[clusters]
    began = time.perf_counter()
    places = PCA(2, random_state=0).fit_transform(latents).astype(np.float64)
    print(f"plane of {latents.shape[0]:,} latents of {latents.shape[1]}: {time.perf_counter() - began:.1f} s")
    few = Colouring("cluster", [f"{n + 1}" for n in range(12)], clusters % 12, numbered=True)
    return CaptionMap(
        places, texts, [few, first_verbs(keys), Colouring("dataset", ["one", "two"], rng.integers(0, 2, count))]
    )


def written(made: CaptionMap, folder: Path) -> Path:
    """The page of a map with all that it reads, and what each file weighs."""
    began = time.perf_counter()
    caption_map.write(folder, "map", made)
    spent = time.perf_counter() - began
    content = json.loads((folder / "interactive" / "map.json").read_text(encoding="utf-8"))
    for name, text in zip((assets.STYLE, assets.SCRIPT), assets.assets(), strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    page = folder / "map.html"
    body = caption_map.markup(content, "interactive/map.js")
    page.write_text(f'{HEAD}<h1>Map</h1>{body}<script src="{assets.SCRIPT}"></script>', encoding="utf-8")
    beside = folder / "interactive" / "map.js"
    sizes = [path.stat().st_size / 1e6 for path in (page, beside)]
    letters, distinct = np.mean([len(text) for text in made.captions]), len(set(made.captions))
    print(f"packing: {spent:.1f} s; {len(made.captions):,} captions of {letters:.0f} characters, {distinct:,} distinct")
    print(f"page {sizes[0]:.2f} MB, captions beside it {sizes[1]:.2f} MB, together {sum(sizes):.2f} MB")
    return page


def measure(page: Page, seconds: float) -> None:
    """Prints frames a second while panning and how long single acts take."""
    page.wait_for_function("document.querySelector('.caption-map').captionMap?.state.captions", timeout=60_000)
    times = page.evaluate("document.querySelector('.caption-map').captionMap.times")
    print(f"opened: points after {times['points'] / 1000:.2f} s, captions after {times['captions'] / 1000:.2f} s")
    for zoom in (1, 4, 30):
        page.evaluate(
            "(zoom) => { const m = document.querySelector('.caption-map').captionMap; m.home(); m.zoom(zoom); }", zoom
        )
        for name, act in ACTS.items():
            before = processor_seconds(page.context.browser)
            rate, slowest, cost, drawn = page.evaluate(MOVING.replace("ACT", act), seconds)
            after = processor_seconds(page.context.browser)
            spent = sum(after[kind] - before.get(kind, 0) for kind in after) / (rate * seconds)
            print(
                f"{name} at {zoom:2}x: {rate:5.1f} frames/s, {drawn:.1f} of them drawn, slowest {slowest:.0f} ms; "
                f"{cost:.1f} ms to draw, {1000 * spent:.1f} ms of processor a frame"
            )
    for act in ("hover", "cartwheel", "a", ""):
        spent, hits = page.evaluate(TIMED, act)
        print(f"{act if act == 'hover' else f'find {act!r}'}: {spent:.1f} ms, {hits:,} hits")


def main() -> None:
    """Prints what a map costs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--captions", type=int, default=ALL)
    parser.add_argument("--register", choices=["crowd", "mllm"], default="crowd")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        sys.exit("no Chromium on PATH")
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        file = written(synthetic(options.captions, options.register), folder)
        for name, more in (
            ("desktop", {"viewport": {"width": 1280, "height": 900}}),
            ("phone", playwright.devices["Pixel 7"]),
        ):
            chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
            shown = chromium.new_page(**more)
            print(f"-- {name}: {more['viewport']}, {more.get('device_scale_factor', 1)} pixels a pixel")
            shown.goto(file.as_uri())
            measure(shown, options.seconds)
            chromium.close()


if __name__ == "__main__":
    main()
