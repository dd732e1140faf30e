"""Classes of clips by the verb of their caption, and whether a space tells them apart."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.audit.pairs import Paired
from lib.metrics.directions import unit
from lib.metrics.separability import principal_plane, separability
from lib.text.tokens import pos_key, verbs

SHARED = 0.5
"""A verb is no class of its own when it comes with an already chosen one in more than this share of its clips."""


def verbs_of(paired: Paired) -> pd.Series:
    """The verbs of each clip's first caption, as a set."""
    keys = pos_key(paired.clips)
    found: pd.Series = keys.map(verbs).map(set).reset_index(drop=True)
    return found


def frequent(found: pd.Series, classes: int, not_actions: Sequence[str]) -> list[str]:
    """The most frequent verbs that are distinct actions.

    Args:
        found: sets of verbs, one a clip.
        classes: how many.
        not_actions: verbs that name no action ("begin").

    Returns:
        Verbs, most frequent first; one that mostly comes with a more frequent one is passed over. Fewer when there are
        not as many.

    Example:
        >>> clips = pd.Series([{"walk"}, {"walk"}, {"walk", "step"}, {"begin", "jump"}])
        >>> frequent(clips, 2, ["begin"])
        ['walk', 'jump']
    """
    counts = found.explode().dropna().value_counts()
    ordered = sorted(counts.index, key=lambda verb: (-counts[verb], verb))
    chosen: list[str] = []
    for verb in (one for one in ordered if one not in not_actions):
        among = found[[verb in clip for clip in found]]
        if all(np.mean([other in clip for clip in among]) <= SHARED for other in chosen):
            chosen.append(verb)
        if len(chosen) == classes:
            break
    return chosen


def classes(found: pd.Series, keywords: Sequence[str]) -> list[str]:
    """The class of each clip: the one keyword among its verbs; "" for none or several.

    Example:
        >>> classes(pd.Series([{"walk"}, {"walk", "jump"}, {"sit"}]), ["walk", "jump"])
        ['walk', '', '']
    """
    hits = [[keyword for keyword in keywords if keyword in clip] for clip in found]
    return [one[0] if len(one) == 1 else "" for one in hits]


def labelled(verbs: Mapping[str, pd.Series], keywords: Sequence[str]) -> dict[str, list[str]]:
    """`classes` of each corpus."""
    return {name: classes(found, keywords) for name, found in verbs.items()}


def placed(pairs: Mapping[str, Paired], labels: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Each clip along the two principal axes of its own space, of directions: ``corpus, space, class, x, y``."""
    parts = []
    for name, one in pairs.items():
        for space, rows in (("text", one.text), ("motion", one.motion)):
            flat = principal_plane(unit(rows))
            table = pd.DataFrame({"class": labels[name], "x": flat[:, 0], "y": flat[:, 1]})
            parts.append(table.assign(corpus=name, space=space))
    return pd.concat(parts, ignore_index=True)[["corpus", "space", "class", "x", "y"]]


def told_apart(
    pairs: Mapping[str, Paired], labels: Mapping[str, Sequence[str]], *, permutations: int, seed: int
) -> pd.DataFrame | None:
    """`separability` of the classes in either space of each corpus, with ``corpus, space`` first.

    Returns:
        None where no corpus has enough clips of two classes.
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
    return joined[["corpus", "space", *(column for column in joined if column not in {"corpus", "space"})]]


def counted(labels: Mapping[str, Sequence[str]], keywords: Sequence[str]) -> pd.DataFrame:
    """Clips of each class: ``corpus, verb, count``; those with none or several of the keywords are in no class."""
    rows = [(name, verb, list(some).count(verb)) for name, some in labels.items() for verb in keywords]
    return pd.DataFrame(rows, columns=["corpus", "verb", "count"])
