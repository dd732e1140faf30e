"""Strips hold what they promise: moments in order, one figure a moment, sides apart, travel to scale."""

from collections.abc import Iterator
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from lib.draw.strip import moments, strip
from lib.draw.style import COLOURS
from tests.unit.motion.bodies import standing, swinging


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def figures(ax: plt.Axes) -> list[LineCollection]:
    return [each for each in ax.collections if isinstance(each, LineCollection)]


def test_every_moment_is_a_figure_of_three_colours() -> None:
    ax = strip(swinging(), n=5, title="swing")
    assert len(figures(ax)) == 15
    assert {to_hex(each.get_colors()[0]) for each in figures(ax)} == {COLOURS[s] for s in ("left", "right", "spine")}
    assert ax.get_title() == "swing" and ax.get_aspect() == 1.0
    assert ax.texts[0].get_text() == "0.0" and [" s" in text.get_text() for text in ax.texts].count(True) == 1


def test_figures_do_not_overlap_and_run_left_to_right() -> None:
    drawn = figures(strip(swinging(seed=4, speed=1.0), n=6))
    spans = []
    for first in range(0, len(drawn), 3):
        x = np.concatenate([segment[:, 0] for part in drawn[first : first + 3] for segment in part.get_segments()])
        spans.append((x.min(), x.max()))
    assert all(before[1] < after[0] for before, after in pairwise(spans))


def test_bones_keep_their_height_under_an_orthographic_camera() -> None:
    joints = np.repeat(swinging(1), 3, axis=0)
    drawn = figures(strip(joints, n=2, elevation=0.0))
    heights = np.concatenate([segment[:, 1] for part in drawn[:3] for segment in part.get_segments()])
    assert np.ptp(heights) == pytest.approx(np.ptp(joints[0, :, 1]))


def test_walking_forwards_leads_right_by_its_projected_length() -> None:
    joints = np.repeat(standing(), 41, axis=0)
    joints[..., 2] += np.arange(41)[:, None] / 20
    for azimuth in (90.0, 30.0):
        lines = strip(joints, n=2, azimuth=azimuth).lines
        trail = max((np.asarray(line.get_xdata()) for line in lines), key=len)
        assert len(trail) == 41
        assert trail[-1] - trail[0] == pytest.approx(2.0 * np.sin(np.radians(azimuth)), rel=1e-2)


def test_it_draws_on_the_axes_given() -> None:
    _, ax = plt.subplots()
    assert strip(swinging(), ax=ax, legend=False) is ax and ax.get_legend() is None


def test_moments_follow_the_movement() -> None:
    joints = np.repeat(swinging(1), 101, axis=0)
    assert moments(joints, 5).tolist() == [0, 25, 50, 75, 100]
    joints[80:90, 20, 0] += np.linspace(0, 1, 10)
    joints[90:, 20, 0] += 1.0
    shown = moments(joints, 9)
    assert shown[0] == 0 and shown[-1] == 100
    assert ((shown >= 79) & (shown <= 90)).sum() >= 4


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_short_clips_show_what_they_have(frames: int) -> None:
    assert len(figures(strip(swinging(frames), n=6))) == 3 * frames
