"""A comparison as one HTML file in the look of the site, with nothing outside of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from lib.base.paths import ROOT
from lib.comparison.comparison import Comparison, numbers
from lib.comparison.inputs import Changed
from lib.comparison.moves import SAYS, Move

THEME = ROOT / "report" / "theme"
WEB = Path(__file__).parent
WIDTH, HEIGHT, EDGE = 120, 22, 4


def page(made: Comparison) -> str:
    """Writes the page.

    Args:
        made: the comparison; its texts are data of any origin and stay text.

    Returns:
        HTML that opens from disk, in the reader's light or dark.
    """
    environment = Environment(
        loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    style = "\n".join((folder / name).read_text(encoding="utf-8") for folder, name in _STYLES)
    return environment.get_template("page.html.j2").render(
        title="Two runs compared",
        before=str(made.before.folder),
        after=str(made.after.folder),
        summary=made.summary,
        moves=[_move(move) for move in made.moves],
        inputs=[_input(one) for one in made.inputs],
        style=Markup(style),
        scheme=Markup((THEME / "scheme.js").read_text(encoding="utf-8")),
    )


_STYLES = ((THEME, "content.css"), (WEB, "page.css"))


def _move(move: Move) -> dict[str, Any]:
    before, after, change = move.told
    return {
        "kind": move.kind,
        "says": SAYS[move.kind],
        "notebook": move.stem,
        "name": move.name,
        "before": before,
        "after": after,
        "change": change,
        "strip": _strip(move.before, move.after),
    }


def _input(one: Changed) -> dict[str, str]:
    return {**vars(one), "stems": numbers(one.stems)}


def _strip(before: Any, after: Any) -> Markup:
    """Both intervals on one axis, the first above the second; empty where one of them has none."""
    both = [value for value in (before, after) if isinstance(value, Mapping) and value.get("low") is not None]
    if len(both) < 2:
        return Markup()
    low, high = min(float(one["low"]) for one in both), max(float(one["high"]) for one in both)
    scale = (WIDTH - 2 * EDGE) / ((high - low) or 1.0)
    marks = []
    for name, height, one in zip(("before", "after"), (7, 15), both, strict=True):
        x1, x2, x = (EDGE + (float(one[part]) - low) * scale for part in ("low", "high", "value"))
        shape = '<g class="{}"><path d="M{:.1f} {}H{:.1f}"/><circle cx="{:.1f}" cy="{}" r="3"/></g>'
        marks.append(Markup(shape).format(name, x1, height, x2, x, height))
    frame = '<svg class="strip" viewBox="0 0 {0} {1}" width="{0}" height="{1}" aria-hidden="true">{2}</svg>'
    return Markup(frame).format(WIDTH, HEIGHT, Markup().join(marks))
