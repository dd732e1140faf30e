"""The measures of a survey beside a dataset: what repeated and gold items, ties and times add to them."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd

from lib.corpus import Corpus
from lib.sections.captioners.votes import Votes, votes
from lib.survey.checks import FALSE


def of(folder: Path, rows: list[tuple[Any, ...]], columns: list[str]) -> Votes:
    pd.DataFrame(rows, columns=columns).to_csv(folder / "survey.csv", index=False)
    clips = pd.DataFrame({"clip_id": ["c0", "c1", "c2", "gold"]})
    corpus = SimpleNamespace(provenance=SimpleNamespace(root=folder), clips=clips, called={})
    return votes(cast("Corpus", corpus), draws=100, rng=np.random.default_rng(0))


def test_checks_and_ties_are_told_where_there_are_any(tmp_path: Path) -> None:
    plain = ["respondent", "clip_id", "captioner", "rank"]
    ordered = [(f"r{p}", f"c{c}", who, rank) for p in range(3) for c in range(3) for who, rank in (("x", 1), ("y", 2))]
    old = of(tmp_path, ordered, plain)
    assert old.checks is None and old.tied is None and len(old.shares) == 2
    timed = [(*row, 4.0 + int(row[1][1]), "") for row in ordered]
    extra = [("r1", "c0", "x", 2, 9.0, "repeat"), ("r1", "c0", "y", 1, 9.0, "repeat")]
    extra += [("r2", "gold", "x", 1, 2.0, "gold"), ("r2", "gold", FALSE, 2, 2.0, "gold")]
    new = of(tmp_path, [*timed, *extra], [*plain, "seconds", "check"])
    assert new.checks is not None
    assert new.checks[["respondent_id", "answers", "seconds", "repeats", "gold", "passed"]].values.tolist() == [
        ["r0", 3, 5.0, 0, 0, 0],
        ["r1", 4, 5.5, 1, 0, 0],
        ["r2", 4, 4.5, 0, 1, 1],
    ]
    assert new.checks.note.tolist() == ["", "contradicts their own answers (0 of 1 pairs alike)", ""]
    pd.testing.assert_frame_equal(new.shares, old.shares)
    pd.testing.assert_frame_equal(new.abilities, old.abilities)
    level = of(tmp_path, [(*row[:3], 1) if row[1] == "c0" else row for row in ordered], plain)
    assert level.tied is not None and level.tied.ties[["tied", "of"]].values.tolist() == [[3, 9]]
    assert replace(level, ballots=None).checks is None
