"""Classes of clips by the verb of their caption, and whether a space tells them apart."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.directions import unit
from lib.metrics.p_values import holm
from lib.metrics.separability import principal_plane, separability
from lib.models.pairs import CaptionMotionLatents
from lib.text.encoder import encode
from lib.text.tokens import pos_key, verbs

CANDIDATES = 10
"""Frequent verbs looked at for each class wanted."""
DRAWN = 10_000
"""Clips of a corpus that a figure draws; more hide one another and take megabytes."""


def verbs_of(paired: CaptionMotionLatents) -> pd.Series:
    """The verbs of each clip's first caption, as a set."""
    keys = pos_key(paired.clips)
    found: pd.Series = keys.map(verbs).map(set).reset_index(drop=True)
    return found


def frequent(
    found: pd.Series,
    classes: int,
    *,
    not_actions: Sequence[str],
    synonym: float,
    encode: Callable[[list[str]], npt.NDArray[np.floating]],
) -> list[str]:
    """The most frequent verbs that are distinct actions, by the clips whose caption has them.

    Args:
        found: sets of verbs, one a clip.
        classes: how many.
        not_actions: verbs that name no action ("begin").
        synonym: cosine with a more frequent verb from which on a verb is passed over ("stroll" after "walk").
        encode: unit vectors of words.

    Returns:
        Verbs, most frequent first; fewer when there are not as many.

    Example:
        >>> clips = pd.Series([{"walk"}, {"walk"}, {"stroll"}, {"begin", "jump"}])
        >>> apart = {"walk": [1, 0], "stroll": [0.8, 0.6], "jump": [0, 1]}
        >>> encode = lambda words: np.array([apart[word] for word in words])
        >>> frequent(clips, 2, not_actions=["begin"], synonym=0.7, encode=encode)
        ['walk', 'jump']
    """
    counts = found.explode().dropna().value_counts().drop(labels=list(not_actions), errors="ignore")
    ordered = sorted(counts.index, key=lambda verb: (-counts[verb], verb))[: CANDIDATES * classes]
    if not ordered:
        return []
    vectors = encode(ordered)
    chosen: list[int] = []
    for at in range(len(ordered)):
        if len(chosen) < classes and (vectors[chosen] @ vectors[at] < synonym).all():
            chosen.append(at)
    return [ordered[at] for at in chosen]


def classes(found: pd.Series, keywords: Sequence[str]) -> list[str]:
    """The class of each clip: the one keyword among its verbs; "" for none or several.

    Example:
        >>> classes(pd.Series([{"walk"}, {"walk", "jump"}, {"sit"}]), ["walk", "jump"])
        ['walk', '', '']
    """
    hits = [[keyword for keyword in keywords if keyword in clip] for clip in found]
    return [one[0] if len(one) == 1 else "" for one in hits]


def chosen(
    pairs: Mapping[str, CaptionMotionLatents],
    keywords: Sequence[str],
    n: int,
    *,
    not_actions: Sequence[str],
    synonym: float,
    model: Path | None,
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The keywords of each corpus, those given or its `frequent` ones, and the `classes` of its clips.

    Args:
        pairs: by corpus.
        keywords: given ones, for every corpus; empty for the frequent ones of each.
        n: classes wanted.
        not_actions: as for `frequent`.
        synonym: as for `frequent`.
        model: folder of MPNet, None for the fetched one.
    """
    verbs_by_corpus = {name: verbs_of(one) for name, one in pairs.items()}
    rules: dict[str, Any] = {"not_actions": not_actions, "synonym": synonym, "encode": partial(encode, model=model)}
    words = {name: list(keywords) or frequent(own, n, **rules) for name, own in verbs_by_corpus.items()}
    return words, {name: classes(own, words[name]) for name, own in verbs_by_corpus.items()}


def placed(pairs: Mapping[str, CaptionMotionLatents], labels: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Clips along the two principal axes of their own space, of directions: ``corpus, space, class, x, y``.

    Of a corpus with more than `DRAWN` clips as many are drawn at random; the axes are those of all.
    """
    parts = []
    for name, one in pairs.items():
        some = np.sort(np.random.default_rng(0).permutation(len(labels[name]))[:DRAWN])
        for space, rows in (("text", one.text), ("motion", one.motion)):
            flat = principal_plane(unit(rows))
            table = pd.DataFrame({"class": labels[name], "x": flat[:, 0], "y": flat[:, 1]}).iloc[some]
            parts.append(table.assign(corpus=name, space=space))
    return pd.concat(parts, ignore_index=True)[["corpus", "space", "class", "x", "y"]]


def separable(
    pairs: Mapping[str, CaptionMotionLatents], labels: Mapping[str, Sequence[str]], *, permutations: int, seed: int
) -> pd.DataFrame | None:
    """`separability` of the classes in either space of each corpus, with ``corpus, space`` first.

    Returns:
        The table with ``p_holm``, ``p_difference`` corrected for all spaces in which a measure is asked the same
        question; None where no corpus has enough clips of two classes.
    """
    parts = []
    for name, one in pairs.items():
        for space, rows in (("text", one.text), ("motion", one.motion)):
            rng = np.random.default_rng(seed)
            try:
                table = separability(rows, labels[name], one.clips["base_id"], rng=rng, permutations=permutations)
            except ValueError:
                continue
            parts.append(table.assign(corpus=name, space=space))
    if not parts:
        return None
    joined = pd.concat(parts, ignore_index=True)
    joined["p_holm"] = joined.groupby("measure")["p_difference"].transform(holm)
    return joined[["corpus", "space", *(column for column in joined if column not in {"corpus", "space"})]]


def counted(labels: Mapping[str, Sequence[str]], keywords: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Clips of each class: ``corpus, verb, count``; those with none or several of the keywords are in no class."""
    rows = [(name, verb, list(some).count(verb)) for name, some in labels.items() for verb in keywords[name]]
    return pd.DataFrame(rows, columns=["corpus", "verb", "count"])


def shown(apart: pd.DataFrame | None) -> pd.DataFrame | None:
    """The table of `separable` for reading: the plane, the full space, their difference and its corrected p."""
    if apart is None:
        return None
    return apart[["corpus", "space", "measure", "plane", "full", "difference", "low", "high", "p_holm", "n"]]
