"""Videos of clips: which file is a clip's, and which part of it where the file is the whole recording."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pandas as pd
from av.video.frame import PictureType

from lib.base.errors import CorpusError
from lib.base.mp4 import writing

Span = tuple[float, float]
"""Begin and end in seconds."""
SLACK_S = 0.25
"""A file that is longer than its clip by no more is the clip's own."""
_TICK_S = 1e-3


@dataclass(frozen=True)
class Video:
    """The file that shows a clip.

    Attributes:
        path: the file.
        span: where the clip lies in its recording, as `clips.parquet` says; None where it does not.
    """

    path: Path
    span: Span | None = None


def videos_of(clips: pd.DataFrame, folder: Path, *, none: bool = False) -> dict[str, Video]:
    """The video of each clip that has one: `<clip_id>.<ending>`, or the recording's, `<source>.<ending>`.

    Files are found by listing the folder, so that no id leads out of it. A recording counts for clips with a place in
    it, `start_s` and `end_s`.

    Args:
        clips: clip_id, and where there are such columns source, start_s and end_s.
        folder: of the files.
        none: whether there may be no video at all.

    Returns:
        Videos by clip.

    Raises:
        CorpusError: no folder, two files for one clip, none for any, or a place that is none.
    """
    if not folder.is_dir():
        fix = "put <clip_id>.mp4 files there, or name another folder in models.video_text.videos"
        raise CorpusError("no such folder of videos", where=folder, fix=fix)
    spans = _spans(clips)
    source = dict(zip(clips.clip_id, clips.source, strict=True)) if "source" in clips else {}
    names = {*clips.clip_id, *(source[clip_id] for clip_id in spans if clip_id in source)}
    files: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.stem in names and path.is_file():
            if path.stem in files:
                raise CorpusError(f"two videos for {path.stem!r}", where=folder, fix="keep one of them")
            files[path.stem] = path
    found = {}
    for clip_id in clips.clip_id:
        file = files.get(clip_id) or (files.get(source.get(clip_id, "")) if clip_id in spans else None)
        if file is not None:
            found[clip_id] = Video(file, spans.get(clip_id))
    if not found and not none:
        raise CorpusError("no video of any captioned clip", where=folder, fix="name the files <clip_id>.mp4")
    return found


def length(path: Path) -> float:
    """Seconds that a video lasts, as its container says, or else as its frames do; the first frame is decoded.

    Raises:
        av.error.FFmpegError: it cannot be decoded.
        ValueError: it holds no video.
    """
    with av.open(str(path)) as container:
        if not container.streams.video:
            raise ValueError("holds no video")
        stream = container.streams.video[0]
        if next(container.decode(stream), None) is None:
            raise ValueError("holds no frame")
        if stream.duration and stream.time_base:
            return float(stream.duration * stream.time_base)
        if container.duration:
            return container.duration / 1e6
        frames = 1 + sum(1 for _ in container.decode(stream))
        return frames / float(stream.average_rate or 20)


def part(span: Span | None, seconds: float) -> Span | None:
    """Which part of a file is the clip; None for all of it, be it that the file was cut already.

    Args:
        span: where the clip lies in its recording.
        seconds: that the file lasts.

    Raises:
        ValueError: the file is neither the clip nor a recording that reaches the clip's end.

    Example:
        >>> part((2.0, 5.0), 60.0), part((2.0, 5.0), 3.1), part(None, 60.0)
        ((2.0, 5.0), None, None)
    """
    if span is None or seconds <= span[1] - span[0] + SLACK_S:
        return None
    if seconds < span[1] - SLACK_S:
        told = f"lasts {seconds:.1f} s, neither the {span[1] - span[0]:.1f} s of its clip nor up to {span[1]:.1f} s"
        raise ValueError(told)
    return span


@contextmanager
def shown(video: Video) -> Iterator[Path]:
    """Gives a file that shows the clip and nothing else: the video's own, or a cut that is removed afterwards.

    Args:
        video: of the clip.

    Raises:
        CorpusError: a file that is no readable video, or is neither the clip's nor its recording's.
    """
    if video.span is None:
        yield video.path
        return
    with tempfile.TemporaryDirectory(prefix="clip-") as folder:
        target = Path(folder) / "clip.mp4"
        try:
            span = part(video.span, length(video.path))
            if span is not None:
                cut(video.path, span, target)
        except (av.error.FFmpegError, ValueError) as error:
            what = getattr(error, "strerror", None) or str(error)
            raise CorpusError(what, where=video.path, fix="take a fresh copy") from None
        yield target if span is not None else video.path


def cut(path: Path, span: Span, target: Path) -> None:
    """Writes a part of a video, encoded anew, without sound.

    Args:
        path: the recording.
        span: of the part, counted from the recording's first frame; frames that begin within it are taken.
        target: an mp4 file of the same rate; a picture of odd size loses its last column or row.

    Raises:
        av.error.FFmpegError: it cannot be decoded.
        ValueError: no frame lies in the span.
    """
    if not _cut(path, span, target, seek=True) and not _cut(path, span, target, seek=False):
        raise ValueError(f"holds no frame from {span[0]:.1f} to {span[1]:.1f} s")


def _cut(path: Path, span: Span, target: Path, *, seek: bool) -> bool:
    # Whether all was found that was looked for; with `seek` not where the file leads past the span's begin.
    with av.open(str(path)) as source:
        stream = source.streams.video[0]
        rate = stream.average_rate or stream.base_rate or 20
        tick = stream.time_base or 1 / rate
        origin = float((stream.start_time or 0) * tick)
        width, height = stream.width // 2 * 2, stream.height // 2 * 2
        if seek:
            source.seek(max(0, int((origin + span[0]) * 1e6)))
        count, earlier, first = 0, False, 0.0
        with writing(target, width, height, rate, comment="cut") as add:
            for frame in source.decode(stream):
                at = (frame.time or 0.0) - origin
                if at >= span[1] - _TICK_S:
                    break
                if at < span[0] - _TICK_S:
                    earlier = True
                    continue
                if seek and not (earlier or count or at <= span[0] + _TICK_S):
                    return False
                picture = frame.reformat(width=width, height=height, format="yuv420p")
                first = at if not count else first
                count = max(count, round((at - first) * float(rate)))
                picture.pts, picture.time_base = count, 1 / Fraction(rate)
                picture.pict_type = PictureType.NONE
                add(picture)
                count += 1
    return count > 0


def _spans(clips: pd.DataFrame) -> dict[str, Span]:
    if not {"start_s", "end_s"} <= {*clips.columns}:
        return {}
    places = clips[["start_s", "end_s"]].apply(pd.to_numeric, errors="coerce").astype("float64")
    told = (clips[["start_s", "end_s"]].notna() & (clips[["start_s", "end_s"]] != 0)).any(axis=1)
    sound = np.isfinite(places).all(axis=1) & (places.start_s >= 0) & (places.end_s > places.start_s)
    if (told & ~sound).any():
        first = clips[told & ~sound].iloc[0]
        what = f"clip {first.clip_id!r} lies from {first.start_s} to {first.end_s}"
        raise CorpusError(what, where="clips.parquet", fix="give start_s and end_s in seconds, or leave both null")
    kept = places[told & sound]
    return dict(zip(clips.clip_id[kept.index], zip(kept.start_s, kept.end_s, strict=True), strict=True))
