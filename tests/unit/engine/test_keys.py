"""Keys of partitions: everything that a result follows from changes them, and nothing else does."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.base import imported_code
from lib.engine import keys
from lib.engine.keys import Keyed, code_sha256, partition_key, step_sha256
from tests.unit.engine.functions import table


@given(n=st.integers(1, 40), start=st.integers(0, 9), beyond=st.integers(0, 9))
def test_a_key_is_of_the_rows_wherever_they_were_cut_from(n: int, start: int, beyond: int) -> None:
    whole = table(start + n + beyond).assign(whole=pd.array([None, True, False, 5][:1] * (start + n + beyond), "Int64"))
    part = whole.iloc[start : start + n]
    alone = pd.DataFrame({name: [*part[name]] for name in part}).astype(dict(part.dtypes))
    assert partition_key("s", part) == partition_key("s", alone)


def test_a_key_is_of_every_value_type_name_and_order() -> None:
    base = table(9)
    others = {
        "shared": ("other", base),
        "value": ("s", base.assign(x=base.x.where(base.index != 8, np.nextafter(base.x[8], np.inf)))),
        "gap": ("s", base.assign(text=base.text.where(base.index != 0, None))),
        "empty text": ("s", base.assign(text=base.text.fillna(""))),
        "type": ("s", base.assign(x=base.x.astype(np.float32).astype(float))),
        "short": ("s", base.assign(x=base.x.astype(np.float32))),
        "name": ("s", base.rename(columns={"x": "y"})),
        "columns": ("s", base[["x", "id", "text"]]),
        "rows": ("s", base.iloc[::-1]),
        "fewer": ("s", base.iloc[:8]),
        "none": ("s", base.iloc[:0]),
    }
    made = {name: partition_key(*one) for name, one in others.items()} | {"base": partition_key("s", base)}
    assert len({*made.values()}) == len(made)


def test_texts_at_the_seams_do_not_run_into_each_other() -> None:
    assert partition_key("s", pd.DataFrame({"t": ["ab", "c"]})) != partition_key("s", pd.DataFrame({"t": ["a", "bc"]}))


def test_a_step_is_its_name_code_and_arguments() -> None:
    base = step_sha256("s", "c", {"a": 1, "net": Keyed(object(), "k")})
    assert base == step_sha256("s", "c", {"net": Keyed(object(), "k"), "a": 1})
    others = [
        step_sha256("t", "c", {"a": 1, "net": Keyed(object(), "k")}),
        step_sha256("s", "d", {"a": 1, "net": Keyed(object(), "k")}),
        step_sha256("s", "c", {"a": 2, "net": Keyed(object(), "k")}),
        step_sha256("s", "c", {"a": 1, "net": Keyed(object(), "l")}),
        step_sha256("s", "c", {"a": 1, "net": "k"}),
        step_sha256("s", "c", {"a": 1, "net": ["k"]}),
        step_sha256("s", "c", {"a": 1}),
    ]
    assert len({base, *others}) == len(others) + 1
    with pytest.raises(TypeError):
        step_sha256("s", "c", {"a": object()})


@pytest.fixture
def module(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "computed.py"
    sys.modules.pop("computed", None)
    keys._code_sha256.cache_clear()


def loaded(file: Path, source: str) -> str:
    file.write_text(source)
    spec = importlib.util.spec_from_file_location("computed", file)
    assert spec is not None and spec.loader is not None
    sys.modules["computed"] = one = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(one)
    keys._code_sha256.cache_clear()
    return code_sha256(one.f)


def test_code_is_the_module_what_it_imports_and_the_packages(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = loaded(module, "def f(rows): return rows\n")
    assert plain == loaded(module, "def f(rows): return rows\n")
    called = loaded(module, "class F:\n    def __call__(self, rows): return rows\nf = F()\n")
    importing = loaded(module, "from lib.base import prose\ndef f(rows): return rows\n")
    monkeypatch.setattr(keys, "package_versions", lambda: imported_code.package_versions() | {"numpy": "9.9"})
    newer = loaded(module, "def f(rows): return rows\n")
    assert len({plain, called, importing, newer}) == 4


def test_an_edit_of_what_a_module_imports_is_another_code(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "from lib.base import prose\ndef f(rows): return rows\n"
    before, true = loaded(module, source), keys.file_sha256
    edited = lambda path: "edited" if path.name == "prose.py" else true(path)
    monkeypatch.setattr(keys, "file_sha256", edited)
    assert loaded(module, source) != before
