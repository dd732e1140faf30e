"""Repeats of a request: after the pause that the server asks for, held by all who ask the same server."""

import threading
import time
from collections.abc import Callable

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from lib.captioning.failures import PASSING, Failure, Stopped

HIGHEST_S = 60.0


class Pace:
    """The pauses of one captioner; none outlasts the event `ended`.

    Args:
        attempts: how often a question is asked at most.
        backoff_s: the first pause, doubled each time, where the server names none.
        longest_s: a longer pause than this ends the captioner's run.
    """

    def __init__(self, attempts: int, backoff_s: float, longest_s: float) -> None:
        self.longest_s = longest_s
        self.ended = threading.Event()
        self.not_before = 0.0
        self._grows = wait_random_exponential(multiplier=backoff_s, max=HIGHEST_S)
        self.repeated = Retrying(
            stop=stop_after_attempt(attempts),
            retry=retry_if_exception(lambda error: isinstance(error, Failure) and error.kind in PASSING),
            wait=self._pause,
            sleep=self._sleep,
            reraise=True,
        )

    def run(self, ask: Callable[[], None]) -> None:
        """Calls what asks, again after failures that pass.

        Raises:
            Failure: the last one.
            Stopped: the server asks for a longer pause than is waited for, or the run has ended.
        """
        self.repeated.copy()(self._in_turn, ask)

    def _in_turn(self, ask: Callable[[], None]) -> None:
        while (wait := self.not_before - time.monotonic()) > 0:
            self._sleep(wait)
        ask()

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        told = error.retry_after if isinstance(error, Failure) else None
        if told is None:
            return self._grows(state)
        if told > self.longest_s:
            raise Stopped(f"the server asks to wait {told:.0f} s; run again then")
        self.not_before = max(self.not_before, time.monotonic() + told)
        return told

    def _sleep(self, seconds: float) -> None:
        if self.ended.wait(seconds):
            raise Stopped("the run ends")
