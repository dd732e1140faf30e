"""Figures as SVG: outlines in place of letters, pixels in place of many marks, the same bytes every time."""

import re
from pathlib import Path
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from lib.draw import vector


def drawn(marks: int, lines: int = 1) -> Figure:
    figure, axes = plt.subplots(figsize=(4, 3))
    axes.scatter(np.arange(marks), np.arange(marks) % 7)
    for n in range(lines):
        axes.plot(np.sin(np.arange(vector.MANY) * 1.7 + n))
    axes.set_title("walks & <turns> left")
    return figure


def test_letters_are_outlines_and_a_second_writing_is_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "a.svg", tmp_path / "folder" / "a.svg"
    second.parent.mkdir()
    assert vector.write(drawn(20), first) and vector.write(drawn(20), second)
    text = first.read_text(encoding="utf-8")
    assert text == second.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert "use" in names and not names & {"text", "script", "image", "date"} and "font-family" not in text
    assert (root.get("width"), root.get("height")) == ("288pt", "216pt")
    assert not re.findall(r"(?:href|src)=\"(?!#)", text)
    plt.close("all")


def test_marks_too_many_to_draw_become_pixels_and_letters_stay(tmp_path: Path) -> None:
    assert vector.write(drawn(vector.MANY + 1), tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "data:image/png;base64" in text and 'id="text_1"' in text and len(text) < vector.HEAVY
    plt.close("all")


def test_a_heavy_figure_is_not_written_and_an_older_one_goes(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("older", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(vector, "HEAVY", 10_000)
        assert not vector.write(drawn(20, lines=3), tmp_path / "a.svg")
    assert not [*tmp_path.iterdir()]
    plt.close("all")
