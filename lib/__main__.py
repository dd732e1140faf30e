"""Command line: ``python -m lib …``; an error the user can mend is one line and an exit code, never a traceback."""

import os
import sys

from lib.errors import UserError
from lib.paths import ROOT, unfit


def main() -> None:
    """Runs a command: 0 done, 1 a notebook failed, 2 something for the user to mend, 130 interrupted."""
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    if character := unfit(ROOT):
        _leave(f"{str(ROOT)!r}: the folder's name holds {character}; rename it")
    try:
        from lib.commands import app

        app(prog_name="python -m lib")
    except UserError as error:
        _leave(str(error), error.exit_code)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "lib":
            raise
        fix = "run make env, or in an environment of your own: pip install -c constraints.txt -e ."
        _leave(f"the package {error.name} is missing; {fix}")
    except OSError as error:
        place = error.filename or "the disk"
        _leave(f"{place}: {error.strerror or error}; check its permissions and the free space, then run again")


def _leave(said: str, exit_code: int = 2) -> None:
    print("error: " + " ".join(said.split()), file=sys.stderr)
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
