"""What lies where one array of numbers is wanted: told by what it is, in one line, and never allocated or unpickled."""

import io
import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from lib.base.errors import CorpusError
from lib.commands import app
from lib.corpus.feature_statistics import read_feature_statistics
from lib.motion.motion_array import JOINTS, bone_fault, header_fault, open_array


def refused(path: Path) -> str:
    with pytest.raises(CorpusError) as error:
        open_array(path)
    assert "\n" not in str(error.value) and str(path) in str(error.value)
    return str(error.value)


def with_header(path: Path, header: str, data: bytes = b"\0" * 64) -> Path:
    """A `.npy` file of version 1.0 with any header, written by its published format."""
    text = header.encode("latin-1")
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + data)
    return path


def shaped(path: Path, shape: str, kind: str = "<f8") -> Path:
    return with_header(path, f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}")


def test_an_archive_is_told_by_the_arrays_in_it(tmp_path: Path) -> None:
    np.savez(tmp_path / "amass.npz", poses=np.zeros((3, 156)), trans=np.zeros((3, 3)))
    told = refused(tmp_path / "amass.npz")
    assert "an archive of arrays (poses, trans), not one array; save joints (T, 22, 3) or features (T, 263)" in told
    np.savez_compressed(tmp_path / "many.npz", **{name: np.zeros(1) for name in "abcdefg"})
    assert "(a, b, c, d, e, …)" in refused(tmp_path / "many.npz")


def test_files_of_pytorch_new_and_old_are_told(tmp_path: Path) -> None:
    torch.save({"motion": torch.zeros(3)}, tmp_path / "new.npy")
    assert "a file of PyTorch, not one array; save joints" in refused(tmp_path / "new.npy")
    torch.save({"motion": torch.zeros(3)}, tmp_path / "old.npy", _use_new_zipfile_serialization=False)
    assert "not a readable .npy array" in refused(tmp_path / "old.npy")
    with zipfile.ZipFile(tmp_path / "takes.npy", "w") as archive:
        archive.writestr("a.bvh", "x")
    assert "an archive of files (a.bvh), not one array" in refused(tmp_path / "takes.npy")
    (tmp_path / "cut.npy").write_bytes((tmp_path / "takes.npy").read_bytes()[:20])
    assert "a damaged archive" in refused(tmp_path / "cut.npy")


class Opened(Exception):
    """Raised by a pickle that somebody opened."""


def _open() -> None:
    raise Opened


class Trap:
    """Pickles to a call, as a hostile file would."""

    def __reduce__(self) -> tuple[object, tuple[()]]:
        """The call."""
        return _open, ()


def test_pickled_results_are_told_with_what_to_save_and_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "results.npy"
    np.save(path, np.array({"motion": np.zeros((2, 22, 3, 60)), "text": ["a", "b"]}, dtype=object), allow_pickle=True)
    told = refused(path)
    assert "pickled objects" in told and "save motion[i].transpose(2, 0, 1) of each clip" in told
    assert "a fresh copy does not help" in told
    np.save(path, np.array([Trap()], dtype=object), allow_pickle=True)
    refused(path)
    path.write_bytes(pickle.dumps(Trap()))
    assert "not a readable .npy array" in refused(path)


@pytest.mark.parametrize(
    "shape",
    ["(-1, 22, 3)", "(1000000000000, 22, 3)", "(9223372036854775807, 22, 3)", f"({'9' * 40}, 22, 3)", "(2, -22, -3)"],
)
def test_a_shape_that_the_file_cannot_hold_is_refused_before_anything_is_allocated(tmp_path: Path, shape: str) -> None:
    path = shaped(tmp_path / "a.npy", shape)
    assert "truncated by" in refused(path) or "its shape is" in refused(path)
    frames, fault = header_fault(path, JOINTS, "f4 f8")
    assert frames == 0 and fault.startswith(("unreadable", "wrong shape"))
    with pytest.raises(CorpusError):
        open_array(path, mapped=True)


@pytest.mark.parametrize(
    "header",
    [
        *("", "{", "[" * 3000, "('a'", "\\", "{[]: 1}", "{'descr': '<f8'}"),
        "{'descr': 5, 'fortran_order': 0, 'shape': 1}",
        f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({'9' * 5000},), }}",
        "{'descr': 'V" + "9" * 30 + "'}",
    ],
)
def test_a_header_that_is_none_is_refused(tmp_path: Path, header: str) -> None:
    assert "not a readable .npy array" in refused(with_header(tmp_path / "a.npy", header))


@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b"\x93NUMPY\x02\x00"]))
def test_any_bytes_are_refused_or_read(tmp_path_factory: pytest.TempPathFactory, data: bytes, start: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "a.npy"
    path.write_bytes(start + data)
    refused(path)
    assert header_fault(path, JOINTS, "f4")[0] == 0


def test_pipes_folders_and_nothing_are_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.npy")
    (tmp_path / "folder.npy").mkdir()
    for name in ("pipe.npy", "folder.npy"):
        assert "not a file that can be read to its end" in refused(tmp_path / name)
    assert "no such file" in refused(tmp_path / "gone.npy")
    assert "not a readable" in refused(tmp_path / "nul\0.npy")


def test_statistics_that_are_archives_are_told_with_their_own_shape(tmp_path: Path) -> None:
    np.save(tmp_path / "Mean.npy", np.zeros(263))
    stream = io.BytesIO()
    np.savez(stream, std=np.ones(263))
    (tmp_path / "Std.npy").write_bytes(stream.getvalue())
    with pytest.raises(
        CorpusError, match=r"Std\.npy: an archive of arrays \(std\).*save an array \(263,\) with np.save"
    ):
        read_feature_statistics(tmp_path)


def test_the_joint_that_lies_on_its_parent_is_named() -> None:
    joints = np.arange(22 * 3 * 4, dtype=np.int16).reshape(4, 22, 3)
    assert bone_fault(joints) == ""
    joints[2, 15] = joints[2, 12]
    assert bone_fault(joints) == "bone without length: head lies on neck in frame 2"


@pytest.mark.parametrize("command", [["play", "--no-open"], ["export", "-o", "x.gif"]])
def test_the_commands_leave_with_2_and_one_line(tmp_path: Path, command: list[str]) -> None:
    np.savez(tmp_path / "amass.npz", poses=np.zeros((3, 156)), trans=np.zeros((3, 3)))
    done = CliRunner().invoke(app, ["motion", command[0], str(tmp_path / "amass.npz"), *command[1:]])
    assert isinstance(done.exception, CorpusError) and done.exception.exit_code == 2
    assert "an archive of arrays (poses, trans), not one array" in str(done.exception)
