"""Runs notebooks through papermill, each into a folder of its own that is put in place only when it succeeded."""

import datetime
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from tqdm.auto import tqdm

from lib import freshness
from lib.atomic import recover, swap_in
from lib.errors import RunError
from lib.hashes import text_sha256
from lib.params import Profile
from lib.paths import BUILD, RESULTS, ROOT
from lib.pipeline import Notebook, in_order

REPORTED_PACKAGES = (
    "numpy",
    "scipy",
    "pandas",
    "scikit-learn",
    "statsmodels",
    "torch",
    "transformers",
    "spacy",
    "papermill",
)


def run_all(profile: Profile, params_file: str) -> None:
    """Runs the notebooks of a profile whose results are missing or stale, in order.

    Raises:
        RunError: a notebook failed; its last result is untouched.
    """
    notebooks = in_order(profile.notebooks)
    with exclusive("results"), tqdm(notebooks, unit="notebook", disable=None) as progress:
        for notebook in progress:
            progress.set_description(notebook.stem)
            run(notebook, profile, params_file)


def run(notebook: Notebook, profile: Profile, params_file: str, *, force: bool = False) -> bool:
    """Runs one notebook unless its result is fresh.

    Args:
        notebook: which.
        profile: the resolved parameters.
        params_file: the file they came from, given to the notebook.
        force: run even when fresh.

    Returns:
        Whether it ran.

    Raises:
        RunError: a cell failed; the message names the cell's error and the notebook kept for reading.
    """
    target = notebook.results(profile.profile)
    recover(target)
    wanted = freshness.stamp(notebook, profile)
    if not force and freshness.is_fresh(target, wanted):
        return False
    tqdm.write(f"{notebook.stem}: {freshness.changes(target, wanted)}", file=sys.stderr)
    part = RESULTS / ".part" / profile.profile / notebook.stem
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    _execute(notebook, profile, params_file, part)
    _write_provenance(part, profile, wanted, started, time.perf_counter() - clock)
    swap_in(part, target)
    return True


@contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Lets one process at a time write results or the site; a second one says whom it waits for, then waits."""
    BUILD.mkdir(exist_ok=True)
    holder = BUILD / f"{name}.pid"
    lock = FileLock(BUILD / f"{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        pid = holder.read_text().strip() if holder.is_file() else "unknown"
        print(f"another run (process {pid}) is writing {name}; waiting for it to finish", file=sys.stderr, flush=True)
        lock.acquire()
    try:
        holder.write_text(str(os.getpid()))
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _execute(notebook: Notebook, profile: Profile, params_file: str, part: Path) -> None:
    import papermill
    from nbclient.exceptions import DeadKernelError

    values = {"params": params_file, **getattr(profile, notebook.section).model_dump()}
    written = part / "notebook.ipynb"
    os.environ["LIB_RESULTS"] = str(part)
    try:
        papermill.execute_notebook(
            notebook.path,
            written,
            values,
            kernel_name="python3",
            cwd=ROOT,
            progress_bar=sys.stderr.isatty(),
            request_save_on_cell_execute=False,
            extra_arguments=["--log-level=ERROR"],
        )
    except papermill.PapermillExecutionError as error:
        cause = f"{error.ename}: {error.evalue}".splitlines()[0][:500]
        fix = f"read {os.path.relpath(written, ROOT)}"
        raise RunError(f"cell {error.cell_index} failed with {cause}", where=notebook.stem, fix=fix) from None
    except DeadKernelError:
        fix = "the machine may be out of memory: lower the block or the sample sizes in the parameter file"
        raise RunError("the kernel died", where=notebook.stem, fix=fix) from None
    except KeyboardInterrupt:
        raise RunError("interrupted", where=notebook.stem, fix="the last result is untouched; run again") from None
    finally:
        os.environ.pop("LIB_RESULTS", None)


def _write_provenance(
    part: Path, profile: Profile, wanted: dict[str, Any], started: datetime.datetime, seconds: float
) -> None:
    file = part / "provenance.json"
    noted = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    provenance = {
        "git": git_state(),
        "params": wanted["params"],
        "params_sha256": text_sha256(json.dumps(wanted["params"], sort_keys=True)),
        "corpora": {
            key: {"label": profile.corpora[key].label, "sha256": sha} for key, sha in wanted["corpora"].items()
        },
        "models": noted.get("models", {}),
        "warnings": noted.get("warnings", []),
        "versions": {
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in REPORTED_PACKAGES},
        },
        "seed": profile.seed,
        "device": noted.get("device", "cpu"),
        "start": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "stamp": wanted,
    }
    file.write_text(json.dumps(provenance, indent=1), encoding="utf-8")
    values = part / "values.json"
    if not values.is_file():
        values.write_text("{}", encoding="utf-8")


def git_state() -> dict[str, Any]:
    """The checked-out commit and whether tracked files differ from it; empty outside a git checkout."""
    commands = (["git", "rev-parse", "HEAD"], ["git", "status", "--porcelain", "--untracked-files=no"])
    try:
        sha, dirty = (
            subprocess.run(c, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() for c in commands
        )
    except (OSError, subprocess.CalledProcessError):
        return {}
    return {"sha": sha, "dirty": bool(dirty)}
