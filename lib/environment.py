"""Makes the environment, with nothing but Python's standard library: conda where there is one, else a venv.

Run as ``python -m lib.environment`` by ``make env`` with ``PREFIX`` (where to) and ``CONDA`` (the conda or mamba to
use, or empty). It is made once for each content of the files that describe it; two runs at once take turns.
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
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / ".cache" / "locks"
DESCRIBED_BY = ("constraints.txt", "pyproject.toml", "environment.yml")


def main() -> int:
    """Makes or completes the environment unless it is complete; returns an exit code."""
    try:
        return _ensure(Path(os.environ["PREFIX"]), os.environ.get("CONDA", ""))
    except OSError as error:
        return _refuse(f"{error.filename or ROOT}: {error.strerror or error}; check its permissions and the free space")
    except subprocess.CalledProcessError as error:
        return _refuse(f"{' '.join(map(str, error.cmd[:4]))} … failed; delete the environment and run make again")


def _ensure(prefix: Path, conda: str) -> int:
    wanted = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in DESCRIBED_BY)).hexdigest()
    complete = prefix / ".complete"
    if complete.is_file() and complete.read_bytes() == wanted.encode():
        return 0
    LOCKS.mkdir(parents=True, exist_ok=True)
    with (LOCKS / f"{prefix.name.strip('.')}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another run is installing the environment; waiting for it to finish", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        if complete.is_file() and complete.read_bytes() == wanted.encode():
            return 0
        complete.unlink(missing_ok=True)
        started = time.perf_counter()
        code = _conda(conda, prefix) if conda else _venv(prefix)
        if code == 0:
            complete.write_text(wanted)
            (LOCKS.parent / "environment_seconds").write_text(f"{time.perf_counter() - started:.1f}")
        return code


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
    print(f"error: {said}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
