"""Which captions there are to compare, by who wrote them and how they were asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from lib.corpus import Corpus, captioners

By = Literal["captioner", "position"]
PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True)
class ComparedCaptions:
    """The captions of one corpus by captioner, one a clip and setting, mirrored clips left out.

    Args:
        corpus: where they come from; None where no corpus has captioners to compare.
        captions: ``clip_id, base_id, caption_id, text, captioner, prompt, temperature, setting``.
        why_not: what is lacking for a comparison, empty where nothing is.
        by: whether ``captioner`` names who wrote a caption, or its position among the captions of its clip.
    """

    corpus: Corpus | None = field(repr=False)
    captions: pd.DataFrame
    why_not: str = ""
    by: By = "captioner"

    @property
    def names(self) -> list[str]:
        """The captioners, in the order they first appear."""
        return [str(name) for name in self.captions["captioner"].unique()]

    @property
    def owner(self) -> dict[str, str]:
        """The captioner of each setting."""
        pairs = self.captions[["setting", "captioner"]].drop_duplicates()
        return dict(zip(pairs["setting"], pairs["captioner"], strict=True))


def compared_captions(
    corpora: Mapping[str, Corpus], by: By, *, splits: Sequence[str], positions: int = 3
) -> ComparedCaptions:
    """The captions of the first corpus with several captioners, or else with one.

    Args:
        corpora: by key.
        by: ``captioner``; or ``position``: the first, second, … caption of each clip stand for captioners that ought to
            be alike, which shows what the comparison makes of real sentences without a difference.
        splits: whose clips are used; a model trained on a split flatters it.
        positions: how many captions of a clip are used by position; clips with fewer are left out.
    """
    candidates = [
        ComparedCaptions(corpus, _captions(corpus, by, splits, positions), by=by) for corpus in corpora.values()
    ]
    for candidate in candidates:
        if len(candidate.names) > 1:
            return candidate
    for candidate in candidates:
        if candidate.corpus is not None and candidate.names:
            why_not = f"{candidate.corpus.name} has one captioner, {candidate.names[0]}"
            return ComparedCaptions(candidate.corpus, candidate.captions, why_not, by)
    what = "captions by a named captioner" if by == "captioner" else f"{positions} captions of a clip"
    empty = pd.DataFrame(columns=["clip_id", "base_id", "caption_id", "text", "captioner", "setting"])
    return ComparedCaptions(None, empty, f"no dataset of this profile has {what} in its {', '.join(splits)} split", by)


def setting(captioner: str, prompt: str | None, temperature: float | None) -> str:
    """A captioner with its prompt and temperature, where these are known.

    Example:
        >>> setting("x", "describe", 0.2), setting("x", None, float("nan"))
        ('x, prompt “describe”, temperature 0.2', 'x')
    """
    parts = [captioner]
    if pd.notna(prompt):
        parts.append(f"prompt “{prompt}”")
    if pd.notna(temperature):
        parts.append(f"temperature {temperature:g}")
    return ", ".join(parts)


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
