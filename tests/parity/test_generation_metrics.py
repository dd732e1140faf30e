"""Generation metrics against the reference formulas written out: scipy's matrix root, sorting, sums over pairs."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

from lib.metrics.diversity import diversity, multimodality
from lib.metrics.fid import frechet_distance, moments
from lib.metrics.kid import kernel_sums, kid, polynomial_mmd
from lib.metrics.matching import matching_score, r_precision


def normal(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def reference_fid(x, y):
    a, b = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    return ((x.mean(0) - y.mean(0)) ** 2).sum() + np.trace(a) + np.trace(b) - 2 * np.trace(sqrtm(a @ b).real)


def exact_fid(x, y):
    """Without any root of a covariance: Tr sqrt(S1 S2) is the sum of the singular values of X Y' (centred, scaled)."""
    x1, y1 = (v - v.mean(0) for v in (x, y))
    common = np.linalg.svd(x1 @ y1.T, compute_uv=False).sum() / np.sqrt((len(x) - 1) * (len(y) - 1))
    traces = (x1**2).sum() / (len(x) - 1) + (y1**2).sum() / (len(y) - 1)
    return ((x.mean(0) - y.mean(0)) ** 2).sum() + traces - 2 * common


def gram_fid(x, y):
    """S1 S2 = X'X Y'Y has, but for zeros, the eigenvalues of the smaller (X Y') (X Y')', which is regular for n < d."""
    x1, y1 = ((v - v.mean(0)) / np.sqrt(len(v) - 1) for v in (x, y))
    # Rows less their mean have rank n - 1: a basis of that space takes the one zero eigenvalue away.
    basis = np.linalg.qr(np.eye(len(x))[:, 1:] - 1 / len(x))[0]
    common = np.trace(sqrtm(basis.T @ x1 @ y1.T @ y1 @ x1.T @ basis).real)
    return ((x.mean(0) - y.mean(0)) ** 2).sum() + (x1**2).sum() + (y1**2).sum() - 2 * common


@pytest.mark.parametrize(("n", "m", "d"), [(500, 400, 32), (90, 70, 64), (300, 300, 256)])
def test_frechet_distance_is_that_of_the_matrix_root(n, m, d):
    x, y = normal(1, n, d), 1.3 * normal(2, m, d) + 0.2
    assert frechet_distance(x, y) == pytest.approx(reference_fid(x, y), abs=1e-8)
    assert frechet_distance(x, y) == pytest.approx(exact_fid(x, y), abs=1e-8)


@pytest.mark.parametrize(("n", "m", "d"), [(20, 30, 64), (20, 300, 64), (30, 30, 256)])
def test_frechet_distance_also_with_fewer_rows_than_dimensions(n, m, d):
    """Against scipy's root of a regular matrix with the same trace; that of the singular product errs by 3e-8 of it."""
    x, y = normal(1, n, d), normal(2, m, d) + 0.2
    assert frechet_distance(x, y) == pytest.approx(gram_fid(x, y), abs=1e-8)
    assert frechet_distance(x, y) == pytest.approx(exact_fid(x, y), abs=1e-10)
    trace = np.trace(moments(x).covariance) + np.trace(moments(y).covariance)
    assert abs(frechet_distance(x, y) - reference_fid(x, y)) < 1e-7 * trace


def test_frechet_distance_in_closed_form():
    x = normal(0, 50, 6)
    assert frechet_distance(x, x + 3) == pytest.approx(6 * 9, abs=1e-9)
    # Scaling by c: Tr(S) (1 - c)^2 when the means agree.
    y = x - x.mean(0)
    assert frechet_distance(y, 2 * y) == pytest.approx(np.trace(np.cov(y, rowvar=False)), abs=1e-9)
    assert frechet_distance(x, x) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(x, y) == pytest.approx(frechet_distance(y, x), abs=1e-9)


