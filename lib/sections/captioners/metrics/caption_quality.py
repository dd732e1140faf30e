"""How long, varied and human each captioner's captions are, at the same number of captions for all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.metrics.diversity import vendi
from lib.metrics.intervals import Floats, Measure, number, percentile_interval, span
from lib.sections.captioners.metrics.wording import distinct, templated

UNITS = {"length": "words", "vocabulary": "words", "templated": "share", "vendi": "captions", "agreement": "cosine"}
DIGITS = {"length": 1, "vocabulary": 0, "templated": 2, "vendi": 1}
OF_WORDS: dict[str, Callable[[Sequence[Sequence[str]]], float]] = {
    "length": lambda lists: float(np.mean([len(words) for words in lists])),
    "vocabulary": lambda lists: float(len({word for words in lists for word in words})),
    "distinct_1": lambda lists: distinct(lists, 1),
    "distinct_2": lambda lists: distinct(lists, 2),
    "distinct_3": lambda lists: distinct(lists, 3),
    "templated": templated,
}


@dataclass(frozen=True, eq=False)
class Captions:
    """One captioner's captions, row by row.

    Args:
        words: words of each caption.
        groups: its resampling unit, a base clip.
        vectors: its sentence vector (n, d) of length 1, if there are any.
        agreement: its cosine to people's captions of the clip (n,), NaN where there are none; see `agreement`.
    """

    words: Sequence[Sequence[str]]
    groups: Sequence[str]
    vectors: npt.NDArray[np.floating] | None = None
    agreement: Floats | None = None


@dataclass(frozen=True, eq=False)
class Quality:
    """Measures of captioners on random halves of the clips.

    Attributes:
        draws: by captioner and measure, the value in each half (draws,); halves are the same for all captioners.
        captions: by captioner, how many captions there are.
        size: how many each half holds.
    """

    draws: Mapping[str, Mapping[str, Floats]] = field(default_factory=dict)
    captions: Mapping[str, int] = field(default_factory=dict)
    size: int = 0

    def estimate(self, captioner: str, measure: str) -> Measure:
        """A measure at `size` captions: its mean over the halves, and their central 95 %."""
        values = self.draws[captioner][measure]
        known = np.isfinite(values).any()
        value, low, high = (np.nanmean(values), *percentile_interval(values)) if known else (np.nan,) * 3
        n, unit = self.captions[captioner], UNITS.get(measure, "")
        return Measure(float(value), float(low), float(high), n, unit, DIGITS.get(measure, 2))

    def table(self) -> pd.DataFrame:
        """One row a measure, one column a captioner, each value with its interval as text."""
        columns: dict[str, dict[str, str]] = {"measure": {}}
        for name, measures in self.draws.items():
            columns[name] = {}
            for measure in measures:
                mean = self.estimate(name, measure)
                unit = f", {mean.unit}" if mean.unit else ""
                columns["measure"][measure] = f"{measure.replace('_', '-')}{unit}"
                ends = span(mean.low, mean.high, mean.digits)
                columns[name][measure] = f"{number(mean.value, mean.digits)} ({ends})"
        return pd.DataFrame(columns, index=list(columns["measure"])).reset_index(drop=True)


def quality(captioners: Mapping[str, Captions], *, draws: int, rng: np.random.Generator) -> Quality:
    """Every measure of every captioner, at half the number of captions that the scarcest has.

    Diversity depends on how many captions are looked at, so all captioners are looked at through samples of one size.
    Base clips are drawn whole and without return, since a clip drawn twice, as the bootstrap does, would count as a
    repetition of the captioner's. For means the spread of halves is just the standard error of the whole.

    Source: Shao and Wu 1989, A General Theory for Jackknife Variance Estimation (delete-d, here half).

    Args:
        captioners: by name.
        draws: how many halves.
        rng: source of randomness.

    Returns:
        The measures: length, vocabulary, distinct_1 to 3, templated; vendi with vectors; agreement where any is known.

    Example:
        >>> captions = {"one": Captions([["a", "man"], ["a", "dog"]], ["1", "2"])}
        >>> quality(captions, draws=20, rng=np.random.default_rng(0)).estimate("one", "length").text
        '2.0 words (95 % CI 2.0–2.0, N = 2)'
    """
    counts = {name: len(captions.words) for name, captions in captioners.items()}
    size = max(1, min(counts.values(), default=0) // 2)
    if not counts or not min(counts.values()):
        return Quality(captions=counts)
    groups = sorted({group for captions in captioners.values() for group in captions.groups})
    codes = {name: np.searchsorted(groups, list(captions.groups)) for name, captions in captioners.items()}
    values: dict[str, dict[str, list[float]]] = {name: {} for name in captioners}
    for _ in range(draws):
        turn = rng.permutation(len(groups))
        for name, captions in captioners.items():
            half = np.argsort(turn[codes[name]], kind="stable")[:size]
            for measure, value in _measured(captions, half).items():
                values[name].setdefault(measure, []).append(value)
    arrays = {name: {measure: np.array(v) for measure, v in own.items()} for name, own in values.items()}
    return Quality(arrays, counts, size)


def agreement(
    clip_ids: Sequence[str],
    vectors: npt.NDArray[np.floating],
    human_clip_ids: Sequence[str],
    human_vectors: npt.NDArray[np.floating],
) -> Floats:
    """Mean cosine of each caption to people's captions of its clip.

    Args:
        clip_ids: clip of each caption (n,).
        vectors: sentence vectors (n, d) of length 1.
        human_clip_ids: clip of each caption by people (m,).
        human_vectors: likewise (m, d).

    Returns:
        (n,), NaN where nobody described the clip.

    Example:
        >>> agreement(["a", "b"], np.eye(2), ["a", "a"], np.eye(2))
        array([0.5, nan])
    """
    of_clip: dict[str, list[int]] = {}
    for at, clip_id in enumerate(human_clip_ids):
        of_clip.setdefault(clip_id, []).append(at)
    cosines = [
        float((human_vectors[of_clip[clip_id]] @ vector).mean()) if clip_id in of_clip else float("nan")
        for clip_id, vector in zip(clip_ids, vectors, strict=True)
    ]
    return np.array(cosines, dtype=np.float64)


def _measured(captions: Captions, rows: npt.NDArray[np.intp]) -> dict[str, float]:
    word_lists = [captions.words[row] for row in rows]
    values = {measure: statistic(word_lists) for measure, statistic in OF_WORDS.items()}
    if captions.vectors is not None:
        values["vendi"] = vendi(captions.vectors[rows])
    if captions.agreement is not None and np.isfinite(captions.agreement).any():
        known = captions.agreement[rows][np.isfinite(captions.agreement[rows])]
        values["agreement"] = float(known.mean()) if len(known) else float("nan")
    return values
