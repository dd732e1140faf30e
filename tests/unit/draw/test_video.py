"""Videos of motions, read back from their files: how long, how large, and where which colour is."""

import tracemalloc
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from lib.base import mp4
from lib.base.errors import CorpusError, ParamsError
from lib.draw.video import is_rendered, render
from lib.draw.video_scene import scene
from lib.motion.skeleton import OFFSETS, PARENTS, mirror

BLUE, ORANGE, GROUND = (1, 115, 178), (213, 94, 0), (246, 247, 248)
"""Left, right and the floor."""
Frames = NDArray[np.int_]


def standing(frames: int = 20) -> NDArray[np.float64]:
    """A body in the T-pose that faces +Z, its left at +X, its lowest joint at 0."""
    pose = np.zeros((22, 3))
    for joint, parent in enumerate(PARENTS[1:], start=1):
        pose[joint] = pose[parent] + OFFSETS[joint]
    pose[:, 1] -= pose[:, 1].min()
    return np.repeat(pose[None], frames, axis=0)


def with_left_hand_up(frames: int = 20) -> NDArray[np.float64]:
    joints = standing(frames)
    joints[:, 18] = joints[:, 16] + [0.05, 0.26, 0]
    joints[:, 20] = joints[:, 18] + [0.05, 0.26, 0]
    return joints


def walking(metres: float, frames: int = 100) -> NDArray[np.float64]:
    return standing(frames) + np.linspace(0, metres, frames)[:, None, None] * np.array([0.0, 0.0, 1.0])


def decoded(path: Path) -> Frames:
    with av.open(str(path)) as container:
        return np.array([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]).astype(int)


def of_colour(frames: Frames, colour: tuple[int, int, int], tolerance: int = 60) -> NDArray[np.bool_]:
    return (np.abs(frames - colour).sum(axis=-1) < tolerance).astype(bool)


def drawn(frames: Frames) -> NDArray[np.bool_]:
    """Pixels of limbs: those with a strong colour."""
    return (frames.max(axis=-1) - frames.min(axis=-1) > 90).astype(bool)


