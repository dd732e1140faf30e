"""A pickle gives its arrays, lists, strings and numbers, and nothing that it names is ever looked up or run."""

import os
import pickle
import pickletools
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest

from lib.base.errors import CorpusError
from lib.corpus.foreign_generations.plain_pickle import array_of, content_of, loads, values_of

WHERE = Path("results.npy")


class Runs:
    """What leaves a file behind when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (f"touch '{self.mark}'",)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("core", ["numpy._core", "numpy.core"])
@pytest.mark.filterwarnings("ignore:numpy.core:DeprecationWarning")
def test_arrays_of_every_protocol_and_of_both_module_paths_are_read(
    protocol: int, core: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part, name in (("multiarray", "_reconstruct"), ("multiarray", "scalar"), ("numeric", "_frombuffer")):
        monkeypatch.setattr(getattr(getattr(np._core, part), name), "__module__", f"{core}.{part}")
    rng = np.random.default_rng(0)
    held = {
        "motion": rng.normal(size=(2, 3, 4)).astype("f4"),
        "big-endian": rng.normal(size=(3,)).astype(">f8"),
        "columns first": np.asfortranarray(rng.normal(size=(2, 3))),
        "turned": rng.normal(size=(2, 3, 4)).transpose(1, 0, 2),
        "lengths": np.array([3, 4]),
        "empty": np.zeros((0, 263)),
        "texts": np.array(["walk", "é"]),
        "flags": np.array([True, False]),
    }
    plain = {"text": ["a", "b"], "n": np.int64(4), "x": np.float32(0.5), "one": 1, "pair": (1, 2.5)}
    for value in (held | plain, np.array(held | plain, dtype=object)):
        content = pickle.dumps(value, protocol)
        assert core.encode() in content
        read = content_of(loads(content, WHERE))
        for name, array in held.items():
            found = array_of(read[name])
            assert found is not None and found.dtype == array.dtype
            np.testing.assert_array_equal(found, array)
        assert {name: read[name] for name in plain} == plain


def test_lists_and_arrays_of_values_are_lists() -> None:
    texts = np.array(["a", ["b", 1]], dtype=object)
    assert values_of(loads(pickle.dumps(texts), WHERE)) == ["a", ["b", 1]]
    assert values_of(loads(pickle.dumps(np.arange(3)), WHERE)) == [0, 1, 2]
    assert values_of(3) is None and array_of(["a"]) is None


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_what_would_run_is_refused_and_not_run(tmp_path: Path, protocol: int) -> None:
    mark = tmp_path / "ran"
    for content in (Runs(mark), {"motion": [Runs(mark)]}, np.array([Runs(mark)], dtype=object)):
        with pytest.raises(CorpusError, match=r"results\.npy: holds (posix|os|nt)\.system, which is no array") as error:
            loads(pickle.dumps(content, protocol), WHERE)
        assert "\n" not in str(error.value) and not mark.exists()
    pickle.loads(pickle.dumps(Runs(mark), protocol))
    assert mark.exists()  # the file is one that does run where nobody forbids it


FORBIDDEN = {
    "os.system by line": b"cos\nsystem\n(S'true'\ntR.",
    "an instance": b"(S'true'\nios\nsystem\n.",
    "eval": b"cbuiltins\neval\n(S'1'\ntR.",
    "getattr": b"cbuiltins\ngetattr\n.",
    "numpy's own loader": b"cnumpy\nload\n.",
    "a runner inside of numpy": b"cnumpy.testing._private.utils\nrunstring\n.",
    "an attribute of an allowed name": b"\x80\x04\x8c\x05numpy\x8c\x10ndarray.__init__\x93.",
    "a copy of a class": b"ccopyreg\n_reconstructor\n.",
    "something outside": b"\x80\x02X\x01\x00\x00\x00aQ.",
    "an extension": b"\x80\x02\x82\x01.",
    "a class": pickle.dumps(OrderedDict(a=1)),
    "records": pickle.dumps(np.zeros(2, dtype=[("a", "f4")])),
    "dates": pickle.dumps(np.array(["2020-01-01"], dtype="M8[D]")),
    "a masked array": pickle.dumps(np.ma.array([1.0])),
    "a kind by name": b"cnumpy\ndtype\n(S'S8'\ntR.",
    "ndarray called": b"cnumpy\nndarray\n((I3\ntI0\ntR.",
    "numpy changed": b"cnumpy.core.multiarray\n_reconstruct\n(dS'make'\nI1\nsb.",
    "bytes in another code": b"c_codecs\nencode\n(S'a'\nS'rot13'\ntR.",
}
BROKEN = {
    "cut short": pickle.dumps({"motion": np.zeros((4, 4))})[:-20],
    "no pickle": b"hello",
    "empty": b"",
    "endless depth": b"(" * 10 + b"R.",
    "a huge string": b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7fa.",
}


@pytest.mark.parametrize("name", [*FORBIDDEN, *BROKEN])
def test_every_other_name_and_every_broken_file_is_one_line(name: str) -> None:
    with pytest.raises(CorpusError) as error:
        loads({**FORBIDDEN, **BROKEN}[name], WHERE)
    assert str(error.value).startswith("results.npy: ") and "\n" not in str(error.value)


def test_bytes_that_do_not_fill_the_shape_are_no_array() -> None:
    content = pickle.dumps(np.arange(6, dtype="f8").reshape(2, 3), 2)
    place = next(at for op, value, at in pickletools.genops(content) if op.name == "BININT1" and value == 3)
    altered = loads(content[: place + 1] + b"\x04" + content[place + 2 :], WHERE)
    with pytest.raises(ValueError, match="reshape"):
        array_of(altered)
