"""Reading BVH: a small file worked out by hand, every dialect, every fault with its line, and the way back."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.base.errors import CorpusError
from lib.demo.synthesis import Spec, synthesise
from lib.motion.bvh import bvh
from lib.motion.bvh_pose import positions, resampled
from lib.motion.bvh_text import parse, read
from lib.motion.skeleton import JOINT_NAMES

ARM = """HIERARCHY
ROOT hips
{
  OFFSET 7 7 7
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT arm
  {
    OFFSET 1 0 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    JOINT hand
    {
      OFFSET 2 0 0
      CHANNELS 3 Xrotation Yrotation Zrotation
      End Site
      {
        OFFSET 1 0 0
      }
    }
  }
}
MOTION
Frames: 3
Frame Time: 0.1
0 10 0 0 0 0  0 0 0  0 0 0
0 10 0 90 0 0  0 0 0  0 0 0
5 10 0 90 0 90  90 0 0  0 0 0
"""
# By hand. Frame 0: the arm points along +X. Frame 1: +90 deg about Z takes +X to +Y. Frame 2: the root turns about Z,
# then about its own Y: its +X goes to Z(90) Y(90) x = Z(90) (-z) = -Z, its +Y to Z(90) y = -X; the arm is one along
# the root's +X, and its own +90 about Z sends the hand two along the root's +Y. The end site is one
# farther than the hand.
BY_HAND = [
    [[0, 10, 0], [1, 10, 0], [3, 10, 0], [4, 10, 0]],
    [[0, 10, 0], [0, 11, 0], [0, 13, 0], [0, 14, 0]],
    [[5, 10, 0], [5, 10, -1], [3, 10, -1], [2, 10, -1]],
]


def test_joints_are_where_the_hand_worked_them_out() -> None:
    arm = parse(ARM)
    assert arm.names == ["hips", "arm", "hand", "hand_End"] and arm.parents == [-1, 0, 1, 2] and arm.fps == 10
    np.testing.assert_allclose(positions(arm, np.arange(3)), BY_HAND, atol=1e-12)


def test_added_positions_are_counted_from_the_offset() -> None:
    np.testing.assert_allclose(positions(parse(ARM), np.arange(3), added=True), np.array(BY_HAND) + 7, atol=1e-12)


@pytest.mark.parametrize(
    ("order", "column"),
    [("Zrotation Xrotation Yrotation", 0), ("Xrotation Zrotation Yrotation", 1), ("Yrotation Xrotation Zrotation", 2)],
)
def test_channels_may_stand_in_any_order_and_before_places(order: str, column: int) -> None:
    frames = [[0.0] * 3, [0.0] * 3]
    frames[1][column] = 90.0
    rows = "\n".join(" ".join(map(str, [*turn, 0, 10, 0])) for turn in frames)
    text = f"HIERARCHY\nROOT a\n{{\nOFFSET 0 0 0\nCHANNELS 6 {order} Xposition Yposition Zposition\n"
    text += f"JOINT b {{\nOFFSET 1 0 0\nCHANNELS 0\n}} }}\nMOTION\nFrames: 2\nFrame Time: .05\n{rows}\n"
    assert positions(parse(text), np.array([1]))[0, 1].round(9).tolist() == [0, 11, 0]


@pytest.mark.parametrize(
    "dialect",
    [
        ARM.replace("\n", "\r\n"),
        ARM.replace("\n  {", " {").replace("\n{", " {"),
        ARM.replace("Frame Time:", "Frame  Time :\t").replace("Frames: 3", "FRAMES:\t3"),
        ARM.replace("rotation", "Rotation").replace("JOINT", "Joint") + "\n\n",
        "\ufeff" + ARM.replace("  ", "\t"),
    ],
)
def test_every_dialect_says_the_same(dialect: str, tmp_path: Path) -> None:
    (tmp_path / "a.bvh").write_bytes(dialect.encode())
    np.testing.assert_allclose(positions(read(tmp_path / "a.bvh"), np.arange(3)), BY_HAND, atol=1e-12)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("OFFSET 2 0 0", "OFFSET 2 0", "a.bvh:12: 2 numbers; write OFFSET and three numbers"),
        ("OFFSET 2 0 0", "OFFSET 2 0 x", "a.bvh:12: 'x' is no number"),
        ("OFFSET 2 0 0\n", "\n", "a.bvh:21: joint 'hand' has no OFFSET"),
        ("CHANNELS 3 Z", "CHANNELS 4 Z", "a.bvh:9: CHANNELS '4 Zrotation"),
        ("3 Xrotation Y", "3 Wrotation Y", "a.bvh:13: CHANNELS '3 Wrotation"),
        ("3 Xrotation Y", "3 Zrotation Y", "a.bvh:13: CHANNELS '3 Zrotation"),
        ("JOINT hand", "JOINT arm", "a.bvh:10: a second joint 'arm'"),
        ("JOINT hand", "JOINT", "a.bvh:10: a joint without a name"),
        ("JOINT hand", "ROOT hand", "a.bvh:10: 'ROOT hand' has no place here"),
        ("      End Site", "      Tail Site", "a.bvh:14: 'TAIL Site' has no place here"),
        ("}\nMOTION", "MOTION", "a.bvh:20: 1 brace(s) are not closed"),
        ("MOTION\n", "}\n", "a.bvh:21: '}' has no place here"),
        ("Frames: 3", "Frames 3", "a.bvh:22: 'Frames 3' instead of the number of frames"),
        ("Frames: 3", "Frames: 5", "a.bvh:26: Frames says 5, 3 rows follow"),
        ("Frames: 3", "Frames: " + "9" * 5000, "a.bvh:22: 'Frames: 999"),
        ("5 10 0 90", "5 10 0 " + "9" * 5000, "a.bvh:26: a number that is not finite"),
        ("OFFSET 2 0 0", "OFFSET 1e308 0 0", "a.bvh:12: a number that is not finite, or over 1e+12"),
        ("5 10 0 90", "5 10 0 " + "x" * 5000, "a.bvh:26: 'xxx"),
        ("OFFSET 2 0 0", "OFFSET 2 0 \0", "a.bvh: a NUL byte in line 12"),
        ("OFFSET 2 0 0", "OFFSET 2 0 \ud800", "a.bvh: not text at byte"),
        ("        OFFSET 1 0 0\n      }", "        End Site {", "a.bvh:16: 'END Site' has no place here"),
        ("Frame Time: 0.1", "Frame Time: 1", "a.bvh:23: Frame Time: 1 means 1 frame(s) a second, which no capture has"),
        ("Frame Time: 0.1", "Frame Time: 30", "write seconds: for 30 frames a second, Frame Time: 0.0333333"),
        ("Frame Time: 0.1", "Frame Time: 33.3", "or, for 33.3 thousandths, Frame Time: 0.0333"),
        ("Frame Time: 0.1", "Frame Time: 3.3e-5", "for 0.033 seconds, Frame Time: 0.033"),
        ("Frame Time: 0.1", "Frame Time: 0", "a.bvh:23: 'Frame Time: 0' instead of the time of a frame"),
        ("0 10 0 90 0 0  0 0 0  0 0 0\n", "0 10 0 90\n", "a.bvh:25: 4 numbers; write 12 numbers"),
        ("5 10 0 90", "5 10 0 nan", "a.bvh:26: a number that is not finite"),
        (ARM[: ARM.index("MOTION")], "", "a.bvh:1: no ROOT before MOTION"),
        (ARM[ARM.index("MOTION") :], "", "a.bvh:20: the file ends without MOTION"),
        (ARM[ARM.index("Frame Time") :], "", "a.bvh:23: the file ends without motion"),
    ],
)
def test_a_fault_is_told_with_file_and_line(before: str, after: str, told: str, tmp_path: Path) -> None:
    assert before in ARM
    (tmp_path / "a.bvh").write_bytes(ARM.replace(before, after, 1).encode("utf-8", "surrogatepass"))
    with pytest.raises(CorpusError) as error:
        read(tmp_path / "a.bvh")
    assert told in str(error.value) and "\n" not in str(error.value) and len(str(error.value)) < 600


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_ends_in_anything_but_a_motion_or_one_line(data: st.DataObject, tmp_path: Path) -> None:
    content = bytearray(ARM.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    (tmp_path / "a.bvh").write_bytes(bytes(content))
    try:
        file = read(tmp_path / "a.bvh")
    except CorpusError as error:
        assert "\n" not in str(error)
    else:
        assert np.isfinite(file.at(file.seconds)).all()


@pytest.mark.parametrize("said", [2, 4])
def test_a_number_of_frames_that_is_one_off_is_said_and_every_row_is_read(said: int) -> None:
    arm = parse(ARM.replace("Frames: 3", f"Frames: {said}"))
    np.testing.assert_allclose(positions(arm, np.arange(3)), BY_HAND, atol=1e-12)
    assert arm.notes == ["one row more or less than Frames says: every row is read"] and not parse(ARM).notes


@pytest.mark.parametrize("deep", [True, False])
def test_more_joints_than_a_body_has_are_refused_at_once(deep: bool) -> None:
    joints = [f"JOINT j{n} {{\nOFFSET 0 1 0\nCHANNELS 0\n" + ("" if deep else "}\n") for n in range(100_000)]
    text = "HIERARCHY\nROOT a {\nOFFSET 0 0 0\nCHANNELS 0\n" + "".join(joints)
    with pytest.raises(CorpusError, match=r"a.bvh:\d+: more than 2,000 joints, which no body has") as error:
        parse(text, "a.bvh")
    assert "\n" not in str(error.value)


def test_an_end_site_never_takes_the_name_of_a_joint() -> None:
    text = ARM.replace("JOINT arm", "JOINT hand_End")
    assert parse(text).names == ["hips", "hand_End", "hand"]


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.bvh").write_bytes(b"HIERARCHY\xff\x00")
    with pytest.raises(CorpusError, match="not text at byte 9"):
        read(tmp_path / "a.bvh")


@pytest.mark.parametrize("action", ["walk", "kick", "crawl"])
def test_what_the_project_writes_comes_back_within_a_millimetre(action: str) -> None:
    joints = synthesise([Spec(action)], np.random.default_rng(0)).astype(float)
    written = parse(bvh(joints))
    order = [written.names.index(name) for name in JOINT_NAMES]
    np.testing.assert_allclose(resampled(written)[:, order] / 100, joints, atol=1e-3)


@pytest.mark.parametrize(("rate", "frame_time"), [(120, "0.008333"), (60, "0.0166667"), (30, "0.033333")])
def test_another_rate_is_brought_to_twenty(rate: int, frame_time: str) -> None:
    """A rod that turns evenly about Z: at every instant its end is known in closed form, between frames too."""
    frames = np.arange(2 * rate + 1)
    head = ARM[: ARM.index("MOTION")] + f"MOTION\nFrames: {len(frames)}\nFrame Time: {frame_time}\n"
    turns = 100.0 * frames / rate
    file = parse(head + "\n".join(f"{n / rate} 0 0 {a} 0 0 0 0 0 0 0 0" for n, a in zip(frames, turns, strict=True)))
    ends = resampled(file)[:, 2]
    seconds = np.arange(41) / 20
    angles = np.radians(100.0 * seconds)
    wanted = np.stack([seconds + 3 * np.cos(angles), 3 * np.sin(angles), 0 * angles], axis=1)
    np.testing.assert_allclose(ends, wanted, atol=1e-6)


def test_bones_keep_their_length_between_frames_far_apart() -> None:
    slow = parse(ARM)
    bones = np.diff(resampled(slow), axis=1)
    assert len(bones) == 5
    np.testing.assert_allclose(np.linalg.norm(bones, axis=-1), [[1, 2, 1]] * 5, atol=1e-9)


def test_a_bone_with_positions_of_its_own_is_not_counted_twice() -> None:
    """As Blender and MotionBuilder write them: every joint has six channels, and its positions repeat the OFFSET."""
    six = ARM.replace("CHANNELS 3 X", "CHANNELS 6 Xposition Yposition Zposition X")
    head, _, body = six.partition("Frame Time: 0.1\n")
    rows = [row.split() for row in body.splitlines()]
    file = parse(head + "Frame Time: 0.1\n" + "\n".join(" ".join([*row[:9], "2 0 0", *row[9:]]) for row in rows))
    np.testing.assert_allclose(positions(file, np.arange(3)), BY_HAND, atol=1e-12)
    reach = positions(file, np.arange(3), added=True)
    np.testing.assert_allclose(np.linalg.norm(reach[:, 2] - reach[:, 1], axis=-1), 4, atol=1e-12)


def test_positions_of_zero_are_counted_from_the_offset_and_others_are_not() -> None:
    """As some exporters write them: every joint has six channels, and all but the root's positions are 0."""
    six = ARM.replace("CHANNELS 3 ", "CHANNELS 6 Xposition Yposition Zposition ")
    head, _, body = six.partition("Frame Time: 0.1\n")
    rows = [row.split() for row in body.splitlines()]
    texts = [" ".join([*row[:6], "0 0 0", *row[6:9], "0 0 0", *row[9:]]) for row in rows]
    file = parse(head + "Frame Time: 0.1\n" + "\n".join(texts))
    assert file.lengthened() == ["arm", "hand"] and not parse(ARM).lengthened()
    np.testing.assert_allclose(positions(file, np.arange(3)), BY_HAND, atol=1e-12)
