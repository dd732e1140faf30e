"""A made-up run that holds whatever the report's pages ask for, in captions that try to break out of them."""

import io
import json
import re
from functools import cache
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from lib.demo.synthesis import Spec, synthesise
from lib.draw import table
from lib.draw.interactive import caption_map as caption_maps
from lib.draw.interactive.caption_map import CaptionMap, Colouring, Plane
from lib.draw.interactive.map_motions import PointMotion
from lib.draw.motion_player import Motion, Track, write_player
from lib.run.pipeline import PIPELINE

matplotlib.use("Agg")
import matplotlib.pyplot as plt

STEMS = ["00_data_preparation", "01_similarity_test", "02_action_distribution"]
HOSTILE = [
    "<script>alert(1)</script> a person walks",
    "quote \" and ' and back\\slash and `tick` and $x^2$",
    "{{< include /etc/passwd >}} and ?@fig-nothing and [link](http://example.org)",
    "# heading *bold* _under_ ~~strike~~ ^sup^ | pipe | ::: {.x}",
    "שלום עולם ‮ right to left 🚶‍♀️💃",
    "<img src=x onerror=alert(1)></td></table></div>",
    "```{=html}\n<b>fence</b>\n```",
    "word " * 2000,
]
HOSTILE_ID = 'x" onmouseover="alert(1)<b>'

FINDING = "The candidate holds {{< nothing >}} 3 times as many *clips*; 12.1 % fall to the filter."
EVERY = [notebook.stem for notebook in PIPELINE]
SECTIONS = {notebook.stem: notebook.section for notebook in PIPELINE}
ASKED = re.compile(r"assets/(\d\d_\w+)/(\w+)\.(png|html)")
REPEATED = ("1", "2")
"""Numbers of a part that a page repeats for every exhibit or value of its kind."""
VALUE = re.compile(rf"\b({'|'.join(SECTIONS.values())})\.(\w+)")


def write(root: Path, report: Path, profile: str = "fixture", stems: list[str] | None = None) -> Path:
    """Writes ``root/<profile>/<stem>/…`` as a run would.

    Args:
        root: folder of all results.
        report: the pages; every figure, table and value they name is made, of a repeated part the first two.
        profile: name of the run.
        stems: notebooks that ran; ``STEMS`` where none are named.

    Returns:
        ``root``.
    """
    source = "\n".join(page.read_text(encoding="utf-8") for page in report.rglob("*.qmd"))
    text = "\n".join(source.replace("{n}", number) for number in REPEATED)
    for number, stem in enumerate(stems or STEMS):
        folder = root / profile / stem
        for kind in ("figures", "tables"):
            (folder / kind).mkdir(parents=True)
        for asked, name, kind in sorted(set(ASKED.findall(text))):
            if asked == stem:
                (_figure if kind == "png" else _table)(folder, name)
        (folder / "tables" / "leak_free_test.txt").write_text("000001\n", encoding="utf-8")
        values = {name: _value(name) for section, name in VALUE.findall(text) if section == SECTIONS[stem]}
        (folder / "values.json").write_text(json.dumps(values), encoding="utf-8")
        (folder / "provenance.json").write_text(json.dumps(_provenance(number)), encoding="utf-8")
        nbformat.write(_notebook(stem), folder / "notebook.ipynb")
    return root


def player(folder: Path, name: str) -> None:
    """Writes two motions to be played, and their picture, into the results folder of a notebook."""
    joints = synthesise([Spec("walk", seconds=2.0)], np.random.default_rng(0))
    tracks = [Track.of(Motion(joints, HOSTILE[0], HOSTILE[2])), Track.of(Motion(joints, "as generated"))]
    write_player(folder, name, tracks, label=HOSTILE[5])
    _figure(folder, name)


def caption_map(folder: Path, name: str) -> None:
    """Writes a map of hostile captions, in two spaces and with one motion, into the results folder of a notebook."""
    places = np.random.default_rng(0).normal(size=(len(HOSTILE), 2))
    one = np.zeros(len(HOSTILE), dtype=np.int64)
    joints = synthesise([Spec("walk", seconds=2.0)], np.random.default_rng(0))
    by, further = [Colouring("cluster", [HOSTILE[5]], one)], {"motion": Plane(-places)}
    caption_maps.write(folder, name, CaptionMap(places, HOSTILE, by, "text", further, [PointMotion(0, joints)]))


def _value(name: str) -> object:
    text = "30.5 % (95 % CI 28.0–33.0, N = 2,192)"
    share = {"value": 0.305, "low": 0.28, "high": 0.33, "n": 2192, "unit": "share", "text": text}
    return FINDING if name == "finding" else share


def _figure(folder: Path, name: str) -> None:
    (folder / "figures" / f"{name}.png").write_bytes(_curve())
    alt = f'The curve of {name} rises to 3 & falls; "quoted" {{braces}} <b> back\\slash.'
    (folder / "figures" / f"{name}.txt").write_text(alt, encoding="utf-8")
    pd.DataFrame({"x": [0, 1, 2], "y": [1, 3, 2]}).to_csv(folder / "tables" / f"{name}.csv", index=False)


@cache
def _curve() -> bytes:
    figure, axes = plt.subplots(figsize=(6, 3))
    axes.plot([0, 1, 2], [1, 3, 2])
    axes.set(xlabel="x", ylabel="y")
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=80)
    plt.close(figure)
    return picture.getvalue()


def _table(folder: Path, name: str) -> None:
    frame, markup = _rendered(name)
    frame.to_csv(folder / "tables" / f"{name}.csv", index=False)
    (folder / "tables" / f"{name}.html").write_text(markup, encoding="utf-8")


@cache
def _rendered(name: str) -> tuple[pd.DataFrame, str]:
    columns = {"clip_id": HOSTILE_ID, "caption": HOSTILE, "nearest_caption": HOSTILE[::-1], "cosine": 0.97, "n": 2192}
    frame = pd.DataFrame(columns)
    return frame, table.render(frame, {}, name)


def _provenance(number: int) -> dict[str, object]:
    return {
        "git": {"sha": "0123456789abcdef0123456789abcdef01234567", "dirty": number == 2},
        "params_sha256": "ab" * 32,
        "corpora": {"h3d": {"label": "demo-h3d", "sha256": "cd" * 32}},
        "models": {"mpnet": "ef" * 32} if number == 1 else {},
        "warnings": [f"demo-h3d: 3 captions missing {HOSTILE[0]}"] if number == 0 else [],
        "versions": {"python": "3.11.9", "numpy": "2.4.0"},
        "seed": 0,
        "device": "cpu",
        "start": f"2026-01-3{number % 2}T08:00:00+00:00",
        "seconds": 12.3 + number,
    }


def _notebook(stem: str) -> nbformat.NotebookNode:
    hostile = pd.DataFrame({"caption": HOSTILE}).to_html(escape=False)
    outputs = [
        new_output("stream", name="stderr", text="\r  0%| \r 50%| \r100%|done\nwarning <b>\n"),
        new_output("display_data", data={"text/html": f"<script>alert(2)</script>{hostile}", "text/plain": "x"}),
        new_output("display_data", data={"application/javascript": "alert(3)"}),
        new_output("execute_result", data={"text/plain": HOSTILE[0]}, execution_count=1),
    ]
    cells = [
        new_markdown_cell(f"# The notebook {stem}\n\nWhat is asked."),
        new_code_cell("audit.run(corpus)  # comment", outputs=outputs, execution_count=1),
    ]
    return new_notebook(cells=cells)
