"""Whether a retrieval model notices that a caption was made false."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.intervals import Measure, share

CHANCE = 0.5
Vectors = npt.NDArray[np.floating]
Probe = Callable[[str], str | None]


def noticed(
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
        >>> two = np.eye(2)
        >>> noticed(two, two, two[::-1], ["a", "b"], draws=100, rng=np.random.default_rng(0)).value
        1.0
    """
    unit = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (videos, true, false)]
    margin = np.einsum("nd,nd->n", unit[0], unit[1]) - np.einsum("nd,nd->n", unit[0], unit[2])
    return share(np.where(margin == 0, CHANCE, margin > 0), list(groups), draws=draws, rng=rng)


def probed(
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
        ``probe, noticed, low, high, n, captions, chance, example_caption, example_false_caption``; a probe that applies
        to no caption has n = 0 and no share.
    """
    rows = []
    for name, probe in probes.items():
        made = [(at, text) for at, text in enumerate(map(probe, captions)) if text is not None]
        at = [place for place, _ in made]
        true = [captions[place] for place in at]
        example = (true[0], made[0][1]) if made else ("", "")
        if made:
            false, right = encode([text for _, text in made]), encode(true)
            one = noticed(videos[at], right, false, [groups[place] for place in at], draws=draws, rng=rng)
            rows.append((name, one.value, one.low, one.high, one.n, len(captions), CHANCE, *example))
        else:
            rows.append((name, np.nan, np.nan, np.nan, 0, len(captions), CHANCE, *example))
    columns = ["probe", "noticed", "low", "high", "n", "captions", "chance", "example_caption", "example_false_caption"]
    return pd.DataFrame(rows, columns=columns)
