"""Players beside example clips: their motions, six a player."""

from collections.abc import Sequence

import pandas as pd

from lib.corpus import Corpus
from lib.draw.motion_player import Motion
from lib.run.results import Run

AT_ONCE = 6
SCORES = {"realism": "realism", "high_pass": "high-pass"}


def motions(run: Run, rows: pd.DataFrame) -> list[Motion]:
    """The motions of clips that have one.

    Args:
        run: whose corpora hold the clips; where it withholds captions, motions have no note.
        rows: ``key`` (of the corpus), ``clip_id``, ``label`` and ``note``.
    """
    made = []
    for row in rows.to_dict("records"):
        corpus, public = run.corpora[row["key"]], not run.profile.corpora[row["key"]].private
        if _moves(corpus, row["clip_id"]):
            note = "" if run.redaction.on else row["note"]
            made.append(Motion(corpus.joints(row["clip_id"]), row["label"], note, public=public))
    return made


def save(run: Run, name: str, rows: pd.DataFrame | None, *, label: str) -> None:
    """Saves players of the clips of a table, as ``<name>_1``, ``<name>_2`` and so on.

    Args:
        run: as for :func:`motions`.
        name: of the players.
        rows: as for :func:`motions`; none where the profile has none.
        label: what a screen reader calls the players.
    """
    made: Sequence[Motion] = [] if rows is None else motions(run, rows)
    for number, start in enumerate(range(0, max(len(made), 1), AT_ONCE), 1):
        run.player(f"{name}_{number}", made[start : start + AT_ONCE], label=label)


def middles(exemplars: pd.DataFrame, space: str) -> pd.DataFrame:
    """The clip in the middle of each cluster of a space, as `clusters.exemplars` lists them, to be played."""
    first = exemplars[(exemplars["space"] == space) & (exemplars["rank"] == 1)]
    labels = [f"{cluster + 1}  {name}" for cluster, name in zip(first["cluster"], first["name"], strict=True)]
    return first[["key", "clip_id"]].assign(label=labels, note=first["caption"])


def scored(run: Run, corpus: Corpus | None, shown: pd.DataFrame | None) -> pd.DataFrame | None:
    """The clips of a figure of examples of 00, to be played with their scores; three a score.

    Args:
        run: whose corpus it is.
        corpus: the one that was scored, or None.
        shown: ``clip_id`` and a column a score.
    """
    if corpus is None or shown is None:
        return None
    key = next(key for key, one in run.corpora.items() if one is corpus)
    parts = [
        some.assign(label=[f"{said} {value:.3g}" for value in some[score]])
        for score, said in SCORES.items()
        for some in [shown.dropna(subset=[score]).head(AT_ONCE // len(SCORES))]
    ]
    return pd.concat(parts, ignore_index=True)[["clip_id", "label"]].assign(key=key, note="")


def _moves(corpus: Corpus, clip_id: str) -> bool:
    return bool(corpus.clips.loc[corpus.clips["clip_id"] == clip_id, "has_motion"].any())
