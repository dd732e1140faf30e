"""Frames of a video file, spread evenly over its time."""

from pathlib import Path
from typing import Literal

import av
import numpy as np
from numpy.typing import NDArray

from lib.base.errors import CorpusError
from lib.corpus.videos import Video, shown

Spans = Literal["time", "frames"]


def frames(video: Path | Video, count: int, spans: Spans = "time") -> NDArray[np.uint8]:
    """The frames at the middles of `count` equal spans of a video.

    Spans of time make a frame rate that changes no difference, and a video of fewer frames gives some of them more than
    once; spans of frames are those that InternVideo2 was evaluated with, see `middles`. The file is decoded twice: what
    a container says about its length is often wrong. A rotation noted in the container is not applied.

    Args:
        video: anything that FFmpeg decodes; of a clip's `Video` its part alone.
        count: how many.
        spans: of time, or of frames.

    Returns:
        (count, height, width, 3) uint8, RGB.

    Raises:
        CorpusError: no such file, no video in it, or no frame that can be decoded.
    """
    with shown(video if isinstance(video, Video) else Video(video)) as path:
        return _frames(path, count, spans)


def _frames(path: Path, count: int, spans: Spans) -> NDArray[np.uint8]:
    try:
        times = _times(path)
        if not len(times):
            raise CorpusError("holds no video frame", where=path, fix="take a fresh copy")
        wanted = shown_at(times, count) if spans == "time" else middles(len(times), count)
        picked: dict[int, NDArray[np.uint8]] = {}
        with av.open(str(path)) as container:
            for at, frame in enumerate(container.decode(video=0)):
                if at in wanted:
                    picked[at] = frame.to_ndarray(format="rgb24").astype(np.uint8, copy=False)
                if at >= wanted[-1]:
                    break
    except (av.error.FFmpegError, IndexError) as error:
        what = "holds no video" if isinstance(error, IndexError) else f"not a readable video ({error.strerror})"
        raise CorpusError(what, where=path, fix="take a fresh copy") from None
    return np.stack([picked[at] for at in wanted])


def shown_at(times: NDArray[np.float64], count: int) -> list[int]:
    """Which frame is shown at the middle of each of `count` equal spans.

    Args:
        times: seconds at which frames appear (n,), rising; the last is shown as long as frames are on average.
        count: how many spans.

    Returns:
        Positions in `times`, rising.

    Example:
        >>> shown_at(np.arange(8) / 4, 4), shown_at(np.array([0.0, 0.5]), 4)
        ([1, 3, 5, 7], [0, 0, 1, 1])
    """
    begin, last = times[0], times[-1]
    end = last + (last - begin) / (len(times) - 1) if len(times) > 1 else last + 1.0
    middles = begin + (np.arange(count) + 0.5) * (end - begin) / count
    # A billionth of the length forgives the rounding of times, lest a middle fall just before the frame it names.
    found: list[int] = (np.searchsorted(times, middles + 1e-9 * (end - begin), side="right") - 1).tolist()
    return found


def middles(total: int, count: int) -> list[int]:
    """The middle frame of each of `count` spans of frames, whose ends are rounded down; the last one fills what lacks.

    Source: InternVideo2, multi_modality/dataset/video_utils.py: get_frame_indices, sample "middle".

    Args:
        total: frames of the video, 1 or more.
        count: how many spans.

    Example:
        >>> middles(20, 4), middles(10, 4), middles(2, 4)
        ([2, 7, 12, 17], [0, 3, 5, 8], [0, 1, 1, 1])
    """
    ends = np.linspace(0, total, min(count, total) + 1).astype(int)
    found: list[int] = ((ends[:-1] + ends[1:] - 1) // 2).tolist()
    return found + [found[-1]] * (count - len(found))


def _times(path: Path) -> NDArray[np.float64]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        told = [frame.time for frame in container.decode(stream)]
    if all(time is not None for time in told):
        times = np.array(told, dtype=np.float64)
        if (np.diff(times) > 0).all():
            return times
    return np.arange(len(told), dtype=np.float64)
