"""McNemar's test of two paired proportions, and how many pairs would make a difference significant."""

from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest, norm


@dataclass(frozen=True)
class Discordance:
    """How two yes-no answers to the same questions disagree.

    Args:
        only_a: pairs in which the first alone says yes.
        only_b: pairs in which the second alone does.
        n: all pairs.
    """

    only_a: int
    only_b: int
    n: int

    @property
    def p(self) -> float:
        """Two-sided p of the exact test: of the discordant pairs, half should lie on either side; 1 without any.

        Source: McNemar 1947; agrees with statsmodels' ``mcnemar(exact=True)``. Pairs must be independent: one a clip.

        Example:
            >>> round(Discordance(6, 1, 50).p, 4), Discordance(0, 0, 50).p
            (0.125, 1.0)
        """
        discordant = self.only_a + self.only_b
        return float(binomtest(self.only_a, discordant).pvalue) if discordant else 1.0

    def pairs_needed(self, *, alpha: float, power: float) -> int | None:
        """Pairs at which the test would find this difference, were the observed disagreement the true one.

        With d the difference of the proportions and s the share of discordant pairs,
        N = (z(1 - alpha / 2) sqrt(s) + z(power) sqrt(s - d^2))^2 / d^2.

        Source: Miettinen 1968; Connor 1987, Biometrics 43, equation 2. It is for the asymptotic test; the exact one
        is more cautious and reaches a power of 0.75 to 0.80 where 0.80 is asked.

        Args:
            alpha: two-sided level; divide it by the number of comparisons that share it.
            power: the wanted probability of a significant result.

        Returns:
            The number of pairs, or None where the observed difference is zero: no number would do.

        Example:
            >>> Discordance(20, 10, 100).pairs_needed(alpha=0.05, power=0.8)
            234
            >>> Discordance(5, 5, 100).pairs_needed(alpha=0.05, power=0.8) is None
            True
        """
        if self.only_a == self.only_b:
            return None
        discordant, difference = (self.only_a + self.only_b) / self.n, (self.only_a - self.only_b) / self.n
        return ceil(float(_needed(np.array(discordant), np.array(difference), alpha, power)) - 1e-9)

    def pairs_needed_interval(
        self, *, alpha: float, power: float, draws: int, rng: np.random.Generator
    ) -> tuple[float, float]:
        """The 95 % interval of `pairs_needed` over resampled pairs: where a difference is not shown it is wide.

        A resample without a difference counts as one of a single pair, since no number of pairs would show none.

        Args:
            alpha: as for `pairs_needed`.
            power: likewise.
            draws: bootstrap replicates.
            rng: source of randomness.

        Example:
            >>> rng = np.random.default_rng(0)
            >>> low, high = Discordance(20, 10, 100).pairs_needed_interval(alpha=0.05, power=0.8, draws=999, rng=rng)
            >>> low < 100, high > 2000
            (True, True)
        """
        shares = np.array([self.only_a, self.only_b, self.n - self.only_a - self.only_b]) / self.n
        a, b, _ = rng.multinomial(self.n, shares, size=draws).T
        apart = np.where(a == b, 1, a - b)
        either = np.maximum(a + b, np.abs(apart))
        low, high = np.quantile(_needed(either / self.n, apart / self.n, alpha, power), [0.025, 0.975])
        return float(low), float(high)


def _needed(
    discordant: npt.NDArray[np.float64], difference: npt.NDArray[np.float64], alpha: float, power: float
) -> npt.NDArray[np.float64]:
    # With every discordant pair on one side and all pairs discordant the second root would be of a rounding error.
    spread = np.sqrt(np.maximum(discordant - difference**2, 0.0))
    reach = norm.ppf(1 - alpha / 2) * np.sqrt(discordant) + norm.ppf(power) * spread
    return np.asarray(reach**2 / difference**2)


def discordance(first: npt.ArrayLike, second: npt.ArrayLike) -> Discordance:
    """Counts the pairs in which two yes-no answers disagree.

    Args:
        first: booleans, or 0 and 1 (n,).
        second: likewise.

    Raises:
        ValueError: answers to different numbers of questions, or other values.

    Example:
        >>> discordance([1, 1, 0, 0], [1, 0, 0, 1])
        Discordance(only_a=1, only_b=1, n=4)
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"paired answers are needed, not {a.shape} and {b.shape}")
    if not np.isin(a, (0, 1)).all() or not np.isin(b, (0, 1)).all():
        raise ValueError("answers must be 0 or 1: decide ties before the test")
    return Discordance(int((a > b).sum()), int((b > a).sum()), len(a))
