"""What is made of texts, each distinct one once ever: read from a store, else computed through the engine."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from lib.base import atomic
from lib.engine.mapping import partition_files
from lib.engine.results import PARTITIONS, read
from lib.text.store import Store, key

ROWS = 4096
"""Texts of a partition."""


def made_once(
    function: Callable[[pd.DataFrame], pd.DataFrame],
    texts: Iterable[str],
    *,
    step: str,
    maker: str,
    store: Path,
    rows: int = ROWS,
    workers: int | None = None,
    progress: bool = True,
) -> dict[str, str]:
    """Makes a short text of each text, such as its tags.

    The store outlives the partitions, since it knows a text wherever else it occurs: their files, in a folder beside
    it, are removed once it has taken them over, so that only a run that was killed leaves any, for the next one.

    Args:
        function: of a module; gets a column ``text`` and gives a column ``made`` in the same order.
        texts: any number of times each.
        step: the name of what is made.
        maker: stands for the code and the model, in the store and in the partitions' keys.
        store: the file that keeps what was made.
        rows: texts of a partition.
        workers: as `lib.engine.mapping.partition_files` takes it.
        progress: whether to show a bar.

    Returns:
        What was made, by text.

    Raises:
        RunError: the function failed.
        UserError: what was made cannot be kept, such as on a full disk.
    """
    keys = {text: key(maker, text) for text in texts}
    with Store(store) as kept:
        known = kept.get(list(keys.values()))
        missing = [text for text in keys if keys[text] not in known]
        if missing:
            files = partition_files(
                function,
                pd.DataFrame({"text": [_without_surrogates(text) for text in missing]}, dtype="str"),
                step=step,
                code=maker,
                rows=rows,
                workers=workers,
                folder=store.parent / PARTITIONS.name,
                progress=progress,
            )
            for start, file in zip(range(0, len(missing), rows), files, strict=True):
                made = read([file])["made"]
                new = {keys[text]: one.encode() for text, one in zip(missing[start : start + rows], made, strict=True)}
                kept.put(new.items())
                known.update(new)
            for file in {*files}:
                atomic.remove(file)
    return {text: known[at].decode() for text, at in keys.items()}


def _without_surrogates(text: str) -> str:
    """Lone surrogates, which no table holds, as the replacement character, which is no letter either."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
