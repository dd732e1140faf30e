"""A picture of an item: the page's texts in the page's order."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from lib.motion.skeleton import OFFSETS
from lib.sections.captioners.picture import item_picture
from lib.survey.items import Caption, Item

JOINTS = np.repeat(OFFSETS.cumsum(axis=0)[None], 20, axis=0)
TEXTS = {"qa": "A person costs $5 and $6.", "qb": "One\nline. " + "Long " * 60, "qc": "<b>bold</b> & more"}
ITEM = Item("item", "clip-name", tuple(Caption(code, f"name-{code}", text) for code, text in TEXTS.items()))


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def drawn(figure) -> list[str]:
    return [text.get_text() for text in figure.axes[1].texts]


@pytest.mark.parametrize("seed", ["one", "two", "three", "four"])
def test_captions_stand_in_the_order_of_the_seed_and_unnamed(seed):
    texts = drawn(item_picture(ITEM, JOINTS, seed=seed))
    places = [next(n for n, said in enumerate(texts) if said.split() == c.text.split()) for c in ITEM.shown_to(seed)]
    assert places == sorted(places)
    assert not any("name" in said for said in texts)


def test_every_text_stays_inside_its_frame():
    figure = item_picture(ITEM, JOINTS)
    figure.canvas.draw()
    inside = figure.bbox.padded(1)
    for text in figure.axes[1].texts:
        box = text.get_window_extent()
        assert inside.x0 <= box.x0 and box.x1 <= inside.x1 and inside.y0 <= box.y0 and box.y1 <= inside.y1


def test_a_caption_that_the_font_cannot_draw_is_shown_by_its_code(recwarn):
    captions = (Caption("qa", "one", "Eine Person geht vorwärts."), Caption("qb", "two", "एक आदमी चलता है"))
    figure = item_picture(Item("item", "clip", captions), JOINTS)
    figure.canvas.draw()
    assert {"Eine Person geht vorwärts.", "(caption qb)"} <= set(drawn(figure))
    assert not [warning for warning in recwarn if "missing from font" in str(warning.message)]
