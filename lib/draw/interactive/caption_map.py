"""A map of captions: every one a point in the plane of its latents, for a reader to move over, search and colour."""

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from IPython.display import HTML, display
from markupsafe import Markup

from lib.draw.exhibits import Redaction
from lib.draw.fragment import inert
from lib.draw.interactive.assets import FOLDER

KIND = "caption_map"
FULL_SCALE = 65_535
CLASSES = 256
"""Classes of one colouring at most: a point has a byte for its own."""
_SCRIPT = "(window.captionMapTexts = window.captionMapTexts || {})"
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Colouring:
    """One way to colour the points.

    Args:
        name: what it tells apart, such as "cluster".
        classes: names; where there are more than `CLASSES`, the last ones are drawn as one.
        labels: (n,) the class of each point.
        numbered: whether the map writes each class's number, from 1, at its middle.
        rest: whether the last class holds what is left over.
    """

    name: str
    classes: Sequence[str]
    labels: npt.NDArray[np.int64]
    numbered: bool = False
    rest: bool = False

    @property
    def drawn(self) -> "Colouring":
        """The same in no more classes than can be drawn, the last one named as what it holds."""
        if len(self.classes) <= CLASSES:
            return self
        last = CLASSES - 1
        names = [*self.classes[:last], f"the other {len(self.classes) - last:,}"]
        return replace(self, classes=names, labels=np.minimum(self.labels, last), rest=True)


@dataclass(frozen=True, eq=False)
class CaptionMap:
    """Captions and where they lie.

    Args:
        places: (n, 2) finite floats; both axes in the same unit.
        captions: n texts.
        colourings: one or more; points of one class of the first stand together in the page, which makes it smaller.
    """

    places: npt.NDArray[np.float64]
    captions: Sequence[str]
    colourings: Sequence[Colouring]

    def show(self, folder: Path, name: str, redaction: Redaction) -> None:
        """Writes the map, under redaction without its captions and with cleared names of classes, and says so."""
        colourings = [replace(one, classes=redaction.value(list(one.classes))) for one in self.colourings]
        write(folder, name, replace(self, colourings=colourings), withheld=redaction.on)
        display(HTML(f"<p>{name}: a map of {len(self.captions):,} captions, which its page of the report shows.</p>"))


def write(folder: Path, name: str, made: CaptionMap, *, withheld: bool = False) -> None:
    """Writes a map into a results folder: points in ``interactive/<name>.json``, captions in ``interactive/<name>.js``.

    Points go into the page; captions take most of the bytes, and the page reads them from disk once the points are
    drawn. Both are deflated by zlib, which a browser undoes without a library, and written in base64: the points as
    bytes, the captions as a JSON list in the order of the points, any white space in them as one space, as a page
    shows it and as a reader searches for it.

    Args:
        folder: of the results.
        name: file name without suffix.
        made: the map.
        withheld: leave the captions out.
    """
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    made = replace(made, colourings=[one.drawn for one in made.colourings])
    order = _order(made, withheld)
    legend = [
        {"name": one.name, "classes": list(one.classes), "numbered": one.numbered, "rest": one.rest}
        for one in made.colourings
    ]
    points = _points(made, order)
    content = {"kind": KIND, "name": name, "withheld": withheld, "colourings": legend, "points": points}
    (folder / FOLDER / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    beside = folder / FOLDER / f"{name}.js"
    beside.unlink(missing_ok=True)
    if not withheld:
        listed = [" ".join(made.captions[row].split()) for row in order]
        text = _deflated(json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode())
        beside.write_text(f"{_SCRIPT}[{json.dumps(name)}] = {json.dumps(text)};\n", encoding="ascii")


def markup(content: Mapping[str, Any], address: str) -> str:
    """The HTML of a map; the script and the style of the interactive pieces bring it to life.

    Args:
        content: of the JSON file that :func:`write` left.
        address: of the script with the captions, relative to the page.
    """
    legend = {key: content[key] for key in ("name", "withheld", "colourings")}
    told = json.dumps({**legend, "captions": "" if content["withheld"] else address}, ensure_ascii=False)
    html = Markup(
        '<div class="caption-map piece" role="group" aria-label="Map of captions" data-legend="{}" data-points="{}">\n'
        "<noscript><p>The map needs JavaScript; the figure and the table show the same clusters.</p></noscript>\n</div>"
    )
    return inert(str(html.format(told, content["points"])))


def _order(made: CaptionMap, withheld: bool) -> npt.NDArray[np.int64]:
    # By class and then by text, each caption begins as the one before does; under redaction even the order would tell.
    first = made.colourings[0].labels
    if withheld:
        return np.lexsort((made.places[:, 1], made.places[:, 0], first)).astype(np.int64)
    ranks = {text: rank for rank, text in enumerate(sorted(set(made.captions)))}
    return np.lexsort((np.array([ranks[text] for text in made.captions]), first)).astype(np.int64)


def _points(made: CaptionMap, order: npt.NDArray[np.int64]) -> str:
    lowest = made.places.min(axis=0)
    extent = float((made.places - lowest).max()) or 1.0
    places = ((made.places[order] - lowest) / extent * FULL_SCALE).round().astype(np.uint16)
    planes: list[Bytes] = [(places[:, axis] >> shift).astype(np.uint8) for axis in (0, 1) for shift in (0, 8)]
    planes += [np.asarray(one.labels)[order].astype(np.uint8) for one in made.colourings]
    return _deflated(len(order).to_bytes(4, "little") + b"".join(plane.tobytes() for plane in planes))


def _deflated(raw: bytes) -> str:
    return base64.b64encode(zlib.compress(raw)).decode("ascii")
