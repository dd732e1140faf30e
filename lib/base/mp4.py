"""An mp4 file that is written frame by frame: H.264, or MPEG-4 where PyAV is built without it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from av.codec.codec import UnknownCodecError
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from lib.base.errors import UserError

CODECS: dict[str, dict[str, str]] = {
    "libx264": {"preset": "veryfast", "crf": "20", "g": "40", "bf": "0", "threads": "1"},
    "mpeg4": {"flags": "+qscale", "global_quality": "354", "g": "40", "threads": "1"},
}
"""Encoders, the best first, with their options; one thread each, so that equal pictures give equal bytes."""


@contextmanager
def writing(
    path: Path, width: int, height: int, rate: Fraction | int, *, comment: str
) -> Iterator[Callable[[VideoFrame], None]]:
    """Gives a function that adds a frame to a file, which is complete when the block ends.

    Args:
        path: where to; its ending does not matter.
        width: of the pictures in pixels, even.
        height: likewise.
        rate: frames a second.
        comment: kept in the file.

    Raises:
        UserError: PyAV has no encoder.
        OSError: the file cannot be written.
    """
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        container.metadata["comment"] = comment
        stream = _stream(container, rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"

        def add(frame: VideoFrame) -> None:
            container.mux(stream.encode(frame))

        yield add
        container.mux(stream.encode(None))


def comment_of(path: Path) -> str | None:
    """The comment in a video; empty where it has none, None where the file is no video."""
    try:
        with av.open(str(path)) as container:
            return container.metadata.get("comment", "")
    except (av.error.FFmpegError, ValueError):
        return None


def _stream(container: OutputContainer, rate: Fraction | int) -> VideoStream:
    for codec, options in CODECS.items():
        try:
            return container.add_stream(codec, rate=rate, options=options)  # type: ignore[call-overload,no-any-return,return-value]
        except UnknownCodecError:
            continue
    raise UserError(f"PyAV has none of the encoders {', '.join(CODECS)}", fix="install av as constraints.txt pins it")