def middle(mask: NDArray[np.bool_]) -> tuple[float, float]:
    rows, columns = np.nonzero(mask)
    return float(columns.mean()), float(rows.mean())


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
@pytest.mark.parametrize(("frames", "fps", "count"), [(30, 20.0, 30), (60, 120.0, 10), (12, 8.0, 30), (1, 20.0, 1)])
def test_a_video_has_the_rate_length_and_size_asked_for(
    tmp_path: Path, frames: int, fps: float, count: int, codec: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"no_such_encoder": {}, codec: mp4.CODECS[codec]}
    monkeypatch.setattr(mp4, "CODECS", options)
    render(standing(frames), tmp_path / "a.mp4", fps=fps, size=128)
    assert len(decoded(tmp_path / "a.mp4")) == count
    with av.open(str(tmp_path / "a.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate) == (128, 128, 20)
        assert float(stream.duration * stream.time_base) == pytest.approx(count / 20)
        assert stream.codec_context.name == {"libx264": "h264"}.get(codec, codec)
    assert [file.name for file in tmp_path.iterdir()] == ["a.mp4"]


def test_seen_from_the_front_the_left_limbs_are_on_the_right_of_the_picture(tmp_path: Path) -> None:
    render(standing(), tmp_path / "a.mp4", azimuth=0)
    for frame in decoded(tmp_path / "a.mp4"):
        left, right = of_colour(frame, BLUE), of_colour(frame, ORANGE)
        assert left.sum() > 400 and right.sum() > 400
        assert np.nonzero(left)[1].min() > 150 and np.nonzero(right)[1].max() < 170
    render(standing(), tmp_path / "back.mp4", azimuth=180)
    frame = decoded(tmp_path / "back.mp4")[0]
    assert middle(of_colour(frame, BLUE))[0] < 160 < middle(of_colour(frame, ORANGE))[0]


def test_a_mirrored_motion_is_the_picture_mirrored_with_its_sides_exchanged(tmp_path: Path) -> None:
    render(with_left_hand_up(), tmp_path / "a.mp4", azimuth=0)
    render(mirror(with_left_hand_up()), tmp_path / "b.mp4", azimuth=0)
    one, other = decoded(tmp_path / "a.mp4")[5], decoded(tmp_path / "b.mp4")[5]
    head = np.nonzero(of_colour(one, (148, 148, 148), 30))[0].min()
    above, above_other = one[:head], other[:head]
    assert of_colour(above, BLUE).sum() > 50 and not of_colour(above, ORANGE).any()
    assert of_colour(above_other, ORANGE).sum() > 50 and not of_colour(above_other, BLUE).any()
    x, y = middle(of_colour(above, BLUE))
    assert middle(of_colour(above_other, ORANGE)) == pytest.approx((319 - x, y), abs=8)


def test_sides_differ_without_colour_too(tmp_path: Path) -> None:
    render(standing(), tmp_path / "a.mp4", azimuth=0, size=640)
    grey = decoded(tmp_path / "a.mp4")[5]
    for colour, cored in ((BLUE, False), (ORANGE, True)):
        rows, columns = np.nonzero(of_colour(grey, colour))
        arm = columns.max() - 70 if colour == BLUE else columns.min() + 70
        across = grey[rows[columns == arm].min() : rows[columns == arm].max() + 1, arm].min(axis=-1)
        assert (across > 200).any() == cored


def test_there_is_a_floor_that_passes_by_under_one_who_travels(tmp_path: Path) -> None:
    render(standing(), tmp_path / "spot.mp4")
    still = decoded(tmp_path / "spot.mp4")
    corner = still[:, 250:, :100]
    assert (np.abs(corner[0] - GROUND).sum(axis=-1) > 40).sum() > 60
    assert np.abs(corner - corner[0]).max() < 24  # a camera that stands
    render(walking(8.0), tmp_path / "far.mp4")
    passing = decoded(tmp_path / "far.mp4")[:, 250:, :60]
    assert (np.abs(passing[50] - passing[60]).sum(axis=-1) > 60).sum() > 20


@pytest.mark.parametrize("metres", [0.0, 2.0, 20.0, -20.0])
def test_all_of_the_body_is_in_view_however_far_it_goes(tmp_path: Path, metres: float) -> None:
    render(walking(metres), tmp_path / "a.mp4")
    frames = decoded(tmp_path / "a.mp4")
    body, head = drawn(frames), of_colour(frames, (148, 148, 148), 30)
    assert min(np.ptp(np.nonzero(frame)[0]) for frame in body) > 90
    assert min(frame.sum() for frame in head) > 100
    rim = np.ones((320, 320), dtype=bool)
    rim[4:-4, 4:-4] = False
    assert not body[:, rim].any()


def test_a_body_that_leaps_fifty_metres_stays_in_view(tmp_path: Path) -> None:
    joints = standing(60)
    joints[30:] += [50.0, 0.0, 50.0]
    render(joints, tmp_path / "a.mp4")
    for frame in decoded(tmp_path / "a.mp4"):
        assert of_colour(frame, BLUE, 200).any() or of_colour(frame, ORANGE, 200).any()


def test_equal_motions_give_equal_files_that_name_nobody(tmp_path: Path) -> None:
    for name in ("private-clip.mp4", "b.mp4"):
        render(with_left_hand_up(), tmp_path / name)
    one, other = ((tmp_path / name).read_bytes() for name in ("private-clip.mp4", "b.mp4"))
    assert one == other and b"private-clip" not in one and str(tmp_path).encode() not in one


@pytest.mark.parametrize(
    ("joints", "options", "what"),
    [
        (standing(), {"size": 321}, "size: a video cannot be 321 pixels wide; give an even number"),
        (standing(), {"size": 20}, "cannot be 20 pixels wide"),
        (standing()[:0], {}, r"a\.mp4: a motion without a pose"),
        (standing() * np.nan, {}, r"a\.mp4: values that are not finite"),
        (standing(50), {"fps": 0.05}, r"a\.mp4: a motion of 1,000 s is too long"),
    ],
)
def test_what_makes_no_video_is_one_line_and_leaves_nothing(
    tmp_path: Path, joints: NDArray[np.float64], options: dict[str, float], what: str
) -> None:
    with pytest.raises((CorpusError, ParamsError), match=what):
        render(joints, tmp_path / "a.mp4", **options)  # type: ignore[arg-type]
    assert not [*tmp_path.iterdir()]


def test_recordings_are_told_from_what_was_rendered(tmp_path: Path) -> None:
    render(standing(), tmp_path / "a.mp4", size=64)
    with av.open(str(tmp_path / "b.mp4"), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height = 64, 64
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode())
    (tmp_path / "c.mp4").write_bytes(b"no video")
    assert [is_rendered(tmp_path / f"{name}.mp4") for name in "abc"] == [True, False, True]


def test_memory_grows_with_the_motion_and_not_with_its_square() -> None:
    def peak(frames: int) -> int:
        joints = standing(frames) + np.linspace(0, 1, frames)[:, None, None] * (0.5, 0, 0.5)
        tracemalloc.start()
        seen = scene(joints, 320, 30.0, 15.0)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(seen.way(0)) == 1 and len(seen.way(frames - 1)) == frames
        return most

    assert peak(2400) < 2.5 * peak(1200)
