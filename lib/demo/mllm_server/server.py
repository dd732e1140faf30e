"""The server: HTTP on the loopback, its own count of what it answered, and faults that are planted by video."""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lib.demo.mllm_server.grammar import Grammar

FAULTS = ("429", "500", "503", "400", "cut", "blocked", "empty", "unreadable", "long", "processing", "failed")
"""Faults by name; `429:2` asks to wait 2 seconds."""


@dataclass(frozen=True)
class Counted:
    """One question as the server counted it; `whole` is false where it cut the reply off."""

    video: str
    model: str
    prompt: str
    status: int
    input: int
    cached: int
    output: int
    whole: bool = True
    fps: float | None = None
    temperature: float | None = None


@dataclass
class Reply:
    """A reply: its status, body and headers; `cut` sends half of it and hangs up."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


class MLLMServer:
    """A server that answers from a grammar, as a context manager.

    Args:
        grammar: what it says.
        key: that it wants; any will do without one.
        faults: by the SHA-256 of a video, what happens to the first questions about it, in order.
        delay_s: how long an answer takes.
        port: any free one by default.

    Example:
        >>> with MLLMServer(Grammar({})) as server:
        ...     server.url.startswith("http://127.0.0.1:")
        True
    """

    def __init__(
        self,
        grammar: Grammar,
        *,
        key: str | None = None,
        faults: Mapping[str, Sequence[str]] | None = None,
        delay_s: float = 0.0,
        port: int = 0,
    ) -> None:
        self.grammar, self.key, self.delay_s = grammar, key, delay_s
        self.faults = {video: list(those) for video, those in (faults or {}).items()}
        self.counted: list[Counted] = []
        self.files: dict[str, dict[str, Any]] = {}
        self.content: dict[str, bytes] = {}
        self.uploads: dict[str, dict[str, Any]] = {}
        self.deleted: list[str] = []
        self.batches: dict[str, dict[str, Any]] = {}
        self.batch_missing, self.batch_polls, self.batch_state = 0, 1, "BATCH_STATE_SUCCEEDED"
        self.batch_letters = 0
        self.seen: dict[str, int] = defaultdict(int)
        self.authorisations: set[str] = set()
        self.lock = threading.RLock()
        self.http = _Listening(("127.0.0.1", port), _Handler)
        self.http.mllm = self

    @property
    def url(self) -> str:
        """The address, for Gemini's protocol; OpenAI's begins at `/v1`."""
        return f"http://127.0.0.1:{self.http.server_address[1]}"

    def __enter__(self) -> "MLLMServer":
        """Begins to listen."""
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ends."""
        self.http.shutdown()
        self.http.server_close()

    def fault(self, video: str) -> str:
        """Takes the next fault of a video; empty without one."""
        with self.lock:
            waiting = self.faults.get(video)
            return waiting.pop(0) if waiting else ""

    def tokens(self, video: str, size: int, prompt: str, answer: str) -> tuple[int, int, int]:
        """Tokens of a question, of those kept from an earlier one about the video, and of the answer."""
        with self.lock:
            asked = size // 100 + len(prompt) // 4 + 7
            cached = asked // 2 if self.seen[video] else 0
            self.seen[video] += 1
        return asked, cached, len(answer.split()) if answer else 0

    def count(self, counted: Counted) -> None:
        """Adds to the count."""
        with self.lock:
            self.counted.append(counted)


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    mllm: MLLMServer

    def handle_error(self, *_: object) -> None:
        """Clients that hang up are none of the server's business."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Listening

    def do_POST(self) -> None:
        """A question, a file, or a batch."""
        self._answer()

    def do_GET(self) -> None:
        """The state of a file or a batch."""
        self._answer()

    def do_DELETE(self) -> None:
        """A file is deleted."""
        self._answer()

    def _answer(self) -> None:
        from lib.demo.mllm_server import gemini, openai_protocol

        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        mllm = self.server.mllm
        told = self.headers.get("Authorization", "").removeprefix("Bearer ") or self.headers.get("x-goog-api-key", "")
        mllm.authorisations.add(told)
        protocol = openai_protocol if self.path.startswith("/v1/chat/") else gemini
        if mllm.key is not None and told != mllm.key:
            reply = protocol.KEY_REFUSED
        else:
            reply = protocol.reply(mllm, self.command, self.path, self.headers, body)
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if reply.cut:
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
            return
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


def pause(server: MLLMServer) -> None:
    """Takes as long as an answer does."""
    if server.delay_s:
        time.sleep(server.delay_s)
