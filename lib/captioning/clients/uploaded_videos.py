"""Videos at a Files API: each is uploaded once for all questions about it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from google.genai import types

from lib.captioning.failures import Failure
from lib.captioning.question import Clip, Question


@dataclass
class _Video:
    lock: threading.Lock = field(default_factory=threading.Lock)
    file: types.File | None = None
    part: types.Part | None = None
    failure: tuple[str, str] | None = None


class UploadedVideos:
    """What lies at the server, by the content of the video.

    Args:
        upload: hands the server a question's video.
        ready: waits until the server can use it; gives the part of a question that refers to it.
        delete: deletes a file by its name.
    """

    def __init__(
        self,
        upload: Callable[[Question], types.File],
        ready: Callable[[types.File], types.Part],
        delete: Callable[[str], None],
    ) -> None:
        self.upload, self.ready, self.delete = upload, ready, delete
        self.lock = threading.Lock()
        self.videos: dict[str, _Video] = {}

    def holds(self, clip: Clip) -> bool:
        """Whether a video is there, or on its way."""
        with self.lock:
            return clip.sha256 in self.videos

    def part(self, question: Question) -> types.Part:
        """The part that refers to a video; whoever asks first uploads it while the others about it wait.

        Raises:
            Failure: the server cannot use the video, or is not ready in time; the same for every question about it.
        """
        with self.lock:
            video = self.videos.setdefault(question.clip.sha256, _Video())
        with video.lock:
            if video.failure is not None:
                raise Failure(*video.failure)
            if video.part is None:
                video.file = video.file or self.upload(question)
                try:
                    video.part = self.ready(video.file)
                except Failure as failure:
                    video.failure = failure.kind, failure.detail
                    raise
            return video.part

    def release(self, clip: Clip) -> None:
        """Deletes a video about which no further question comes."""
        with self.lock:
            video = self.videos.pop(clip.sha256, None)
        if video is not None:
            self._delete(video)

    def close(self) -> None:
        """Deletes all that are left."""
        with self.lock:
            videos, self.videos = [*self.videos.values()], {}
        for video in videos:
            self._delete(video)

    def _delete(self, video: _Video) -> None:
        if video.file is not None:
            self.delete(str(video.file.name))
