"""Makes the environment, with nothing but Python's standard library: conda where there is one, else a venv.

`make env` runs it as ``python -m lib.base.environment`` with ``PREFIX`` (where to), ``CONDA`` (the conda or mamba to
use, or empty) and ``WITH_QUARTO`` (not empty: Quarto too, where it can be had). It is made once for each content of the
files that describe it; two runs at once take turns.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / ".cache" / "locks"
DESCRIBED_BY = ("constraints.txt", "pyproject.toml", "environment.yml")
QUARTO_PATIENCE_S = 600


def main() -> int:
    """Makes or completes the environment unless it is complete; returns an exit code."""
    prefix = Path(os.environ["PREFIX"])
    try:
        code = _ensure(prefix, os.environ.get("CONDA", ""))
        if code == 0 and os.environ.get("WITH_QUARTO"):
            _add_quarto(prefix)
        return code
    except OSError as error:
        return _refuse(f"{error.filename or ROOT}: {error.strerror or error}; check its permissions and the free space")
    except subprocess.CalledProcessError as error:
        return _refuse(f"{' '.join(map(str, error.cmd[:4]))} … failed; delete the environment and run make again")


def _ensure(prefix: Path, conda: str) -> int:
    if any(separator in str(prefix) for separator in (os.pathsep, "\n")):
        return _refuse(f"{prefix}: no environment can lie in a folder with ':' or a line break in its name; rename it")
    wanted = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in DESCRIBED_BY)).hexdigest()
    complete = prefix / ".complete"
    if complete.is_file() and complete.read_bytes() == wanted.encode():
        return 0
    with _turn(prefix):
        if complete.is_file() and complete.read_bytes() == wanted.encode():
            return 0
        complete.unlink(missing_ok=True)
        started = time.perf_counter()
        code = _conda(conda, prefix) if conda else _venv(prefix)
        if code == 0:
            complete.write_text(wanted)
            (LOCKS.parent / "environment_seconds").write_text(f"{time.perf_counter() - started:.1f}")
        return code


@contextmanager
def _turn(prefix: Path) -> Iterator[None]:
    """Waits until no other run installs into the same place."""
    LOCKS.mkdir(parents=True, exist_ok=True)
    with (LOCKS / f"{prefix.name.strip('.')}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another run is installing the environment; waiting for it to finish", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _add_quarto(prefix: Path) -> None:
    """Installs Quarto into a complete environment, or says in one line why it cannot be had; the environment stands.

    The package ``quarto-cli`` is small: while it is built it fetches the program from the pages of Quarto's project. It
    is built with the environment's own setuptools, and without what it asks for besides, which only notebooks need.
    """
    with _turn(prefix):
        program = prefix / "bin" / "quarto"
        if program.exists():
            return
        pip = [str(prefix / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-v"]
        command = [*pip, "--no-deps", "--no-build-isolation", "-c", "constraints.txt", "quarto-cli"]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=QUARTO_PATIENCE_S)
        except subprocess.TimeoutExpired:
            reason = f"nothing came in {QUARTO_PATIENCE_S} seconds"
        else:
            if done.returncode == 0 and program.exists():
                print(f"Quarto is installed in {program}", file=sys.stderr)
                return
            reason = _reason(done.stdout + done.stderr)
    print(f"Quarto was not installed ({reason}); the preview renderer makes the site", file=sys.stderr)


def _reason(output: str) -> str:
    """What went wrong: what the package says of its download, else pip's first error."""
    lines = [line.strip() for line in output.splitlines()]
    download = [line.partition(": ")[2] for line in lines if line.startswith("Error downloading Quarto: ")]
    errors = [line.partition(": ")[2] for line in lines if line.startswith("ERROR: ")]
    return (["the program cannot be fetched: " + text for text in download] + errors + ["pip says no reason"])[0][:200]


def _conda(conda: str, prefix: Path) -> int:
    print(f"installing environment.yml into {prefix} with {conda}", file=sys.stderr)
    action = ["update", "--prune"] if (prefix / "conda-meta").is_dir() else ["create", "--yes"]
    return _run([conda, "env", *action, "--prefix", str(prefix), "--file", "environment.yml"])


def _venv(prefix: Path) -> int:
    if sys.version_info[:2] < (3, 11):
        found = sys.version.split()[0]
        return _refuse(f"Python 3.11 or newer is needed, this is {found}; make PYTHON=/path/to/python3.11")
    if not (prefix / "bin" / "pip").exists():
        if importlib.util.find_spec("ensurepip") is None:
            return _refuse(f"{sys.executable} cannot make a venv with pip; install python3-venv, or use conda")
        shutil.rmtree(prefix, ignore_errors=True)
        venv.create(prefix, with_pip=True)
    print(f"installing constraints.txt into {prefix} (about 2 GB, once)", file=sys.stderr)
    pip = [str(prefix / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    return _run([*pip, "--quiet", "--no-warn-script-location", "-c", "constraints.txt", "-e", ".[dev]"])


def _run(command: list[str]) -> int:
    if subprocess.run(command, cwd=ROOT).returncode:
        return _refuse(f"{' '.join(command[:4])} … failed; see above, mend it and run make again")
    return 0


def _refuse(said: str) -> int:
    print("error: " + " ".join(said.split()), file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
