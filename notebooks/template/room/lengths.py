"""How long clips last, mirrored clips left out."""

from collections.abc import Mapping

import pandas as pd
import seaborn as sns

from lib.corpus import Corpus
from lib.draw.exhibits import Drawing


def seconds(corpora: Mapping[str, Corpus]) -> pd.DataFrame:
    """The length of every clip: ``corpus, seconds``."""
    clips = pd.concat({corpus.name: corpus.clips for corpus in corpora.values()}, names=["corpus"])
    own = clips.query("mirror_of.isna()")
    return (own["n_frames"] / own["fps"]).astype(float).rename("seconds").reset_index("corpus")


def finding(lengths: pd.DataFrame, quantile: float) -> str:
    """What most clips of each corpus last at most, in a sentence."""
    longest = lengths.groupby("corpus")["seconds"].quantile(quantile)
    each = ", ".join(f"{length:.1f} s ({corpus})" for corpus, length in longest.items())
    return f"{quantile:.0%} of the clips last at most {each}."


def ecdf(lengths: pd.DataFrame, quantile: float) -> Drawing:
    """The share of clips that last at most so long, a line a corpus."""
    figure = sns.ecdfplot(lengths, x="seconds", hue="corpus").figure
    return Drawing(figure, finding(lengths, quantile), lengths)


def spread(lengths: pd.DataFrame) -> pd.DataFrame:
    """``corpus, count, mean, std, min, 25%, 50%, 75%, max`` of the lengths."""
    return lengths.groupby("corpus")["seconds"].describe().reset_index()
