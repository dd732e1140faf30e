"""What the generators of a comparison are trained on: the benchmark alone, or other data added to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.base.errors import CorpusError
from lib.base.hashes import digest
from lib.corpus import Corpus
from lib.models.tmr.pairs import Bounds, clips_of, rows_hash, segments

WEIGHTED, SHUFFLED, UNFILTERED = "weighted", "shuffled", "unfiltered"
PER_CENT, POWER = " %", "weights^"
"""What the names of the points of curves end and go on with."""


@dataclass(frozen=True, eq=False)
class Regime:
    """What a generator sees in training.

    Attributes:
        name: as the report calls it, such as ``h3d+dm weighted``.
        rows: the captioned segments, as `lib.models.tmr.pairs.segments` gives them.
        chances: (clips,) probability of each clip to fill a place in a batch, in the order of
            `lib.models.tmr.pairs.clips_of`.
    """

    name: str
    rows: pd.DataFrame
    chances: NDArray[np.float64]

    @property
    def hash(self) -> str:
        """sha256 of everything but the name."""
        return digest([("rows", rows_hash(self.rows)), ("chances", self.chances.tobytes().hex())])

    def shares(self, corpora: Sequence[str]) -> dict[str, float]:
        """How much of the draws falls to each corpus."""
        clips = pd.Series([corpus for corpus, _ in clips_of(self.rows)[1]])
        drawn = pd.Series(self.chances).groupby(clips).sum()
        return {name: float(drawn.get(at, 0.0)) for at, name in enumerate(corpora)}

    def added(self, corpora: Sequence[str]) -> list[str]:
        """The corpora beside the first, the benchmark, that clips are drawn from."""
        _, *others = corpora
        return [name for name in others if self.shares(corpora)[name] > 0]


def regimes(
    corpora: Mapping[str, Corpus],
    training: Bounds,
    *,
    weights: pd.DataFrame | None = None,
    shuffled: bool = False,
    unfiltered: Mapping[str, Corpus] | None = None,
    shares: Sequence[float] = (),
    exponents: Sequence[float] = (),
    seed: int = 0,
) -> list[Regime]:
    """The benchmark alone; all corpora, every clip alike; by weight; two controls; and points of two curves.

    Args:
        corpora: by key, the benchmark first; with one corpus there is one regime.
        training: for the seconds a segment may last.
        weights: ``clip_id, weight``, ids as in `of_clips`: how much more often one clip of a corpus is drawn than
            another. A clip that is not listed, nor its base clip, is never drawn, unless none of its corpus is: then
            all of these are drawn alike. Every corpus is drawn as often as without weights. None leaves the weighted
            regime out.
        shuffled: whether to make the control: the captions of every corpus but the benchmark go to clips at random, so
            that their motions are added and their meaning is not.
        unfiltered: the same corpora whole, to train on all their clips alike as well, those that the filter drops
            among them; None leaves that regime out, and so does a filter that drops no training clip.
        shares: of the added clips without mirrors, each share contained in the larger ones; 0 and 1 are there anyway.
        exponents: powers of the weights; 0 and 1 are there anyway.
        seed: of the control of captions, and of which clips a share holds.

    Returns:
        `h3d`, `h3d+dm`, `h3d+dm weighted`, `h3d+dm shuffled`, `h3d+dm unfiltered`, `h3d+dm 25 %`,
        `h3d+dm weights^0.5`, by the corpora's keys.

    Raises:
        CorpusError: no segment to train on, or no weight for any of them.

    Example:
        >>> curve_of("h3d+dm 25 %"), curve_of("h3d+dm weights^0.5"), curve_of("h3d+dm weighted")
        (('share', 0.25), ('exponent', 0.5), None)
    """
    first, *_ = corpora
    alone = segments([*corpora.values()][:1], "train", training)
    found = [Regime(first, alone, _alike(alone))]
    name, rows = "+".join(corpora), segments([*corpora.values()], "train", training)
    if len(corpora) > 1:
        found.append(Regime(name, rows, _alike(rows)))
        if weights is not None:
            found.append(Regime(f"{name} {WEIGHTED}", rows, _by_weight(rows, weights, corpora)))
        if shuffled:
            permuted = rows.assign(text=_shuffled(rows, np.random.default_rng(seed)))
            found.append(Regime(f"{name} {SHUFFLED}", permuted, _alike(permuted)))
    if unfiltered is not None:
        whole = segments([*unfiltered.values()], "train", training)
        if rows_hash(whole) != rows_hash(rows):
            found.append(Regime(f"{name} {UNFILTERED}", whole, _alike(whole)))
    if len(corpora) > 1:
        for share in shares:
            part = _part(rows, corpora, share, seed)
            found.append(Regime(f"{name} {100 * share:g}{PER_CENT}", part, _alike(part)))
    if len(corpora) > 1 and weights is not None:
        for exponent in exponents:
            chances = _by_weight(rows, weights.assign(weight=weights["weight"] ** exponent), corpora)
            found.append(Regime(f"{name} {POWER}{exponent:g}", rows, chances))
    return found


def curve_of(name: str) -> tuple[str, float] | None:
    """Which curve a regime is a point of, and where on it; None where it is none."""
    way = name.rpartition(" ")[2]
    if name.endswith(PER_CENT):
        return "share", float(name.removesuffix(PER_CENT).rpartition(" ")[2]) / 100
    return ("exponent", float(way.removeprefix(POWER))) if way.startswith(POWER) else None


def _part(rows: pd.DataFrame, corpora: Mapping[str, Corpus], share: float, seed: int) -> pd.DataFrame:
    """The benchmark's segments, and those of a share of the base clips of every other corpus."""
    kept = rows["corpus"].eq(0)
    for at, corpus in enumerate(corpora.values()):
        if at:
            base = rows["clip_id"].map(corpus.clips.set_index("clip_id")["base_id"]).where(rows["corpus"].eq(at))
            order = np.random.default_rng([seed, at]).permutation(sorted(base.dropna().unique()))
            kept |= base.isin(order[: round(share * len(order))])
    return rows[kept].reset_index(drop=True)


