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


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import lib.x.z", {"x/z"}),
        ("from lib.x.z import thing", {"x/z"}),
        ("from lib.x import z", {"x/z", "x/__init__", "y"}),
        ("import lib.w", {"w", "x/z"}),
    ],
)
def test_packages_on_the_way_count_where_something_is_taken_from_them(
    tmp_path: Path, source: str, found: set[str]
) -> None:
    files = {
        "__init__": "",
        "x/__init__": "import lib.y",
        "x/z": "thing = 1",
        "y": "",
        "w": "from lib.x.z import thing",
    }
    (tmp_path / "lib" / "x").mkdir(parents=True)
    for name, code in files.items():
        (tmp_path / "lib" / f"{name}.py").write_text(code)
    made = imported_files(source, root=tmp_path, packages=False)
    assert {file.relative_to(tmp_path / "lib").with_suffix("").as_posix() for file in made} == found
    assert {tmp_path / "lib" / "__init__.py", tmp_path / "lib" / "y.py"} <= imported_files(source, root=tmp_path)


def test_a_file_that_is_left_out_brings_nothing_in(root: Path) -> None:
    assert names(root, "from lib import a, e", "lib/b/c.py") == {"__init__", "a", "b/__init__", "e"}
