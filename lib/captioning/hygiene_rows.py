"""Captions repaired or dropped one by one, through the engine; what several of them together tell comes after."""

from collections.abc import Iterable

import pandas as pd

from lib.captioning.hygiene_text import Cleaned, cleaned
from lib.engine.mapping import map_partitions

STEP = "hygiene"
ROWS = 16_384
"""Captions of a partition; fewer are cleaned in this process."""


def cleaned_all(texts: Iterable[object], finish: Iterable[str], *, rows: int = ROWS) -> list[Cleaned]:
    """What `lib.captioning.hygiene_text.cleaned` makes of each of many captions, kept by content.

    Args:
        texts: answers of models; whatever is no text counts as empty.
        finish: why the model stopped, of each.
        rows: captions of a partition.

    Returns:
        In the order of `texts`.

    Raises:
        UserError: what was made cannot be kept, such as on a full disk.
    """
    table = pd.DataFrame(
        {
            "text": pd.array([text if isinstance(text, str) else None for text in texts], dtype="str"),
            "finish": pd.array([*finish], dtype="str"),
        }
    )
    made = map_partitions(cleaned_rows, table, step=STEP, rows=rows)
    return [Cleaned(text, tuple(faults.split())) for text, faults in zip(made["text"], made["faults"], strict=True)]


def cleaned_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The captions of a partition, cleaned.

    Args:
        rows: text, which may be missing, and finish.

    Returns:
        ``text`` to judge, "" where it is dropped, and ``faults``, with spaces between them; a row a row.
    """
    made = [cleaned(text, finish=why) for text, why in zip(rows["text"], rows["finish"], strict=True)]
    return pd.DataFrame(
        {"text": [one.text for one in made], "faults": [" ".join(one.faults) for one in made]}, dtype="str"
    )