def _alike(rows: pd.DataFrame) -> NDArray[np.float64]:
    count = len(clips_of(rows)[1])
    return np.full(count, 1 / count)


def of_clips(column: "pd.Series[Any]", corpora: Mapping[str, Corpus]) -> list[dict[str, Any]]:
    """What a table by clip id says of every clip of each corpus; a mirror is given what its base clip has.

    Args:
        column: values by clip id, or by ``key/clip_id`` where two corpora share an id.
        corpora: by key.

    Returns:
        For each corpus the values by clip id; clips without one are not there.
    """
    known = column.to_dict()
    found = []
    for key, corpus in corpora.items():
        names = zip(corpus.clips["clip_id"], corpus.clips["base_id"], strict=True)
        places = {clip: (f"{key}/{clip}", clip, f"{key}/{base}", base) for clip, base in names}
        first = {clip: next((place for place in some if place in known), None) for clip, some in places.items()}
        found.append({clip: known[place] for clip, place in first.items() if place is not None})
    return found


def _by_weight(rows: pd.DataFrame, weights: pd.DataFrame, corpora: Mapping[str, Corpus]) -> NDArray[np.float64]:
    known = of_clips(weights.drop_duplicates("clip_id").set_index("clip_id")["weight"], corpora)
    clips = clips_of(rows)[1]
    weight = np.array([known[corpus].get(clip, 0.0) for corpus, clip in clips], dtype=np.float64)
    if not weight.sum() > 0:
        raise CorpusError("no sampling weight names a training clip", fix="make the weights of these corpora: run 05")
    chances, corpus = _alike(rows), np.array([corpus for corpus, _ in clips])
    for at in np.unique(corpus):
        own = corpus == at
        if weight[own].sum() > 0:
            chances[own] = chances[own].sum() * weight[own] / weight[own].sum()
    return chances


def _shuffled(rows: pd.DataFrame, rng: np.random.Generator) -> "pd.Series[str]":
    texts = rows["text"].copy()
    for _, part in rows[rows["corpus"] > 0].groupby("corpus"):
        texts.loc[part.index] = rng.permutation(part["text"].to_numpy())
    return texts
