"""How much generated bodies move beside real ones, and whether that is enough to be judged at all."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from lib.metrics.intervals import Measure
from lib.metrics.movement import LEAST, MOST, ratio_to_real
from lib.models.generated_latents import GeneratedLatents, TestSet

RATIOS = {"motion energy": "energy", "pose spread": "spread"}
HARDLY, WILDLY = "hardly moves", "moves too much"


def ratios(test: TestSet, models: Mapping[str, GeneratedLatents], *, seed: int, draws: int) -> pd.DataFrame:
    """Motion energy and pose spread of every model as ratios to the real motions of the same captions.

    Args:
        test: the test set.
        models: motions by model, trivial answers among them if these are to stand beside.
        seed: of the bootstrap.
        draws: bootstrap replicates over base clips.

    Returns:
        ``model, energy, energy_low, energy_high, spread, spread_low, spread_high, n, judged``: 95 % over base clips,
        trainings as they are; ``judged`` is "yes", or why the model is not.
    """
    rows = []
    for name, generated in models.items():
        row: dict[str, object] = {"model": name}
        for measure, short in RATIOS.items():
            made = np.asarray(generated.physical[measure], dtype=np.float64).mean(axis=(0, 1))
            real = np.asarray(test.physical[measure], dtype=np.float64)
            ratio = ratio_to_real(made, real, test.groups, draws=draws, rng=np.random.default_rng(seed))
            row |= {short: ratio.value, f"{short}_low": ratio.low, f"{short}_high": ratio.high, "n": ratio.n}
            if short == "energy":
                row["judged"] = why_not(ratio) or "yes"
        rows.append(row)
    columns = ["model", *(f"{s}{end}" for s in RATIOS.values() for end in ("", "_low", "_high")), "n", "judged"]
    return pd.DataFrame(rows, columns=columns)


def judged(ratios: pd.DataFrame) -> dict[str, str]:
    """By model of `ratios`, "yes" or why it is not judged."""
    return dict(zip(ratios["model"], ratios["judged"], strict=True))


def why_not(energy: Measure) -> str:
    """Why a model with this ratio of energies is not judged; empty where it is.

    Example:
        >>> [why_not(Measure(x, x - 0.1, x + 0.1, 9)) for x in (0.3, 0.55, 1.0, 1.45)]
        ['hardly moves', 'hardly moves', '', 'moves too much']
    """
    return HARDLY if energy.low < LEAST else WILDLY if energy.high > MOST else ""
