"""The clips that are captioned: a seeded sample over splits and lengths, each with its video."""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pandas as pd

from lib.base.errors import CorpusError
from lib.base.hashes import HashCache, text_sha256
from lib.captioning.parameters import CaptioningParameters
from lib.captioning.question import Clip
from lib.corpus import Corpus
from lib.corpus.videos import length, part, videos_of

LENGTHS = 4


@dataclass(frozen=True)
class Sampled:
    """What is captioned, and what cannot be.

    Attributes:
        clips: with their videos, by id.
        unreadable: ids of clips whose video cannot be read, with the reason.
        without: how many clips of the sample's pool have no video.
    """

    clips: list[Clip]
    unreadable: dict[str, str]
    without: int


def sample(corpus: Corpus, folder: Path, asked: CaptioningParameters) -> Sampled:
    """Draws the clips and looks at their videos; of a whole recording the clip's part counts.

    Of a clip and its mirror image one is taken. Rows without consent are in no corpus, so that none is drawn.

    Args:
        corpus: whose clips are captioned.
        folder: of <clip_id>.<ending> files.
        asked: how many, of which split, by which seed.

    Raises:
        CorpusError: no folder, no video of any clip, or none that can be read.
    """
    clips = pool(corpus.clips, asked.split)
    try:
        videos = videos_of(clips, folder)
    except CorpusError as error:
        fix = f"put <clip_id>.mp4 files there, or render them: python -m lib motion render --corpus {asked.corpus}"
        raise CorpusError(error.what, where=f"{folder.name}/", fix=fix) from None
    filmed = clips[clips.clip_id.isin(videos.keys())]
    drawn, unreadable = [], {}
    hashes = HashCache()
    for clip_id in stratified(filmed, asked.clips, asked.seed):
        path = videos[clip_id].path
        try:
            seconds = length(path)
            span = part(videos[clip_id].span, seconds)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            unreadable[clip_id] = getattr(error, "strerror", None) or str(error)
            continue
        sha256 = hashes.sha256(path)
        if span is not None:
            seconds, sha256 = span[1] - span[0], text_sha256(f"{sha256} {span[0]:.3f} {span[1]:.3f}")
        drawn.append(Clip(clip_id, path, seconds, sha256, span))
    hashes.save()
    if not drawn:
        what = f"none of {len(unreadable)} videos can be read ({next(iter(unreadable.values()))})"
        raise CorpusError(what, where=f"{folder.name}/", fix="take fresh copies")
    return Sampled(drawn, unreadable, len(clips) - len(filmed))


def pool(clips: pd.DataFrame, split: str | None) -> pd.DataFrame:
    """The clips that a sample is drawn from, by id: of one split or of all, and one of a clip and its mirror image.

    Args:
        clips: clip_id, split, base_id.
        split: train, val or test; every one for None.
    """
    of_split = clips if split is None else clips[clips.split == split]
    return of_split.sort_values("clip_id").drop_duplicates("base_id")


def stratified(clips: pd.DataFrame, n: int | None, seed: int) -> list[str]:
    """Ids of a sample in which splits, bodies and lengths have their shares.

    Clips are put in order of split, body mode and fourth of the lengths, by chance within; every k-th is taken.

    Args:
        clips: clip_id, split, body_mode, n_frames.
        n: how many; all for None, or where there are no more.
        seed: of the order within and of the first one.

    Returns:
        Ids in rising order.

    Example:
        >>> clips = pd.DataFrame({"clip_id": list("abcdef"), "split": ["train"] * 4 + ["test"] * 2,
        ...                       "body_mode": "full", "n_frames": 80})
        >>> drawn = stratified(clips, 3, seed=1)
        >>> len(drawn), sum(one in "ef" for one in drawn)
        (3, 1)
    """
    if n is None or n >= len(clips):
        return sorted(clips.clip_id)
    rng = np.random.default_rng([seed, 16])
    frames = clips.n_frames.astype("float64").fillna(0)
    fourth = np.minimum(frames.rank(pct=True, method="min") * LENGTHS, LENGTHS - 1).astype(int)
    order = pd.DataFrame(
        {"split": clips.split, "body": clips.body_mode, "fourth": fourth, "chance": rng.random(len(clips))}
    )
    place = order.reset_index(drop=True).sort_values(["split", "body", "fourth", "chance"]).index.to_numpy()
    taken = np.floor((np.arange(n) + rng.random()) * len(clips) / n).astype(int)
    return sorted(clips.clip_id.to_numpy()[place[taken]])
