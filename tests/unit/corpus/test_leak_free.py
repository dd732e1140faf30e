"""The lists of leak-free clips, written by hand: what a model trained on a mix of data has not met."""

from pathlib import Path

from lib.base.hashes import hash_files
from lib.corpus.leak_free import leak_free_clips
from lib.run.pipeline import BY_STEM


def written(folder: Path, **lists: str) -> Path:
    (folder / "tables").mkdir()
    for name, clips in lists.items():
        (folder / "tables" / f"{name}.txt").write_text("# the rule\n" + "".join(f"{clip}\n" for clip in clips))
    return folder


def test_a_mix_has_the_clips_that_are_on_the_list_of_everything_in_it(tmp_path: Path) -> None:
    folder = written(tmp_path, leak_free_test="abcd", leak_free_test_one="abc", leak_free_test_two="bcd")
    assert leak_free_clips(folder) == {*"abcd"}
    assert leak_free_clips(folder, ["one"]) == {*"abc"}
    assert leak_free_clips(folder, ["one", "two"]) == {*"bc"}


def test_of_a_mix_without_a_list_nothing_is_known(tmp_path: Path) -> None:
    folder = written(tmp_path, leak_free_test="ab")
    assert leak_free_clips(folder, ["dm"]) is None and leak_free_clips(tmp_path / "none") is None
    (folder / "tables" / "leak_free_test_dm.txt").write_text("# no clip is left\n")
    assert leak_free_clips(folder, ["dm"]) == frozenset()


def test_every_list_is_among_what_the_similarity_test_leaves(tmp_path: Path) -> None:
    folder, leaves = written(tmp_path, leak_free_test="ab", other="a"), BY_STEM["01_similarity_test"].leaves
    before = hash_files(folder, leaves)
    assert [*before] == ["tables/leak_free_test.txt"]
    (folder / "tables" / "leak_free_test_dm.txt").write_text("a\n")
    assert hash_files(folder, leaves) == before | hash_files(folder, ["tables/leak_free_test_dm.txt"]) != before
