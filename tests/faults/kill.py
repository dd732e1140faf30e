"""Commands that are killed before each of their renames in turn, in processes of their own."""

import itertools
import os
import signal
import traceback
from collections.abc import Callable, Iterator

from lib.base import atomic

PATIENCE_S = 300
"""After which a child that hangs ends, so that the suite does not hang with it."""


def points(prepare: Callable[[], object], command: Callable[[], object]) -> Iterator[int]:
    """Prepares, then kills the command before its n-th rename, for n = 0, 1, 2, …; ends when the command does.

    Args:
        prepare: called before every attempt.
        command: run in a forked process.
    """
    for n in itertools.count():
        prepare()
        if not killed_before(n, command):
            return
        yield n


def killed_before(n: int, command: Callable[[], object]) -> bool:
    """Whether the command was killed before its n-th rename; otherwise it came to its end without an error."""
    child = os.fork()
    if not child:
        code = 1
        signal.alarm(PATIENCE_S)
        try:
            left = itertools.count()
            atomic.before_rename = lambda part, target: (
                os.kill(os.getpid(), signal.SIGKILL) if next(left) == n else None
            )
            command()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, -signal.SIGKILL}, "the command failed, or hung, before it was killed"
    return code != 0
