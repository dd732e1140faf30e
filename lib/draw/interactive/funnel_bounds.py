"""Sliders over the bounds of the funnel: clips kept, planted defects caught and words left, counted again at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from IPython.display import HTML, display
from markupsafe import Markup

from lib.draw.exhibits import Redaction
from lib.draw.fragment import inert
from lib.draw.interactive import beside
from lib.draw.interactive.assets import FOLDER

KIND = "funnel_bounds"
LARGEST = np.iinfo(np.uint16).max
"""Words that are numbered apart, and words of one clip."""
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class ScoreSlider:
    """The slider of one score.

    Args:
        title: of the score.
        stage: of the funnel that asks it.
        told: what each position says, the strictest first.
        start: the position of the bound that the run took.
    """

    title: str
    stage: str
    told: Sequence[str]
    start: int


@dataclass(frozen=True, eq=False)
class AuditedClips:
    """The clips of one dataset, as far as the sliders ask.

    Args:
        name: of the dataset.
        withheld: clips without consent, which are not among the others.
        labels: (n,) a bit for each stage that reads labels, set where a clip fails it.
        codes: (n, scores) at how many positions of a slider, from the strictest on, the clip is dropped.
        defects: (n,) a bit for each planted defect that a clip has.
        planted: their names; none where nothing was planted.
        sample: (m,) clips whose words are held.
        words: of each of these the numbers of its distinct words, at most `LARGEST` of them all.
    """

    name: str
    withheld: int
    labels: Bytes
    codes: Bytes
    defects: Bytes
    planted: Sequence[str]
    sample: npt.NDArray[np.int64]
    words: Sequence[Sequence[int]]


@dataclass(frozen=True, eq=False)
class FunnelBounds:
    """Datasets under a funnel whose bounds a reader moves.

    Args:
        scores: a slider each, in the order of the funnel.
        labels: names of the stages that read labels.
        datasets: the one that is shown first comes first.
    """

    scores: Sequence[ScoreSlider]
    labels: Sequence[str]
    datasets: Sequence[AuditedClips]

    def show(self, folder: Path, name: str, redaction: Redaction) -> None:
        """Writes the sliders, with cleared names of datasets, and says so; nothing where no dataset has a funnel."""
        if not self.datasets:
            display(HTML(f"<p>{name}: no funnel in this profile.</p>"))
            return
        write(folder, name, self, names=[redaction.text(one.name) for one in self.datasets])
        display(HTML(f"<p>{name}: sliders over the bounds, which the page of the report lets you move.</p>"))


def write(folder: Path, name: str, made: FunnelBounds, *, names: Sequence[str]) -> None:
    """Writes sliders into a results folder: ``interactive/<name>.json``, and the clips in ``interactive/<name>.js``.

    A clip takes a byte for its labels, one for its defects and one a score; clips stand in the order of these bytes, so
    that neighbours are alike and nothing tells which clip is which. Words are numbers.

    Args:
        folder: of the results.
        name: file name without suffix.
        made: the sliders.
        names: of the datasets, as they may be shown.
    """
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    datasets, blocks = [], []
    for one, shown in zip(made.datasets, names, strict=True):
        blocks.append(_packed(one))
        facts = {"name": shown, "clips": len(one.labels), "withheld": one.withheld, "sampled": len(one.sample)}
        datasets.append({**facts, "planted": list(one.planted), "bytes": len(blocks[-1])})
    scores = [
        {"title": one.title, "stage": one.stage, "told": list(one.told), "start": one.start} for one in made.scores
    ]
    content = {"kind": KIND, "name": name, "scores": scores, "labels": list(made.labels), "datasets": datasets}
    (folder / FOLDER / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    beside.write(folder, name, b"".join(blocks))


def markup(content: Mapping[str, Any], address: str) -> str:
    """The HTML of the sliders; the script and the style of the interactive pieces bring it to life.

    Args:
        content: of the JSON file that :func:`write` left.
        address: of the script with the clips, relative to the page.
    """
    told = {**{key: content[key] for key in ("scores", "labels", "datasets")}, "file": address}
    html = Markup(
        '<div class="funnel-bounds piece" role="group" aria-label="The funnel by its bounds" data-funnel="{}">\n'
        "<noscript><p>The sliders need JavaScript; the tables show the funnel at the bounds of this run.</p></noscript>"
        "\n</div>"
    )
    return inert(str(html.format(json.dumps(told, ensure_ascii=False))))


def _packed(one: AuditedClips) -> bytes:
    columns = [*one.codes.T, one.defects, one.labels]
    order = np.lexsort(columns)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    at = place[one.sample]
    ranked = np.argsort(at)
    lists = [np.asarray(one.words[row], dtype="<u2") for row in ranked]
    parts = [column[order].astype(np.uint8) for column in (one.labels, one.defects, *one.codes.T)]
    parts += [at[ranked].astype("<u4"), np.array([len(some) for some in lists], dtype="<u2"), *lists]
    return b"".join(part.tobytes() for part in parts)
