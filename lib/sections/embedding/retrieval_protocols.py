"""The retrieval protocols of TMR, beside chance and beside what a sentence alone can tell, for all queries or some."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.base.arrays import place_of
from lib.metrics import retrieval
from lib.metrics.diversity import farthest_first
from lib.metrics.ranks import Ranks, Ties
from lib.models.pairs import FEWEST, CaptionMotionLatents, Floats

KS = (1, 2, 3, 5, 10)
DISSIMILAR = 100
"""Clips of protocol c where the corpus lists none, as many as TMR lists for HumanML3D."""
ALL, LEAK_FREE = "all", "leak-free"
"""Which test clips are queries: every one, or those that TMR has met in training neither by recording nor by text."""


@dataclass(frozen=True)
class Protocol:
    """Ranks of both directions under one retrieval protocol.

    Attributes:
        name: of the protocol.
        ranks: text-to-motion, motion-to-text.
        queries: ``clip_id, base_id`` of each query (n,).
        measures: what TMR prints: `t2m/R@k`, `t2m/MedR`, the same for `m2t`.
        chances: R@1 in percent of a ranking at random, by query (n,).
        ceilings: R@1 in percent of a model that knows a motion's sentence and nothing more, ties broken at random (n,).
        note: what a reader must know.
        clips: `ALL`, or `LEAK_FREE` where only such clips are queries.
    """

    name: str
    ranks: tuple[Ranks, Ranks]
    queries: pd.DataFrame
    measures: dict[str, float]
    chances: NDArray[np.float64]
    ceilings: NDArray[np.float64]
    note: str = ""
    clips: str = ALL

    @property
    def chance(self) -> float:
        """R@1 in percent of a ranking at random."""
        return float(self.chances.mean())

    @property
    def ceiling(self) -> float:
        """R@1 in percent of a model that knows the sentences and nothing more."""
        return float(self.ceilings.mean())

    @property
    def groups(self) -> NDArray[np.object_]:
        """The base clip of each query (n,)."""
        return self.queries["base_id"].to_numpy()

    def among(self, clean: Collection[str], *, ties: Ties) -> "Protocol | None":
        """The same galleries, searched for leak-free clips only, so that fewer queries are no easier.

        Args:
            clean: ids of the leak-free clips.
            ties: how ties are decided.

        Returns:
            None where fewer base clips are left than are measured.
        """
        at = np.flatnonzero(self.queries["clip_id"].isin(clean))
        queries = self.queries.iloc[at]
        if queries["base_id"].nunique() < FEWEST:
            return None
        there, back = (ranks.rows(at) for ranks in self.ranks)
        measures = retrieval.both_ways(there, back, ties=ties, ks=KS)
        parts = queries, measures, self.chances[at], self.ceilings[at]
        return Protocol(self.name, (there, back), *parts, self.note, LEAK_FREE)


def protocols(
    test: CaptionMotionLatents, sentence: Floats, *, threshold: float, batch: int, ties: Ties, block: int
) -> list[Protocol]:
    """The four retrieval protocols of TMR on test pairs.

    Args:
        test: pairs of the test split, mirrors included as published.
        sentence: (n, e) sentence vectors of the captions.
        threshold: raw cosine above which another caption's clip is as good (protocol b).
        batch: gallery of protocol d.
        ties: how ties are decided.
        block: rows and columns of a tile.

    Returns:
        All, threshold, dissimilar, batches; the last only where the split holds one batch.

    Source: Petrovich et al. 2023 + TMR: retrieval.py.
    """
    clips, n = test.clips[["clip_id", "base_id"]], len(test)
    ids = clips["clip_id"].tolist()

    def measured(ranks: tuple[Ranks, Ranks]) -> dict[str, float]:
        return retrieval.both_ways(*ranks, ties=ties, ks=KS)

    full = retrieval.rank_pairs(test.text, test.motion, block=block)
    known = retrieval.rank_pairs(sentence, sentence, block=block)
    near = retrieval.rank_pairs(test.text, test.motion, sentence=sentence, threshold=threshold, block=block)
    positives = _positives(sentence, threshold, block)
    listed = set(test.listed).intersection(ids)
    wanted = list(test.listed) if listed else [ids[row] for row in farthest_first(sentence, DISSIMILAR)]
    far, found, missing = retrieval.dissimilar(test.text, test.motion, ids, wanted)
    at = [ids.index(name) for name in found]
    far_known = retrieval.rank_pairs(sentence[at], sentence[at])
    origin = "the corpus' own list" if listed else "chosen farthest first by sentence"
    all_ = Protocol("all", full, clips, measured(full), np.full(n, 100 / n), _ceilings(known))
    threshold_ = Protocol(
        "threshold", near, clips, measured(near), 100 * positives / n, np.full(n, 100.0), f"cosine > {threshold:g}"
    )
    note = f"{len(found)} clips, {origin}" + (f", {len(missing)} listed are missing" if missing else "")
    chances = np.full(len(at), 100 / len(at))
    dissimilar_ = Protocol("dissimilar", far, clips.iloc[at], measured(far), chances, _ceilings(far_known), note)
    if n < batch:
        return [all_, threshold_, dissimilar_]
    drawn = retrieval.rank_in_batches(test.text, test.motion, ids, batch)
    batch_known = retrieval.rank_in_batches(sentence, sentence, ids, batch)
    ranks = (drawn.text_to_motion, drawn.motion_to_text)
    ceilings = _ceilings((batch_known.text_to_motion, batch_known.motion_to_text))
    note = f"{len(drawn.rows) // batch} galleries, {n - len(drawn.rows)} clips left over"
    queries, chances = clips.iloc[drawn.rows], np.full(len(drawn.rows), 100 / batch)
    batches = Protocol("small batches", ranks, queries, drawn.measures(ties=ties, ks=KS), chances, ceilings, note)
    return [all_, threshold_, dissimilar_, batches]


def _ceilings(ranks: tuple[Ranks, Ranks]) -> NDArray[np.float64]:
    return np.asarray(100 * ranks[0].found(1, "expected"))


def _positives(sentence: Floats, threshold: float, block: int) -> NDArray[np.float64]:
    place = place_of()
    rows, block = place.put(sentence / np.linalg.norm(sentence, axis=1, keepdims=True)), place.block(block)
    found = ((rows[at : at + block] @ rows.T > threshold).sum(axis=1) for at in range(0, len(rows), block))
    return np.concatenate([place.back(counts) for counts in found]).astype(np.float64)
