"""What a cluster is about: words that set it apart, and the rows in its middle."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.clustering.points import points


def terms(pos_key: str) -> list[str]:
    """The verbs of a caption, and its objects: the nouns that come after a verb.

    Args:
        pos_key: `word/POS word/POS …`, as from `lib.text.tokens.pos_key`.

    Returns:
        Lower-case lemmas, in order and with repeats.

    Example:
        >>> terms("a/DET man/NOUN is/AUX throw/VERB a/DET ball/NOUN")
        ['throw', 'ball']
    """
    found: list[str] = []
    for token in pos_key.split():
        word, _, pos = token.rpartition("/")
        if word and (pos == "VERB" or (pos == "NOUN" and found)):
            found.append(word.lower())
    return found


def class_tfidf(term_lists: Sequence[Iterable[str]], labels: npt.ArrayLike) -> pd.DataFrame:
    """c-TF-IDF: how typical each term is of each cluster.

    A term's frequency among the terms of the cluster, times log(1 + A / f), A being the mean number of terms a cluster
    and f the term's count in all of them.

    Source: Grootendorst 2022, BERTopic + MaartenGr/BERTopic: vectorizers/_ctfidf.py (defaults).

    Args:
        term_lists: the terms of each caption.
        labels: the cluster of each caption.

    Returns:
        ``cluster, term, count, score``, within each cluster from the most typical term down; ties in alphabetical
        order.

    Example:
        >>> class_tfidf([["walk"], ["walk", "door"], ["dance"]], [0, 0, 1])["term"].tolist()
        ['walk', 'door', 'dance']
    """
    by_cluster: dict[int, Counter[str]] = {int(label): Counter() for label in np.unique(np.asarray(labels))}
    for words, label in zip(term_lists, np.asarray(labels).tolist(), strict=True):
        by_cluster[int(label)].update(words)
    rows = [(label, word, n) for label, counts in by_cluster.items() for word, n in counts.items()]
    table = pd.DataFrame(rows, columns=["cluster", "term", "count"])
    totals = table.groupby("cluster")["count"].transform("sum")
    overall = table.groupby("term")["count"].transform("sum")
    score = table["count"] / totals * np.log1p(table["count"].sum() / len(by_cluster) / overall)
    table = table.assign(score=score)
    order = ["cluster", "score", "term"]
    return table.sort_values(order, ascending=[True, False, True], ignore_index=True)


def names(table: pd.DataFrame, labels: npt.ArrayLike, *, words: int = 3, least: int = 1) -> pd.DataFrame:
    """A name for each cluster: its most typical terms, and a number from the second cluster of the same terms on.

    Args:
        table: as `class_tfidf` gives it.
        labels: those it was made with; a cluster without terms is called after its number.
        words: terms a name has at most.
        least: times a term must occur in the cluster.

    Returns:
        ``cluster, name``.

    Example:
        >>> names(class_tfidf([["walk"], ["dance"], []], [0, 1, 2]), [0, 1, 2])["name"].tolist()
        ['walk', 'dance', 'cluster 2']
    """
    best = table[table["count"] >= least].groupby("cluster")["term"].agg(lambda some: ", ".join(some.head(words)))
    clusters = [int(label) for label in np.unique(np.asarray(labels))]
    called = pd.Series([best.get(label, f"cluster {label}") for label in clusters], dtype=object)
    numbers = [f" ({nth + 1})" if nth else "" for nth in called.groupby(called).cumcount()]
    return pd.DataFrame({"cluster": clusters, "name": called + numbers})


def central(
    latents: npt.ArrayLike, labels: npt.ArrayLike, *, n: int, alike: Sequence[str] | None = None
) -> pd.DataFrame:
    """The rows of each cluster with the highest cosine to its mean direction.

    Args:
        latents: (n, d) finite, not zero.
        labels: (n,) cluster of each row.
        n: rows a cluster.
        alike: (n,) texts; of equal ones only the first row is shown.

    Returns:
        ``cluster, rank`` (from 1), ``row, cosine``.

    Example:
        >>> central([[1.0, 0.0], [0.0, 1.0], [1.0, 0.2]], [0, 0, 0], n=1)["row"].tolist()
        [2]
    """
    rows, clusters = points(latents, directions=True), np.asarray(labels)
    found = []
    for cluster in np.unique(clusters):
        inside = np.flatnonzero(clusters == cluster)
        middle = rows[inside].mean(axis=0)
        length = float(np.linalg.norm(middle)) or 1.0
        table = pd.DataFrame({"cluster": int(cluster), "row": inside, "cosine": rows[inside] @ (middle / length)})
        if alike is not None:
            table = table[~pd.Series([alike[row] for row in inside.tolist()]).duplicated().to_numpy()]
        best = table.sort_values(["cosine", "row"], ascending=[False, True]).head(n)
        found.append(best.assign(rank=range(1, len(best) + 1)))
    return pd.concat(found, ignore_index=True)[["cluster", "rank", "row", "cosine"]]
