"""The one place where meaning gets a colour, and where figures get their look."""

import matplotlib as mpl
import seaborn as sns
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text

BLUE, GREEN, ORANGE, PINK, GREY = "#0173b2", "#029e73", "#d55e00", "#cc78bc", "#949494"

COLOURS = {
    "benchmark": BLUE,
    "candidate": ORANGE,
    "left": BLUE,
    "right": ORANGE,
    "spine": GREY,
    "kept": GREEN,
    "dropped": ORANGE,
    "chance": GREY,
}
CYCLE = [BLUE, ORANGE, GREEN, PINK, GREY]
MARKERS = ["o", "s", "^", "D", "v"]
DASHES = ["-", "--", "-.", ":", (0, (5, 1))]
PAPER = (6.7, 8.6)
"""Inches, wide and high, that a printed page leaves for a figure; a larger one is shrunk to them."""
SMALLEST = 6.0
"""Points that any letter has on paper."""
COLUMN = 670.0
"""CSS pixels that the column of a page gives a figure on a screen 1280 wide; a wider figure is shrunk to them."""
SMALLEST_ON_SCREEN = 9.0
"""CSS pixels that any letter has there."""
PIXELS_AN_INCH, POINTS_AN_INCH = 96.0, 72.0
FONT = "DejaVu Sans"
"""Matplotlib's own font, which every machine has; it lacks Chinese, Japanese, Korean, Hindi and most emoji."""


def use() -> None:
    """Sets seaborn's whitegrid theme with the report's colours, matplotlib's own font, and print resolution."""
    sns.set_theme(context="notebook", style="whitegrid", palette=CYCLE)
    mpl.rcParams.update(
        {
            "figure.figsize": (8, 4.5),
            "figure.constrained_layout.use": True,
            "figure.dpi": 110,
            "savefig.dpi": 160,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "font.family": FONT,
        }
    )


def drawable(text: str, otherwise: str) -> str:
    """A text for a figure, or what stands for it where `FONT` lacks a glyph of it and would draw boxes.

    Args:
        text: data, such as a caption.
        otherwise: what names the same thing in letters that the font has, such as an id.

    Example:
        >>> drawable("geht vorwärts", "caption 7"), drawable("人が歩く", "caption 7")
        ('geht vorwärts', 'caption 7')
    """
    glyphs = font_manager.get_font(font_manager.findfont(FONT)).get_charmap()
    return text if all(ord(letter) in glyphs or letter.isspace() for letter in text) else otherwise


def smallest_allowed(figure: Figure) -> float:
    """Points that a text of the figure needs to have `SMALLEST` on paper and `SMALLEST_ON_SCREEN` in the column.

    Example:
        >>> round(smallest_allowed(Figure(figsize=(13.4, 4))), 2), smallest_allowed(Figure(figsize=(5, 4)))
        (12.96, 6.75)
    """
    wide, high = (float(size) for size in figure.get_size_inches())
    on_paper = SMALLEST * max(1.0, wide / PAPER[0], high / PAPER[1])
    on_screen = SMALLEST_ON_SCREEN * POINTS_AN_INCH / PIXELS_AN_INCH * max(1.0, wide * PIXELS_AN_INCH / COLUMN)
    return max(on_paper, on_screen)


def legible(figure: Figure) -> None:
    """Enlarges, in place, every text that would be too small on paper or on a page."""
    least = smallest_allowed(figure)

    def too_small(text: Text) -> bool:
        return float(text.get_fontsize()) < least

    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        for which in ("major", "minor"):
            if any(too_small(label) for label in axis.get_ticklabels(which=which)):
                axis.set_tick_params(which=which, labelsize=least)
    for artist in figure.findobj(Text):
        if isinstance(artist, Text) and too_small(artist):
            artist.set_fontsize(least)
