"""Texts of figures as a reader sees them: the size of letters at the width that a page gives a figure, and collisions.

    python -m tests.browser.figure_texts results/demo

tells them of every figure of a folder. Letters are outlines in these files, so what is measured here holds everywhere.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

from lib.draw.style import COLUMN, SMALLEST_ON_SCREEN

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
TOUCHING = 1.0
"""CSS pixels that two boxes may share, or that one may reach out of the picture."""
MEASURE = """([column, touching, smallest]) => {
  const svg = document.documentElement, seen = svg.viewBox.baseVal;
  const scale = Math.min(1, column / (seen.width * 96 / 72)) * 96 / 72;
  const page = svg.getScreenCTM(), shown = [seen.width * scale, seen.height * scale];
  const boxes = [];
  for (const text of document.querySelectorAll('g[id^="text_"]')) {
    const drawn = [...text.children].find((child) => child.tagName === "g"), letters = text.querySelectorAll("use");
    if (!drawn || !letters.length) continue;
    const box = drawn.getBBox(), frame = page.inverse().multiply(drawn.getScreenCTM());
    if (!box.width || !box.height) continue;
    const corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([right, down]) => {
      const corner = new DOMPoint(box.x + right * box.width, box.y + down * box.height).matrixTransform(frame);
      return [corner.x * scale, corner.y * scale];
    });
    const said = [...text.childNodes].filter((node) => node.nodeType === 8).map((node) => node.data.trim()).join(" ");
    const nested = letters[0].parentElement.getScreenCTM();
    const size = Math.hypot(nested.c, nested.d) / Math.hypot(page.c, page.d) * 100 * scale; // of outlines 100 high
    boxes.push({ said, corners, size });
  }
  // two boxes share nothing where they are apart along a side of either
  const span = (corners, [x, y]) => {
    const along = corners.map((corner) => corner[0] * x + corner[1] * y);
    return [Math.min(...along), Math.max(...along)];
  };
  const sides = ({ corners: [a, b, , d] }) => [b, d].map((end) => {
    const [x, y] = [end[0] - a[0], end[1] - a[1]], length = Math.hypot(x, y);
    return [x / length, y / length];
  });
  const shared = (one, other) => Math.min(...[...sides(one), ...sides(other)].map((side) => {
    const [a, b] = [span(one.corners, side), span(other.corners, side)];
    return Math.min(a[1], b[1]) - Math.max(a[0], b[0]);
  }));
  const out = ([x, y]) => Math.min(x, y, shown[0] - x, shown[1] - y) < -touching;
  const faults = [];
  boxes.forEach((one, n) => {
    if (one.size < smallest - .05) faults.push(`small: "${one.said}" has ${one.size.toFixed(1)} px`);
    if (one.corners.some(out)) faults.push(`cut: "${one.said}"`);
    boxes.slice(n + 1).filter((other) => shared(one, other) > touching)
      .forEach((other) => faults.push(`overlap: "${one.said}" and "${other.said}"`));
  });
  return [boxes.length, faults];
}"""


def faults(page: Any, figure: Path) -> tuple[int, list[str]]:
    """How many texts a figure has, and what is wrong with them.

    Args:
        page: of Playwright.
        figure: SVG file with letters as outlines, as `lib.draw.vector` writes it.
    """
    page.goto(figure.resolve().as_uri())
    count, found = page.evaluate(MEASURE, [COLUMN, TOUCHING, SMALLEST_ON_SCREEN])
    return count, found


def main(folder: Path) -> int:
    """Prints the faults of every figure below a folder."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    total = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(240_000)
        for figure in sorted(folder.rglob("*.svg")):
            count, found = faults(page, figure)
            print(f"{figure.relative_to(folder)}: {count} texts, {len(found)} faults, {figure.stat().st_size:,} bytes")
            print("".join(f"    {fault}\n" for fault in found), end="")
            total += len(found)
        browser.close()
    return int(total > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
