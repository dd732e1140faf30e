"""The texts that are compared: their quality at one size for all, and probes of the space with false captions."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from lib.corpus import captioners
from lib.sections.captioners.caption_space import Space
from lib.sections.captioners.captioner_retrieval import CaptionerRetrieval
from lib.sections.captioners.compared_captions import ComparedCaptions
from lib.sections.captioners.metrics.caption_quality import Captions, Quality, agreement, quality
from lib.sections.captioners.metrics.perturbation_probes import perturbation_probes
from lib.sections.captioners.metrics.wording import growth
from lib.text.encoder import encode
from lib.text.probes import PROBES
from lib.text.tokens import words


@dataclass(frozen=True)
class TextQuality:
    """What the texts themselves say of the captioners.

    Attributes:
        quality: measures on halves of one size; without rows where there is no caption.
        growth: ``captioner, captions, words``.
        human: people's captions, which agreement is measured against; empty where people described no compared clip.
    """

    quality: Quality = field(repr=False)
    growth: pd.DataFrame
    human: pd.DataFrame


def texts(compared: ComparedCaptions, retrieval: CaptionerRetrieval) -> pd.DataFrame:
    """The captions that were compared: of the chosen settings, on the clips that report."""
    settings = set(retrieval.selection.chosen.values()) if retrieval.selection else set(compared.owner)
    rows = compared.captions[compared.captions["setting"].isin(settings)]
    return rows[rows["clip_id"].isin(retrieval.clip_ids)].reset_index(drop=True) if retrieval.clip_ids else rows


def text_quality(
    compared: ComparedCaptions,
    retrieval: CaptionerRetrieval,
    *,
    mpnet: Path | None,
    draws: int,
    rng: np.random.Generator,
) -> TextQuality:
    """Length, variety, repetition and agreement with people of the captions that are compared.

    Args:
        compared: the captions.
        retrieval: which settings and clips.
        mpnet: the folder of MPNet, or None for the fetched one.
        draws: halves.
        rng: source of randomness.
    """
    table, human = texts(compared, retrieval), _human(compared, retrieval)
    if table.empty:
        return TextQuality(Quality(), growth({}), human)
    vectors = encode(table["text"].tolist(), model=mpnet)
    human_vectors = encode(human["text"].tolist(), model=mpnet)
    cosines = agreement(table["clip_id"].tolist(), vectors, human["clip_id"].tolist(), human_vectors)
    word_lists = table["text"].map(words)
    by_captioner = {}
    for name in compared.names:
        rows = np.flatnonzero(table["captioner"] == name)
        base = table["base_id"].iloc[rows].tolist()
        by_captioner[name] = Captions(word_lists.iloc[rows].tolist(), base, vectors[rows], cosines[rows])
    curves = growth({name: captions.words for name, captions in by_captioner.items()})
    return TextQuality(quality(by_captioner, draws=draws, rng=rng), curves, human)


def probes(
    compared: ComparedCaptions,
    space: Space,
    retrieval: CaptionerRetrieval,
    *,
    draws: int,
    rng: np.random.Generator,
) -> pd.DataFrame | None:
    """Whether the space of the comparison ranks true captions above captions made false.

    People's captions are probed where there are any, else the leader's: a caption must be true before it is perturbed.

    Returns:
        The table of `metrics.perturbation_probes` with ``captions_of`` first; None where the space cannot embed new
        texts.
    """
    if space.gallery is None or space.encode is None or retrieval.selection is None or retrieval.recalls.empty:
        return None
    table, author = _human(compared, retrieval).drop_duplicates("clip_id"), "people"
    if table.empty:
        author = retrieval.leader.name if retrieval.leader else compared.names[0]
        table = texts(compared, retrieval).query("captioner == @author")
    row_of = {clip: row for row, clip in enumerate(space.clip_ids)}
    rows = [row_of[clip] for clip in table["clip_id"]]
    chosen = retrieval.selection.chosen
    videos = space.gallery.videos[chosen.get(author, next(iter(chosen.values())))][rows]
    captions, groups = table["text"].tolist(), space.gallery.groups[rows].tolist()
    shares = perturbation_probes(videos, captions, groups, space.encode, PROBES, draws=draws, rng=rng)
    shares.insert(0, "captions_of", author)
    return shares


def _human(compared: ComparedCaptions, retrieval: CaptionerRetrieval) -> pd.DataFrame:
    if compared.corpus is None:
        return pd.DataFrame(columns=["clip_id", "text"])
    table = captioners.human(compared.corpus)
    if table["caption_id"].isin(compared.captions["caption_id"]).any():
        return table.iloc[:0]  # people are what is compared: nobody is left to hold them against
    clips = set(retrieval.clip_ids or compared.captions["clip_id"])
    return table[table["clip_id"].isin(clips)].reset_index(drop=True)
