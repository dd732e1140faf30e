"""Made-up latents of the kind a text-motion model gives: clusters of very different sizes and shapes, and noise."""

import numpy as np
import numpy.typing as npt

ROWS = 8192


def latents(
    n: int, *, d: int = 256, blobs: int = 300, themes: int = 12, noise: float = 0.1, seed: int = 0
) -> npt.NDArray[np.float32]:
    """Unit vectors (n, d): blobs gathered around themes, with long-tailed sizes and axes of their own, and background.

    Variance falls along the axes as in trained latents, and the axes are turned, so that no column is special. Made a
    block at a time, so that the peak memory of a benchmark is not that of its data.
    """
    rng = np.random.default_rng(seed)
    fall = (1 / np.sqrt(1 + np.arange(d))).astype(np.float32)
    turn = np.linalg.qr(rng.standard_normal((d, d)))[0].astype(np.float32)
    centres = rng.standard_normal((themes, d))[rng.integers(themes, size=blobs)]
    centres = ((centres + 0.9 * rng.standard_normal((blobs, d))) * fall).astype(np.float32)
    axes = (rng.random((blobs, d)) ** 2 * rng.uniform(0.4, 0.9, (blobs, 1)) * fall).astype(np.float32)
    weight = rng.pareto(1.2, blobs) + 0.2
    # The last blob is the background: wide, around the origin, which all directions are seen from.
    centres = np.concatenate([centres, np.zeros((1, d), dtype=np.float32)])
    axes = np.concatenate([axes, 1.3 * fall[None]])
    share = np.append((1 - noise) * weight / weight.sum(), noise)
    x = np.empty((n, d), dtype=np.float32)
    for start in range(0, n, ROWS):
        part = x[start : start + ROWS]
        which = rng.choice(blobs + 1, size=len(part), p=share)
        np.matmul(centres[which] + axes[which] * rng.standard_normal(part.shape, dtype=np.float32), turn.T, out=part)
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return x
