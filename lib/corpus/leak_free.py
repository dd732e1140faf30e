"""The lists of leak-free test clips: what the similarity test calls them, and what a later judgement reads of them.

A list goes with what a model was trained on: the benchmark's own training set, or that and another corpus.
"""

from collections.abc import Iterable
from pathlib import Path

NAME = "leak_free_test"


def list_name(added: str = "") -> str:
    """The name of a list among the tables of the similarity test, without suffix.

    Args:
        added: key of the corpus that is trained on beside the benchmark; empty for the benchmark alone.

    Example:
        >>> list_name(), list_name("dm")
        ('leak_free_test', 'leak_free_test_dm')
    """
    return f"{NAME}_{added}" if added else NAME


def list_files(folder: Path, added: Iterable[str] = ()) -> list[Path]:
    """The lists for a training on the benchmark and on other corpora, see `leak_free_clips`; none where one lacks."""
    files = [folder / "tables" / f"{list_name(key)}.txt" for key in ("", *added)]
    return files if all(file.is_file() for file in files) else []


def leak_free_clips(folder: Path, added: Iterable[str] = ()) -> frozenset[str] | None:
    """The benchmark's test clips that a training on it and on other corpora has met neither by recording nor by text.

    Args:
        folder: the results of the similarity test.
        added: keys of the corpora that are trained on beside the benchmark.

    Returns:
        The clips that are on the benchmark's own list and on that of every added corpus; None where a list is missing,
        since nothing is known then.
    """
    files = list_files(folder, added)
    if not files:
        return None
    lines = (file.read_text(encoding="utf-8").splitlines() for file in files)
    return frozenset.intersection(*(frozenset(clip for clip in some if not clip.startswith("#")) for some in lines))
