"""Any server of OpenAI's protocol (vLLM, SGLang, LMDeploy) through the package openai."""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import openai
from openai.types.chat import ChatCompletion
from PIL import Image

from lib.captioning.failures import Answer, Failure, Unreachable, Usage, of_status, seconds_of, too_long
from lib.captioning.parameters import Captioner
from lib.captioning.question import Clip, Question, filmed
from lib.models.video_frames import frames


class OpenAIProtocol:
    """Asks a server of OpenAI's protocol; a video goes as `video_url`, or as frames of `image_url`.

    Args:
        asked: the captioner.
        key: of the server; servers of one's own want none.
    """

    parallel: int | None = None

    def __init__(self, asked: Captioner, key: str) -> None:
        self.asked = asked
        local = not asked.remote
        self.http = httpx2.Client(timeout=asked.timeout_s, trust_env=not local)
        self.client = openai.OpenAI(
            api_key=key or "none",
            base_url=asked.base_url or "https://api.openai.com/v1",
            max_retries=0,
            timeout=asked.timeout_s,
            http_client=self.http,
        )
        if asked.base_url is not None:  # the package takes them from the environment, and they are OpenAI's alone
            self.client.organization = self.client.project = None

    def ask(self, question: Question) -> Answer:
        """As `Client.ask`."""
        extra: dict[str, Any] = {}
        if self.asked.send == "video":
            extra = {"mm_processor_kwargs": {"fps": self.asked.fps}}
        schema = question.prompt.schema
        form: Any = openai.omit
        if schema is not None:
            named = {"name": question.prompt.name, "schema": schema, "strict": True}
            form = {"type": "json_schema", "json_schema": named}
        content: Any = [*self._seen(question), {"type": "text", "text": question.text}]
        with _translated():
            reply = self.client.chat.completions.create(
                model=str(self.asked.model),
                messages=[{"role": "user", "content": content}],
                temperature=openai.omit if question.temperature is None else question.temperature,
                max_tokens=self.asked.max_tokens,
                response_format=form,
                extra_body=extra,
            )
            return read(reply)

    def release(self, clip: Clip) -> None:
        """Nothing is kept between questions."""

    def tidy(self) -> None:
        """Nothing of an earlier run is left."""

    def close(self) -> None:
        """Closes the connections."""
        self.client.close()

    def _seen(self, question: Question) -> list[dict[str, Any]]:
        with filmed(question) as video:
            if self.asked.send == "video":
                return [{"type": "video_url", "video_url": {"url": _url(question.clip.mime, video.read_bytes())}}]
            pictures = frames(video, question.frames)
        return [{"type": "image_url", "image_url": {"url": _url("image/jpeg", _jpeg(one))}} for one in pictures]


def read(reply: ChatCompletion) -> Answer:
    """The answer in a reply.

    Raises:
        Failure: it was blocked, cut off, holds no text or is none.
    """
    if not isinstance(reply, ChatCompletion):
        raise Failure("unreadable", "not of the protocol", reply="lost")
    told = reply.usage
    details = told.prompt_tokens_details if told is not None else None
    cached = (details.cached_tokens or 0) if details is not None else 0
    usage = Usage() if told is None else Usage(told.prompt_tokens, cached, told.completion_tokens)
    if not reply.choices:
        raise Failure("unreadable", "no choices", usage=usage)
    choice = reply.choices[0]
    finish = str(choice.finish_reason or "")
    if finish == "content_filter" or choice.message.refusal:
        raise Failure("blocked", finish, usage=usage)
    if finish == "length":
        raise Failure("too_long", finish, usage=usage)
    text = choice.message.content or ""
    if not text.strip():
        raise Failure("empty", finish, usage=usage)
    return Answer(text, finish, usage)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except openai.APIStatusError as error:
        code = str(error.code or "")
        if code == "context_length_exceeded" or (error.status_code == 400 and too_long(error.message)):
            raise Failure("too_long", str(error.status_code)) from None
        told = seconds_of(error.response.headers.get("retry-after"))
        raise of_status(error.status_code, retry_after=told) from None
    except openai.APIResponseValidationError:
        raise Failure("unreadable", "not of the protocol", reply="lost") from None
    except openai.APIConnectionError as error:
        cause = error.__cause__ or error
        if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout):
            raise Unreachable(type(cause).__name__) from None
        raise Failure("connection", type(cause).__name__, reply="lost") from None
    except (openai.OpenAIError, httpx2.HTTPError) as error:
        raise Failure("connection", type(error).__name__, reply="lost") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise Failure("unreadable", type(error).__name__, reply="lost") from None


def _url(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _jpeg(picture: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=90)
    return stream.getvalue()
