"""Copies are found, new motions are not, and every distance is that of a brute-force search."""

import numpy as np
import pandas as pd
import pytest

from lib.answers.answer import Answer
from lib.answers.bounds import Bounds
from lib.answers.recorded import Recorded
from lib.motion.nearest import by_distance
from lib.run import declared
from lib.sections.visualization import sentences
from lib.sections.visualization.copying import GENERATED, REAL, TRAINING, Points, distances, near_training, summary
from lib.sections.visualization.parameters import Visualization
from lib.sections.visualization.verdict import answer
from tests.unit.sections.recorded import number


def points(
    shape: np.ndarray, name: str, base: list[str] | None = None, *, energy: object = 0.4, **more: object
) -> Points:
    ids = [f"{name}{i}" for i in range(len(shape))]
    meaning = np.random.default_rng(len(shape)).normal(size=(len(shape), 4))
    unit = meaning / np.linalg.norm(meaning, axis=1, keepdims=True)
    table = pd.DataFrame({"clip_id": ids, "base_id": base or ids, "energy": energy, **more})
    return Points(table, shape.astype(np.float32), unit.astype(np.float32))


@pytest.mark.parametrize("block", [1, 3, 100])
def test_neighbours_among_some_rows_are_those_of_brute_force(block: int) -> None:
    rng = np.random.default_rng(0)
    queries, references = rng.normal(size=(12, 5)) + 50, rng.normal(size=(17, 5)) + 50
    rows = rng.permutation(17)[:9]
    every = np.linalg.norm(queries[:, None] - references[None, rows], axis=2)
    distance, index = by_distance(queries, references, rows=rows, block=block)
    assert index.tolist() == rows[every.argmin(axis=1)].tolist()
    np.testing.assert_allclose(distance, every.min(axis=1), rtol=1e-5)


@pytest.mark.parametrize("block", [1, 3, 100])
def test_neighbours_apart_are_those_of_brute_force(block: int) -> None:
    rng = np.random.default_rng(0)
    queries, references = rng.normal(size=(12, 5)), rng.normal(size=(17, 5))
    here, there = rng.integers(4, size=12), rng.integers(4, size=17)
    every = np.linalg.norm(queries[:, None] - references[None], axis=2)
    every[here[:, None] == there[None]] = np.inf
    distance, index = by_distance(queries, references, apart=(here, there), block=block)
    assert index.tolist() == every.argmin(axis=1).tolist()
    np.testing.assert_allclose(distance, every.min(axis=1), rtol=1e-5)


def test_a_set_of_one_clip_and_its_mirror_has_no_neighbour_apart() -> None:
    labels = np.array(["a", "a"])
    distance, index = by_distance(np.eye(2), np.eye(2), apart=(labels, labels))
    assert np.isinf(distance).all() and index.tolist() == [-1, -1]


def found(made: np.ndarray, rng: np.random.Generator, train: np.ndarray) -> pd.DataFrame:
    real = points(rng.normal(size=(len(made), 6)), "t")
    generated = points(made, "t", seed=0)
    members = {"one": np.arange(10, len(train))}
    table = distances(real, {"one": generated}, points(train, "r"), members, sample=500, block=64, seed=0)
    every = np.linalg.norm(made[:, None] - train[None, 10:], axis=2)
    rows = table[table["kind"] == GENERATED]
    np.testing.assert_allclose(rows["shape"], every.min(axis=1), atol=1e-5)
    assert rows["shape_at"].tolist() == (every.argmin(axis=1) + 10).tolist()
    assert set(table["kind"]) == {GENERATED, REAL, TRAINING}
    return table


def decided(copies: pd.DataFrame) -> Answer:
    """The rule on what the section records of a summary."""
    recorded = sentences.copies(copies, near_quantile=0.05)
    assert all(declared.is_value("visualization", name) for name in recorded)
    plain = {name: value.as_dict() if hasattr(value, "as_dict") else value for name, value in recorded.items()}
    plain["near_quantile"] = number(0.05)
    return answer(Recorded({"07_visualization": plain}), Bounds.of({}), Visualization())


def test_copies_are_distinguished_from_new_motions() -> None:
    rng = np.random.default_rng(1)
    train = rng.normal(size=(300, 6))
    new, copies = rng.normal(size=(80, 6)), train[20:100] + rng.normal(scale=1e-3, size=(80, 6))
    rule = {"near_quantile": 0.05, "draws": 200, "seed": 0}
    told = summary(found(new, rng, train), **rule)
    assert decided(told).verdict != "yes"
    shape = told[told["measure"] == "shape"].set_index("kind")
    assert shape.loc[GENERATED, "closer_low"] < 0.5 < shape.loc[GENERATED, "closer_high"]
    assert shape.loc[REAL, "near_low"] < 0.05 < shape.loc[REAL, "near_high"], "new motions are near by chance alone"
    assert shape.loc[TRAINING, "near"] == pytest.approx(0.05, abs=0.005) and np.isnan(shape.loc[REAL, "closer"])
    told = summary(found(copies, rng, train), **rule)
    assert [(part.name, part.outcome) for part in decided(told).parts] == [("one", "yes")]
    assert decided(told).verdict == "yes"
    shape = told[told["measure"] == "shape"].set_index("kind")
    assert shape.loc[GENERATED, "near"] == 1.0 and shape.loc[GENERATED, "near_low"] > 0.9
    assert shape.loc[GENERATED, "closer"] > 0.95 and shape.loc[REAL, "near"] < 0.2
    assert shape.loc[GENERATED, "distance_high"] < 0.01 < shape.loc[REAL, "distance_low"]


