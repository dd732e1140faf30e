"""Errors a user can cause, each told in one line: what is wrong, where, and what to do about it."""

import errno
import os
from pathlib import Path

_CURES = {
    errno.EMFILE: "close programs or raise the limit with ulimit -n 4096, then run again",
    errno.ENFILE: "close programs, then run again",
    errno.ENOMEM: "free memory, then run again",
    errno.ENAMETOOLONG: "give a shorter name",
    errno.EISDIR: "name a file",
    errno.ENOTDIR: "name a folder",
    errno.EEXIST: "move it away or give another name",
    errno.ENOENT: "check the name",
}


class UserError(Exception):
    """An error whose cause and cure lie outside the code; the command line prints it without a traceback.

    Args:
        what: what is wrong, in a few words.
        where: the file, folder or key at fault.
        fix: what the user can do about it.

    Example:
        >>> str(UserError("no captions found", where="data/texts.zip", fix="unpack texts/ beside it"))
        'data/texts.zip: no captions found; unpack texts/ beside it'
    """

    exit_code = 2

    def __init__(self, what: str, *, where: str | Path | None = None, fix: str | None = None) -> None:
        self.what, self.where, self.fix = what, where, fix
        line = (f"{where}: " if where is not None else "") + what + (f"; {fix}" if fix else "")
        super().__init__(" ".join(line.split()))


def of_system(error: OSError) -> UserError:
    """The system's refusal of a file as the user's error: what it refused, and what to do about it.

    Example:
        >>> str(of_system(OSError(errno.EMFILE, "Too many open files", "joints.npy")))
        'joints.npy: Too many open files; close programs or raise the limit with ulimit -n 4096, then run again'
    """
    place = error.filename2 or error.filename or "the disk"
    shown = ascii(place) if isinstance(place, bytes | int) else str(place)
    fix = _CURES.get(error.errno or 0, "check its permissions and the free space, then run again")
    return UserError(error.strerror or str(error) or type(error).__name__, where=shown, fix=fix)


def refuse_limits(error: BaseException) -> None:
    """Raises what the machine lacks, where that lies behind an error: such a file is not damaged, only not read now.

    Args:
        error: as a reader raised it; readers in Rust, such as that of safetensors, leave the number to the message.

    Raises:
        UserError: too many files are open, or there is no memory for another.
        MemoryError: the error is one.

    Example:
        >>> refuse_limits(ValueError("bad magic number"))
        >>> refuse_limits(OSError(errno.EMFILE, "Too many open files", "w.pt"))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        lib.base.errors.UserError: w.pt: Too many open files; close programs or raise the limit with ulimit -n 4096, ...
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, MemoryError):
            raise cause
        for number in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
            if f"(os error {number})" in str(cause) or (isinstance(cause, OSError) and cause.errno == number):
                place = cause.filename if isinstance(cause, OSError) else None
                raise of_system(OSError(number, os.strerror(number), place))
        cause = cause.__cause__ or cause.__context__


class ParamsError(UserError):
    """A parameter file that cannot be used as written."""


class CorpusError(UserError):
    """A dataset that is missing, unreadable or contradicts itself."""


class ModelError(UserError):
    """A model file that cannot be fetched, verified or loaded."""


class SiteError(UserError):
    """A page that refers to something that is not there."""


class RunError(UserError):
    """A notebook that failed, or a run that another run excludes."""

    exit_code = 1


class Interrupted(RunError):
    """A run that its user stopped."""

    exit_code = 130
