"""Research code without a server: a program that reads one JSON line a clip and writes one JSON line back."""

import json
import os
import selectors
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from lib.captioning.failures import Answer, Failure, Stopped, Usage
from lib.captioning.parameters import Captioner
from lib.captioning.question import Clip, Question, filmed

OURS = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
"""Variables of this project's Python, which would mislead that of another environment."""
STARTS = 3
"""Programs that may end without an answer, one after the other, before no further one is started."""


class Program:
    """Keeps a program running and asks it one clip at a time; one that ends or takes too long is started anew.

    A line that it reads has `clip_id`, `video` (a path), `prompt` and `parameters`; one that it writes has `clip_id`
    and `text`, and may have `finish`, `input_tokens`, `output_tokens`; or `error`, a word. Other lines are passed over.

    Args:
        asked: the captioner.
    """

    parallel: int | None = 1

    def __init__(self, asked: Captioner) -> None:
        self.asked = asked
        self.process: subprocess.Popen[bytes] | None = None
        self.turn = threading.Lock()
        self.ended = 0
        self.rest = b""

    def ask(self, question: Question) -> Answer:
        """As `Client.ask`."""
        with filmed(question) as video:
            return self._asked(question, str(video))

    def _asked(self, question: Question, video: str) -> Answer:
        line = {
            "clip_id": question.clip.clip_id,
            "video": video,
            "prompt": question.text,
            "parameters": {
                "temperature": question.temperature,
                "fps": self.asked.fps,
                "frames": question.frames,
                "seconds": question.clip.seconds,
                "max_tokens": self.asked.max_tokens,
                "schema": question.prompt.schema,
            },
        }
        with self.turn:
            reply = self._exchange(json.dumps(line).encode() + b"\n", question.clip.clip_id)
        if reply.get("error"):
            raise Failure("server", "the program reports an error")
        text = reply.get("text")
        usage = Usage(_count(reply.get("input_tokens")), 0, _count(reply.get("output_tokens")))
        if not isinstance(text, str):
            raise Failure("unreadable", "no text", usage=usage)
        if not text.strip():
            raise Failure("empty", usage=usage)
        return Answer(text, str(reply.get("finish") or "stop"), usage)

    def release(self, clip: Clip) -> None:
        """Nothing is kept between questions."""

    def tidy(self) -> None:
        """Nothing of an earlier run is left."""

    def close(self) -> None:
        """Ends the program."""
        process, self.process, self.rest = self.process, None, b""
        if process is None:
            return
        for stream in filter(None, (process.stdin, process.stdout)):
            _closed(stream)
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            _kill(process)

    def _exchange(self, line: bytes, clip_id: str) -> dict[str, Any]:
        process = self.process if self.process is not None and self.process.poll() is None else self._start()
        assert process.stdin is not None
        deadline = time.monotonic() + self.asked.timeout_s
        try:
            process.stdin.write(line)
            process.stdin.flush()
            while True:
                reply = _object(self._line(process, deadline))
                if reply is not None and reply.get("clip_id") == clip_id:
                    self.ended = 0
                    return reply
        except (BrokenPipeError, EOFError):
            self.close()
            self.ended += 1
            if self.ended >= STARTS:
                raise Stopped(f"the program {self._name!r} ended {self.ended} times without an answer") from None
            raise Failure("server", "the program ended", reply="lost") from None
        except TimeoutError:
            _kill(process)
            self.close()
            raise Failure("server", f"no answer in {self.asked.timeout_s:g} s", reply="lost") from None

    def _line(self, process: subprocess.Popen[bytes], deadline: float) -> bytes:
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while b"\n" not in self.rest:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError
                read = os.read(process.stdout.fileno(), 1 << 16)
                if not read:
                    raise EOFError
                self.rest += read
        line, _, self.rest = self.rest.partition(b"\n")
        return line

    def _start(self) -> subprocess.Popen[bytes]:
        self.close()
        command = self.asked.command or []
        inherited = {name: value for name, value in os.environ.items() if name not in OURS}
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=inherited, start_new_session=True
            )
        except OSError as error:
            raise Stopped(f"the program {self._name!r} cannot be started ({error.strerror})") from None
        return self.process

    @property
    def _name(self) -> str:
        """The program without its folder, which the journal does not hold."""
        return Path((self.asked.command or [""])[0]).name


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends a program that runs, with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _closed(stream: Any) -> None:
    with suppress(BrokenPipeError):
        stream.close()
