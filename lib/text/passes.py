"""Texts passed through a text model by the engine; what it makes of them goes to stores, each text once ever.

A row of the table that the engine maps is a batch, planned over all texts that are missing. So the number of partitions
changes no batch, and no vector by a bit. A worker on another kind of device than the one that planned makes batches of
its own size of a partition's texts, which moves a vector by rounding.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import pandas as pd
import torch

from lib.base import atomic
from lib.base.device import Precision, chosen, precision, resolve_device, torch_threads
from lib.base.errors import UserError
from lib.engine.keys import Keyed
from lib.engine.mapping import partition_files
from lib.engine.parameters import chosen_engine
from lib.engine.results import PARTITIONS, is_kept, read
from lib.text.store import Store, key
from lib.text.text_model import TOKENS_AT_ONCE, TextModel, in_batches, read_model

Kind = Literal["states", "vector"]
"""Token states, float16, or sentence vectors, float32."""
TOKENS_OF_PARTITION = {"cpu": 4096, "cuda": 131_072}
"""Of a processor some fifteen seconds, which a death costs; of a GPU as many as keep it busy."""
TOKENS_OF_FEW = 20_480
"""Up to so many, other processes would begin no sooner than this one ends."""


def pass_once(
    texts: Iterable[str],
    *,
    step: str,
    folder: Callable[[], Path],
    makers: Mapping[Kind, str],
    stores: Mapping[Kind, Path],
    progress: bool,
) -> int:
    """Passes those texts through a model of which the stores do not hold what it makes.

    The engine's files, beside the stores, are taken over as partitions end, and removed. Those that a run left which
    was killed are taken over first, whatever texts it was at, so that nothing is computed twice.

    Args:
        texts: any number of times each.
        step: the name of what is made.
        folder: finds the model, once something is to be passed.
        makers: what is made, by the name under which it is kept, which stands for code, precision and model; of the
            first of them a text that is kept is not passed again.
        stores: the file that keeps each kind, also of kinds that this model does not make.
        progress: whether to show bars.

    Returns:
        How many texts were passed.

    Raises:
        ModelError: the model cannot be fetched, or its tokenizer cannot be read.
        RunError: the model cannot be read, or a worker died each time.
        UserError: what was made cannot be kept, such as on a full disk.
    """
    kind, maker = next(iter(makers.items()))
    place = stores[kind].parent / PARTITIONS.name
    _take_over(place.joinpath(step).glob("*.parquet"), stores)
    keys = {text: key(maker, text) for text in texts}
    with Store(stores[kind]) as kept:
        known = kept.has([*keys.values()])
    missing = [text for text, one in keys.items() if one not in known]
    if not missing:
        return 0
    model, device = folder(), resolve_device().type
    batches = [[_as_bytes(text) for text in batch] for batch in in_batches(missing, model, device)]
    budget = TOKENS_AT_ONCE[device]
    few = len(batches) * budget <= TOKENS_OF_FEW and chosen_engine().kind == "local"
    rows = len(batches) if few else max(_tokens_of_partition(device) // budget, 1)
    partition_files(
        passed,
        pd.DataFrame({"texts": batches}),
        step=step,
        code=maker,
        arguments={
            "folder": Keyed(str(model), maker),
            "makers": dict(makers),
            "of": precision(),
            "threads": Keyed(torch.get_num_threads() if few else 1, "decides no result"),
        },
        rows=rows,
        on_device=True,
        folder=place,
        progress=progress,
        ended=lambda _, file: _take_over([file], stores),
    )
    return len(missing)


def passed(rows: pd.DataFrame, *, folder: str, makers: dict[Kind, str], of: Precision, threads: int) -> pd.DataFrame:
    """What a model makes of a partition's texts.

    Args:
        rows: ``texts``, batches, each text as bytes, since a table holds no lone surrogates.
        folder: of the model.
        makers: see `pass_once`.
        of: the precision.
        threads: of this process.

    Returns:
        ``kind, key, value``, a row for each text and kind.
    """
    texts = [text.decode("utf-8", "surrogatepass") for batch in rows["texts"] for text in batch]
    model = read_model(Path(folder), of)
    found: list[tuple[Kind, bytes, bytes]] = []
    with torch_threads(threads):
        for batch in model.batches(texts):
            for kind, values in _values(model, batch, "states" in makers).items():
                if kind in makers:
                    keys = (key(makers[kind], text) for text in batch)
                    found += zip([kind] * len(batch), keys, values, strict=True)
    return pd.DataFrame(found, columns=["kind", "key", "value"])


def _as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _tokens_of_partition(device: str) -> int:
    """Those of a GPU also where a cluster may have some that this machine lacks."""
    cluster = chosen_engine().kind == "ray" and chosen() != "cpu"
    return TOKENS_OF_PARTITION["cuda" if cluster else device]


def _values(model: TextModel, batch: Sequence[str], with_states: bool) -> dict[Kind, list[bytes]]:
    if not with_states:
        return {"vector": [vector.tobytes() for vector in model.vectors(batch)]}
    outputs = model.outputs(batch)
    return {
        "states": [output.states.half().numpy().tobytes() for output in outputs],
        "vector": [output.vector.numpy().tobytes() for output in outputs],
    }


def _take_over(files: Iterable[Path], stores: Mapping[Kind, Path]) -> None:
    """Puts what files hold into the stores and removes them, unless another process does so at the same time."""
    for file in [*files]:
        if not is_kept(file):
            continue
        try:
            made = read([file])
        except UserError:
            if file.exists():
                raise
            continue
        for kind in stores.keys() & {*made["kind"]}:
            of_kind = made[made["kind"] == kind]
            with Store(stores[kind]) as kept:
                kept.put(zip(of_kind["key"], of_kind["value"], strict=True))
        atomic.remove(file)
