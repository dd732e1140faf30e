"""Quality of the compared captions at one size for all, and whether the space of the comparison notices false ones."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from lib.corpus import captioners
from lib.metrics.intervals import told
from lib.sections.captioners.caption_space import Space
from lib.sections.captioners.captioner_retrieval import Contest, texts
from lib.sections.captioners.captioners import Material
from lib.sections.captioners.metrics.caption_quality import Captions, Quality, agreement, quality
from lib.sections.captioners.metrics.growth import growth
from lib.sections.captioners.metrics.perturbation_probes import probed
from lib.text.encoder import encode
from lib.text.probes import PROBES
from lib.text.tokens import words

DIGITS = {"length": 1, "vocabulary": 0, "templated": 2, "vendi": 1}
PROBED = {"noticed": "percent low high", "chance": "percent"}
"""How the columns of `probes` are shown."""


@dataclass(frozen=True)
class Qualities:
    """What the texts themselves say of the captioners.

    Attributes:
        quality: measures on halves of one size; without rows where there is no caption.
        growth: ``captioner, captions, words``.
        human: whose captions agreement is measured against; empty where people described no compared clip.
    """

    quality: Quality
    growth: pd.DataFrame
    human: pd.DataFrame

    def wide(self) -> pd.DataFrame:
        """One row a measure, one column a captioner, each value with its interval as text."""
        long = self.quality.table()
        if long.empty:
            return long
        digits = [DIGITS.get(measure, 2) for measure in long["measure"]]
        texts = [told(long.iloc[[row]], digits[row])[0] for row in range(len(long))]
        names = long["measure"].str.replace("_", "-") + long["unit"].map(lambda unit: unit and f", {unit}")
        wide = long.assign(text=texts, measure=names).pivot(index="measure", columns="captioner", values="text")
        return wide.loc[names.unique(), long["captioner"].unique()].reset_index().rename_axis(columns=None)


def qualities(found: Material, one: Contest, mpnet: Path | None, *, draws: int, rng: np.random.Generator) -> Qualities:
    """Length, variety, repetition and agreement with people of the captions that are compared.

    Args:
        found: the captions.
        one: which settings and clips.
        mpnet: the folder of MPNet, or None for the fetched one.
        draws: halves.
        rng: source of randomness.
    """
    table, human = texts(found, one), _human(found, one)
    if table.empty:
        return Qualities(Quality(), growth({}), human)
    vectors = encode(table["text"].tolist(), model=mpnet)
    seen = encode(human["text"].tolist(), model=mpnet)
    close = agreement(table["clip_id"].tolist(), vectors, human["clip_id"].tolist(), seen)
    lists = table["text"].map(words)
    made = {}
    for name in found.names:
        rows = np.flatnonzero(table["captioner"] == name)
        base = table["base_id"].iloc[rows].tolist()
        made[name] = Captions(lists.iloc[rows].tolist(), base, vectors[rows], close[rows])
    return Qualities(quality(made, draws=draws, rng=rng), growth({n: c.words for n, c in made.items()}), human)


def probes(found: Material, space: Space, one: Contest, *, draws: int, rng: np.random.Generator) -> pd.DataFrame | None:
    """Whether the space of the comparison notices captions made false, from `perturbation_probes.probed`.

    People's captions are probed where there are any, else the leader's: a caption must be true before it is spoilt.

    Returns:
        The table with ``captions_of`` first; None where the space cannot embed new texts.
    """
    if space.gallery is None or space.encode is None or one.selection is None or one.recalls.empty:
        return None
    table, of = _human(found, one).drop_duplicates("clip_id"), "people"
    if table.empty:
        of = one.choice.leader if one.choice else found.names[0]
        table = texts(found, one).query("captioner == @of")
    row_of = {clip: row for row, clip in enumerate(space.clip_ids)}
    rows = [row_of[clip] for clip in table["clip_id"]]
    videos = space.gallery.videos[one.selection.chosen.get(of, next(iter(one.selection.chosen.values())))]
    found_out = probed(
        videos[rows],
        table["text"].tolist(),
        space.gallery.groups[rows].tolist(),
        space.encode,
        PROBES,
        draws=draws,
        rng=rng,
    )
    found_out.insert(0, "captions_of", of)
    return found_out


def _human(found: Material, one: Contest) -> pd.DataFrame:
    if found.corpus is None:
        return pd.DataFrame(columns=["clip_id", "text"])
    table = captioners.human(found.corpus)
    if table["caption_id"].isin(found.captions["caption_id"]).any():
        return table.iloc[:0]  # people are what is compared: nobody is left to hold them against
    return table[table["clip_id"].isin(set(one.clip_ids or found.captions["clip_id"]))].reset_index(drop=True)
