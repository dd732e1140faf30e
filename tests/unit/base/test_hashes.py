"""Hashes in the provenance, against sha256sum's own arithmetic."""

import hashlib
from pathlib import Path

from lib.base.hashes import folder_sha256, hash_files


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


def test_linked_folders_count_by_content_and_dangling_or_circular_links_do_not(tmp_path: Path) -> None:
    corpus, elsewhere = tmp_path / "corpus", tmp_path / "disk"
    corpus.mkdir()
    elsewhere.mkdir()
    (elsewhere / "000001.npy").write_bytes(b"one")
    (corpus / "new_joint_vecs").symlink_to(elsewhere)
    (corpus / "gone").symlink_to(tmp_path / "nowhere")
    (elsewhere / "back").symlink_to(corpus)
    first = folder_sha256(corpus)
    assert first == {"new_joint_vecs/000001.npy": hashlib.sha256(b"one").hexdigest()}
    (elsewhere / "000001.npy").write_bytes(b"two")
    assert folder_sha256(corpus) != first
    assert folder_sha256(tmp_path / "nowhere") == {}
