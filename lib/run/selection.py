"""Which clips a section uses: all, or of each corpus with a funnel those that 00 keeps."""

from collections.abc import Mapping

from lib.base.parameters import Clips
from lib.corpus import Corpus
from lib.corpus.kept import read_kept, restricted, used_clips
from lib.run.params import Profile
from lib.run.pipeline import PREPARATION

RULER = ("val", "test")
"""Splits of the benchmark that no filter shortens: every model is measured by the same ones."""


def selected(profile: Profile, corpora: Mapping[str, Corpus], clips: Clips) -> dict[str, Corpus]:
    """The corpora as a block of the parameters asks for them.

    Args:
        profile: of the corpora.
        corpora: all of them whole, by key, the benchmark first.
        clips: what the block asks for.

    Raises:
        RunError: 00 has not run.
        CorpusError: what it left is damaged, or it keeps nothing of a corpus.
    """
    file = profile.kept_file(clips)
    if file is None:
        return {**corpora}
    table, first = read_kept(file), next(iter(corpora))
    return {key: restricted(one, table, key, whole=RULER if key == first else ()) for key, one in corpora.items()}


def said(profile: Profile, whole: Mapping[str, Corpus], used: Mapping[str, Corpus], clips: Clips) -> str:
    """What a page says of the clips that it is about.

    Args:
        profile: of the corpora.
        whole: all clips, by key.
        used: from `selected`.
        clips: what the block asks for.
    """
    if PREPARATION not in profile.notebooks:
        return "All clips are used, since this run has no filter."
    if clips == "all":
        return "All clips are used, those that the filter drops among them."
    return used_clips(whole, used) or "All clips are used: the filter drops none of them."
