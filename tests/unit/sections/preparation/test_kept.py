"""The table that 00 leaves for the others: every clip of every funnel once, with whatever scores it rests on."""

from pathlib import Path

import numpy as np
import pandas as pd

from lib.corpus.kept import read_kept
from lib.sections.preparation.funnel import Funnel, kept_clips


def funnel(name: str, **scores: list[float]) -> Funnel:
    flags = pd.DataFrame(
        {
            "clip_id": ["1", "2", "3"],
            **scores,
            "body mode": [False, True, False],
            "pose realism": [False, True, True],
            "reason": pd.Series([None, "body mode", "pose realism"], dtype="object"),
            "kept": [True, False, False],
        }
    )
    return Funnel(name, flags, pd.DataFrame())


def test_every_clip_stands_with_its_corpus_verdict_and_scores(tmp_path: Path) -> None:
    one = funnel("DM of ours", realism=[0.9, np.nan, 0.1], skate=[0.0, 1.0, 2.0])
    two = funnel("HumanML3D", realism=[0.5, 0.6, 0.7])
    made = kept_clips([one, two], {"DM of ours": "dm", "HumanML3D": "h3d"})
    assert made.columns.tolist() == ["corpus", "clip_id", "kept", "reason", "realism", "skate"]
    assert made["corpus"].tolist() == ["dm"] * 3 + ["h3d"] * 3
    assert made["kept"].tolist() == [True, False, False] * 2
    assert made["reason"].tolist() == ["", "body mode", "pose realism"] * 2
    assert made["skate"].tolist()[:3] == [0.0, 1.0, 2.0] and made["skate"].isna().tolist()[3:] == [True] * 3
    assert {str(made[name].dtype) for name in ("realism", "skate")} == {"float64"}
    made.to_parquet(tmp_path / "kept.parquet", index=False)
    pd.testing.assert_frame_equal(read_kept(tmp_path / "kept.parquet"), made)


def test_without_a_funnel_no_clip_is_judged(tmp_path: Path) -> None:
    made = kept_clips([], {"HumanML3D": "h3d"})
    made.to_parquet(tmp_path / "kept.parquet", index=False)
    assert made.empty and read_kept(tmp_path / "kept.parquet").empty
