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
from lib.sections.captioners.compared_captions import ComparedCaptions
from lib.sections.captioners.metrics.paired_retrieval import Gallery
from lib.text.encoder import encode
from lib.text.mpnet import fetch

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
        text_model: the folder of the model that reads the captions, whose tokenizer says how much of them it reads;
            None where only stored vectors are known.
        seen: splits of the compared clips that the project trains TMR on (train) or stops it by (val).
    """

    gallery: Gallery | None = field(repr=False)
    coverage: pd.DataFrame
    name: str
    stand_in: bool
    clip_ids: list[str] = field(default_factory=list, repr=False)
    encode: Callable[[Sequence[str]], Vectors] | None = field(default=None, repr=False)
    seen: tuple[str, ...] = ()
    text_model: Path | None = None


def needs_tmr(compared: ComparedCaptions) -> bool:
    """Whether TMR has to stand in for a video-text model.

    It has to where captioners of clips with motions are compared and no embeddings came with the manifest.
    """
    corpus = compared.corpus
    return compared.by == "captioner" and corpus is not None and not _has_embeddings(corpus) and bool(_moving(compared))


def space(compared: ComparedCaptions, *, tmr: TMR | None, mpnet: Path | None) -> Space:
    """The vectors of captions and clips, and the clips that every captioner and setting covers.

    By position, MPNet makes them; else they are the video-text embeddings that came with the manifest, or those of TMR,
    which encodes the motion and sees no video.

    Args:
        compared: the captions.
        tmr: the profile's TMR where `needs_tmr` says so; it may have to be trained.
        mpnet: the folder of MPNet, or None for the fetched one.
    """
    if compared.corpus is None:
        return Space(None, _coverage(compared), "nothing", True)
    if compared.by == "position":
        return _leave_one_out(compared, mpnet)
    if _has_embeddings(compared.corpus):
        videos, captions = (
            dict(zip(*read_embeddings(compared.corpus, kind), strict=True)) for kind in ("video", "caption")
        )
        return _joined(compared, videos, captions, "the video-text embeddings that came with the dataset", False)
    if tmr is None:
        return Space(None, _coverage(compared), "nothing: neither video embeddings nor motions", True)
    return _by_tmr(compared, compared.corpus, tmr)


def _has_embeddings(corpus: Corpus) -> bool:
    return all((corpus.provenance.root / f"{kind}_embeddings.parquet").is_file() for kind in KEYS)


def _moving(compared: ComparedCaptions) -> list[str]:
    """The captioned clips that have a motion."""
    if compared.corpus is None:
        return []
    clips = compared.corpus.clips
    rows = clips["has_motion"] & clips["clip_id"].isin(compared.captions["clip_id"])
    return [str(clip) for clip in clips.loc[rows, "clip_id"]]


def _by_tmr(compared: ComparedCaptions, corpus: Corpus, tmr: TMR) -> Space:
    moving = _moving(compared)
    motion_latents = tmr.encode_motion([corpus.motion(clip) for clip in moving], progress=True)
    text_latents = tmr.encode_text(compared.captions["text"].tolist(), progress=True)
    videos = dict(zip(moving, motion_latents, strict=True))
    captions = dict(zip(compared.captions["caption_id"], text_latents, strict=True))
    joined = _joined(compared, videos, captions, "TMR", True)
    splits = set(corpus.clips.loc[corpus.clips["clip_id"].isin(joined.clip_ids), "split"])
    seen = tuple(split for split in ("train", "val") if split in splits)
    return replace(joined, encode=tmr.encode_text, seen=seen, text_model=tmr.text.folder or fetch())


def _leave_one_out(compared: ComparedCaptions, mpnet: Path | None) -> Space:
    texts = unit(encode(compared.captions["text"].tolist(), model=mpnet))
    vectors = dict(zip(compared.captions["caption_id"], texts, strict=True))
    joined = _joined(compared, dict.fromkeys(compared.captions["clip_id"], np.ones(1)), vectors, "", True)
    if joined.gallery is None:
        return joined
    captions = joined.gallery.captions
    total = sum(captions.values())
    others = {name: (total - own) / (len(captions) - 1) for name, own in captions.items()}
    name = "MPNet, the mean of a clip's other captions standing for its video"
    gallery = Gallery(joined.gallery.groups, others, captions)
    return replace(
        joined,
        gallery=gallery,
        name=name,
        encode=partial(encode, model=mpnet),
        text_model=mpnet or fetch(),
    )


def _joined(
    compared: ComparedCaptions,
    videos: Mapping[str, Vectors],
    captions: Mapping[str, Vectors],
    name: str,
    stand_in: bool,
) -> Space:
    table = compared.captions
    rows = table[table["caption_id"].isin(captions) & table["clip_id"].isin(videos)]
    by_setting = {setting: rows.loc[rows["setting"] == setting].set_index("clip_id") for setting in compared.owner}
    common = sorted(set.intersection(*(set(part.index) for part in by_setting.values())))
    coverage = _coverage(compared, rows, common)
    if len(common) < FEWEST:
        return Space(None, coverage, name, stand_in)
    clips = np.stack([np.asarray(videos[clip]) for clip in common])
    texts = {
        setting: np.stack([captions[caption] for caption in part.loc[common, "caption_id"]])
        for setting, part in by_setting.items()
    }
    base = next(iter(by_setting.values())).loc[common, "base_id"].to_numpy(dtype=str)
    return Space(Gallery(base, dict.fromkeys(texts, clips), texts), coverage, name, stand_in, common)


def _coverage(compared: ComparedCaptions, rows: pd.DataFrame | None = None, common: Sequence[str] = ()) -> pd.DataFrame:
    counts = []
    for name in compared.names:
        own = compared.captions[compared.captions["captioner"] == name]
        with_vectors = 0 if rows is None else rows.loc[rows["captioner"] == name, "clip_id"].nunique()
        counts.append((name, own["setting"].nunique(), own["clip_id"].nunique(), with_vectors, len(common)))
    columns = ["captioner", "settings", "clips_captioned", "clips_with_vectors", "clips_compared"]
    return pd.DataFrame(counts, columns=columns)