def brute_precision(text, motion, pool, top_k, order):
    hits = np.zeros(top_k)
    for start in range(0, len(order) // pool * pool, pool):
        rows = order[start : start + pool]
        for row in rows:
            nearest = sorted(rows, key=lambda other: np.sqrt(((text[row] - motion[other]) ** 2).sum()))
            hits += [row in nearest[: k + 1] for k in range(top_k)]
    return hits / (len(order) // pool * pool)


@pytest.mark.parametrize(("n", "pool", "top_k"), [(70, 32, 3), (64, 32, 3), (23, 5, 5), (9, 9, 1)])
def test_r_precision_is_brute_force(n, pool, top_k):
    text = normal(3, n, 6)
    motion = text + normal(4, n, 6)
    np.testing.assert_allclose(
        r_precision(text, motion, pool=pool, top_k=top_k), brute_precision(text, motion, pool, top_k, np.arange(n))
    )
    order = np.random.default_rng(5).permutation(n)
    np.testing.assert_allclose(
        r_precision(text, motion, pool=pool, top_k=top_k, rng=np.random.default_rng(5)),
        brute_precision(text, motion, pool, top_k, order),
    )


def test_matching_score_is_the_mean_of_the_distances():
    text, motion = normal(3, 40, 5), normal(4, 40, 5)
    assert matching_score(text, motion) == pytest.approx(
        np.mean([np.sqrt(((t - m) ** 2).sum()) for t, m in zip(text, motion, strict=True)])
    )


def test_diversity_and_multimodality_are_two_independent_draws():
    x = normal(6, 400, 7)
    rng = np.random.default_rng(1)
    first, second = rng.choice(400, 300, replace=False), rng.choice(400, 300, replace=False)
    expected = np.mean([np.sqrt(((x[a] - x[b]) ** 2).sum()) for a, b in zip(first, second, strict=True)])
    assert diversity(x, rng=np.random.default_rng(1)) == pytest.approx(expected)
    y = normal(7, 12, 30, 4)
    rng = np.random.default_rng(2)
    first, second = rng.choice(30, 10, replace=False), rng.choice(30, 10, replace=False)
    expected = np.mean([[np.sqrt(((t[a] - t[b]) ** 2).sum()) for a, b in zip(first, second, strict=True)] for t in y])
    assert multimodality(y, rng=np.random.default_rng(2)) == pytest.approx(expected)


def brute_mmd(x, y, *, paired=False):
    k = lambda a, b: (float(a @ b) / len(a) + 1) ** 3
    within = lambda v: np.mean([k(v[i], v[j]) for i in range(len(v)) for j in range(len(v)) if i != j])
    across = np.mean([k(a, b) for i, a in enumerate(x) for j, b in enumerate(y) if not (paired and i == j)])
    return within(x) + within(y) - 2 * across


def test_kid_is_the_sum_over_pairs():
    x, y = normal(8, 15, 4), normal(9, 11, 4) + 0.5
    assert polynomial_mmd(x, y) == pytest.approx(brute_mmd(x, y))
    assert kid(x, y, rng=np.random.default_rng(0)).value == pytest.approx(brute_mmd(x, y))
    found = kid(x, y[[*range(11), 0, 1, 2, 3]], groups=np.arange(15), rng=np.random.default_rng(0))
    assert found.value == pytest.approx(brute_mmd(x, y[[*range(11), 0, 1, 2, 3]], paired=True))


def test_kid_is_unbiased():
    """x of 2 values, y of 2 others, so the truth is a finite sum; 2,000 samples of 4 against 3."""
    rng = np.random.default_rng(10)
    k = lambda a, b: (a * b + 1.0) ** 3
    mean = lambda p, q: sum(wp * wq * k(a, b) for a, wp in p for b, wq in q)
    p, q = [(1.0, 0.5), (-1.0, 0.5)], [(1.0, 0.9), (0.0, 0.1)]
    truth = mean(p, p) + mean(q, q) - 2 * mean(p, q)
    values = [
        polynomial_mmd(rng.choice([1.0, -1.0], (4, 1)), rng.choice([1.0, 0.0], (3, 1), p=[0.9, 0.1]))
        for _ in range(2000)
    ]
    assert abs(np.mean(values) - truth) < 4 * np.std(values) / np.sqrt(len(values))
    # Were each row paired with itself too, the mean would be off by ten of these errors.
    biased = (k(1, 1) - mean(p, p)) / 4 + (0.9 * k(1, 1) + 0.1 * k(0, 0) - mean(q, q)) / 3
    assert biased > 10 * np.std(values) / np.sqrt(len(values))


def test_paired_kid_is_unbiased_although_rows_depend_on_one_another():
    """Each generated row is its real row moved a little: one law, so the truth is 0; all pairs would be below it."""
    rng = np.random.default_rng(11)
    paired, every = [], []
    alone = np.arange(6)
    for _ in range(1000):
        x = rng.normal(size=(6, 2))
        y = 0.9 * x + np.sqrt(1 - 0.81) * rng.normal(size=(6, 2))
        paired.append(float(kernel_sums(x, y, alone, alone, paired=True).value(np.ones((1, 6)))[0]))
        every.append(polynomial_mmd(x, y))
    assert abs(np.mean(paired)) < 4 * np.std(paired) / np.sqrt(len(paired))
    assert np.mean(every) < -4 * np.std(every) / np.sqrt(len(every))
