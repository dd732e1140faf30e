"""What collides in a figure is thinned, and nothing else."""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from lib.draw.strip import strip
from lib.draw.untangle import may_give_way, untangle
from lib.motion.skeleton import OFFSETS


def shown(figure: Figure) -> list[list[tuple[float, float]]]:
    """Ends of the tick labels of every x axis, drawn anew."""
    figure.canvas.draw()
    ends = []
    for axes in figure.axes:
        low, high = axes.get_xlim()
        labels = zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
        boxes = [label.get_window_extent() for at, label in labels if low <= at <= high and label.get_text()]
        ends.append([(box.x0, box.x1) for box in boxes])
    return ends


@pytest.mark.parametrize("size", [6, 14, 22])
def test_ticks_of_numbers_never_touch_and_some_stay(size: int) -> None:
    figure, panels = plt.subplots(1, 3, figsize=(7, 2), layout="constrained")
    for axes in panels:
        axes.plot([-12_345.5, 23_456.5], [0, 1])
        axes.tick_params(labelsize=size)
    untangle(figure)
    for ends in shown(figure):
        assert ends and all(one[1] < other[0] for one, other in pairwise(ends))
    plt.close(figure)


def test_panels_that_share_an_axis_are_thinned_alike() -> None:
    figure, panels = plt.subplots(2, 2, figsize=(3, 3), sharex=True, sharey=True, layout="constrained")
    for axes in panels.flat:
        axes.plot([-12_345.5, 23_456.5], [0, 1])
        axes.tick_params(labelsize=12)
    untangle(figure)
    figure.canvas.draw()
    for axes in panels[1]:
        low, high = axes.get_xlim()
        ticks = [tick.label1 for tick in axes.xaxis.get_major_ticks() if low <= tick.get_loc() <= high]
        boxes = [label.get_window_extent() for label in ticks]
        assert len(boxes) > 1 and all(one.x1 < other.x0 for one, other in pairwise(boxes))
    plt.close(figure)


def test_names_and_texts_that_do_not_collide_stay() -> None:
    figure, axes = plt.subplots(figsize=(3, 2))
    axes.set_xticks([0, 1, 2], ["a long name", "another long name", "a third long name"])
    marks = [axes.text(at, 0.5, "x") for at in (0, 1, 2)]
    for mark in marks:
        may_give_way(mark)
    untangle(figure)
    assert [label.get_text() for label in axes.get_xticklabels()] == [
        "a long name",
        "another long name",
        "a third long name",
    ]
    assert all(mark.get_visible() for mark in marks)
    plt.close(figure)


def test_times_below_close_poses_give_way_and_the_first_stays() -> None:
    figure, axes = plt.subplots(figsize=(1.6, 1.2))
    still = np.repeat(OFFSETS.cumsum(axis=0)[None], 40, axis=0)
    strip(still, n=6, ax=axes, legend=False)
    untangle(figure)
    times = list(axes.texts)
    seen = [text for text in times if text.get_visible()]
    assert times[0].get_visible() and 1 <= len(seen) < len(times)
    boxes = [text.get_window_extent() for text in seen]
    assert all(one.x1 < other.x0 for one, other in pairwise(boxes))
    plt.close(figure)
