"""08 against what can be worked out without it: lengths straight from the tables of the smoke corpora."""

import pandas as pd
import pytest

from lib.demo import embedded
from lib.run import runner
from lib.run.params import load
from lib.base.paths import ROOT
from lib.run.pipeline import BY_STEM

SMOKE = "params/smoke.yml"


@pytest.mark.notebook
def test_the_lengths_are_those_of_the_clips() -> None:
    profile = load(SMOKE)
    embedded.ensure(**profile.demo.corpora)
    runner.run(BY_STEM["08_lengths"], profile, SMOKE)
    told = (
        pd.read_csv(BY_STEM["08_lengths"].results("smoke") / "tables" / "lengths.csv").groupby("corpus").seconds.max()
    )
    clips = pd.read_parquet(ROOT / profile.demo.folder / "demo-dm" / "clips.parquet").query("consent == True")
    assert told["demo-dm"] == pytest.approx((clips.n_frames / clips.fps).max())
