"""The choice of a setting: the best is chosen, and luck with the choosing half does not reach the report."""

import numpy as np

from lib.sections.captioners.metrics.paired_retrieval import Gallery
from lib.sections.captioners.metrics.settings import halves, select


def grid(noise: dict[str, float], clips: int, rng: np.random.Generator) -> Gallery:
    videos = rng.normal(size=(clips, 10))
    captions = {name: videos + sd * rng.normal(size=videos.shape) for name, sd in noise.items()}
    return Gallery(np.array([f"c{i:04d}" for i in range(clips)]), dict.fromkeys(noise, videos), captions)


def test_the_planted_best_setting_is_chosen_and_scored_on_other_clips():
    noise = {"x, plain": 1.5, "x, careful": 0.5, "y, plain": 0.6, "y, careful": 1.6}
    rng = np.random.default_rng(0)
    settings = grid(noise, 200, rng)
    found = select(settings, {name: name[0] for name in noise}, draws=100, rng=rng)
    assert found.chosen == {"x": "x, careful", "y": "y, plain"}
    assert len(found.reported) == 100 and found.grid["clips"].eq(100).all()
    table = found.grid.set_index("setting")
    assert table["chosen"].sum() == 2 and (table["chosen"] == table["chosen_on_other_half"]).all()
    assert ((table["low"] <= table["recall"]) & (table["recall"] <= table["high"])).all()


def test_choosing_and_reporting_on_the_same_clips_would_flatter_and_on_others_does_not():
    """Eight settings of one law in 40 worlds: the chosen one's own half lies above its other half."""
    rng = np.random.default_rng(2)
    noise = {f"x{i}": 1.2 for i in range(8)}
    rows = []
    for _ in range(40):
        found = select(grid(noise, 60, rng), dict.fromkeys(noise, "x"), draws=20, rng=rng)
        chosen = found.grid[found.grid["chosen"]].iloc[0]
        rows.append((chosen["choosing"], chosen["recall"], found.grid["recall"].mean()))
    flattered, reported, all_settings = np.mean(rows, axis=0)
    assert flattered - all_settings > 0.04 and abs(reported - all_settings) < 0.03


def test_without_a_choice_every_clip_reports():
    settings = grid({"x": 1.0, "y": 1.0}, 30, np.random.default_rng(0))
    found = select(settings, {"x": "x", "y": "y"}, draws=20, rng=np.random.default_rng(0))
    assert found.grid.empty and len(found.reported) == 30 and found.chosen == {"x": "x", "y": "y"}


def test_halves_keep_groups_together_and_cover_all_rows():
    groups = np.repeat([f"g{i}" for i in range(15)], 2)
    first, second = halves(groups, np.random.default_rng(0))
    assert not set(groups[first]) & set(groups[second]) and sorted([*first, *second]) == list(range(30))
    assert len(first) == 14


def test_claims_choose_where_they_are_given_each_half_by_its_own_clips():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 8))
    noisy = {"a blind": x, "a true": x + 3 * rng.normal(size=x.shape), "b": x}
    owner = {"a blind": "a", "a true": "a", "b": "b"}
    gallery = Gallery(np.arange(40).astype(str), dict.fromkeys(noisy, x), noisy)
    by_recall = select(gallery, owner, draws=20, rng=np.random.default_rng(1))
    assert by_recall.chosen["a"] == "a blind" and not by_recall.by_claims
    choosing = np.setdiff1d(np.arange(40), by_recall.reported)
    claims = {"a blind": np.where(np.arange(40) % 2, 1.0, np.nan), "a true": np.ones(40), "b": np.ones(40)}
    claims["a true"][choosing] = 2.0
    claims["a true"][by_recall.reported] = 0.0
    found = select(gallery, owner, draws=20, rng=np.random.default_rng(1), claims=claims)
    assert found.by_claims and found.reported.tolist() == by_recall.reported.tolist()
    grid = found.grid.set_index("setting")
    assert found.chosen == {"a": "a true", "b": "b"} and grid["claims"].to_dict() == {"a blind": 1, "a true": 2, "b": 1}
    assert grid.loc["a blind", "chosen_on_other_half"]  # where “a true” claims nothing that is true
    assert np.allclose(grid["recall"], by_recall.grid.set_index("setting")["recall"])
