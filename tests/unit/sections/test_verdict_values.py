"""Values that the overview's verdicts read: shares by recording and by clip, weighting."""

import pandas as pd

from lib.sections.evaluation import sentences as evaluation


def test_models_of_others_have_values_of_their_own_that_a_page_can_quote():
    models = ["h3d+dm", "4D (external)", "Modèle (external)", "modele (external)"]
    table = pd.DataFrame({"model": models, "metric": "FID", "expected": range(4), "clip_low": 0.0, "clip_high": 9.0})
    nothing = pd.DataFrame({"model": models[:0]})
    found = evaluation.values(table.assign(base_clips=10), nothing, nothing)
    assert {name: one.value for name, one in found.items()} == {
        "h3d_dm_fid": 0, "x_4d_external_fid": 1, "modele_external_fid": 2, "modele_external_2_fid": 3
    }  # fmt: skip
