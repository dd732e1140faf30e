"""What rows without consent say: read for nothing but to make sure that it is nowhere to be found."""

from pathlib import Path

from lib import atomic
from lib.corpus.manifest_captions import CANDIDATES
from lib.corpus.manifest_table import read_table, with_consent


def refused(root: Path) -> set[str]:
    """Ids and captions of a manifest's rows without consent, less what rows with consent say too.

    Never shown, counted or written: the loader keeps nothing of these rows. No other kind of dataset tells consent.

    An import that was committed and then killed is brought to its end first, as it may withdraw a consent.

    Args:
        root: a manifest's folder.

    Raises:
        CorpusError: a table is missing or unreadable.
        OSError: an import waits here to be finished, and the folder cannot be written.
    """
    atomic.arrive(root)
    clips = read_table(root / "clips.parquet")
    _, withheld, _ = with_consent(clips, root / "clips.parquet")
    theirs, others = set(withheld), set()
    for name in ("captions.parquet", CANDIDATES):
        if withheld and (root / name).is_file():
            table = read_table(root / name)
            mine = table["clip_id"].isin(withheld)
            for column in {"caption_id", "text"} & {*table.columns}:
                theirs |= {str(value) for value in table.loc[mine, column].dropna()}
                others |= {str(value) for value in table.loc[~mine, column].dropna()}
    return theirs - others
