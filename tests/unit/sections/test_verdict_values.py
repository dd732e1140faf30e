"""Values that the overview's verdicts read: shares by recording and by clip, weighting."""

import pandas as pd

from lib.sections.evaluation import sentences as evaluation


def test_models_of_others_have_values_of_their_own_that_a_page_can_quote():
    models = ["h3d+dm", "4D (external)", "Modèle (external)", "modele (external)"]
    table = pd.DataFrame({"model": models, "metric": "FID", "expected": range(4), "clip_low": 0.0, "clip_high": 9.0})
    found = evaluation.values(table.assign(base_clips=10), pd.DataFrame({"model": models[:0]}))
    assert {name: one.value for name, one in found.items()} == {
        "h3d_dm_fid": 0, "x_4d_external_fid": 1, "modele_external_fid": 2, "modele_external_2_fid": 3
    }  # fmt: skip


def test_weighting_is_named_by_the_regime_without_weights():
    row = {
        "metric": "R@3",
        "subset": "all",
        "difference": 0.1,
        "low": 0.0,
        "high": 0.2,
        "base_clips": 75,
        "better": "higher",
    }
    table = pd.DataFrame([{"model": "h3d+dm weighted", **row}])
    found = evaluation.weighting(table)
    assert list(found) == ["h3d_dm_weighting_r3_difference"] and found["h3d_dm_weighting_r3_difference"].value == 0.1
