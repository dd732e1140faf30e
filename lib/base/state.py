"""What the project keeps for itself as JSON: read whole and in the shape it was written in, or not at all."""

import sys
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from lib.base.errors import RunError, UserError
from lib.base.paths import shown

Shape = TypeVar("Shape")
ANEW = "it is made anew"
_warned: set[Path] = set()


def read(path: Path, shape: type[Shape], *, then: str = ANEW) -> Shape | None:
    """The content of a file that can be made again; one that cannot be read counts as none, with one warning.

    Args:
        path: a JSON file; that there is none yet needs no word.
        shape: a type of pydantic's, such as ``dict[str, Any]`` or a TypedDict, that the content must have.
        then: what is done about a file that cannot be read, for the line on stderr.

    Returns:
        The content, or None.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "laps.json"
        >>> _ = file.write_text('{"corpora": 12.5}')
        >>> read(file, dict[str, float]), read(file.with_name("other.json"), dict[str, float])
        ({'corpora': 12.5}, None)
    """
    try:
        content: Shape = _content(path, shape)
        return content
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        if path not in _warned:
            _warned.add(path)
            print(f"warning: {shown(path)}: {_reason(error)}; {then}", file=sys.stderr)
        return None


def required(path: Path, shape: type[Shape], *, fix: str, kind: type[UserError] = RunError) -> Shape:
    """The content of a file that another step must make again.

    Args:
        path: a JSON file.
        shape: a type of pydantic's that the content must have.
        fix: how the file is made again.
        kind: of the error.

    Raises:
        RunError: or `kind`; missing, or not to be read in that shape.
    """
    try:
        content: Shape = _content(path, shape)
    except (OSError, ValidationError) as error:
        raise kind(_reason(error), where=shown(path), fix=fix) from None
    return content


def _content(path: Path, shape: Any) -> Any:
    return _adapter(shape).validate_json(path.read_bytes())


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _reason(error: OSError | ValidationError) -> str:
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror or error})"
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(str(part)[:40] for part in first["loc"])
    return " ".join(f"cannot be read ({place + ': ' if place else ''}{first['msg'][:120]})".split())
