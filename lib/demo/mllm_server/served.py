"""What the server serves from: its grammar, planted faults, files and batches, and its own count of its answers."""

import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lib.demo.mllm_server.grammar import Grammar


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


class Served:
    """What both protocols read and write.

    Args:
        grammar: what it says.
        faults: by the SHA-256 of a video, what happens to the first questions about it, in order: 429, 500, 503, 400,
            cut, blocked, empty, unreadable, long, or to its upload: processing, failed; 429:2 asks to wait 2 seconds.
        delay_s: how long an answer takes.
        url: the address, for Gemini's protocol; OpenAI's begins at `/v1`.
    """

    def __init__(self, grammar: Grammar, faults: Mapping[str, Sequence[str]], delay_s: float, url: str) -> None:
        self.grammar, self.delay_s, self.url = grammar, delay_s, url
        self.faults = {video: list(those) for video, those in faults.items()}
        self.counted: list[Counted] = []
        self.files: dict[str, dict[str, Any]] = {}
        self.content: dict[str, bytes] = {}
        self.uploads: dict[str, dict[str, Any]] = {}
        self.deleted: list[str] = []
        self.batches: dict[str, dict[str, Any]] = {}
        self.batch_missing, self.batch_polls, self.batch_state = 0, 1, "BATCH_STATE_SUCCEEDED"
        self.batch_letters = 0
        self.seen: dict[str, int] = defaultdict(int)
        self.lock = threading.RLock()

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

    def pause(self) -> None:
        """Takes as long as an answer does."""
        if self.delay_s:
            time.sleep(self.delay_s)
