"""What one request asks: a video, a prompt and settings, and the key under which its answer is kept."""

import json
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lib.base.errors import CorpusError
from lib.base.hashes import text_sha256
from lib.captioning.failures import Failure
from lib.captioning.parameters import Captioner
from lib.captioning.prompts import Prompt
from lib.corpus.videos import Span, Video, shown


@dataclass(frozen=True)
class Clip:
    """A clip to caption.

    Attributes:
        clip_id: its id.
        video: the file.
        seconds: how long it lasts.
        sha256: of what it shows: of the file's content, or of that and the span.
        span: begin and end in seconds where the file is the whole recording, of which this part is sent.
    """

    clip_id: str
    video: Path
    seconds: float
    sha256: str
    span: Span | None = None

    @property
    def mime(self) -> str:
        """The kind of the file that is sent, by its ending."""
        kind = mimetypes.guess_type(self.video.name)[0] if self.span is None else None
        return kind or "video/mp4"

    @property
    def film(self) -> Video:
        """What is shown: the file, or its part."""
        return Video(self.video, self.span)


@dataclass(frozen=True)
class Question:
    """One request to one captioner."""

    captioner: str
    asked: Captioner
    prompt: Prompt
    temperature: float | None
    clip: Clip

    @property
    def text(self) -> str:
        """The prompt, filled for the clip."""
        return self.prompt.filled(self.clip.seconds, self.asked.fps)

    @property
    def frames(self) -> int:
        """Frames that the model sees."""
        return max(1, round(self.clip.seconds * self.asked.fps))

    @property
    def key(self) -> str:
        """The same for the same video, words, model and settings, whatever the captioner or the clip is called."""
        asked = self.asked
        parts = {
            "video": self.clip.sha256,
            "text": self.text,
            "schema": self.prompt.schema,
            "client": asked.client,
            "model": asked.model,
            "command": asked.command,
            "temperature": self.temperature,
            "fps": asked.fps,
            "max_tokens": asked.max_tokens,
            "thinking": asked.thinking,
            "send": asked.send,
        }
        return text_sha256(json.dumps(parts, sort_keys=True))

    def cost(self, tokens_in: int, cached: int, tokens_out: int) -> float:
        """US dollars for tokens."""
        price = self.asked.price
        if price is None:
            return 0.0
        kept = price.input if price.cached is None else price.cached
        return ((tokens_in - cached) * price.input + cached * kept + tokens_out * price.output) / 1e6

    @property
    def tokens(self) -> int:
        """Tokens of the question at most: a frame more than are seen, and one for every byte of text and schema."""
        schema = len(json.dumps(self.prompt.schema)) if self.prompt.schema else 0
        return (self.frames + 1) * self.asked.tokens_a_frame + len(self.text.encode()) + schema

    @property
    def most(self) -> float:
        """US dollars that the request costs at most."""
        return self.cost(self.tokens, 0, self.asked.max_tokens)


@contextmanager
def filmed(question: Question) -> Iterator[Path]:
    """Gives the file that is sent: the clip's, or its part of a recording, which is removed afterwards.

    Raises:
        Failure: it cannot be read.
    """
    try:
        with shown(question.clip.film) as video:
            yield video
    except CorpusError as error:
        raise Failure("video", error.what, reply="unsent") from None
