"""Why a request brought no caption: classes that are counted, and repeated or not."""

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Literal

FAILURES = {
    "blocked": "the answer was blocked",
    "too_long": "the question or the answer is longer than the model allows",
    "empty": "an answer without text",
    "unreadable": "an answer that cannot be read",
    "refused": "the server refuses the request as it is",
    "video": "the video cannot be read, here or by the server",
    "processing": "the uploaded video was not ready in time",
    "rate": "too many requests",
    "server": "the server failed",
    "connection": "no connection, or one that was cut",
    "expired": "a batch that expired, or brought no line for the clip",
    "unknown": "the run ended before the answer came",
}
"""Classes by name."""
PASSING = frozenset({"rate", "server", "connection"})
"""Those that the same request may get over within a run."""
AGAIN = PASSING | {"processing", "expired", "unknown"}
"""Those that a later run asks again without being told to."""


Reply = Literal["arrived", "lost", "unsent"]
"""What became of a request's reply."""


@dataclass(frozen=True)
class Usage:
    """Tokens as the server counted them, of one request; None where it said nothing.

    Attributes:
        input: of the question, cached ones included.
        cached: of those, the ones that the server had kept.
        output: of the answer, what was thought before it included.
    """

    input: int | None = None
    cached: int | None = None
    output: int | None = None


@dataclass(frozen=True)
class Answer:
    """What a captioner wrote.

    Attributes:
        text: the caption, or the JSON that a schema asked for.
        finish: why the model stopped, in the server's word, small letters.
        usage: what it cost.
    """

    text: str
    finish: str
    usage: Usage = Usage()


class Failure(Exception):
    """A request that brought no caption.

    Args:
        kind: one of `FAILURES`.
        detail: a code or a few words of the clients' own, never what a server wrote.
        retry_after: seconds that the server asks to wait.
        usage: what a delivered answer cost.
        reply: whether the server's reply arrived, so that its count is known; was lost; or the request never left.
    """

    def __init__(
        self,
        kind: str,
        detail: str = "",
        *,
        retry_after: float | None = None,
        usage: Usage = Usage(),
        reply: Reply = "arrived",
    ) -> None:
        assert kind in FAILURES, kind
        self.kind, self.detail, self.retry_after, self.usage = kind, detail, retry_after, usage
        self.reply: Reply = reply
        super().__init__(f"{FAILURES[kind]}{f' ({detail})' if detail else ''}")

    def before_asking(self) -> "Failure":
        """The same on the way to a question, such as while its video is uploaded: nothing was asked yet."""
        self.reply = "unsent"
        return self


class Unreachable(Failure):
    """A request that never left, since no server listens.

    Args:
        detail: a few words of the clients' own.
    """

    def __init__(self, detail: str) -> None:
        super().__init__("connection", detail, reply="unsent")


class Stopped(Exception):
    """A captioner of whom nothing more can be had in this run.

    Args:
        line: why, for the user.
        detail: what the journal may hold of it, neither a path nor what others wrote; the line itself by default.
    """

    def __init__(self, line: str, *, detail: str | None = None) -> None:
        super().__init__(line)
        self.detail = line if detail is None else detail


LIMITS = ("context length", "maximum model length", "maximum number of tokens")
"""Words of vLLM, SGLang and Gemini where they refuse a question for its length."""


def too_long(message: object) -> bool:
    """Whether a server refused a question for its length, by its words, of which none are kept.

    Example:
        >>> too_long("This model's maximum context length is 4096 tokens."), too_long("unknown model"), too_long(None)
        (True, False, False)
    """
    return any(words in str(message).lower() for words in LIMITS)


def of_status(code: int, status: str = "", retry_after: float | None = None) -> Failure:
    """The failure behind an HTTP status.

    Args:
        code: of the reply.
        status: the protocol's word for it, such as RESOURCE_EXHAUSTED.
        retry_after: seconds that the server asks to wait.

    Raises:
        Stopped: the key, the model or the address is wrong, which no other clip will change.

    Example:
        >>> of_status(503).kind, of_status(429).kind, of_status(413).kind, of_status(400).kind
        ('server', 'rate', 'too_long', 'refused')
    """
    detail = f"{code} {status}".strip()
    if code in {401, 403, 404, 405}:
        what = "the model or the address is not there" if code in {404, 405} else "the key is refused"
        raise Stopped(f"{what} ({detail})")
    if code == 429:
        return Failure("rate", detail, retry_after=retry_after)
    if code >= 500 or code in {408, 409}:
        return Failure("server", detail, retry_after=retry_after)
    return Failure("too_long" if code == 413 else "refused", detail)


def seconds_of(header: str | None) -> float | None:
    """Seconds that the header ``Retry-After`` asks to wait from now, never below 0; None where nobody can read it.

    Args:
        header: a number of seconds or a date, as HTTP has both.

    Example:
        >>> seconds_of("3"), seconds_of(None), seconds_of("soon"), seconds_of("Wed, 21 Oct 2015 07:28:00 GMT")
        (3.0, None, None, 0.0)
    """
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(header).timestamp() - time.time()
        except ValueError:
            return None
    return max(0.0, seconds) if seconds == seconds else None
