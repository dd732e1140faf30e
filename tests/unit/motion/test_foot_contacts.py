"""A foot stands when it is slow and low, at any frame rate."""

import numpy as np

from lib.demo.synthesis import Spec, synthesise
from lib.motion.features import CONTACT_THRESHOLD, contacts, from_joints, recover_poses
from lib.motion.skeleton import FEET

from .bodies import standing


def test_a_body_that_stands_has_all_four_contacts() -> None:
    pose = standing()
    assert contacts(pose).tolist() == [[True] * 4]
    assert contacts(pose.repeat(5, axis=0)).all()


def test_a_raised_foot_that_rests_in_the_air_does_not_stand() -> None:
    joints = standing().repeat(5, axis=0)
    joints[:, [5, 8, 11], 1] += 0.3
    assert (contacts(joints) == [True, True, False, False]).all()


def test_the_speed_is_humanml3d_s_and_does_not_depend_on_the_frame_rate() -> None:
    for fps in (10.0, 20.0, 60.0):
        for speed, stands in ((0.99, True), (1.01, False)):
            joints = standing().repeat(6, axis=0)
            joints[..., 2] += np.arange(6)[:, None] / fps * (speed * np.sqrt(CONTACT_THRESHOLD) * 20)
            assert (contacts(joints, fps=fps) == stands).all()


def test_contacts_are_those_of_the_features_where_the_foot_is_low() -> None:
    joints = recover_poses(from_joints(synthesise([Spec("walk")], np.random.default_rng(0))))
    features = from_joints(joints)
    low = joints[:-1, FEET, 1] - joints[..., 1].min() < (0.1, 0.05, 0.1, 0.05)
    assert np.array_equal(contacts(joints)[:-1], low & (features[:, 259:] > 0.5))
    assert 0.3 < contacts(joints).mean() < 0.95
