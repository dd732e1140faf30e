"""The one place where meaning gets a colour, and where figures get their look."""

import matplotlib as mpl
import seaborn as sns

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
            "font.family": "DejaVu Sans",
            "svg.fonttype": "none",
        }
    )
