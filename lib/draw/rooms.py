"""The rooms of this project as one picture: floors, the lines of code of every room, and what each builds on."""

import ast
from collections import defaultdict
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from lib.draw import style

FLOORS = (
    ("base",),
    ("engine",),
    ("metrics", "motion", "text"),
    ("draw", "corpus"),
    ("models", "clustering", "demo", "captioning"),
    ("answers", "own_data", "survey", "comparison", "dataset"),
    ("sections",),
    ("run", "site"),
    ("forgetting",),
    ("commands",),
)
"""Rooms from the ground up; imports run downwards."""
Arrows = dict[str, set[str]]


def arrows(root: Path) -> Arrows:
    """Which rooms of ``lib`` each room imports, in functions too.

    Args:
        root: of the project.
    """
    below: Arrows = defaultdict(set)
    for file in sorted((root / "lib").rglob("*.py")):
        room = _room(file.relative_to(root / "lib"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                whole = node.module == "lib"
                names = [f"lib.{alias.name}" for alias in node.names] if whole else [node.module]
            below[room] |= {name.split(".")[1] for name in names if name.startswith("lib.")} - {room}
    return below


def needed(below: Arrows) -> Arrows:
    """The arrows without those that follow from others: what a room reaches through another room it imports.

    Example:
        >>> kept = needed({"site": {"draw", "base"}, "draw": {"base"}, "base": set()})
        >>> {room: sorted(rooms) for room, rooms in kept.items() if rooms}
        {'site': ['draw'], 'draw': ['base']}
    """
    reached: Arrows = {}

    def reach(room: str) -> set[str]:
        if room not in reached:
            reached[room] = set()  # an open loop ends here
            reached[room] = set().union(*({other} | reach(other) for other in below.get(room, set())))
        return reached[room]

    return {
        room: {one for one in rooms if not any(one in reach(other) for other in rooms - {one})}
        for room, rooms in below.items()
    }


def picture(root: Path) -> Figure:
    """Rooms by floor with their lines of Python, and the arrows between them that no other arrows imply.

    Args:
        root: of the project.
    """
    lines: dict[str, int] = defaultdict(int)
    for file in (root / "lib").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        lines[_room(file.relative_to(root / "lib"))] += text.count("\n")
    places = {
        room: ((number + 0.5) / len(rooms), floor)
        for floor, rooms in enumerate(FLOORS)
        for number, room in enumerate(rooms)
    }
    style.use()
    figure, axes = plt.subplots(figsize=(8, 6.4))
    for room, rooms in needed(arrows(root)).items():
        for other in sorted(rooms & places.keys()):
            if room in places:
                (x, y), (to_x, to_y) = places[room], places[other]
                line = {"arrowstyle": "-|>", "color": style.GREY, "lw": 1, "shrinkA": 18, "shrinkB": 18}
                axes.annotate("", (to_x, to_y), (x, y), arrowprops=line)
    for room, (x, y) in places.items():
        box = {"boxstyle": "round,pad=0.45", "fc": "white", "ec": style.BLUE, "lw": 1.2}
        axes.text(x, y, f"{room}\n{lines[room]:,} lines", ha="center", va="center", fontsize=9, bbox=box)
    axes.set(xlim=(0, 1), ylim=(-0.6, len(FLOORS) - 0.4))
    axes.set_axis_off()
    return figure


def write(root: Path, file: Path) -> None:
    """Draws the picture into an SVG file, the same bytes for the same code; its description lists the arrows.

    Args:
        root: of the project.
        file: where to.
    """
    figure = picture(root)
    shown = sorted(f"{room} imports {other}" for room, others in needed(arrows(root)).items() for other in others)
    with plt.rc_context({"svg.hashsalt": "rooms", "svg.fonttype": "none"}):
        figure.savefig(file, format="svg", metadata={"Date": None, "Description": "; ".join(shown)})
    plt.close(figure)


def _room(place: Path) -> str:
    return place.parts[0] if len(place.parts) > 1 else "commands"