def test_the_motions_near_training_are_those_below_the_bound_the_nearest_first() -> None:
    rng = np.random.default_rng(3)
    train = rng.normal(size=(300, 6))
    made = np.concatenate([rng.normal(size=(40, 6)), train[20:30] + 1e-3])
    table = found(made, rng, train)
    told = summary(table, near_quantile=0.05, draws=50, seed=0)
    gaps = np.sort(np.linalg.norm(train[10:, None] - train[None, 10:], axis=2), axis=1)[:, 1]  # to any other
    every = np.linalg.norm(made[:, None] - train[None, 10:], axis=2).min(axis=1)
    listed = near_training(table, told, ["one"])
    assert set(listed["clip_id"]) == {f"t{at}" for at in np.flatnonzero(every < np.quantile(gaps, 0.05))}
    assert listed["shape"].is_monotonic_increasing and len(listed) >= 10
    assert near_training(table, told, []).empty


def test_intervals_are_over_base_clips() -> None:
    rng = np.random.default_rng(2)
    train, single = rng.normal(size=(200, 6)), rng.normal(size=(40, 6))
    twice = np.repeat(single, 4, axis=0)
    base = [f"b{at}" for at in range(40) for _ in range(4)]
    alone = [points(single, "t", seed=0), points(single, "t")]
    groups = [points(twice, "t", base, seed=0), points(twice, "t", base)]
    widths = []
    for made, real in (alone, groups):
        rows = {"one": np.arange(200)}
        table = distances(real, {"one": made}, points(train, "r"), rows, sample=9, block=64, seed=0)
        told = summary(table, near_quantile=0.5, draws=500, seed=0).set_index(["measure", "kind"])
        row = told.loc[("shape", GENERATED)]
        widths.append(row["distance_high"] - row["distance_low"])
    assert widths[1] == pytest.approx(widths[0], rel=0.05), "four takes of one clip say no more than one"


def test_a_mirror_image_is_no_neighbour_in_training() -> None:
    train = np.array([[0.0], [0.1], [5.0], [5.1]])
    base = ["a", "a", "b", "b"]
    made = points(np.array([[0.0]]), "t", seed=0)
    table = distances(made, {"one": made}, points(train, "r", base), {"one": np.arange(4)}, sample=9, block=8, seed=0)
    np.testing.assert_allclose(table.loc[table["kind"] == TRAINING, "shape"], [5.0, 4.9, 4.9, 5.0], rtol=1e-5)


def test_motions_that_are_all_one_pose_hardly_move_and_have_one_neighbour() -> None:
    """Near the middle of training by shape, of a tenth of the real energy, and no copy though all of them are near."""
    rng = np.random.default_rng(3)
    train, real = rng.normal(size=(200, 6)), rng.normal(size=(60, 6))
    energy = rng.uniform(0.2, 0.6, size=60)
    middle = points(rng.normal(scale=1e-3, size=(60, 6)), "t", seed=0, energy=energy / 10)
    test = points(real, "t", energy=energy)
    members = {"still": np.arange(200), "moving": np.arange(200)}
    made = {"still": middle, "moving": points(real, "t", seed=0, energy=energy)}
    found = distances(test, made, points(train, "r"), members, sample=99, block=64, seed=0)
    told = summary(found, near_quantile=0.05, draws=200, seed=0)
    rows = told[(told["measure"] == "shape") & (told["kind"] == GENERATED)].set_index("model")
    assert rows.loc["still", ["energy", "energy_low", "energy_high"]].tolist() == pytest.approx([0.1] * 3)
    still, moving = decided(told).parts
    assert (still.name, still.outcome) == ("still", "not judged") and still.lacking.startswith("hardly moves")
    assert moving.name == "moving" and moving.measures[1].value == pytest.approx(1)
    every = np.linalg.norm(real[:, None] - train[None], axis=2)
    assert rows["distinct"].tolist() == [1, len(set(every.argmin(axis=1)))]


def test_energy_is_held_against_the_real_motions_of_the_same_captions() -> None:
    """Clip t0 was made twice and t2 never; by hand: (1 + 2 + 3) / (2 + 2 + 8)."""
    made = Points(
        pd.DataFrame(
            {"clip_id": ["t0", "t1", "t0"], "base_id": ["t0", "t1", "t0"], "seed": [0, 0, 1], "energy": [1, 3, 2]}
        ),
        np.eye(3, 2, dtype=np.float32),
        np.eye(3, 4, dtype=np.float32),
    )
    test = points(np.eye(3, 2), "t", energy=[2.0, 8.0, 100.0])
    train = points(np.eye(3, 2), "r")
    table = distances(test, {"one": made}, train, {"one": np.arange(3)}, sample=9, block=8, seed=0)
    told = summary(table, near_quantile=0.5, draws=200, seed=0)
    rows = told.set_index(["measure", "kind"])["energy"]
    assert rows["shape", GENERATED] == pytest.approx(0.5) and np.isnan(rows["shape", TRAINING])
    motionless = distances(
        points(np.eye(3, 2), "t", energy=0.0), {"one": made}, train, {"one": np.arange(3)}, sample=9, block=8, seed=0
    )
    assert summary(motionless, near_quantile=0.5, draws=20, seed=0)["energy"].isna().all()


def test_distinct_neighbours_are_counted_seed_by_seed() -> None:
    train = np.array([[0.0], [10.0], [20.0]])
    made = points(np.array([[0.1], [0.2], [10.1], [20.1]]), "t", seed=[0, 0, 1, 1])
    table = distances(made, {"one": made}, points(train, "r"), {"one": np.arange(3)}, sample=9, block=8, seed=0)
    told = summary(table, near_quantile=0.5, draws=20, seed=0).set_index(["measure", "kind"])
    assert told.loc[("shape", GENERATED), "distinct"] == 1.5
