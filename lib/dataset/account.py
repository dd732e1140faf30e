"""What an export says of itself: the profile, the commit, the counts that its card and its metadata are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from lib.corpus.splits import SPLITS
from lib.dataset.members import Member
from lib.dataset.selection import SCORE, Selection
from lib.dataset.upstream import Upstream

USED = (40, 200)
"""Frames between which the public loaders use a clip: from the first on, below the second."""


@dataclass(frozen=True, eq=False)
class About:
    """Where an export comes from.

    Attributes:
        profile: the name of the profile.
        description: its own description.
        synthetic: whether its corpora are made, not recorded.
        commit: ``sha`` and whether tracked files differ from it (``dirty``); empty outside a git checkout.
        parameters: those that the export rests on.
        date: of the newest result that it rests on, ``YYYY-MM-DD``.
        internal: labels of the private corpora in it; with any it must not be passed on.
        left_out: labels of the private corpora that are not in it.
    """

    profile: str
    description: str
    date: str
    synthetic: bool = False
    commit: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    internal: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Account:
    """The counts of an export.

    Attributes:
        counts: a row a corpus and split: ``corpus, name, split, clips, mirrors, captions, hours, used`` (clips that the
            public loaders use).
        captioners: a row a corpus and captioner: ``name, captioner, captions``.
        clusters: a row a cluster: ``cluster, name, clips, share`` of the draws; empty without clusters.
        scores: of the filter, by name.
        leak_free: (rule, clips of the list); None without one.
        left_out: ``corpus, split, reason, clips``.
        altered: captions whose line in a text file is not their text.
    """

    counts: pd.DataFrame
    captioners: pd.DataFrame
    clusters: pd.DataFrame
    scores: list[str]
    leak_free: tuple[str, int] | None
    left_out: pd.DataFrame
    altered: int

    @property
    def clips(self) -> int:
        """Clips in all splits, mirrors among them."""
        return int(self.counts["clips"].sum())

    @property
    def captions(self) -> int:
        """Captions in all splits."""
        return int(self.counts["captions"].sum())

    @property
    def hours(self) -> float:
        """Hours of motion."""
        return float(self.counts["hours"].sum())

    def record(self) -> dict[str, Any]:
        """The counts as plain values."""
        tables = {"counts": self.counts, "captioners": self.captioners, "left_out": self.left_out}
        return {
            "clips": self.clips,
            "captions": self.captions,
            **{name: table.to_dict("records") for name, table in tables.items()},
        }


def account(selection: Selection, members: list[Member], upstream: Upstream) -> Account:
    """Counts an export.

    Args:
        selection: what is in it; `frames` are those of the written motions.
        members: its corpora.
        upstream: results of the profile.
    """
    names = {member.key: member.corpus.name for member in members}
    clips, captions = selection.clips, selection.captions
    frames = clips["frames"].astype("int64")
    told = clips.assign(
        mirrors=clips["mirror_of"].notna(),
        hours=frames / (20 * 3600),
        used=(frames >= USED[0]) & (frames < USED[1]),
        captions=clips["id"].map(captions.groupby("id").size()),
    )
    by = told.groupby(["corpus", "split"], sort=False)
    columns = ["mirrors", "captions", "hours", "used"]
    counts = by.size().rename("clips").to_frame().join(by[columns].sum()).reset_index()
    order = counts["corpus"].map({key: n for n, key in enumerate(names)}) * len(SPLITS)
    counts = counts.iloc[(order + counts["split"].map(SPLITS.index)).argsort(kind="stable")].reset_index(drop=True)
    counts.insert(1, "name", counts["corpus"].map(names))
    who = captions.groupby(["corpus", "captioner"], sort=False).size().reset_index(name="captions")
    who.insert(0, "name", who["corpus"].map(names))
    known = clips[clips["cluster"].notna()]
    clusters = known.groupby(["cluster", "cluster_name"]).agg(clips=("id", "size"), share=("weight", "sum"))
    free = None
    if upstream.leak_free is not None:
        free = (upstream.leak_free[0], int(clips["leak_free"].fillna(False).sum()))
    return Account(
        counts=counts,
        captioners=who.drop(columns="corpus"),
        clusters=clusters.reset_index().rename(columns={"cluster_name": "name"}),
        scores=[column.removeprefix(SCORE) for column in clips.columns if column.startswith(SCORE)],
        leak_free=free,
        left_out=selection.left_out.assign(corpus=selection.left_out["corpus"].map(names)),
        altered=int((captions["line"].str.rsplit("#", n=3).str[0] != captions["text"]).sum()),
    )
