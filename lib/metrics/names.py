"""The metrics of the report, each named once: its title, its unit, which way is better, and the decimals shown."""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["higher", "lower", "like real", ""]
"""Which way is better; ``like real`` where real motion sets the level, empty where neither way is."""


@dataclass(frozen=True)
class Metric:
    """What every page, table and rule must know of a metric.

    Args:
        name: as tables head it.
        title: in words, as prose and alternative texts name it.
        key: part of the name of a value, such as ``r3`` in ``h3d_r3``.
        unit: ``share`` is shown in per cent.
        better: which way is better.
        digits: decimals shown.
    """

    name: str
    title: str
    key: str
    unit: str = ""
    better: Direction = ""
    digits: int = 3

    @property
    def lower_is_better(self) -> bool:
        """Whether a negative difference is the good one."""
        return self.better == "lower"


METRICS = {
    metric.name: metric
    for metric in (
        Metric("R@1", "recall at rank 1", "r1", "share", "higher"),
        Metric("R@2", "recall at rank 2", "r2", "share", "higher"),
        Metric("R@3", "recall at rank 3", "r3", "share", "higher"),
        Metric("FID", "Fréchet inception distance", "fid", "", "lower"),
        Metric("KID", "kernel inception distance", "kid", "", "lower", 4),
        Metric("MM-dist", "multimodal distance", "mm_dist", "", "lower"),
        Metric("diversity", "diversity", "diversity", "", "like real"),
        Metric("multimodality", "multimodality", "multimodality"),
        Metric("motion energy", "motion energy", "motion_energy", "m/s", "like real"),
        Metric("pose spread", "pose spread", "pose_spread", "m", "like real"),
        Metric("jerk", "jerk", "jerk", "m/s³", "like real", 0),
        Metric("foot skate", "foot skate", "foot_skate", "m/s", "lower"),
        Metric("skating steps", "skating steps", "skating_steps", "share", "lower"),
        Metric("floor penetration", "floor penetration", "floor_penetration", "m", "lower"),
        Metric("bone drift", "bone drift", "bone_drift", "m", "lower"),
    )
}
"""By name; `lib.metrics.physical` measures the last five, `lib.metrics.movement` the two before them."""
VIDEO_TO_TEXT, TEXT_TO_VIDEO = "video to text", "text to video"
"""The directions of retrieval between videos and captions, as tables name them."""
