"""Hashes in the provenance, against sha256sum's own arithmetic."""

import hashlib
from pathlib import Path

from lib.hashes import hash_files


def test_files_and_folders_are_hashed_by_content(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/a.txt").write_bytes(b"one")
    (tmp_path / "all.txt").write_bytes(b"two")
    first = hash_files(tmp_path, ("all.txt", "texts/", "none.txt", "none/"))
    assert first.keys() == {"all.txt", "texts/"}
    assert first["all.txt"] == hashlib.sha256(b"two").hexdigest()
    (tmp_path / "texts/a.txt").write_bytes(b"other")
    second = hash_files(tmp_path, ("all.txt", "texts/"))
    assert second["texts/"] != first["texts/"] and second["all.txt"] == first["all.txt"]
    (tmp_path / "texts/a.txt").write_bytes(b"one")
    assert hash_files(tmp_path, ("all.txt", "texts/")) == first
