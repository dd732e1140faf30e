"""Bytes as text that a page can hold: raw deflate in base64, which a browser undoes without a library."""

import base64
import zlib

LEVEL, WINDOW, MEMORY = 9, -15, 9
"""The hardest that raw deflate tries; a negative window leaves out zlib's own head, as ``deflate-raw`` asks."""


def pack(raw: bytes) -> str:
    """Bytes to text.

    Args:
        raw: any bytes.

    Returns:
        ASCII letters, digits, ``+``, ``/`` and ``=``.

    Example:
        >>> len(pack(bytes(10_000))) < 60, unpack(pack(b"captions"))
        (True, b'captions')
    """
    squeezed = zlib.compressobj(LEVEL, zlib.DEFLATED, WINDOW, MEMORY)
    return base64.b64encode(squeezed.compress(raw) + squeezed.flush()).decode("ascii")


def unpack(text: str) -> bytes:
    """Text to bytes.

    Args:
        text: as made by :func:`pack`.
    """
    return zlib.decompress(base64.b64decode(text), WINDOW)
