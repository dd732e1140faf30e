"""Imports run downwards only: the floors of DESIGN.md, section 2, read from the code, imports in functions included."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from lib.base.paths import ROOT
from lib.draw import rooms

FLOORS = (
    {"base"},
    {"engine"},
    {"metrics", "motion", "text"},
    {"draw", "corpus"},
    {"models", "clustering", "demo", "captioning"},
    {"answers", "own_data", "survey", "comparison", "dataset"},
    {"sections"},
    {"run", "site"},
    {"forgetting"},
    {"commands", "__main__"},
)
"""Rooms by floor, the lowest first; a room may import its own floor and those below."""
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
ONLY = {
    "base": {"base"},
    "clustering": {"base", "engine", "metrics", "motion", "text", "clustering"},
}
"""Rooms that may import less than their floor admits."""
MAKES_EXAMPLES = "lib.own_data.example"
"""The one module besides the commands that may ask the demo for motions."""


def room(module: str) -> str:
    return module.split(".")[1]


def section(module: str, root: Path) -> str | None:
    """The room of a notebook that a module is in; None for the files that all sections share, and outside."""
    parts = module.split(".")
    inside = parts[1] == "sections" and len(parts) > 2 and root.joinpath(*parts[:3]).is_dir()
    return parts[2] if inside else None


def fault(importer: str, imported: str, root: Path = ROOT) -> str | None:
    """What is wrong with an import, None where the rule admits it."""
    above, below = room(importer), room(imported)
    if unknown := {above, below} - FLOOR.keys():
        return f"{unknown.pop()} is on no floor"
    if FLOOR[below] > FLOOR[above]:
        return f"{below} lies above {above}"
    if below not in ONLY.get(above, FLOOR.keys()):
        return f"{above} may import {', '.join(sorted(ONLY[above]))} only"
    if below == "demo" != above and above != "commands" and importer != MAKES_EXAMPLES:
        return "the demo is imported by commands only"
    if (there := section(imported, root)) is not None and there != section(importer, root) and above == "sections":
        return f"a section imports {there}, another one"
    return None


def imports(root: Path) -> Iterator[tuple[str, str]]:
    """Every module of ``lib`` with every module of ``lib`` that it imports, anywhere in it."""
    for file in sorted((root / "lib").rglob("*.py")):
        importer = ".".join(file.relative_to(root).with_suffix("").parts)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert not node.level, f"{importer}: a relative import, which this test does not follow"
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            for name in names:
                place = root.joinpath(*name.split("."))
                module = name if place.is_dir() or place.with_suffix(".py").is_file() else name.rpartition(".")[0]
                if module.startswith("lib."):
                    yield importer, module


def test_every_room_has_a_floor_and_the_picture_has_the_same_ones() -> None:
    assert FLOOR.keys() - {"__main__"} == {file.parent.name for file in (ROOT / "lib").glob("*/__init__.py")}
    assert [{*floor} for floor in rooms.FLOORS] == [floor - {"__main__"} for floor in FLOORS]


def test_no_import_runs_upwards() -> None:
    wrong = {pair: what for pair in imports(ROOT) if (what := fault(*pair))}
    assert not wrong, "\n".join(f"{importer} -> {imported}: {what}" for (importer, imported), what in wrong.items())


def test_no_rooms_import_each_other_in_a_loop() -> None:
    below: dict[str, set[str]] = defaultdict(set)
    for importer, imported in set(imports(ROOT)):
        if room(importer) != room(imported):
            below[room(importer)].add(room(imported))
    TopologicalSorter(below).prepare()  # raises CycleError, which names the rooms


@pytest.mark.parametrize(
    ("importer", "imported", "what"),
    [
        ("lib.base.hashes", "lib.metrics.ranks", "metrics lies above base"),
        ("lib.metrics.ranks", "lib.corpus", "corpus lies above metrics"),
        ("lib.draw.strip", "lib.site.pages", "site lies above draw"),
        (
            "lib.clustering.names",
            "lib.corpus",
            "clustering may import base, clustering, engine, metrics, motion, text only",
        ),
        ("lib.engine.local", "lib.text.tokens", "text lies above engine"),
        ("lib.models.hub", "lib.demo.corpora", "the demo is imported by commands only"),
        ("lib.run.runner", "lib.demo.embedded", "the demo is imported by commands only"),
        ("lib.own_data.check", "lib.demo.synthesis", "the demo is imported by commands only"),
        ("lib.sections.actions.figures", "lib.sections.embedding.figures", "a section imports embedding, another one"),
        ("lib.sections.shared", "lib.sections.embedding.figures", "a section imports embedding, another one"),
        ("lib.survey.page", "lib.sections.shared", "sections lies above survey"),
        ("lib.sections.actions.figures", "lib.commands", "commands lies above sections"),
        ("lib.utils", "lib.base", "utils is on no floor"),
        ("lib.motion.features", "lib.metrics.ranks", None),
        ("lib.sections.actions.figures", "lib.sections.shared", None),
        ("lib.sections.actions.figures", "lib.sections.actions.sentences", None),
        ("lib.run.params", "lib.sections.actions.parameters", None),
        ("lib.own_data.example", "lib.demo.synthesis", None),
        ("lib.demo.embedded", "lib.demo.corpora", None),
        ("lib.commands.profile", "lib.demo.embedded", None),
        ("lib.site.pages", "lib.run.pipeline", None),
    ],
)
def test_the_rule_tells_what_is_wrong_with_an_import(importer: str, imported: str, what: str | None) -> None:
    assert fault(importer, imported) == what


def test_imports_are_found_wherever_they_stand(tmp_path: Path) -> None:
    code = {
        "base/low.py": "import json, lib.site.pages\n\ndef f():\n    from lib import demo\n    import lib.base.low\n",
        "demo/__init__.py": "if True:\n    from lib.site import pages, missing\n",
        "site/pages.py": "",
    }
    for name, text in code.items():
        file = tmp_path / "lib" / name
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
    seen: dict[str, set[str]] = defaultdict(set)
    for importer, imported in imports(tmp_path):
        seen[importer].add(imported)
    assert seen == {
        "lib.base.low": {"lib.site.pages", "lib.demo", "lib.base.low"},
        "lib.demo.__init__": {"lib.site.pages", "lib.site"},
    }
