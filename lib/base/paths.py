"""Where things live, how messages name them, and which characters no name or text may hold."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
CACHE = ROOT / ".cache"
NOTEBOOKS = ROOT / "notebooks"
RESULTS = ROOT / "results"
SITE = ROOT / "site"

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


def unprintable(text: str) -> str | None:
    r"""The first character of a text that no page, table or path can show, in words; None where all can be shown.

    A path whose bytes are no UTF-8 holds lone surrogates, by which Python stands for such bytes.

    Example:
        >>> unprintable("a\0b"), unprintable("a\ud800b"), unprintable("two\n\tlines")
        ('the control character U+0000', 'the lone surrogate U+D800', None)
    """
    if (found := _UNPRINTABLE.search(text)) is None:
        return None
    kind = "lone surrogate" if found.group() >= "\ud800" else "control character"
    return f"the {kind} U+{ord(found.group()):04X}"


def shown(path: Path) -> str:
    """A path as messages and records name it: from the project's root where it lies there, else as it is.

    Example:
        >>> shown(ROOT / "params" / "demo.yml"), shown(Path("demo.yml"))
        ('params/demo.yml', 'demo.yml')
    """
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()


def unfit(path: str | Path) -> str | None:
    r"""What a path holds that programs, links and one-line messages cannot carry, in words; None where it is fit.

    Example:
        >>> unfit("two\nlines"), unfit("a b'c%$é")
        ('a line break', None)
    """
    return "a line break" if re.search(r"[\n\r\x85\u2028\u2029]", str(path)) else unprintable(str(path))
