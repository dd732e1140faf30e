"""One line of a HumanML3D text file: `caption#word/POS word/POS#start#end`."""

import math
from typing import NamedTuple


class CaptionLine(NamedTuple):
    """A caption, its tokens as written, and the seconds it covers (0, 0 = the whole clip)."""

    text: str
    tokens: str
    start_s: float
    end_s: float


def parse(line: str) -> CaptionLine:
    """Reads one line, split from the right: the last three `#` separate fields, any earlier one belongs to the caption.

    Tokens are alphabetic by HumanML3D's rule and times are numbers, so neither can hold a `#` and the split is never
    ambiguous. `nan` means 0, as in the reference loader.

    Raises:
        ValueError: fewer than four fields, or a time that is no number.

    Source: Guo et al. 2022, text-to-motion: data/dataset.py. Differs: it splits from the left, so a `#` in a caption
        shifts the fields.

    Example:
        >>> parse("a person does move #1#a/DET person/NOUN do/VERB move/NOUN#nan#2.5")
        CaptionLine(text='a person does move #1', tokens='a/DET person/NOUN do/VERB move/NOUN', start_s=0.0, end_s=2.5)
    """
    fields = line.rsplit("#", 3)
    if len(fields) != 4:
        raise ValueError(f"{len(fields)} of 4 fields")
    text, tokens, start, end = fields
    return CaptionLine(text, tokens, _seconds(start), _seconds(end))


def format_line(caption: CaptionLine) -> str:
    r"""Writes one line, the inverse of `parse`.

    Raises:
        ValueError: a line feed in the caption, or a line feed or `#` in the tokens: the layout cannot hold them.

    Example:
        >>> format_line(CaptionLine("a man waves", "a/DET man/NOUN wave/VERB", 0.0, 0.0))
        'a man waves#a/DET man/NOUN wave/VERB#0.0#0.0'
    """
    if "\n" in caption.text or "\n" in caption.tokens or "#" in caption.tokens:
        raise ValueError("a line feed or a # in tokens does not fit the layout")
    return f"{caption.text}#{caption.tokens}#{caption.start_s}#{caption.end_s}"


def _seconds(field: str) -> float:
    try:
        value = float(field)
    except ValueError:
        raise ValueError(f"time {field[:20]!r} is no number") from None
    if math.isinf(value):
        raise ValueError("an infinite time")
    return 0.0 if math.isnan(value) else value
