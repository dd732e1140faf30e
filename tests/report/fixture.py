"""A tiny made-up run: three notebooks with figures, tables, values and captions that try to break out."""

import json
from pathlib import Path

import matplotlib
import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from lib.report import table

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

VALUES = {
    "00_data_preparation": {
        "finding": "The candidate holds {{< nothing >}} 3 times as many clips; 12.1 % fall to the filter.",
        "clips": 14616,
    },
    "01_similarity_test": {
        "finding": {
            "value": 0.305,
            "low": 0.28,
            "high": 0.33,
            "n": 2192,
            "unit": "share",
            "text": "30.5 % (95 % CI 28.0–33.0, N = 2,192)",
        },
        "hostile": HOSTILE[0],
        "share_090": {"value": 0.305, "low": 0.28, "high": 0.33, "n": 2192, "unit": "share"},
    },
    "02_action_distribution": {"finding": "“walk” leads the one, “dance” the other.", "jensen_shannon": 0.41234},
}
FIGURES = {
    "00_data_preparation": ["caption_lengths", "rarefaction", "funnel", "best", "worst"],
    "01_similarity_test": ["ecdf", "leak_bars"],
    "02_action_distribution": ["top_bars", "coverage", "log_odds"],
}


def write(root: Path, profile: str = "fixture", stems: list[str] | None = None) -> Path:
    """Writes ``root/<profile>/<stem>/…`` as a run would, and returns ``root``."""
    for number, stem in enumerate(stems or STEMS):
        folder = root / profile / stem
        for kind in ("figures", "tables"):
            (folder / kind).mkdir(parents=True)
        for name in FIGURES[stem]:
            _figure(folder, name)
        _tables(folder, stem)
        (folder / "values.json").write_text(json.dumps(VALUES[stem]), encoding="utf-8")
        (folder / "provenance.json").write_text(json.dumps(_provenance(number)), encoding="utf-8")
        nbformat.write(_notebook(stem), folder / "notebook.ipynb")
    return root


def _figure(folder: Path, name: str) -> None:
    figure, axes = plt.subplots(figsize=(6, 3))
    axes.plot([0, 1, 2], [1, 3, 2])
    axes.set(xlabel="x", ylabel="y")
    figure.savefig(folder / "figures" / f"{name}.png", dpi=80)
    plt.close(figure)
    alt = f'The curve of {name} rises to 3 & falls; "quoted" {{braces}} <b> back\\slash.'
    (folder / "figures" / f"{name}.txt").write_text(alt, encoding="utf-8")
    pd.DataFrame({"x": [0, 1, 2], "y": [1, 3, 2]}).to_csv(folder / "tables" / f"{name}.csv", index=False)


def _tables(folder: Path, stem: str) -> None:
    examples = {"clip_id": HOSTILE_ID, "test_caption": HOSTILE, "nearest_train_caption": HOSTILE[::-1], "cosine": 0.97}
    shares = {"scale": ["cosine", "(cos+1)/2"] * 12, "share": [0.305, 0.612] * 12, "n": [2192] * 24}
    sizes = {"corpus": ["demo-h3d", "demo-dm"], "clips": [1000, 2500], "hours": [1.71, 3.02]}
    language = {"corpus": ["demo-h3d", "demo-dm"], "distinct_words": [312, 498]}
    frames = {
        "00_data_preparation": {"sizes": pd.DataFrame(sizes), "language": pd.DataFrame(language)},
        "01_similarity_test": {"shares": pd.DataFrame(shares), "examples": pd.DataFrame(examples)},
        "02_action_distribution": {"concentration": pd.DataFrame({"corpus": ["demo-h3d"], "gini": [0.71]})},
    }
    for name, frame in frames[stem].items():
        frame.to_csv(folder / "tables" / f"{name}.csv", index=False)
        (folder / "tables" / f"{name}.html").write_text(table.render(frame, {}, name), encoding="utf-8")
    (folder / "tables" / "leak_free_test.txt").write_text("000001\n", encoding="utf-8")


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
