"""Gemini through google-genai: small videos within the request, others through the Files API."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

import httpx
import httpx2
from google import genai
from google.genai import errors, types

from lib.captioning.clients.uploaded_videos import UploadedVideos
from lib.captioning.failures import Answer, Failure, Stopped, Unreachable, Usage, of_status, seconds_of, too_long
from lib.captioning.parameters import Captioner
from lib.captioning.question import Clip, Question, filmed

BLOCKED = frozenset({"safety", "recitation", "blocklist", "prohibited_content", "spii", "image_safety"})
UNREACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx2.ConnectError, httpx2.ConnectTimeout)
MEGABYTE = 1_000_000
POLL_S = 0.1
LONGEST_POLL_S = 5.0


class Uploads(Protocol):
    """Remembers the files at a server, so that one which a dead run left is deleted by the next."""

    def add(self, name: str) -> None:
        """Remembers a file that was uploaded."""
        ...

    def remove(self, name: str) -> None:
        """Forgets a file that was deleted."""
        ...

    def names(self) -> list[str]:
        """Files that are there."""
        ...


class Gemini:
    """Asks Gemini.

    Args:
        asked: the captioner.
        key: of the server.
        uploads: remembers what lies at the server.
        sleep: waits between two looks at a file that is being prepared.
    """

    parallel: int | None = None

    def __init__(
        self, asked: Captioner, key: str, uploads: Uploads, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.asked, self.uploads, self.sleep = asked, uploads, sleep
        # A proxy of the environment is no part of the way to a server on this machine.
        local = not asked.remote
        options = types.HttpOptions(
            base_url=asked.base_url,
            timeout=max(1, round(asked.timeout_s * 1000)),
            client_args={"trust_env": False} if local else None,
        )
        self.client = genai.Client(api_key=key, vertexai=False, http_options=options)
        self.videos = UploadedVideos(self.upload, self.ready, self.delete)

    def ask(self, question: Question) -> Answer:
        """As `Client.ask`; a video above the limit is uploaded once for all questions about it."""
        try:
            with translated():
                part = self._seen(question)
        except Failure as failure:
            raise failure.before_asking() from None
        with translated():
            return self._answer(question, part)

    def release(self, clip: Clip) -> None:
        """Deletes the clip's video from the server, if it lies there."""
        self.videos.release(clip)

    def tidy(self) -> None:
        """Deletes the videos that a dead run left at the server."""
        for name in self.uploads.names():
            self.delete(name)

    def close(self) -> None:
        """Deletes what is left at the server and closes the connections."""
        self.videos.close()
        self.client.close()

    def upload(self, question: Question) -> types.File:
        """Hands the server a video under no name of its clip."""
        config = types.UploadFileConfig(mime_type=question.clip.mime, display_name="clip")
        with filmed(question) as video, video.open("rb") as stream:
            file = self.client.files.upload(file=stream, config=config)
        self.uploads.add(str(file.name))
        return file

    def ready(self, file: types.File) -> types.Part:
        """Waits until the server can use a file.

        Raises:
            Failure: it cannot, or not within `timeout_s`.
        """
        waited, pause = 0.0, POLL_S
        while file.state == types.FileState.PROCESSING:
            if waited >= self.asked.timeout_s:
                raise Failure("processing", f"{self.asked.timeout_s:g} s")
            self.sleep(pause)
            waited, pause = waited + pause, min(2 * pause, LONGEST_POLL_S, self.asked.timeout_s)
            file = self.client.files.get(name=str(file.name))
        if file.state != types.FileState.ACTIVE:
            raise Failure("video", "refused by the server")
        return types.Part(file_data=types.FileData(file_uri=file.uri, mime_type=file.mime_type))

    def delete(self, name: str) -> None:
        """Deletes a file at the server; where this fails, a later run tries again, and the server does so in two days.

        A file whose name is refused is left to the server: it may give the answers of a batch a name of more letters
        than its own deletion takes.

        Source: googleapis/python-genai: issue 1759.
        """
        with suppress(Failure, Stopped), translated():
            try:
                self.client.files.delete(name=name)
            except errors.APIError as error:
                refused = error.code == 400 and not _key_refused(error)
                if error.code not in {403, 404} and not refused:
                    return
            self.uploads.remove(name)

    def content(self, question: Question, part: types.Part) -> types.Content:
        """The question: the video at the asked frame rate, then the text."""
        seen = part.model_copy(update={"video_metadata": types.VideoMetadata(fps=self.asked.fps)})
        return types.Content(role="user", parts=[seen, types.Part(text=question.text)])

    def settings(self, question: Question) -> types.GenerateContentConfig:
        """Temperature, length and form of the answer."""
        thinking = self.asked.thinking
        return types.GenerateContentConfig(
            temperature=question.temperature,
            max_output_tokens=self.asked.max_tokens,
            thinking_config=None if thinking is None else types.ThinkingConfig(thinking_budget=thinking),
            response_mime_type="application/json" if question.prompt.schema else None,
            response_json_schema=question.prompt.schema,
        )

    def _seen(self, question: Question) -> types.Part:
        if not self.videos.holds(question.clip):
            with filmed(question) as video:
                if video.stat().st_size <= self.asked.inline_mb * MEGABYTE:
                    return types.Part(inline_data=types.Blob(data=video.read_bytes(), mime_type=question.clip.mime))
        return self.videos.part(question)

    def _answer(self, question: Question, part: types.Part) -> Answer:
        reply = self.client.models.generate_content(
            model=str(self.asked.model), contents=self.content(question, part), config=self.settings(question)
        )
        return read(reply)


