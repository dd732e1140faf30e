"""Executed notebooks as pages: what ran and what came out, with nothing in it that runs in a browser."""

import ast
import base64
import io
import itertools
import json
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbconvert import HTMLExporter
from PIL import Image

from lib.base.errors import SiteError
from lib.base.paths import ROOT
from lib.base.withheld import WITHHELD
from lib.draw import fragment

RAW = {"prompts"}
"""Parameters that may hold captions and ids."""
_SHOWN = ("text/html", "image/png", "text/plain")
COLOURS = 128
"""Of a picture in a reading copy; the page's own has all of them. It keeps such a page under 2 MB."""
_BOX = re.compile(r"<pre>")
_PATH = re.compile(r"""(["'])(?:[~/]|[A-Za-z]:)[^"'\n]*?([^"'/\\\n]*)(["'])""")
"""A path from the root of a machine, as a parameter; its last part may stay."""


def read(path: Path) -> Any:
    """Reads a notebook.

    Raises:
        SiteError: missing, or not a notebook.
    """
    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except Exception as error:
        raise SiteError(f"cannot read the executed notebook ({error})", where=path, fix="run it again") from None


def anonymous(notebook: Any, root: Path = ROOT, *, redacted: bool = False) -> Any:
    """Takes out what papermill noted, and where the checkout, the environment and the data lie on the machine.

    Args:
        notebook: as read by nbformat.
        root: the checkout; paths below it become relative to it.
        redacted: whether only what :class:`lib.run.results.Run` has shown stays, as it alone has been redacted: what
            was printed, warned of or returned goes.

    Returns:
        A copy.
    """
    said = text(notebook)
    for place, named in ((f"{sys.prefix}/lib/", "lib/"), (f"{root}/", ""), (str(root), ".")):
        said = said.replace(json.dumps(place)[1:-1], named)
    plain = nbformat.reads(said, as_version=4)  # type: ignore[no-untyped-call]
    for holder in (plain, *plain.cells):
        holder.metadata.pop("papermill", None)
    for cell in plain.cells:
        if {"parameters", "injected-parameters"} & {*cell.metadata.get("tags", [])}:
            cell.source = _PATH.sub(rf"\1{WITHHELD}\3" if redacted else r"\1\2\3", cell.source)
            if redacted:
                cell.source = _without_raw(cell.source)
        if redacted and "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if output.output_type == "display_data"]
    return plain


def _without_raw(source: str) -> str:
    """A cell of parameters in which every text of those that may be raw is withheld."""
    raw: set[str] = set()
    for statement in ast.parse(source).body:
        parts = [*ast.walk(statement)]
        if any(isinstance(part, ast.Name) and part.id in RAW for part in parts):
            texts = [part for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            raw |= {ast.get_source_segment(source, part) or "" for part in texts}
    for said in sorted(raw - {""}, key=len, reverse=True):
        source = source.replace(said, json.dumps(WITHHELD))
    return source


def text(notebook: Any) -> str:
    """The notebook as the text of its file."""
    return str(nbformat.writes(notebook))  # type: ignore[no-untyped-call]


def tidy(notebook: Any) -> Any:
    """Reduces outputs to tables, pictures and text, in place.

    HTML is cleaned as tables of pages are; scripts, widgets, players and vector graphics go; of a progress bar the
    last state stays.

    Args:
        notebook: as read by nbformat.

    Returns:
        The same notebook.
    """
    notebook.metadata.pop("widgets", None)
    tables = itertools.count(1)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1] for line in output.text.split("\n"))
            elif "data" in output:
                output.data = {kind: output.data[kind] for kind in _SHOWN if kind in output.data}
                if "text/html" in output.data:
                    markup = fragment.clean("".join(output.data.pop("text/html")))
                    if markup:
                        shown = fragment.scrollable(markup, label=f"Table {next(tables)}")
                        output.data["text/html"] = shown if "<table" in markup else markup
                if "image/png" in output.data:
                    output.data["image/png"] = _lighter(output.data["image/png"])
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if "data" not in output or output.data]
    return notebook


def _lighter(picture: str) -> str:
    """A PNG in base64 with few colours, or as it was where that is no smaller."""
    with Image.open(io.BytesIO(base64.b64decode(picture))) as opened:
        few = opened.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    few.save(written, "PNG", optimize=True)
    return min(base64.b64encode(written.getvalue()).decode("ascii"), picture, key=len)


def take_title(notebook: Any, default: str) -> str:
    """Takes the first heading out of a notebook, for the page's frame to show.

    Args:
        notebook: changed in place.
        default: what to return where the first cell starts without a heading.
    """
    first = notebook.cells[0] if notebook.cells else None
    if first is None or first.cell_type != "markdown" or not first.source.lstrip().startswith("# "):
        return default
    heading, _, rest = str(first.source).lstrip().partition("\n")
    first.source = rest.lstrip()
    return heading.removeprefix("# ").strip()


def body(notebook: Any) -> str:
    """The cells as HTML, without a frame; code and printed text, which may scroll, are named and reached by keyboard.

    Args:
        notebook: as returned by :func:`tidy`.
    """
    exporter = HTMLExporter(template_name="basic", exclude_anchor_links=True)  # type: ignore[no-untyped-call]
    markup, _ = exporter.from_notebook_node(notebook)
    numbers = itertools.count(1)
    boxes = _BOX.sub(lambda _: f'<pre tabindex="0" role="group" aria-label="Text {next(numbers)}">', str(markup))
    return fragment.inert(boxes)
