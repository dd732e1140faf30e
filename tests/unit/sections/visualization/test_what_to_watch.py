"""What a reader should watch follows from how far joints go, by hand."""

import numpy as np
import pandas as pd
import pytest

from lib.motion.skeleton import JOINT_NAMES
from lib.sections.visualization.what_to_watch import movement, sentence

MODELS = pd.DataFrame(
    [("a, seed 0", 0.30, 2.0), ("a, seed 1", 0.04, 2.2), ("b", 0.35, 0.3)], columns=["figure", "energy", "path"]
)


def moving(*joints: str, by: float = 0.02, frames: int = 21, way: float = 0.0) -> np.ndarray:
    """Joints that go to and fro by so many metres a frame while the whole body goes its way in metres along z."""
    poses = np.zeros((frames, 22, 3))
    for joint in joints:
        poses[1::2, JOINT_NAMES.index(joint), 0] = by
    poses[..., 2] += np.linspace(0, way, frames)[:, None]
    return poses


def test_a_limb_moves_by_the_mean_speed_of_its_joints_relative_to_the_pelvis() -> None:
    found = movement(moving("left_wrist", "left_elbow", "right_wrist", way=3.0))
    assert found.limbs["left arm"] == pytest.approx(2 * 0.02 * 20 / 4)  # collar, shoulder, elbow and wrist
    assert found.limbs["right arm"] == pytest.approx(0.02 * 20 / 4)
    assert found.limbs["left leg"] == found.limbs["trunk and head"] == 0
    assert found.path == pytest.approx(3.0)
    assert movement(np.zeros((1, 22, 3))).path == 0


def test_the_sentence_names_the_limb_and_the_figure_that_is_farthest() -> None:
    arm = movement(moving("left_wrist", way=2.0))
    text = sentence(arm, 0.3, MODELS)
    assert text == (
        "Watch the left arm: most of the real motion is there, 0.10 m/s relative to the pelvis against 0.30 m/s over "
        "all joints, while the pelvis goes 2.0 m. Of what the models made, a, seed 1 is farthest from that: its joints "
        "move at 0.04 m/s."
    )
    nearer = MODELS.assign(energy=0.3)
    assert sentence(arm, 0.3, nearer).endswith("b is farthest from that: its pelvis goes 0.3 m.")
    assert sentence(arm, 0.3, MODELS.iloc[:0]).endswith("while the pelvis goes 2.0 m.")


def test_both_limbs_of_a_pair_are_named_where_they_move_alike() -> None:
    assert sentence(movement(moving("left_foot", "right_foot")), 0.3, MODELS).startswith("Watch both legs: ")
    legs = moving("left_foot") + moving("right_foot", by=0.01)
    assert sentence(movement(legs), 0.3, MODELS).startswith("Watch the left leg: ")
    assert sentence(movement(moving("head")), 0.3, MODELS).startswith("Watch the trunk and head: ")
