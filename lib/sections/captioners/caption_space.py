"""The vectors that captions and videos are compared by, and the clips that every captioner covers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.corpus import Corpus
from lib.corpus.embeddings import KEYS, read_embeddings
from lib.metrics.directions import unit
from lib.models.tmr.model import TMR
from lib.sections.captioners.captioners import By, Material
from lib.sections.captioners.metrics.captioners import Gallery
from lib.text.encoder import encode

Vectors = npt.NDArray[np.floating]
FEWEST = 10
"""Common clips below which there is no gallery."""


@dataclass(frozen=True)
class Space:
    """The vectors that captions and videos are compared by.

    Args:
        gallery: one entry a setting, on the clips that all cover; None where there is nothing to compare.
        coverage: ``captioner, settings, clips_captioned, clips_with_vectors, clips_compared``.
        name: what made the vectors, as prose names it.
        stand_in: whether that is no video-text model.
        clip_ids: the clips of the gallery.
        encode: embeds further texts in the same space; None where only stored vectors are known.
        seen: splits of the compared clips that the project trains TMR on (train) or stops it by (val).
    """

    gallery: Gallery | None
    coverage: pd.DataFrame
    name: str
    stand_in: bool
    clip_ids: list[str] = field(default_factory=list)
    encode: Callable[[Sequence[str]], Vectors] | None = None
    seen: tuple[str, ...] = ()


def space(found: Material, by: By, tmr: Callable[[], TMR], mpnet: Path | None) -> Space:
    """The vectors of captions and clips, and the clips that every captioner and setting covers.

    In this order: video-text embeddings that came with the manifest; by position, MPNet; else the profile's TMR, which
    hears of the motion and sees no video.

    Args:
        found: the captions.
        by: as in `material`.
        tmr: gives the profile's TMR; asked only where it is needed, since it may have to be trained.
        mpnet: the folder of MPNet, or None for the fetched one.
    """
    if found.corpus is None:
        return Space(None, _coverage(found), "nothing", True)
    if by == "position":
        return _leave_one_out(found, mpnet)
    root = found.corpus.provenance.root
    if all((root / f"{kind}_embeddings.parquet").is_file() for kind in KEYS):
        videos, captions = (
            dict(zip(*read_embeddings(found.corpus, kind), strict=True)) for kind in ("video", "caption")
        )
        return _joined(found, videos, captions, "the video-text embeddings that came with the dataset", False)
    return _by_tmr(found, found.corpus, tmr)


def _by_tmr(found: Material, corpus: Corpus, tmr: Callable[[], TMR]) -> Space:
    clips = corpus.clips
    moving = clips.loc[clips["has_motion"] & clips["clip_id"].isin(found.captions["clip_id"]), "clip_id"].tolist()
    if not moving:
        return Space(None, _coverage(found), "nothing: neither video embeddings nor motions", True)
    model = tmr()
    seen = model.encode_motion([corpus.motion(clip) for clip in moving], progress=True)
    told = model.encode_text(found.captions["text"].tolist(), progress=True)
    videos = dict(zip(moving, seen, strict=True))
    captions = dict(zip(found.captions["caption_id"], told, strict=True))
    joined = _joined(found, videos, captions, "TMR", True)
    used = set(clips.loc[clips["clip_id"].isin(joined.clip_ids), "split"])
    return replace(joined, encode=model.encode_text, seen=tuple(one for one in ("train", "val") if one in used))


def _leave_one_out(found: Material, mpnet: Path | None) -> Space:
    vectors = dict(
        zip(found.captions["caption_id"], unit(encode(found.captions["text"].tolist(), model=mpnet)), strict=True)
    )
    one = _joined(found, dict.fromkeys(found.captions["clip_id"], np.ones(1)), vectors, "", True)
    if one.gallery is None:
        return one
    together = sum(one.gallery.captions.values())
    others = {name: (together - own) / (len(one.gallery.captions) - 1) for name, own in one.gallery.captions.items()}
    name = "MPNet, the mean of a clip's other captions standing for its video"
    gallery = Gallery(one.gallery.groups, others, one.gallery.captions)
    return Space(gallery, one.coverage, name, True, one.clip_ids, partial(encode, model=mpnet))


def _joined(
    found: Material, videos: Mapping[str, Vectors], captions: Mapping[str, Vectors], name: str, stand_in: bool
) -> Space:
    rows = found.captions[found.captions["caption_id"].isin(captions) & found.captions["clip_id"].isin(videos)]
    by_setting = {setting: rows.loc[rows["setting"] == setting].set_index("clip_id") for setting in found.owner}
    common = sorted(set.intersection(*(set(one.index) for one in by_setting.values())))
    coverage = _coverage(found, rows, common)
    if len(common) < FEWEST:
        return Space(None, coverage, name, stand_in)
    seen = np.stack([np.asarray(videos[clip]) for clip in common])
    told = {s: np.stack([captions[i] for i in one.loc[common, "caption_id"]]) for s, one in by_setting.items()}
    base = next(iter(by_setting.values())).loc[common, "base_id"].to_numpy(dtype=str)
    return Space(Gallery(base, dict.fromkeys(told, seen), told), coverage, name, stand_in, common)


def _coverage(found: Material, rows: pd.DataFrame | None = None, common: Sequence[str] = ()) -> pd.DataFrame:
    told = []
    for name in found.names:
        own = found.captions[found.captions["captioner"] == name]
        with_vectors = 0 if rows is None else rows.loc[rows["captioner"] == name, "clip_id"].nunique()
        told.append((name, own["setting"].nunique(), own["clip_id"].nunique(), with_vectors, len(common)))
    columns = ["captioner", "settings", "clips_captioned", "clips_with_vectors", "clips_compared"]
    return pd.DataFrame(told, columns=columns)
