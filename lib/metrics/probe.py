"""A linear probe scored on held-out groups: what a linear reader can tell from vectors."""

import numpy as np
import numpy.typing as npt

from lib.metrics.directions import Floats


def deal(groups: npt.ArrayLike, folds: int, *, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Deals groups to folds at random, so that rows of one group are never on both sides of a split.

    Args:
        groups: group of each row (n,), a base clip.
        folds: number of folds, 2 to the number of groups.
        rng: source of randomness.

    Returns:
        Fold of each row (n,), 0 to folds - 1; folds hold equally many groups, give or take one.

    Raises:
        ValueError: fewer groups than folds, or a single fold.

    Example:
        >>> deal(["a", "a", "b"], 2, rng=np.random.default_rng(0)).tolist()
        [0, 0, 1]
    """
    names, group_of = np.unique(np.asarray(groups), return_inverse=True)
    if not 2 <= folds <= len(names):
        raise ValueError(f"{folds} folds cannot be dealt from {len(names)} groups")
    return np.asarray(rng.permutation(len(names))[group_of] % folds, dtype=np.int64)


def held_out(vectors: Floats, targets: Floats, fold_of: npt.NDArray[np.int64], *, ridge: float = 0.1) -> Floats:
    """Predicts targets of each fold by ridge regression on the other folds.

    Least squares rather than logistic regression because any number of targets, such as permuted labels, then share
    one factorisation a fold.

    Args:
        vectors: (n, d).
        targets: (n, c), e.g. one indicator column a class.
        fold_of: fold of each row (n,).
        ridge: penalty as a multiple of the mean variance of a dimension, so the scale of the vectors does not matter.

    Returns:
        Predictions (n, c), every row predicted by a probe that has not seen its fold.

    Example:
        >>> x = np.array([[0.0], [1.0], [2.0], [3.0]])
        >>> held_out(x, 2 * x + 1, np.array([0, 1, 0, 1]), ridge=0).ravel().round(6).tolist()
        [1.0, 3.0, 5.0, 7.0]
    """
    predicted = np.empty_like(targets, dtype=np.float64)
    for fold in np.unique(fold_of):
        train, test = fold_of != fold, fold_of == fold
        level = targets[train].mean(axis=0)
        predicted[test] = departures(vectors[train], targets[train], vectors[test], ridge=ridge) + level
    return predicted


def departures(seen: Floats, targets: Floats, unseen: Floats, *, ridge: float = 0.1) -> Floats:
    """How far ridge regression predicts unseen rows to lie from the mean target of the seen ones.

    Args:
        seen: (n, d).
        targets: (n, c) of the seen rows.
        unseen: (m, d).
        ridge: as in `held_out`.

    Returns:
        Predictions less the mean target (m, c).

    Example:
        >>> departures(np.array([[0.0], [2.0]]), np.array([[1.0], [5.0]]), np.array([[2.0]]), ridge=0).round(6).tolist()
        [[2.0]]
    """
    middle = seen.mean(axis=0)
    inner = seen - middle
    gram = inner.T @ inner
    penalty = ridge * np.trace(gram) / len(gram)
    gram[np.diag_indices_from(gram)] += max(penalty, np.finfo(np.float64).tiny)
    slopes = np.linalg.solve(gram, inner.T @ (targets - targets.mean(axis=0)))
    return np.asarray((unseen - middle) @ slopes)


def area_under_roc(scores: Floats, positive: npt.NDArray[np.bool_], weights: Floats) -> Floats:
    """The probability that a positive row scores above a negative one, ties counting half.

    Args:
        scores: (n,).
        positive: (n,).
        weights: how often each row counts, (b, n).

    Returns:
        One area a row of weights (b,); 0.5 is no better than chance.

    Example:
        >>> area_under_roc(np.array([1.0, 2.0, 2.0]), np.array([False, True, False]), np.ones((1, 3))).tolist()
        [0.75]
    """
    values, level_of = np.unique(scores, return_inverse=True)
    order = np.argsort(level_of, kind="stable")
    starts = np.searchsorted(level_of[order], np.arange(len(values)))
    plus = np.add.reduceat((weights * positive)[:, order], starts, axis=1)
    minus = np.add.reduceat((weights * ~positive)[:, order], starts, axis=1)
    below = np.cumsum(minus, axis=1) - minus / 2
    return np.asarray((plus * below).sum(axis=1) / (plus.sum(axis=1) * minus.sum(axis=1)))
