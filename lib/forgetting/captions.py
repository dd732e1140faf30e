"""What `make captions` and `motion render` left of clips: answers, captions outside their corpus, rendered videos."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from lib.base import atomic
from lib.base.mp4 import comment_of
from lib.captioning.answers import FILE, Answers
from lib.captioning.parameters import FAILED
from lib.corpus.manifest_captions import CANDIDATES
from lib.corpus.manifest_table import read_table
from lib.draw.video import MARK
from lib.forgetting.clips import Forgotten
from lib.run.params import Profile

Removed = tuple[Path, str]


def remove(profile: Profile, forgotten: Forgotten) -> Iterator[Removed]:
    """Removes the clips from what captioners answered, from files outside the corpus, and the videos rendered of them.

    Args:
        profile: says where captions and videos of the corpus lie.
        forgotten: the clips; their recordings and the corpus' own tables stay as they are.

    Yields:
        What was removed from which file.
    """
    folder = profile.captioning.place(forgotten.root)
    yield from _answers(folder, forgotten)
    if folder.resolve() != forgotten.root.resolve():
        yield from _rows(folder, forgotten)
    videos = forgotten.root / Path(profile.models.video_text.videos).expanduser()
    for file in sorted(videos.glob("*.mp4")):
        if file.stem in forgotten.ids and comment_of(file) == MARK:
            file.unlink()
            yield file, "a video rendered of their motion"


def _answers(folder: Path, forgotten: Forgotten) -> Iterator[Removed]:
    if not (folder / FILE).is_file():
        return
    answers = Answers(folder)
    try:
        if n := answers.forget(forgotten.ids):
            yield folder / FILE, f"{n:,} answers of captioners about them"
    finally:
        answers.close()


def _rows(folder: Path, forgotten: Forgotten) -> Iterator[Removed]:
    if (file := folder / CANDIDATES).is_file():
        table = read_table(file)
        theirs = table["clip_id"].isin(forgotten.ids)
        if theirs.any():
            with atomic.replaced(file) as part:
                table[~theirs].to_parquet(part, index=False)
            yield file, f"{int(theirs.sum()):,} captions of them"
    if (file := folder / FAILED).is_file():
        failed = pd.read_csv(file, dtype=str, keep_default_na=False)
        theirs = failed["clip_id"].isin(forgotten.ids)
        if theirs.any():
            atomic.write_text(file, failed[~theirs].to_csv(index=False, lineterminator="\n"))
            yield file, f"{int(theirs.sum()):,} questions about them without a caption"
