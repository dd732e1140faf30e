"""Perturbation probes: whether a retrieval model ranks a true caption above the same one made false."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.intervals import Measure, share

CHANCE = 0.5
Vectors = npt.NDArray[np.floating]
Probe = Callable[[str], str | None]


def true_preferred(
    videos: Vectors, true: Vectors, false: Vectors, groups: Sequence[str], *, draws: int, rng: np.random.Generator
) -> Measure:
    """Share of clips whose video is more similar, by cosine, to the true caption than to the false one.

    A tie counts one half, so that a model blind to the difference scores 50 %.

    Args:
        videos: (n, d).
        true: (n, d) embeddings of the captions as they are.
        false: (n, d) embeddings of the captions made false.
        groups: the resampling unit of each clip, its base clip.
        draws: bootstrap replicates.
        rng: source of randomness.

    Returns:
        The share with an interval over groups; chance is 50 %. NaN without clips.

    Example:
        >>> clips = np.eye(2)
        >>> true_preferred(clips, clips, clips[::-1], ["a", "b"], draws=100, rng=np.random.default_rng(0)).value
        1.0
    """
    unit = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (videos, true, false)]
    margin = np.einsum("nd,nd->n", unit[0], unit[1]) - np.einsum("nd,nd->n", unit[0], unit[2])
    return share(np.where(margin == 0, CHANCE, margin > 0), list(groups), draws=draws, rng=rng)


def perturbation_probes(
    videos: Vectors,
    captions: Sequence[str],
    groups: Sequence[str],
    encode: Callable[[Sequence[str]], Vectors],
    probes: Mapping[str, Probe],
    *,
    draws: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Every probe on the captions that it applies to.

    Args:
        videos: (n, d), row by row those of the captions.
        captions: n texts.
        groups: the resampling unit of each.
        encode: embeds texts in the space of the videos.
        probes: by name, what makes a caption false, or None where it does not apply; see `lib.text.probes.PROBES`.
        draws: bootstrap replicates.
        rng: source of randomness.

    Returns:
        ``probe, true_preferred, low, high, n, captions, chance, example_caption, example_false_caption``; a probe that
        applies to no caption has n = 0 and no share.
    """
    rows = []
    for name, probe in probes.items():
        perturbed = {row: text for row, text in enumerate(map(probe, captions)) if text is not None}
        if not perturbed:
            rows.append((name, np.nan, np.nan, np.nan, 0, len(captions), CHANCE, "", ""))
            continue
        at, false = list(perturbed), list(perturbed.values())
        true, units = [captions[row] for row in at], [groups[row] for row in at]
        preferred = true_preferred(videos[at], encode(true), encode(false), units, draws=draws, rng=rng)
        ends = preferred.low, preferred.high
        rows.append((name, preferred.value, *ends, preferred.n, len(captions), CHANCE, true[0], false[0]))
    columns = ["probe", "true_preferred", "low", "high", "n", "captions", "chance"]
    return pd.DataFrame(rows, columns=[*columns, "example_caption", "example_false_caption"])
