"""Texts of a figure that would collide: ticks of numbers become fewer, and texts that may give way do."""

from itertools import pairwise

from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

FEWER = (6, 5, 4, 3, 2)
APART = 3.0
"""Pixels of the drawing that two texts keep between them."""
_YIELDS = "_may give way"


def may_give_way(text: Text) -> None:
    """Marks a text, such as the time below a pose, that is left out where it would cover an earlier one."""
    text.set_label(_YIELDS)


def untangle(figure: Figure) -> None:
    """Thins, in place, what collides as the figure is drawn now; texts must have their last size.

    Example:
        >>> figure = Figure(figsize=(1.5, 1))
        >>> axes = figure.subplots()
        >>> marks = [axes.text(0.5, 0.5, "here"), axes.text(0.5, 0.5, "there")]
        >>> for mark in marks:
        ...     may_give_way(mark)
        >>> untangle(figure)
        >>> [mark.get_visible() for mark in marks]
        [True, False]
    """
    canvas = FigureCanvasAgg(figure) if not isinstance(figure.canvas, FigureCanvasAgg) else figure.canvas
    canvas.draw()  # type: ignore[no-untyped-call]
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    for axes in figure.axes:
        _thin(axes.xaxis, renderer)
        _thin(axes.yaxis, renderer)
    kept: list[Bbox] = []
    for text in figure.findobj(Text):
        if not isinstance(text, Text) or text.get_label() != _YIELDS or not text.get_visible():
            continue
        box = text.get_window_extent(renderer)
        if any(_touch(box, other) for other in kept):
            text.set_visible(False)
        else:
            kept.append(box)


def _thin(axis: Axis, renderer: RendererAgg) -> None:
    locator = axis.get_major_locator()
    if not isinstance(locator, MaxNLocator):
        return
    for bins in FEWER:
        low, high = sorted(axis.get_view_interval())
        axis.get_majorticklabels()  # brings the ticks up to date
        seen = (tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high)
        boxes = [label.get_window_extent(renderer) for label in seen if label.get_visible() and label.get_text()]
        if not any(_touch(one, other) for one, other in pairwise(boxes)):
            return
        locator.set_params(nbins=bins)


def _touch(one: Bbox, other: Bbox) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    along = min(one.y1, other.y1) - max(one.y0, other.y0)
    return bool(across > -APART and along > 0)
