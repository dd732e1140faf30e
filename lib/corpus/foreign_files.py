"""Files that other people's systems wrote: which names count, how they are compared, why one cannot be read."""

import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePath

from lib.base.errors import CorpusError, refuse_limits
from lib.base.paths import unfit


def is_data(path: PurePath) -> bool:
    """Whether a name, as seen from the dataset's folder, is one that a person gave.

    Names that begin with a dot (`._a.bvh` and `.DS_Store` of macOS, `.part` of unfinished downloads) and all below
    `__MACOSX` are none.

    Example:
        >>> [is_data(PurePath(name)) for name in ("monday/a.bvh", "monday/._a.bvh", "__MACOSX/a.bvh")]
        [True, False, False]
    """
    return not any(part.startswith(".") or part == "__MACOSX" for part in path.parts if part not in (".", ".."))


def nfc(text: str) -> str:
    """The text in the form in which ids and names of files are compared: a letter with its accent is one character.

    macOS stores names of files with letter and accent apart (NFD); people type them composed (NFC).

    Source: Unicode Standard Annex 15.

    Example:
        >>> nfc("e" + chr(0x301)) == chr(0xE9)
        True
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def text_fault(text: str) -> str:
    r"""Why no table or page can hold a text, or "".

    Example:
        >>> text_fault("a" + chr(0xD800)), text_fault("caf" + chr(0xE9))
        ('half of a character (a lone surrogate)', '')
    """
    halved = not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)
    return "half of a character (a lone surrogate)" if halved else ""


def check_ids(ids: Iterable[str], where: str | Path) -> None:
    """Refuses an id that no file system, no table or no line of a message can hold.

    Raises:
        CorpusError: an id with a control character, a line break, or a lone surrogate, as a file name that is not UTF-8
            has it.
    """
    for clip_id in ids:
        if fault := unfit(clip_id):
            raise CorpusError(f"id or file name {clip_id[:60]!r} holds {fault}", where=where, fix="rename it in UTF-8")


def read_text(path: Path, *, fix: str) -> str:
    """The text of a file that a person wrote: UTF-8, with or without a byte-order mark.

    Args:
        path: the file; a named pipe or a device, which might never end, is not opened.
        fix: what to do where the file cannot be read.

    Raises:
        CorpusError: missing, unreadable, no regular file, or not UTF-8.
        UserError: too many files are open.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise CorpusError("is no file that can be read to its end", where=path, fix=fix)
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusError(f"not UTF-8 at byte {error.start}", where=path, fix="save it as UTF-8") from error
    except (OSError, ValueError) as error:
        refuse_limits(error)
        what = f"cannot be read ({getattr(error, 'strerror', None) or error})"
        raise CorpusError(what, where=path, fix=fix) from error
