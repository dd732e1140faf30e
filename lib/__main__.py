"""Command line: ``python -m lib …``; an error the user can mend is one line and an exit code, never a traceback."""

import io
import os
import sys

from lib.base.errors import UserError, of_system
from lib.base.paths import ROOT, unfit


def main() -> None:
    """Runs a command: 0 done, 1 a notebook failed, 2 something for the user to mend, 130 interrupted."""
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    _make_streams_safe()
    if character := unfit(ROOT):
        _leave(f"{str(ROOT)!r}: the folder's name holds {character}; rename it")
    for argument in sys.argv[1:]:
        if character := unfit(argument):
            _leave(f"{argument!r}: the argument holds {character}; give the file or folder another name")
    try:
        _run()
    except UserError as error:
        _leave(str(error), error.exit_code)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "lib":
            raise
        fix = "run make env, or in an environment of your own: pip install -c constraints.txt -e ."
        _leave(f"the package {error.name} is missing; {fix}")
    except OSError as error:
        if _output_fails():
            error.filename = "standard output"
        if isinstance(error, BrokenPipeError) and error.filename == "standard output":
            sys.exit(1)
        _leave(str(of_system(error)))
    except MemoryError as error:
        _leave(f"out of memory ({error}); free memory, or lower the sizes in the parameter file, then run again", 1)
    except KeyboardInterrupt:
        _leave("interrupted; what was finished stays, run again", 130)


def _run() -> None:
    """Runs the command that the arguments name, whose last output is written before Python ends."""
    from lib.commands import app

    try:
        app(prog_name="python -m lib")
    except SystemExit as left:
        if left.code == 130:  # Typer's answer to an interrupt
            raise KeyboardInterrupt from None
        if sys.stdout is not None:
            sys.stdout.flush()
        raise


def _make_streams_safe() -> None:
    """Lets no character fail to be printed, and no file that is opened later take the number of a closed stream."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _output_fails() -> bool:
    """Whether standard output takes nothing more; what it holds is dropped then, since Python would try again."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return True
    return False


def _leave(said: str, exit_code: int = 2) -> None:
    print("error: " + " ".join(said.split()), file=sys.stderr)
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
