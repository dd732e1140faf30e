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


def retrieval() -> pd.DataFrame:
    """Retrieval of TMR and TEMOS on HumanML3D's 4,384 test clips, protocol (a), as Petrovich et al. 2023 print it.

    Example:
        >>> retrieval().query("model == 'TMR'")["R@1"].tolist()
        [5.68, 9.95]
    """
    rows = [
        ("TMR", "t2m", 5.68, 10.59, 14.04, 20.34, 30.94, 28.0),
        ("TMR", "m2t", 9.95, 12.44, 17.95, 23.56, 32.69, 28.5),
        ("TEMOS", "t2m", 2.12, 4.09, 5.87, 8.26, 13.52, 173.0),
        ("TEMOS", "m2t", 3.86, 4.54, 6.94, 9.38, 14.00, 183.25),
    ]
    return pd.DataFrame(rows, columns=["model", "way", "R@1", "R@2", "R@3", "R@5", "R@10", "MedR"])


def generation() -> pd.DataFrame:
    """Generators on HumanML3D's test set by the evaluators of Guo et al. 2022, as published with their code.

    Another evaluator, another dataset than any profile's: they compare with one another and with nothing measured here.

    Example:
        >>> generation().query("model == 'MoMask'")["R@3"].tolist()
        [0.807]
    """
    rows = [
        ("real motion", 0.511, 0.703, 0.797, 0.002, 2.974, 9.503),
        ("T2M-GPT", 0.491, 0.680, 0.775, 0.116, 3.118, 9.761),
        ("MoMask", 0.521, 0.713, 0.807, 0.045, 2.958, None),
    ]
    table = pd.DataFrame(rows, columns=["model", "R@1", "R@2", "R@3", "FID", "MM-dist", "diversity"])
    return table.assign(comparable="no: published, other evaluator")
