"""Figures that others published, quoted beside what a run measures and never in its place."""

import pandas as pd

TECHNICAL_REPORT = "technical report of the motion-AI team"


def sizes() -> pd.DataFrame:
    """Sizes of the datasets as published: ``dataset, clips, captions, distinct_words, top_action, published_in``.

    How words were counted there is not stated, so they compare with nothing measured here.

    Example:
        >>> sizes()["dataset"].tolist()
        ['HumanML3D', 'DM']
    """
    rows = [("HumanML3D", 14_616, 44_970, 5_371, "walk"), ("DM", 344_476, 344_476, 12_139, "dance")]
    table = pd.DataFrame(rows, columns=["dataset", "clips", "captions", "distinct_words", "top_action"])
    return table.assign(published_in=TECHNICAL_REPORT)
