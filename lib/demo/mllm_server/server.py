"""The server: HTTP on the loopback, in front of the two protocols."""

import json
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from lib.demo.mllm_server import gemini, openai_protocol
from lib.demo.mllm_server.grammar import Grammar
from lib.demo.mllm_server.served import Reply, Served


class MLLMServer(Served):
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
        self.http = _Listening(("127.0.0.1", port), _Handler)
        self.http.mllm = self
        super().__init__(grammar, faults or {}, delay_s, f"http://127.0.0.1:{self.http.server_address[1]}")
        self.key = key
        self.authorisations: set[str] = set()

    def __enter__(self) -> "MLLMServer":
        """Begins to listen."""
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ends."""
        self.http.shutdown()
        self.http.server_close()


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
