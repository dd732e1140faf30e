"""What there is to compare: captions by captioner, the vectors they are judged by, and how far each one covers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.corpus import Corpus, captioners
from lib.corpus.embeddings import KEYS, read_embeddings
from lib.metrics.captioners import Gallery
from lib.metrics.directions import unit
from lib.models.tmr import TMR
from lib.text.encoder import encode

By = Literal["captioner", "position"]
Vectors = npt.NDArray[np.floating]
PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")
FEWEST = 10


@dataclass(frozen=True)
class Material:
    """The captions of one corpus by captioner, one a clip and setting, mirrored clips left out.

    Args:
        corpus: where they come from; None where no corpus has captioners to compare.
        captions: ``clip_id, base_id, caption_id, text, captioner, prompt, temperature, setting``.
        why_not: what is lacking for a comparison, empty where nothing is.
    """

    corpus: Corpus | None
    captions: pd.DataFrame
    why_not: str = ""

    @property
    def names(self) -> list[str]:
        """The captioners, in the order they first appear."""
        return [str(name) for name in self.captions["captioner"].unique()]

    @property
    def owner(self) -> dict[str, str]:
        """The captioner of each setting."""
        pairs = self.captions[["setting", "captioner"]].drop_duplicates()
        return dict(zip(pairs["setting"], pairs["captioner"], strict=True))


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
    """

    gallery: Gallery | None
    coverage: pd.DataFrame
    name: str
    stand_in: bool
    clip_ids: list[str] = field(default_factory=list)
    encode: Callable[[Sequence[str]], Vectors] | None = None


def material(corpora: Mapping[str, Corpus], by: By, *, splits: Sequence[str], positions: int = 3) -> Material:
    """The captions of the first corpus with several captioners, or else with one.

    Args:
        corpora: by key.
        by: ``captioner``; or ``position``: the first, second, … caption of each clip stand for captioners that ought to
            be alike, which shows what the comparison makes of real sentences without a difference.
        splits: whose clips are used; a model trained on a split flatters it.
        positions: how many captions of a clip are used by position; clips with fewer are left out.
    """
    found = [Material(corpus, _captions(corpus, by, splits, positions)) for corpus in corpora.values()]
    several = [one for one in found if len(one.names) > 1]
    single = [one for one in found if len(one.names) == 1]
    if several:
        return several[0]
    told = ", ".join(splits)
    if single:
        one = single[0]
        lone = f"{one.corpus.name if one.corpus else ''} has one captioner, {one.names[0]}"
        return Material(one.corpus, one.captions, lone)
    what = "captions by a named captioner" if by == "captioner" else f"{positions} captions of a clip"
    empty = pd.DataFrame(columns=["clip_id", "base_id", "caption_id", "text", "captioner", "setting"])
    return Material(None, empty, f"no dataset of this profile has {what} in its {told} split")


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


def splits_of_training(found: Material, used: Sequence[str]) -> list[str]:
    """Which of the splits used a TMR of this project has seen: it learns on train and stops by val."""
    return [] if found.corpus is None else [split for split in used if split in ("train", "val")]


def _captions(corpus: Corpus, by: By, splits: Sequence[str], positions: int) -> pd.DataFrame:
    clips = corpus.clips[corpus.clips["mirror_of"].isna() & corpus.clips["split"].isin(list(splits))]
    table = captioners.compared(corpus) if by == "captioner" else corpus.captions
    table = table.merge(clips[["clip_id", "base_id"]], on="clip_id")
    if by == "position":
        table = table.assign(place=table.groupby("clip_id").cumcount(), prompt=None, temperature=np.nan)
        enough = table.groupby("clip_id")["place"].transform("max") >= positions - 1
        table = table[enough & (table["place"] < positions)]
        table = table.assign(captioner=[f"{PLACES[place]} caption" for place in table["place"]])
    table = table.assign(
        setting=[setting(*row) for row in table[["captioner", "prompt", "temperature"]].itertuples(index=False)]
    )
    return table.drop_duplicates(["clip_id", "setting"]).reset_index(drop=True)


def setting(captioner: str, prompt: object, temperature: object) -> str:
    """A captioner with its prompt and temperature, where these are told.

    Example:
        >>> setting("x", "describe", 0.2), setting("x", None, float("nan"))
        ('x, prompt “describe”, temperature 0.2', 'x')
    """
    told = [captioner]
    if pd.notna(prompt):
        told.append(f"prompt “{prompt}”")
    if pd.notna(temperature):
        told.append(f"temperature {float(str(temperature)):g}")
    return ", ".join(told)


def _by_tmr(found: Material, corpus: Corpus, tmr: Callable[[], TMR]) -> Space:
    clips = corpus.clips
    moving = clips.loc[clips["has_motion"] & clips["clip_id"].isin(found.captions["clip_id"]), "clip_id"].tolist()
    if not moving:
        return Space(None, _coverage(found), "nothing: neither video embeddings nor motions", True)
    model = tmr()
    videos = dict(zip(moving, model.encode_motion([corpus.motion(clip) for clip in moving]), strict=True))
    captions = dict(zip(found.captions["caption_id"], model.encode_text(found.captions["text"].tolist()), strict=True))
    return replace(_joined(found, videos, captions, "TMR", True), encode=model.encode_text)


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
