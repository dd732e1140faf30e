"""A map of captions: every one a point in the plane of its latents, for a reader to move over, search, colour and play.

Where the map has motions, it plays that of the point under the cursor, or of the nearest point that has one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from lib.draw.interactive.map_motions import LONGEST, RATE, PointMotion, packed

KIND = "caption_map"
FULL_SCALE = 65_535
CLASSES = 256
"""Classes of one colouring at most: a point has a byte for its own."""
PLAYED = "played"
"""What the name of the file of motions ends in."""
Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.float64]


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
class Plane:
    """Where the points of a map lie in a further space.

    Args:
        places: (n, 2) finite floats; both axes in the same unit.
        colourings: those that come with the space, to be chosen from then on.
    """

    places: Places
    colourings: Sequence[Colouring] = ()

    def cleared(self, redaction: Redaction) -> "Plane":
        """The same with cleared names of classes."""
        return replace(self, colourings=_cleared(self.colourings, redaction))


@dataclass(frozen=True, eq=False)
class CaptionMap:
    """Captions and where they lie.

    Args:
        places: (n, 2) finite floats; both axes in the same unit.
        captions: n texts.
        colourings: one or more; points of one class of the first stand together in the page, which makes it smaller.
        space: what the places are those of, such as "text".
        further: other spaces by their name, which a reader may switch to.
        motions: of some points, each at most once.
    """

    places: Places
    captions: Sequence[str]
    colourings: Sequence[Colouring]
    space: str = ""
    further: Mapping[str, Plane] = field(default_factory=dict)
    motions: Sequence[PointMotion] = ()

    def show(self, folder: Path, name: str, redaction: Redaction) -> None:
        """Writes the map and says so.

        Under redaction it has no captions, cleared names of classes, and of the motions only those marked public.
        """
        further = {space: plane.cleared(redaction) for space, plane in self.further.items()}
        motions = redaction.motions(self.motions)
        shown = replace(self, colourings=_cleared(self.colourings, redaction), further=further, motions=motions)
        write(folder, name, shown, withheld=redaction.on)
        display(HTML(f"<p>{name}: a map of {len(self.captions):,} captions, which its page of the report shows.</p>"))


def write(folder: Path, name: str, made: CaptionMap, *, withheld: bool = False) -> None:
    """Writes a map into a results folder: points in ``interactive/<name>.json``, captions in ``interactive/<name>.js``.

    Points go into the page; captions take most of the bytes, and the page reads them from disk once the points are
    drawn, as a JSON list in the order of the points, any white space in them as one space, as a page shows it and as a
    reader searches for it. A further space, in ``<name>_<space>.js``, and the motions, in
    ``<name>_played.js``, are read when a reader asks for them. All are packed as `lib.draw.interactive.beside` says.

    Args:
        folder: of the results.
        name: file name without suffix.
        made: the map.
        withheld: leave the captions out.
    """
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for stale in (name, f"{name}_{PLAYED}", *(f"{name}_{space}" for space in made.further)):
        (folder / FOLDER / f"{stale}.js").unlink(missing_ok=True)
    order = _order(made, withheld)
    points = beside.deflated(_packed(Plane(made.places, made.colourings), order))
    content: dict[str, Any] = {"kind": KIND, "name": name, "withheld": withheld, "points": points, "motions": None}
    content |= {"colourings": _legend(made.colourings), "spaces": [{"name": made.space, "colourings": []}]}
    for space, plane in made.further.items():
        content["spaces"].append({"name": space, "colourings": _legend(plane.colourings)})
        beside.write(folder, f"{name}_{space}", _packed(plane, order))
    if made.motions:
        number = np.empty(len(order), dtype=np.int64)
        number[order] = np.arange(len(order))
        motions = sorted(made.motions, key=lambda one: number[one.row])
        beside.write(folder, f"{name}_{PLAYED}", packed(motions))
        numbers = [int(number[one.row]) for one in motions]
        content["motions"] = {"numbers": numbers, "rate": RATE, "longest": LONGEST}
    (folder / FOLDER / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    if not withheld:
        listed = [" ".join(made.captions[row].split()) for row in order]
        beside.write(folder, name, json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode())


def markup(content: Mapping[str, Any], address: str) -> str:
    """The HTML of a map; the script and the style of the interactive pieces bring it to life.

    Args:
        content: of the JSON file that :func:`write` left.
        address: of the script with the captions, relative to the page.
    """
    legend = {key: content[key] for key in ("name", "withheld", "colourings")}
    stem, suffix = address.rsplit(".", 1)
    first, *further = content["spaces"]
    spaces = [{**first, "file": ""}, *({**one, "file": f"{stem}_{one['name']}.{suffix}"} for one in further)]
    motions = content["motions"] and {**content["motions"], "file": f"{stem}_{PLAYED}.{suffix}"}
    told = {**legend, "captions": "" if content["withheld"] else address, "spaces": spaces, "motions": motions}
    html = Markup(
        '<div class="caption-map piece" role="group" aria-label="Map of captions" data-legend="{}" data-points="{}">\n'
        "<noscript><p>The map needs JavaScript; the figure and the table show the same clusters.</p></noscript>\n"
        "{}</div>"
    )
    player = Markup('<div class="motion-player" hidden></div>\n') if motions else ""
    return inert(str(html.format(json.dumps(told, ensure_ascii=False), content["points"], player)))


def _order(made: CaptionMap, withheld: bool) -> npt.NDArray[np.int64]:
    # By class and then by text, each caption begins as the one before does; under redaction even the order would tell.
    first = made.colourings[0].drawn.labels
    if withheld:
        return np.lexsort((made.places[:, 1], made.places[:, 0], first)).astype(np.int64)
    ranks = {text: rank for rank, text in enumerate(sorted(set(made.captions)))}
    return np.lexsort((np.array([ranks[text] for text in made.captions]), first)).astype(np.int64)


def _cleared(colourings: Sequence[Colouring], redaction: Redaction) -> list[Colouring]:
    return [replace(one, classes=redaction.value(list(one.classes))) for one in colourings]


def _legend(colourings: Sequence[Colouring]) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "classes": list(one.classes), "numbered": one.numbered, "rest": one.rest}
        for one in (colouring.drawn for colouring in colourings)
    ]


def _packed(plane: Plane, order: npt.NDArray[np.int64]) -> bytes:
    lowest = plane.places.min(axis=0)
    extent = float((plane.places - lowest).max()) or 1.0
    units = ((plane.places[order] - lowest) / extent * FULL_SCALE).round().astype(np.uint16)
    planes: list[Bytes] = [(units[:, axis] >> shift).astype(np.uint8) for axis in (0, 1) for shift in (0, 8)]
    planes += [np.asarray(one.drawn.labels)[order].astype(np.uint8) for one in plane.colourings]
    return len(order).to_bytes(4, "little") + b"".join(one.tobytes() for one in planes)
