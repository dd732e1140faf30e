"""What results depend on of code: files of this project, imported directly or through one another, and packages."""

import ast
import importlib.metadata
from collections.abc import Collection
from functools import cache
from pathlib import Path

from lib.base.paths import ROOT

REPORTED_PACKAGES = (
    "numpy",
    "scipy",
    "pandas",
    "scikit-learn",
    "statsmodels",
    "torch",
    "transformers",
    "sentence-transformers",
    "spacy",
    "papermill",
)
"""Packages that numbers depend on."""


def imported_files(
    source: str, *, root: Path = ROOT, without: Collection[str] = (), packages: bool = True
) -> set[Path]:
    """Finds the files of ``lib`` that a piece of code imports, also inside functions, and those that they import.

    Args:
        source: Python, or the cells of a notebook, whose magics are passed over.
        root: the folder that holds ``lib``.
        without: files, relative to `root`, that are left out with what only they import.
        packages: whether the ``__init__.py`` of every package on the way counts, with what it imports; else of those
            alone that something is imported from.

    Returns:
        Existing files.

    Example:
        >>> sorted(file.name for file in imported_files("from lib.base import paths"))
        ['__init__.py', '__init__.py', 'paths.py']
    """
    files: set[Path] = set()
    waiting = list(_modules(_parsed(source)))
    while waiting:
        for file in _files(waiting.pop(), root, packages):
            if file not in files and file.relative_to(root).as_posix() not in without:
                files.add(file)
                waiting.extend(modules_of(file))
    return files


def package_versions() -> dict[str, str]:
    """The versions of `REPORTED_PACKAGES`, by name.

    Example:
        >>> [*package_versions()][:2]
        ['numpy', 'scipy']
    """
    return {name: importlib.metadata.version(name) for name in REPORTED_PACKAGES}


@cache
def modules_of(file: Path) -> tuple[str, ...]:
    """Reads which modules of ``lib`` a file imports itself; once a process.

    Args:
        file: a file of Python.

    Returns:
        Dotted names; of ``from a import b`` both ``a`` and ``a.b``, since `b` may be a module.
    """
    return tuple(_modules(_parsed(file.read_text(encoding="utf-8"))))


def _parsed(source: str) -> ast.Module:
    lines = ("pass" if line.lstrip().startswith(("%", "!")) else line for line in source.splitlines())
    return ast.parse("\n".join(lines))


def _modules(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in names if name == "lib" or name.startswith("lib.")}


@cache
def _files(module: str, root: Path, packages: bool) -> tuple[Path, ...]:
    parts = module.split(".")
    way = [root.joinpath(*parts[:n], "__init__.py") for n in range(1 if packages else len(parts), len(parts) + 1)]
    return tuple(path for path in [*way, root.joinpath(*parts).with_suffix(".py")] if path.is_file())
