"""How long captions are: in words, as respondents saw them, and in tokens, of which a text model reads so many."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lib.base.errors import CorpusError
from lib.corpus import Corpus, captioners
from lib.metrics.intervals import Floats
from lib.sections.captioners.caption_space import Space
from lib.sections.captioners.captioner_retrieval import CaptionerRetrieval
from lib.sections.captioners.compared_captions import ComparedCaptions
from lib.sections.captioners.compared_texts import texts
from lib.sections.captioners.preferences.ballots import Ballots
from lib.sections.captioners.preferences.length_control import LengthControl, length_control
from lib.sections.captioners.votes import Votes
from lib.survey.items import of_captioners
from lib.text.mpnet import fetch
from lib.text.text_model import longest, token_counts
from lib.text.tokens import words

COMMON = (32, 77)
"""Tokens that video-text models commonly read: InternVideo2-CLIP's 32, and CLIP's 77."""


def cut_captions(
    compared: ComparedCaptions, retrieval: CaptionerRetrieval, space: Space, *, mpnet: Path | None
) -> pd.DataFrame:
    """How many captions of each captioner the judge of recall reads in part, since its text model reads so many tokens.

    Tokens are those of the judge's own tokenizer, special ones included. Of vectors that came with the dataset it is
    not known, so that MPNet's counts the tokens and no caption is said to be cut.

    Args:
        compared: the captions.
        retrieval: which settings and clips.
        space: whose text model reads them.
        mpnet: the folder of MPNet, or None for the fetched one.

    Returns:
        ``captioner, captions, tokens, most_tokens, beyond_32, beyond_77, limit, cut``: the median and the most tokens
        of a caption, and how many captions have more than 32, than 77, and than the judge reads. No rows without
        captions.
    """
    table = texts(compared, retrieval)
    columns = ["captioner", "captions", "tokens", "most_tokens", *(f"beyond_{n}" for n in COMMON), "limit", "cut"]
    if table.empty:
        return pd.DataFrame(columns=columns)
    folder = space.text_model or mpnet or fetch()
    limit = longest(folder) if space.text_model else None
    table = table.assign(tokens=token_counts(table["text"].tolist(), folder))
    rows = []
    for name, tokens in table.groupby("captioner", sort=False)["tokens"]:
        beyond = [int((tokens > n).sum()) for n in COMMON]
        cut = (limit, int((tokens > limit).sum())) if limit else (None, None)
        rows.append((name, len(tokens), float(tokens.median()), int(tokens.max()), *beyond, *cut))
    return pd.DataFrame(rows, columns=columns).astype({"limit": "Int64", "cut": "Int64"})


def at_equal_length(
    corpus: Corpus | None,
    votes: Votes,
    settings: Mapping[str, Mapping[str, Any]],
    *,
    draws: int,
    rng: np.random.Generator,
) -> LengthControl:
    """Abilities with the length of the captions that respondents saw as a covariate.

    Args:
        corpus: whose survey it is.
        votes: the survey.
        settings: the captions that it showed where a captioner was tried in several settings, as the block `survey`
            names them; else the first ones, which the page of the survey shows.
        draws: bootstrap replicates.
        rng: source of randomness.
    """
    if corpus is None or votes.ballots is None:
        return LengthControl()
    called = {corpus.called.get(name, name): dict(setting) for name, setting in settings.items()}
    try:
        shown = of_captioners(captioners.compared(corpus), settings=called)
    except CorpusError:
        return LengthControl()
    return length_control(votes.ballots, _words(shown, votes.ballots), draws=draws, rng=rng)


def _words(shown: pd.DataFrame, ballots: Ballots) -> Floats:
    """Words of each caption that a ballot ranks (n, k), NaN where the corpus has none."""
    first = shown.drop_duplicates(["clip_id", "captioner"])
    lengths = first.assign(words=first["text"].map(lambda text: len(words(text))))
    wide = lengths.pivot(index="clip_id", columns="captioner", values="words")
    return wide.reindex(index=ballots.clips, columns=list(ballots.captioners)).to_numpy(dtype=np.float64)
