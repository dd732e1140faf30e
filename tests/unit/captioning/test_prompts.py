"""Prompt files: every fault of one is one line that names the file."""

from pathlib import Path

import pytest

from lib.base.errors import ParamsError
from lib.captioning import prompts


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"A video of {second} s.", "unknown field {second}"),
        (b"A video of {} s.", "unknown field {}"),
        (b"A video of {seconds s.", "write {{ and }} for braces"),
        (b"A video of {seconds:d} s.", "write {seconds}, {frames}, {fps} without a form of their own"),
        (b"A video of {frames!x}.", "without a form of their own"),
        ("Describe the person's über move.".encode("latin-1"), "write it in UTF-8"),
        (b" \n", "asks for nothing"),
    ],
)
def test_a_prompt_that_cannot_be_used_is_refused(text: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes(text)
    with pytest.raises(ParamsError) as refused:
        prompts.read("mine", tmp_path)
    assert says in str(refused.value) and "mine.txt" in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("schema", ["true", "[]", "{", '{"type": "obj"}', '{"type": "object"}'])
def test_a_schema_that_asks_for_no_caption_is_refused(schema: str, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("What happens?")
    (tmp_path / "mine.json").write_text(schema)
    with pytest.raises(ParamsError, match=r"mine\.json"):
        prompts.read("mine", tmp_path)


def test_fields_are_filled_and_braces_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("{frames} frames of {seconds} s at {fps} fps, as {{json}}")
    assert prompts.read("mine", tmp_path).filled(2.04, 4.0) == "8 frames of 2.0 s at 4 fps, as {json}"
