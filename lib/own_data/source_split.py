"""Splits by recording, so that no recording feeds both training and test."""

from collections.abc import Sequence

from lib.base.errors import CorpusError
from lib.base.hashes import text_sha256
from lib.corpus.splits import SPLITS

SHARES = {"test": 0.15, "val": 0.05}
"""HumanML3D's; the rest trains."""


def by_source(sources: Sequence[str], *, seed: int) -> list[str]:
    """The split of each clip by the recording it was cut from.

    Recordings are ordered by a hash of seed and name, and the first of them test, the next validate: so a recording
    that is added later moves few of the others.

    Args:
        sources: the recording of each clip.
        seed: another seed deals anew.

    Returns:
        train, val or test for each clip.

    Raises:
        CorpusError: fewer than three recordings, which cannot fill three splits.

    Example:
        >>> by_source(["a", "a", "b", "c"], seed=0)
        ['val', 'val', 'test', 'train']
    """
    order = sorted(set(sources), key=lambda name: text_sha256(f"{seed} {name}"))
    if len(order) < len(SPLITS):
        told = f"{len(order)} recording(s) cannot fill {', '.join(SPLITS)}"
        raise CorpusError(told, fix="add recordings, or name the split of each clip in a column split")
    split_of: dict[str, str] = {}
    for split, share in SHARES.items():
        taken = order[len(split_of) :][: max(1, round(share * len(order)))]
        split_of |= dict.fromkeys(taken, split)
    return [split_of.get(name, "train") for name in sources]
