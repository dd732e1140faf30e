"""How many different things a set of vectors amounts to: the effective number, by the kernel's eigenvalues.

What looks at all pairs is computed where the device is (`lib.base.arrays`), in float64: numbers are the same to 1e-12.
"""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lib.base.arrays import place_of
from lib.metrics.directions import Floats, checked, unit

if TYPE_CHECKING:
    import torch

Parts = npt.NDArray[np.int64]
SAME = 1e-6
"""Distance of directions below which they are one."""


def moments(vectors: npt.ArrayLike, part_of: npt.ArrayLike, parts: int) -> Floats:
    """Sums of the outer products of unit rows, by part: added up and divided by n they hold K / n of the cosines.

    The n x n cosine kernel X X' and the d x d sum X' X have the same eigenvalues beside zeros, so that any union of
    parts is measured without a matrix that grows with n.

    Args:
        vectors: (n, d) rows without zeros.
        part_of: part of each row (n,), 0 to ``parts`` - 1.
        parts: how many parts.

    Returns:
        Sums (parts, d, d); a part without rows is zero.

    Example:
        >>> moments([[2.0, 0.0], [0.0, 3.0]], [0, 0], 1)[0].tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    rows, owner = checked(vectors, "vectors"), np.asarray(part_of)
    sums = np.zeros((parts, rows.shape[1], rows.shape[1]))
    for part in np.unique(owner):
        some = unit(rows[owner == part])
        sums[part] = some.T @ some
    return sums


def spectrum(moment: npt.ArrayLike, n: float) -> Floats:
    """Eigenvalues of K / n from a sum of outer products (d, d) of n unit rows; they add up to one.

    Example:
        >>> spectrum(np.eye(2), 2).tolist()
        [0.5, 0.5]
    """
    return np.asarray(np.clip(np.linalg.eigvalsh(np.asarray(moment) / n), 0.0, None))


def vendi(eigenvalues: npt.ArrayLike) -> float:
    """The Vendi score: exp of the entropy of the eigenvalues of K / n, 1 for equal rows and n for orthogonal ones.

    Source: Friedman and Dieng 2023, The Vendi Score, definition 3.1.

    Example:
        >>> round(vendi([0.5, 0.5, 0.0]), 6)
        2.0
    """
    shares = np.asarray(eigenvalues, dtype=np.float64)
    known = shares[shares > 0]
    return float(np.exp(-(known * np.log(known)).sum()))


def participation_ratio(eigenvalues: npt.ArrayLike) -> float:
    """One over the sum of squared shares, the Vendi score of order 2: rare directions count less than in `vendi`.

    Source: Pasarkar and Dieng 2024, Cousins of the Vendi Score; of a spectrum as in Gao et al. 2017.

    Example:
        >>> participation_ratio([0.5, 0.5, 0.0])
        2.0
    """
    shares = np.asarray(eigenvalues, dtype=np.float64)
    return float(shares.sum() ** 2 / (shares**2).sum())


def neighbour_width(vectors: npt.ArrayLike, *, block: int = 512, device: "str | torch.device | None" = None) -> float:
    """The median distance of unit rows to the nearest row that differs from them.

    Args:
        vectors: (n, d) rows without zeros.
        block: rows compared at a time; on a GPU see `lib.base.arrays.ROWS_OF_A_GPU`.
        device: as `lib.base.arrays.place_of` takes it; by default that of the run.

    Returns:
        The distance, 0 to 2; 1 where all rows are one.

    Example:
        >>> neighbour_width([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]) == 2**0.5
        True
    """
    place = place_of(device)
    rows, block = place.put(unit(checked(vectors, "vectors"))), place.block(block)
    nearest = []
    for start in range(0, len(rows), block):
        squared = (2 - 2 * rows[start : start + block] @ rows.T).clip(min=0.0)
        squared[squared < SAME**2] = np.inf
        nearest.append(np.sqrt(place.back(place.library.amin(squared, axis=1))))
    found = np.concatenate(nearest)
    known = found[np.isfinite(found)]
    return float(np.median(known)) if len(known) else 1.0


def squared_kernel(
    vectors: npt.ArrayLike,
    part_of: npt.ArrayLike,
    parts: int,
    *,
    width: float,
    block: int = 512,
    device: "str | torch.device | None" = None,
) -> Floats:
    """Sums of the squared Gaussian kernel exp(-|x - y|^2 / 2 width^2) over unit rows, by pair of parts.

    The sum of squared eigenvalues of K / n is the sum of K_ij^2 / n^2, so the participation ratio of any union of
    parts is n^2 over a sum of these, without eigenvalues and in memory that does not grow with n.

    Args:
        vectors: (n, d) rows without zeros.
        part_of: part of each row (n,), 0 to ``parts`` - 1.
        parts: how many parts.
        width: distance at which two rows are told apart.
        block: rows compared at a time; on a GPU see `lib.base.arrays.ROWS_OF_A_GPU`.
        device: as `lib.base.arrays.place_of` takes it; by default that of the run.

    Returns:
        Sums (parts, parts).

    Example:
        >>> squared_kernel([[1.0, 0.0], [0.0, 1.0]], [0, 1], 2, width=0.1).round(6).tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    place = place_of(device)
    rows, block = place.put(unit(checked(vectors, "vectors"))), place.block(block)
    member = place.put(np.eye(parts)[np.asarray(part_of)])
    sums = np.zeros((parts, parts))
    for start in range(0, len(rows), block):
        some = slice(start, start + block)
        squared = (2 - 2 * rows[some] @ rows.T).clip(min=0.0)
        sums += place.back(member[some].T @ (place.library.exp(-squared / width**2) @ member))
    return sums
