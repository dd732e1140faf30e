"""Letters keep their size on paper and in the column of a page, however large the figure is drawn."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.text import Text

from lib.draw.style import COLUMN, PAPER, SMALLEST, SMALLEST_ON_SCREEN, legible


@pytest.mark.parametrize("size", [(5.0, 3.0), (13.0, 4.0), (6.0, 20.0)])
def test_every_text_has_six_points_on_paper_and_nine_pixels_on_a_page(size):
    figure, axes = plt.subplots(figsize=size)
    axes.plot([1, 10, 100], [0, 1, 2], label="a line")
    axes.set(xscale="log", xlabel="x")
    axes.set_yticks([0, 1, 2], ["walk", "run", "sit"], fontsize=5)
    axes.annotate("here", (1, 1), fontsize=4)
    axes.set_title("title", fontsize=20)
    axes.legend(fontsize=5)
    legible(figure)
    figure.canvas.draw()
    shrunk = min(1, PAPER[0] / size[0], PAPER[1] / size[1])
    drawn = {text.get_text(): text.get_fontsize() * shrunk for text in figure.findobj(Text) if text.get_text()}
    assert {"walk", "here", "a line", "title"} <= drawn.keys() and min(drawn.values()) >= SMALLEST - 1e-9
    assert drawn["title"] == pytest.approx(max(20 * shrunk, SMALLEST))
    pixels_a_point = min(96, COLUMN / size[0]) / 72
    shown = [text.get_fontsize() * pixels_a_point for text in figure.findobj(Text) if text.get_text()]
    assert min(shown) >= SMALLEST_ON_SCREEN - 1e-9
    plt.close(figure)
