"""Whether classes are told apart better in the full space than in its plane of principal components."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.directions import Floats, checked, unit
from lib.metrics.intervals import bootstrap_groups, percentile_interval
from lib.metrics.probe import deal, departures
from lib.metrics.sign_flips import sign_flip_p
from lib.metrics.silhouettes import pairwise, silhouettes

Labelings = npt.NDArray[np.int64]
CHUNK = 100


def separability(
    vectors: npt.ArrayLike,
    labels: Sequence[str],
    groups: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    plane: npt.ArrayLike | None = None,
    per_class: int = 200,
    folds: int = 5,
    permutations: int = 999,
) -> pd.DataFrame:
    """Silhouette and linear-probe accuracy of classes in a plane and in the full space, and a test of the difference.

    One row a group is drawn, equally many of each class, so rows are independent and chance is 1 / classes. Silhouettes
    shrink as dimensions grow, whatever the classes, so they alone do not settle the question; the probe's accuracy is
    comparable between spaces.

    Args:
        vectors: (n, d); taken as directions.
        labels: class of each row, "" for none.
        groups: base clip of each row (n,).
        rng: source of randomness.
        plane: (n, 2) the coordinates that are shown, e.g. of a joint PCA; by default the PCA of ``vectors``.
        per_class: rows of a class at most; memory is about 8 * (classes * per_class) ** 2 bytes.
        folds: folds of the probe.
        permutations: draws of each permutation test and of the bootstrap.

    Returns:
        One row for ``silhouette`` and one for ``probe accuracy`` (a fraction), columns ``measure, plane, full, p_plane,
        p_full, difference, low, high, p_difference, chance, n, classes``. ``p_plane`` and ``p_full``: labels permuted,
        one-sided. ``difference`` is full less plane, with a bootstrap interval and the two-sided p of a sign-flip test
        of the paired values of the rows.

    Raises:
        ValueError: fewer than two classes, or fewer groups in a class than folds.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> x = rng.normal(size=(200, 5))
        >>> x[:100, 4] += 4
        >>> found = separability(x, ["a"] * 100 + ["b"] * 100, np.arange(200), rng=rng, permutations=99)
        >>> found[["measure", "chance", "n", "p_full"]].values.tolist()
        [['silhouette', 0.0, 200, 0.01], ['probe accuracy', 0.5, 200, 0.01]]
    """
    full = unit(checked(vectors, "vectors", rows=len(labels)))
    flat = principal_plane(full) if plane is None else checked(plane, "plane", rows=len(labels)).astype(np.float64)
    rows, codes = balanced_rows(labels, groups, per_class, rng=rng)
    classes = int(codes.max()) + 1
    if len(codes) < classes * folds:
        raise ValueError(f"{len(codes) // classes} groups a class are too few for {folds} folds")
    fold_of = deal(rows, folds, rng=rng)
    shuffled = np.stack([codes, *(rng.permutation(codes) for _ in range(permutations))])
    table = []
    for name, chance, measure in (
        ("silhouette", 0.0, _silhouette_of),
        ("probe accuracy", 1 / classes, lambda x: _accuracy_of(x, fold_of, classes)),
    ):
        per_row, p = {}, {}
        for space, x in (("plane", flat[rows]), ("full", full[rows])):
            score = measure(x)
            per_row[space] = score(shuffled[:1])[0]
            chunks = [score(shuffled[at : at + CHUNK]).mean(axis=1) for at in range(0, len(shuffled), CHUNK)]
            p[space] = share_as_large(np.concatenate(chunks))
        paired = per_row["full"] - per_row["plane"]
        low, high, p_difference = _paired(paired, permutations, rng)
        values = [float(per_row[space].mean()) for space in ("plane", "full")]
        table.append((name, *values, p["plane"], p["full"], float(paired.mean()), low, high, p_difference, chance))
    columns = ["measure", "plane", "full", "p_plane", "p_full", "difference", "low", "high", "p_difference", "chance"]
    return pd.DataFrame(table, columns=columns).assign(n=len(rows), classes=classes)


def principal_plane(vectors: Floats) -> Floats:
    """Coordinates (n, 2) along the two directions of largest variance.

    Example:
        >>> x = np.array([[0.0, 0.0, 5.0], [0.0, 1.0, 0.0], [0.0, -1.0, 0.0]])
        >>> np.abs(principal_plane(x)).round(2)[:, 1].tolist()
        [0.0, 1.0, 1.0]
    """
    middle = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(middle.T @ middle)
    return np.asarray(middle @ directions[:, ::-1][:, :2])


def balanced_rows(
    labels: Sequence[str], groups: npt.ArrayLike, per_class: int, *, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], Labelings]:
    """Rows for a test: one a group, equally many of each class, and their class codes (classes in sorted order).

    Raises:
        ValueError: fewer than two classes.

    Example:
        >>> rows, codes = balanced_rows(["b", "a", "a", "", "b"], [0, 1, 1, 2, 3], 9, rng=np.random.default_rng(0))
        >>> len(rows), codes.tolist()
        (2, [0, 1])
    """
    table = pd.DataFrame({"label": list(labels), "group": np.asarray(groups)})
    table = table[table["label"] != ""]
    one = table.iloc[rng.permutation(len(table))].drop_duplicates("group")
    size = min(per_class, int(one["label"].value_counts().min())) if len(one) else 0
    kept = one.groupby("label").head(size).sort_values("label", kind="stable")
    codes, names = pd.factorize(kept["label"])
    if len(names) < 2:
        raise ValueError("separability needs rows of at least two classes")
    return kept.index.to_numpy(dtype=np.int64), codes.astype(np.int64)


def share_as_large(values: npt.ArrayLike) -> float:
    """The permutation p of the first value: the share of all values, itself included, that are at least as large.

    Source: Phipson and Smyth 2010: with the observed value counted, p is never 0 and the test is exact.

    Example:
        >>> share_as_large([3, 1, 3, 0])
        0.5
    """
    array = np.asarray(values, dtype=np.float64)
    return float((array >= array[0] - 1e-12).mean())


def _silhouette_of(x: Floats) -> Callable[[Labelings], Floats]:
    distances = pairwise(x)
    return lambda codes: silhouettes(distances, codes)


def _accuracy_of(x: Floats, fold_of: npt.NDArray[np.int64], classes: int) -> Callable[[Labelings], Floats]:
    def score(codes: Labelings) -> Floats:
        targets = (codes.T[:, :, None] == np.arange(classes)).astype(np.float64)
        flat, leaning = targets.reshape(len(x), -1), np.empty(targets.shape)
        # A class rare in one fold is common in the others: with its mean added, the probe would guess it too often.
        for fold in np.unique(fold_of):
            train, test = fold_of != fold, fold_of == fold
            leaning[test] = departures(x[train], flat[train], x[test]).reshape(-1, *targets.shape[1:])
        return np.asarray(codes == leaning.argmax(axis=2).T, dtype=np.float64)

    return score


def _paired(differences: Floats, draws: int, rng: np.random.Generator) -> tuple[float, float, float]:
    n, p = len(differences), sign_flip_p(differences, draws=draws, rng=rng)
    replicates = bootstrap_groups(lambda w: (w @ differences) / n, n, draws=draws, rng=rng)
    low, high = percentile_interval(replicates)
    return float(low), float(high), p
