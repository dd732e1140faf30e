"""Imports are followed as Python follows them, and code that is left out brings nothing in."""

from pathlib import Path

import pytest

from lib.base.imported_code import imported_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """a -> b.c (inside a function) -> d; e imports nothing and nobody imports it."""
    files = {
        "__init__": "",
        "a": "import json\n\n\ndef f():\n    from lib.b import c\n",
        "b/__init__": "",
        "b/c": "from lib.d import thing\n",
        "d": "import lib.a\n\nthing = 1\n",
        "e": "",
    }
    for name, code in files.items():
        (tmp_path / "lib" / f"{name}.py").parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "lib" / f"{name}.py").write_text(code)
    return tmp_path


def names(root: Path, source: str, *without: str) -> set[str]:
    files = imported_files(source, root=root, without=without)
    return {file.relative_to(root / "lib").with_suffix("").as_posix() for file in files}


def test_imports_are_followed_through_modules_functions_and_loops(root: Path) -> None:
    assert names(root, "%matplotlib inline\nfrom lib import a") == {"__init__", "a", "b/__init__", "b/c", "d"}
    assert names(root, "def f():\n    import lib.e") == {"__init__", "e"}
    assert names(root, "import json, library\nfrom . import lib") == set()


def test_a_file_that_is_left_out_brings_nothing_in(root: Path) -> None:
    assert names(root, "from lib import a, e", "lib/b/c.py") == {"__init__", "a", "b/__init__", "e"}
