"""Which clips the funnel keeps, as other sections read it: one row a judged clip."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from lib.sections.preparation.funnel import Funnel

FIRST = ["corpus", "clip_id", "kept", "reason"]


def table(funnels: Sequence[Funnel], keys: Mapping[str, str]) -> pd.DataFrame:
    """The verdict of every funnel on every clip, with the scores that it rests on.

    Args:
        funnels: of the corpora that have one.
        keys: the key of each corpus by its name.

    Returns:
        ``corpus`` (the key), ``clip_id, kept, reason`` (the first stage failed, "" where kept), and a column a score:
        every column of numbers in `Funnel.flags`. No rows without a funnel.
    """
    parts = [pd.DataFrame({"corpus": [], "clip_id": [], "kept": [], "reason": []})]
    for funnel in funnels:
        scores = funnel.flags.select_dtypes(np.floating).astype("float64")
        told = funnel.flags[["clip_id", "kept", "reason"]].assign(corpus=keys[funnel.name])
        parts.append(told.join(scores)[[*FIRST, *scores]])
    whole = pd.concat(parts[1:] or parts, ignore_index=True)
    return whole.fillna({"reason": ""}).astype({"corpus": "str", "clip_id": "str", "kept": "bool", "reason": "str"})
