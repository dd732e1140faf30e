"""Which file is a clip's video, and the cut of a recording: its frames say their own number."""

from pathlib import Path

import av
import numpy as np
import pandas as pd
import pytest

from lib.base.errors import CorpusError
from lib.corpus.videos import Video, cut, length, part, shown, videos_of
from lib.models.video_frames import frames

BITS = 8


def numbered(path: Path, count: int, rate: int = 25, codec: str = "libx264", size: int = 64) -> Path:
    """A video whose n-th frame shows n in black and white columns."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = size, size, "yuv420p"
        for n in range(count):
            row = np.repeat([255 * (n >> bit & 1) for bit in range(BITS)], size // BITS).astype(np.uint8)
            picture = np.broadcast_to(row[None, :, None], (size, size, 3))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")))
        container.mux(stream.encode())
    return path


def number(picture: np.ndarray) -> int:
    middle = picture.shape[0] // 2
    step = picture.shape[1] // BITS
    return sum((int(picture[middle, bit * step + step // 2].mean()) > 128) << bit for bit in range(BITS))


def numbers(path: Path) -> list[int]:
    with av.open(str(path)) as container:
        return [number(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
@pytest.mark.parametrize(
    ("span", "first", "last"), [((1.0, 3.0), 25, 74), ((0.5, 0.7), 13, 17), ((6.0, 8.0), 150, 199)]
)
def test_a_recording_is_cut_to_the_frames_of_its_clip(
    tmp_path: Path, span: tuple[float, float], first: int, last: int, codec: str
) -> None:
    recording = numbered(tmp_path / "a.mp4", 200, codec=codec)
    cut(recording, span, tmp_path / "cut.mp4")
    assert numbers(tmp_path / "cut.mp4") == [*range(first, last + 1)]
    assert length(tmp_path / "cut.mp4") == pytest.approx(span[1] - span[0], abs=0.041)
    with shown(Video(recording, span)) as file:
        assert numbers(file) == [*range(first, last + 1)]
        held = file
    assert not held.exists() and not held.parent.exists()
    assert [number(one) for one in frames(recording, 4)] == [25, 75, 125, 175]
    seen = [number(one) for one in frames(Video(recording, span), 4)]
    assert first <= seen[0] < seen[-1] <= last


def test_a_file_that_is_the_clip_already_is_shown_as_it_is(tmp_path: Path) -> None:
    recording = numbered(tmp_path / "a.mp4", 50)
    with shown(Video(recording, (7.0, 9.0))) as file:
        assert file == recording
    with shown(Video(recording)) as file:
        assert file == recording
    with pytest.raises(ValueError, match=r"lasts 30\.0 s, neither the 2\.0 s of its clip nor up to 40\.0 s"):
        part((38.0, 40.0), 30.0)


def test_what_is_no_video_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "junk.mp4").write_bytes(b"no video")
    (tmp_path / "empty.mp4").write_bytes(b"")
    short = numbered(tmp_path / "short.mp4", 100)
    for video in (Video(tmp_path / "junk.mp4", (0, 1)), Video(tmp_path / "empty.mp4", (0, 1)), Video(short, (7, 8.5))):
        with pytest.raises(CorpusError) as caught, shown(video):
            pass
        assert "\n" not in str(caught.value) and str(caught.value).endswith("take a fresh copy")


def table(**columns: list[object]) -> pd.DataFrame:
    return pd.DataFrame({"clip_id": ["a", "b", "../out"], "source": ["take", "take", "take"], **columns})


def test_a_clip_has_its_own_file_or_its_place_in_a_recording(tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    (tmp_path / "out.mp4").write_bytes(b"outside")
    (folder / "a.mp4").write_bytes(b"a")
    (folder / "take.webm").write_bytes(b"take")
    assert videos_of(table(), folder) == {"a": Video(folder / "a.mp4")}
    places = {"start_s": [1.0, 2.5, None], "end_s": [2.0, 4.0, None]}
    assert videos_of(table(**places), folder) == {
        "a": Video(folder / "a.mp4", (1.0, 2.0)),
        "b": Video(folder / "take.webm", (2.5, 4.0)),
    }
    with pytest.raises(CorpusError, match=r"clips\.parquet: clip 'b' lies from 3\.0 to 2\.0; give start_s and end_s"):
        videos_of(table(start_s=[0.0, 3.0, 0.0], end_s=[0.0, 2.0, 0.0]), folder)
    with pytest.raises(CorpusError, match=r"clip 'a' lies from now to 2"):
        videos_of(table(start_s=["now", None, None], end_s=["2", None, None]), folder)
    (folder / "a.webm").write_bytes(b"a")
    with pytest.raises(CorpusError, match="two videos for 'a'"):
        videos_of(table(), folder)
