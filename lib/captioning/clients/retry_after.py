"""Seconds that a server asks to wait, from the header ``Retry-After``."""

import time
from email.utils import parsedate_to_datetime


def seconds_of(header: str | None) -> float | None:
    """Seconds from now, never below 0; None where the header is absent or cannot be read.

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
