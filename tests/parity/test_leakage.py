"""The leak of the released HumanML3D splits, from index.csv and the split lists alone."""

from pathlib import Path

import pandas as pd
import pytest

from lib.sections.similarity.leakage import source_overlap


def test_released_figures(shared_data: Path) -> None:
    root = shared_data / "humanml3d"
    splits = {name: (root / f"{name}.txt").read_text().split() for name in ("train", "val", "test")}
    audit = source_overlap(pd.read_csv(root / "index.csv"), splits)
    assert len(audit.flags) == 2192 and audit.info["mirrors_left_out"] == 2192
    assert audit.count("shares_source") == 668
    assert audit.count("overlaps") == 414
    assert audit.count("half_covered") == 137
    shares = audit.summary.set_index("flag")["share"]
    assert shares["shares_source"] == pytest.approx(0.305, abs=5e-4)
    assert shares["overlaps"] == pytest.approx(0.189, abs=5e-4)
    assert shares["shares_folder"] == pytest.approx(0.998, abs=5e-4)
