"""An item of the survey as a picture, for a page of the report: what one respondent saw, in the order they saw it."""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from lib.base.errors import CorpusError
from lib.corpus import Corpus
from lib.draw.strip import strip
from lib.draw.style import BLUE, GREY, drawable
from lib.motion.skeleton import FPS, Array
from lib.survey.asked import survey_of
from lib.survey.items import QUESTION, Item
from lib.survey.parameters import SurveyParameters

WIDTH = 8.0
LETTERS = 84
LINE, PADDING, STRIP = 0.2, 0.62, 2.3
"""Inches: a line of text, what a box needs beside its lines, the stick figures."""


@dataclass(frozen=True)
class ExampleItem:
    """An item of a survey with what it takes to draw it.

    Args:
        item: one clip's captions, blinded.
        joints: (T, 22, 3) metres: the motion of the clip.
        fps: frames a second.
        seed: of the respondent whose order is drawn.
    """

    item: Item
    joints: Array
    fps: float
    seed: str


def example(
    asked: SurveyParameters, corpora: Mapping[str, Corpus], *, shown: Callable[[Corpus], Corpus | None]
) -> ExampleItem | None:
    """The first item of the survey page that a profile asks for, in the order of one respondent.

    Args:
        asked: the section `survey` of a profile.
        corpora: of the profile, by key, whole.
        shown: the corpus if its motions may be drawn, else None.

    Returns:
        The item; None where the corpora have no captioners to ask about, or where the motion is private.
    """
    try:
        survey, corpus = survey_of(asked, corpora)
    except CorpusError:
        return None
    if shown(corpus) is None:
        return None
    item = survey.asked[0]
    fps = float(corpus.clips.set_index("clip_id")["fps"][item.clip_id])
    return ExampleItem(item, corpus.joints(item.clip_id), fps, str(asked.seed))


def item_picture(item: Item, joints: Array, *, seed: str = "example", fps: float = FPS) -> Figure:
    """Draws the motion as a strip and below it the captions as the page shows them: lettered, blinded, without ranks.

    A caption whose letters the font of figures lacks is shown by its code.

    Args:
        item: of a survey.
        joints: (T, 22, 3) metres: the motion of its clip.
        seed: of the respondent whose order is shown.
        fps: frames a second.

    Returns:
        A figure as high as the texts need.

    Example:
        >>> from lib.motion.skeleton import OFFSETS
        >>> from lib.survey.items import Caption
        >>> item = Item("q", "c1", (Caption("a", "one", "A person waves."), Caption("b", "two", "Someone sits down.")))
        >>> figure = item_picture(item, OFFSETS.cumsum(axis=0)[None].repeat(9, axis=0))
        >>> sorted(text.get_text() for text in figure.axes[1].texts)[4:7]
        ['A person waves.', 'Caption A', 'Caption B']
        >>> plt.close("all")
    """
    captions = item.shown_to(seed)
    texts = [_wrapped(drawable(caption.text, f"(caption {caption.code})")) for caption in captions]
    heights = [LINE * (text.count("\n") + 1) + PADDING for text in texts]
    below = sum(heights) + 0.45
    figure, (above, box) = plt.subplots(
        2, 1, figsize=(WIDTH, STRIP + below), height_ratios=[STRIP, below], layout="constrained"
    )
    strip(joints, ax=above, fps=fps)
    box.set(xlim=(0, WIDTH), ylim=(below, 0))
    box.axis("off")
    box.text(0.08, 0.2, QUESTION.format(len(captions)), weight="bold", fontsize=10, va="center")
    top = 0.45
    for number, (text, height) in enumerate(zip(texts, heights, strict=True)):
        _card(box, top, height, f"Caption {chr(ord('A') + number)}", text, len(captions))
        top += height
    return figure


def _card(ax: Axes, top: float, height: float, name: str, text: str, ranks: int) -> None:
    frame = FancyBboxPatch(
        (0.08, top + 0.08), WIDTH - 0.16, height - 0.16, boxstyle="round,pad=0,rounding_size=0.06", fc="none", ec=GREY
    )
    ax.add_patch(frame)
    ax.text(0.2, top + 0.24, name, fontsize=8.5, weight="bold", color=BLUE, va="center")
    ax.text(0.2, top + 0.42, text, fontsize=9.5, va="top", linespacing=1.25, parse_math=False)
    rounded = {"boxstyle": "round", "fc": "none", "ec": GREY}
    for rank in range(ranks):
        place = WIDTH - 0.35 - 0.32 * (ranks - 1 - rank)
        ax.text(place, top + 0.24, str(rank + 1), fontsize=8.5, ha="center", va="center", bbox=rounded)


def _wrapped(text: str) -> str:
    return "\n".join(line for part in text.split("\n") for line in textwrap.wrap(part, LETTERS) or [""])