def read(reply: types.GenerateContentResponse) -> Answer:
    """The answer in a reply.

    Raises:
        Failure: it was blocked, cut off or holds no text.
    """
    usage = _usage(reply.usage_metadata)
    feedback = reply.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        raise Failure("blocked", feedback.block_reason.name.lower(), usage=usage)
    candidate = reply.candidates[0] if reply.candidates else None
    finish = candidate.finish_reason.name.lower() if candidate is not None and candidate.finish_reason else ""
    if finish in BLOCKED:
        raise Failure("blocked", finish, usage=usage)
    if finish == "max_tokens":
        raise Failure("too_long", finish, usage=usage)
    parts = (candidate.content.parts or []) if candidate is not None and candidate.content is not None else []
    text = "".join(part.text for part in parts if part.text and not part.thought)
    if not text.strip():
        raise Failure("empty", finish, usage=usage)
    return Answer(text, finish, usage)


@contextmanager
def translated() -> Iterator[None]:
    """Errors of the package as failures; nothing of what the server wrote goes into them.

    Raises:
        Failure: of one request.
        Stopped: the key or the model is refused.
    """
    try:
        yield
    except errors.APIError as error:
        status = error.status if isinstance(error.status, str) and error.status.isupper() else ""
        if _key_refused(error):
            raise Stopped(f"the key is refused ({error.code})") from None
        if error.code == 400 and too_long(error.message):
            raise Failure("too_long", f"{error.code} {status}".strip()) from None
        raise of_status(error.code, status, _retry_after(error)) from None
    except (httpx.HTTPError, httpx2.HTTPError) as error:
        if isinstance(error, UNREACHED):
            raise Unreachable(type(error).__name__) from None
        raise Failure("connection", type(error).__name__, reply="lost") from None
    except (errors.UnknownApiResponseError, json.JSONDecodeError, ValueError, KeyError) as error:
        raise Failure("unreadable", type(error).__name__, reply="lost") from None


def _key_refused(error: errors.APIError) -> bool:
    return "API_KEY_INVALID" in str(error.details)


def _retry_after(error: errors.APIError) -> float | None:
    headers = getattr(error.response, "headers", None) or {}
    if (told := seconds_of(headers.get("retry-after"))) is not None:
        return told
    details: Any = error.details
    entries = details.get("error", {}).get("details", []) if isinstance(details, dict) else []
    delays = [entry.get("retryDelay") for entry in entries if isinstance(entry, dict)]
    return next((seconds_of(str(delay).removesuffix("s")) for delay in delays if delay), None)


def _usage(told: types.GenerateContentResponseUsageMetadata | None) -> Usage:
    if told is None:
        return Usage()
    output = (told.candidates_token_count or 0) + (told.thoughts_token_count or 0)
    return Usage(told.prompt_token_count, told.cached_content_token_count or 0, output)
