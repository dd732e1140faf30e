"""Hygiene before anything is judged: captions repaired or dropped, counted by captioner, people's left as they are."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from lib.base.prose import listed
from lib.captioning.hygiene import Hygiene, clean
from lib.captioning.likeness import profiles
from lib.corpus import captioners
from lib.metrics.intervals import Counted
from lib.sections.captioners.compared_captions import ComparedCaptions
from lib.text.language import STORE

COUNTS = ["captioner", "captions", "with_a_fault", "repaired", "dropped"]


@dataclass(frozen=True)
class CleanedCaptions:
    """The captions to judge, and what was done to them.

    Attributes:
        compared: what was compared before, with texts repaired and without the dropped.
        counts: a row a captioner, columns as in `COUNTS`; people, whose captions pass as they are, come last.
        faults: ``captioner, fault, captions, repaired, dropped, example_caption, judged_caption``: a row a captioner
            and fault, with one caption before and after; the latter is empty where it was dropped.
    """

    compared: ComparedCaptions
    counts: pd.DataFrame
    faults: pd.DataFrame = field(repr=False)

    @property
    def values(self) -> dict[str, Counted]:
        """How many captions of captioners were looked at, repaired and dropped, and in how many of people's a fault."""
        if self.counts.empty:
            return {}
        people = self.counts["captioner"].isin(captioners.HUMAN)
        sums, human = (self.counts.loc[rows, COUNTS[1:]].sum() for rows in (~people, people))
        values = {"candidates": sums["captions"], "repaired": sums["repaired"], "dropped": sums["dropped"]}
        values |= {"human_captions": human["captions"], "human_faults": human["with_a_fault"]} if people.any() else {}
        return {name: Counted(int(count)) for name, count in values.items()}


def cleaned(compared: ComparedCaptions, *, rng: np.random.Generator, store: Path = STORE) -> CleanedCaptions:
    """Repairs or drops the captions of captioners; people's are looked at and pass unchanged, as do those by position.

    A caption that is dropped is in no measure that follows. Since captioners are compared on common clips, its clip is
    then in none either.

    Args:
        compared: the captions as they were written.
        rng: draws the clips by which one text for many unlike clips is told.
        store: the file that keeps languages.

    Raises:
        UserError: the languages cannot be kept, such as on a full disk.
    """
    if compared.corpus is None or compared.by == "position":
        return CleanedCaptions(compared, pd.DataFrame(columns=COUNTS), pd.DataFrame())
    hygiene = clean(compared.captions, likeness=partial(profiles, compared.corpus, rng=rng), rng=rng, store=store)
    human = captioners.human(compared.corpus)
    human = human[human["clip_id"].isin(compared.captions["clip_id"])]
    people = clean(human, store=store)
    counts = pd.DataFrame([*_counts(hygiene), *_counts(people, untouched=True)], columns=COUNTS)
    kept = replace(compared, captions=hygiene.captions.reset_index(drop=True))
    lost = [name for name in compared.names if name not in kept.names]
    if lost and len(kept.names) < 2:
        kept = replace(kept, why_not=f"no caption by {listed(lost)} can be judged")
    return CleanedCaptions(kept, counts, _faults(hygiene))


def _counts(hygiene: Hygiene, *, untouched: bool = False) -> Iterator[tuple[str, int, int, int, int]]:
    for name, flags in hygiene.flags.groupby("captioner", sort=False):
        changed = flags["dropped"] | (flags["cleaned"] != flags["text"].astype("str"))
        repaired, dropped = int((changed & ~flags["dropped"]).sum()), int(flags["dropped"].sum())
        yield str(name), len(flags), int(changed.sum()), *((0, 0) if untouched else (repaired, dropped))


def _faults(hygiene: Hygiene) -> pd.DataFrame:
    after = hygiene.flags.drop_duplicates("text").set_index("text")
    texts = after["cleaned"].where(~after["dropped"], "")
    table = hygiene.summary.rename(columns={"example": "example_caption"})
    return table.assign(judged_caption=table["example_caption"].map(texts))
