import errno
import hashlib
from pathlib import Path

import pytest

from lib.base.errors import ModelError
from lib.text.verified import disk_errors, faults, verify


def test_missing_altered_and_further_files(tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(b"1")
    (tmp_path / "bad").write_bytes(b"2")
    (tmp_path / "further").write_bytes(b"3")
    sha256 = hashlib.sha256(b"1").hexdigest()
    found = faults(tmp_path, {"good": sha256, "bad": sha256, "gone": sha256})
    assert [line.split()[0] for line in found] == ["bad", "gone"]
    with pytest.raises(ModelError, match="bad has sha256 d4735e3a265e…, not 6b86b273ff34…, and 1 more; fetch it"):
        verify(tmp_path, {"bad": sha256, "gone": sha256}, fix="fetch it")


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    expected = {"file": hashlib.sha256(b"1").hexdigest()}
    (tmp_path / "file").write_bytes(b"1")
    assert not faults(tmp_path, expected)
    (tmp_path / "file").write_bytes(b"12")
    assert faults(tmp_path, expected)


@pytest.mark.parametrize(("number", "told"), [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "cannot be written")])
def test_errors_of_the_disk_are_one_line(tmp_path: Path, number: int, told: str) -> None:
    with pytest.raises(ModelError, match=told) as caught, disk_errors(tmp_path):
        raise OSError(number, "said by the system")
    assert "\n" not in str(caught.value) and str(tmp_path) in str(caught.value)
