"""The worst and the best clips of a corpus by either score, as stick figures and as players."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.lines import Line2D

from lib.corpus import Corpus
from lib.draw import clip_players, style
from lib.draw.exhibits import AT_ONCE, Drawing, Players
from lib.draw.strip import strip
from lib.sections.preparation import sentences

SCORES = {"realism": "realism", "high_pass": "high-pass"}
Which = Literal["worst", "best"]


@dataclass(frozen=True)
class Examples:
    """Clips at one end of both scores.

    Args:
        corpus: theirs.
        which: the end.
        clips: ``clip_id`` and a column a score; a row holds the score that it was ranked by.
    """

    corpus: Corpus
    which: Which
    clips: pd.DataFrame

    def by(self, score: str) -> pd.DataFrame:
        """The clips that were ranked by a score, the first one first."""
        return self.clips.dropna(subset=[score])


def ranked(corpus: Corpus | None, tables: Mapping[str, pd.DataFrame], which: Which, *, n: int) -> Examples | None:
    """The n worst or best clips by each score.

    Args:
        corpus: the one to show, or None where none has scores or none may be drawn.
        tables: scores by corpus.
        which: the end: low realism and a high high-pass score are bad.
        n: clips a score.
    """
    if corpus is None:
        return None
    scores = tables[corpus.name]
    parts = []
    for score, low_is_worse in (("realism", True), ("high_pass", False)):
        ascending = low_is_worse == (which == "worst")
        rows = scores.dropna(subset=[score]).sort_values(score, ascending=ascending, kind="stable")
        parts.append(rows.head(n)[["clip_id", score]])
    return Examples(corpus, which, pd.concat(parts, ignore_index=True))


def strips(examples: Examples | None) -> Drawing:
    """Stick figures of the examples, one column a score."""
    if examples is None:
        return Drawing(None)
    columns = {score: examples.by(score) for score in SCORES}
    n = max(1, *map(len, columns.values()))
    figure, panels = plt.subplots(n, 2, figsize=(9.6, 1.8 * n), squeeze=False)
    for column, (score, rows) in enumerate(columns.items()):
        for axes, clip_id, value in zip(panels[:, column], rows["clip_id"], rows[score], strict=False):
            joints = examples.corpus.joints(clip_id)
            strip(joints, n=5, ax=axes, title=f"{SCORES[score]} {value:.3g}", legend=False)
            axes.title.set_fontsize(10)
        for axes in panels[len(rows) :, column]:
            axes.set_axis_off()
    sides = [Line2D([], [], color=style.COLOURS[s], marker=m, label=s) for s, m in (("left", "o"), ("right", "s"))]
    figure.legend(handles=sides, loc="outside upper right", ncols=2)
    return Drawing(figure, sentences.examples(examples.corpus.name, examples.which), examples.clips)


def players(corpora: Mapping[str, Corpus], examples: Examples | None, *, public: Collection[str]) -> Players:
    """Players of the first examples by each score, six in all, with their scores.

    Args:
        corpora: by key.
        examples: None where the profile has none.
        public: keys of the corpora whose motions a private profile may show.
    """
    if examples is None:
        return Players([], "")
    parts = []
    for score, title in SCORES.items():
        rows = examples.by(score).head(AT_ONCE // len(SCORES))
        parts.append(rows.assign(label=[f"{title} {value:.3g}" for value in rows[score]]))
    key = next(key for key, corpus in corpora.items() if corpus is examples.corpus)
    rows = pd.concat(parts, ignore_index=True).assign(key=key, note="")
    label = f"The clips with the {examples.which} scores"
    return clip_players.players(corpora, rows, public=public, notes=False, label=label)
