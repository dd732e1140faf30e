"""A slider over the exponent of the sampling weights: what each cluster is drawn, and what a training then sees."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import HTML, display
from markupsafe import Markup

from lib.draw.exhibits import Redaction
from lib.draw.fragment import inert
from lib.draw.interactive.assets import FOLDER

KIND = "alpha_slider"


@dataclass(frozen=True, eq=False)
class AlphaSlider:
    """The clips that weights draw from, for a reader to choose the exponent.

    Args:
        clusters: a row a cluster: ``cluster`` (from 1), ``name, clips, kept`` (those with a weight), ``verbs`` (verb
            occurrences in captions of the kept).
        verbs: a row a verb: ``verb, count`` (in captions of all clips), and in a column named by each cluster's number,
            such as ``1``, the count in captions of its kept clips.
        occurrences: of all verbs in captions of all clips.
        start: where the slider stands at first.
    """

    clusters: pd.DataFrame
    verbs: pd.DataFrame
    occurrences: int
    start: float

    def show(self, folder: Path, name: str, redaction: Redaction) -> None:
        """Writes the slider with cleared names and without verbs that hardly occur, and says so."""
        shown = AlphaSlider(
            redaction.frame(self.clusters), redaction.frame(self.verbs), self.occurrences, float(self.start)
        )
        write(folder, name, shown)
        text = f"{name}: a slider over the exponent alpha, which the page of the report lets you move."
        display(HTML(f"<p>{text}</p>"))


def write(folder: Path, name: str, made: AlphaSlider) -> None:
    """Writes a slider into a results folder, as ``interactive/<name>.json``."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    clusters, verbs = made.clusters, made.verbs
    content = {
        "kind": KIND,
        "name": name,
        "start": made.start,
        "names": [f"{row['cluster']}  {row['name']}" for row in clusters.to_dict("records")],
        "clips": clusters["clips"].tolist(),
        "kept": clusters["kept"].tolist(),
        "verbs": clusters["verbs"].tolist(),
        "occurrences": made.occurrences,
        "mix": [
            {"verb": row["verb"], "count": int(row["count"]), "by": [int(row[str(n)]) for n in clusters["cluster"]]}
            for row in verbs.to_dict("records")
        ],
    }
    (folder / FOLDER / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def markup(content: Mapping[str, Any], address: str) -> str:
    """The HTML of a slider; the script and the style of the interactive pieces bring it to life.

    Args:
        content: of the JSON file that :func:`write` left.
        address: unused; other pieces have files beside the page.
    """
    told = {key: value for key, value in content.items() if key not in {"kind", "name"}}
    html = Markup(
        '<div class="alpha-slider piece" role="group" aria-label="Draws by the exponent alpha" data-weights="{}">\n'
        "<noscript><p>The slider needs JavaScript; the table shows five exponents.</p></noscript>\n</div>"
    )
    return inert(str(html.format(json.dumps(told, ensure_ascii=False, separators=(",", ":")))))
