"""The quality scores: which end of each is bad, the stage of the funnel that asks it, the defect it is meant for."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.motion.realism_scale import odds


@dataclass(frozen=True)
class Score:
    """A column of the score table.

    Args:
        column: its name.
        stage: of the funnel.
        bound: the parameter that gives its bound outright.
        unit: of its values.
        low_is_bad: which side of the bound is dropped.
        logarithmic: whether its values spread by factors, so that its bound is sought on the logarithm.
        lax: what no bound is stricter than, since nobody minds it.
        defect: what is planted in the embedded corpora and this score must find, or "".
        spoiled: what `lib.motion.clip_defects.SPOILED` does to a clip and this score must find.
        axis: label of an axis.
    """

    column: str
    stage: str
    bound: str
    unit: str
    low_is_bad: bool
    logarithmic: bool
    lax: float
    defect: str
    spoiled: tuple[str, ...]
    axis: str

    @property
    def title(self) -> str:
        """As prose calls it.

        Example:
            >>> [score.title for score in SCORES]
            ['realism', 'high-pass', 'foot skate', 'movement', 'off the floor']
        """
        return {"high_pass": "high-pass", "off_floor": "off the floor"}.get(self.column, self.column.replace("_", " "))

    def badness(self, values: "pd.Series[float]") -> "pd.Series[float]":
        """The values turned so that high is bad."""
        return -values if self.low_is_bad else values

    def beyond(self, values: "pd.Series[float]", bound: float) -> "pd.Series[bool]":
        """Which values are dropped; a missing one is."""
        return ~(values >= bound) if self.low_is_bad else ~(values <= bound)

    def text(self, value: float) -> str:
        """A value as the page writes it.

        Example:
            >>> SCORES[0].text(-2.302585), SCORES[1].text(0.6213)
            ('−2.3 (odds 1 to 10)', '0.62 m/s')
        """
        if self.unit:
            return f"{value:.2g} {self.unit}"
        return f"{value:.1f} (odds {odds(value)})".replace("-", "−", 1)


SCORES = (
    Score(
        "realism",
        "pose realism",
        "realism_min",
        "",
        True,
        False,
        -float(np.log(10)),
        "impossible pose",
        ("impossible passage",),
        "realism (log-odds)",
    ),
    Score(
        "high_pass",
        "high-pass movement",
        "high_pass_max",
        "m/s",
        False,
        False,
        0.1,
        "jitter",
        ("jitter",),
        "high-pass movement (m/s)",
    ),
    Score(
        "foot_skate",
        "foot skate",
        "foot_skate_max",
        "m/s",
        False,
        False,
        0.2,
        "foot skate",
        ("foot skate",),
        "foot skate (m/s)",
    ),
    Score(
        "movement",
        "hardly moves",
        "movement_min",
        "m/s",
        True,
        True,
        0.02,
        "",
        ("frozen",),
        "movement (m/s)",
    ),
    Score(
        "off_floor",
        "off the floor",
        "off_floor_max",
        "m",
        False,
        False,
        0.15,
        "",
        ("flying", "sunk"),
        "off the floor (m)",
    ),
)
