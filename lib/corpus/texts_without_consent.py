"""What rows without consent say: read for nothing but to make sure that it is nowhere to be found."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from lib.base import atomic
from lib.corpus.manifest_captions import CANDIDATES
from lib.corpus.manifest_table import read_table, with_consent

CLIPS = "clips.parquet"
KINDS = {"split", "body_mode"}
"""Columns of the clips whose words are the project's own."""


def refused(root: Path) -> set[str]:
    """Ids, sources, labels and captions of a manifest's rows without consent, less what rows with consent say too.

    Never shown, counted or written: the loader keeps nothing of these rows. No other kind of dataset tells consent.

    An import that was committed and then killed is brought to its end first, as it may withdraw a consent.

    Args:
        root: a manifest's folder.

    Raises:
        CorpusError: a table is missing or unreadable.
        OSError: an import waits here to be finished, and the folder cannot be written.
    """
    atomic.arrive(root)
    clips = read_table(root / CLIPS)
    _, withheld, _ = with_consent(clips, root / CLIPS)
    tables = {CLIPS: clips, **(caption_tables(root) if withheld else {})}
    return theirs_alone(tables, withheld)


def caption_tables(root: Path) -> dict[str, pd.DataFrame]:
    """The tables of captions that a manifest has, by file name, with every row.

    Raises:
        CorpusError: a table is unreadable.
    """
    names = ("captions.parquet", CANDIDATES)
    return {name: read_table(root / name) for name in names if (root / name).is_file()}


def theirs_alone(tables: Mapping[str, pd.DataFrame], clips: Collection[str]) -> set[str]:
    """Ids, sources, labels and captions of clips, less what the rows of other clips say too.

    Args:
        tables: of clips and of captions, by file name.
        clips: ids.

    Example:
        >>> table = pd.DataFrame({"clip_id": ["a1", "b2"], "split": "train", "source": ["take 1", "take 2"]})
        >>> sorted(theirs_alone({CLIPS: table}, {"a1"}))
        ['a1', 'take 1']
    """
    theirs, others = {*clips}, set[str]()
    for name, table in tables.items():
        mine = table["clip_id"].isin(clips)
        asked = {*table.columns} - KINDS if name == CLIPS else {"caption_id", "text"} & {*table.columns}
        for column in asked:
            theirs |= {value for value in table.loc[mine, column].dropna() if isinstance(value, str)}
            others |= {value for value in table.loc[~mine, column].dropna() if isinstance(value, str)}
    return theirs - others
