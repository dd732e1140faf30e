"""What a piece reads from a script beside its page: bytes, deflated and in base64, that open from disk as well."""

import base64
import json
import zlib
from pathlib import Path

from lib.draw.interactive.assets import FOLDER

_SCRIPT = "(window.pieceData = window.pieceData || {})"


def write(folder: Path, name: str, raw: bytes) -> None:
    """Writes ``interactive/<name>.js``, which hands the bytes to ``beside`` of the pieces' script under their name."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    script = f"{_SCRIPT}[{json.dumps(name)}] = {json.dumps(deflated(raw))};\n"
    (folder / FOLDER / f"{name}.js").write_text(script, encoding="ascii")


def deflated(raw: bytes) -> str:
    """Bytes by zlib, which a browser undoes without a library, in base64.

    Example:
        >>> zlib.decompress(base64.b64decode(deflated(b"a person walks")))
        b'a person walks'
    """
    return base64.b64encode(zlib.compress(raw)).decode("ascii")
