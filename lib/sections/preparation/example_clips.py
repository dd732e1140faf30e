"""The clips on either side of each bound, as stick figures and as players: the worst kept and the best dropped."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.lines import Line2D

from lib.corpus import Corpus
from lib.draw import style
from lib.draw.exhibits import Drawing, Players
from lib.draw.strip import strip
from lib.sections.preparation import sentences
from lib.sections.preparation.funnel import SCORED, Funnel
from lib.sections.preparation.scores import SCORES

Which = Literal["worst kept", "best dropped"]
PLAYED = 2
"""Clips a score that are played."""


@dataclass(frozen=True)
class Examples:
    """Clips next to the bound of each score.

    Args:
        corpus: theirs.
        which: the side of the bound.
        clips: ``score`` (its column), ``clip_id``, ``value`` (of that score), ``label``; the nearest to the bound
            first.
    """

    corpus: Corpus
    which: Which
    clips: pd.DataFrame

    def by(self, score: str) -> pd.DataFrame:
        """The clips that were ranked by a score."""
        return self.clips[self.clips["score"] == score]


def ranked(corpus: Corpus | None, funnels: Sequence[Funnel], which: Which, *, n: int) -> Examples | None:
    """The n clips nearest to the bound of each score, on one side of it.

    Args:
        corpus: the one to show, or None where none has scores or none may be drawn.
        funnels: of all corpora that have scores.
        which: ``worst kept``, of the clips that pass the whole funnel, or ``best dropped``, of those that reach the
            scores and fail this one; those that fail no other come first.
        n: clips a score.
    """
    if corpus is None:
        return None
    scored = next(audit.scored for audit in funnels if audit.name == corpus.name)
    parts = []
    for score in SCORES:
        rows = scored[scored["kept"] if which == "worst kept" else scored[score.stage]]
        rows = rows.dropna(subset=[score.column])
        order = pd.DataFrame({"others": rows[[*SCORED]].sum(axis=1), "badness": score.badness(rows[score.column])})
        chosen = order.sort_values(["others", "badness"], ascending=[True, which == "best dropped"]).index[:n]
        table = rows.loc[chosen, ["clip_id", score.column]].rename(columns={score.column: "value"})
        parts.append(table.assign(score=score.column, label=[f"{score.title} {_short(v)}" for v in table["value"]]))
    columns = ["score", "clip_id", "value", "label"]
    return Examples(corpus, which, pd.concat(parts, ignore_index=True)[columns])


def strips(examples: Examples | None) -> Drawing:
    """Stick figures of the examples, one row a score."""
    if examples is None or examples.clips.empty:
        return Drawing(None)
    rows = [part for score in SCORES if len(part := examples.by(score.column))]
    n = max(map(len, rows))
    figure, panels = plt.subplots(len(rows), n, figsize=(9.6, 1.9 * len(rows) + 0.4), squeeze=False)
    for row, part in zip(panels, rows, strict=True):
        for axes, clip_id, label in zip(row, part["clip_id"], part["label"], strict=False):
            strip(examples.corpus.joints(clip_id), n=3, ax=axes, title=label, legend=False)
            for text in (axes.title, *axes.texts):
                text.set_fontsize(10)
        for axes in row[len(part) :]:
            axes.set_axis_off()
    sides = [Line2D([], [], color=style.COLOURS[s], marker=m, label=s) for s, m in (("left", "o"), ("right", "s"))]
    figure.legend(handles=sides, loc="outside upper right", ncols=2)
    return Drawing(figure, sentences.examples(examples.corpus.name, examples.which), examples.clips)


def players(corpora: Mapping[str, Corpus], examples: Examples | None, *, public: Collection[str]) -> Players:
    """Players of the first examples by each score, with their scores.

    Args:
        corpora: by key.
        examples: None where the profile has none.
        public: keys of the corpora whose motions a private profile may show.
    """
    if examples is None:
        return Players([], "")
    key = next(key for key, corpus in corpora.items() if corpus is examples.corpus)
    rows = examples.clips.groupby("score", sort=False).head(PLAYED).assign(key=key, note="")
    label = f"the {examples.which} clips"
    return Players.of_clips(corpora, rows, public=public, notes=False, label=label)


def _short(value: float) -> str:
    return f"{value:.2g}".replace("-", "−", 1)
