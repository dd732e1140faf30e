"""Runs notebooks through papermill, each into a folder of its own that is put in place only when it succeeded."""

import datetime
import json
import logging
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tqdm import tqdm

from lib.base import cache_use
from lib.base.atomic import part_of, recover, swap_in
from lib.base.errors import Interrupted, RunError, UserError
from lib.base.hashes import corpus_fingerprint, text_sha256
from lib.base.locks import exclusive
from lib.base.params_file import located
from lib.base.paths import RESULTS, ROOT, shown
from lib.base.stopwatch import Stopwatch
from lib.run import freshness
from lib.run.params import Profile
from lib.run.pipeline import Notebook, in_order

_BLAMED: tuple[type[Exception], ...] = (UserError, OSError)
BLAMED = {kind.__name__ for base in _BLAMED for kind in (base, *base.__subclasses__())}
"""Errors in a cell whose cause lies in the data or on the disk, not in the notebook."""
MORE_MEMORY = "free memory, or lower the block or the sample sizes in the parameter file"


def run_all(profile: Profile, params_file: str) -> dict[str, float]:
    """Runs the notebooks of a profile whose results are missing or stale, in order.

    Args:
        profile: the resolved parameters.
        params_file: the file they came from, given to the notebooks.

    Returns:
        The seconds of each that ran, by its stem.

    Raises:
        RunError: a notebook failed; its last result is untouched.
    """
    notebooks, watch = in_order(profile.notebooks), Stopwatch()
    with exclusive("results"), tqdm(notebooks, unit="notebook", disable=None) as progress:
        for notebook in progress:
            progress.set_description(notebook.stem)
            with watch.lap(notebook.stem):
                run(notebook, profile, params_file)
    return watch.laps


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
        UserError: a cell met data it cannot use; the message is the error's own.
        RunError: a cell failed, or an input changed meanwhile; the message names the cell's error and the notebook
            kept for reading.
    """
    target = notebook.results(profile.profile)
    recover(target)
    wanted = freshness.stamp(notebook, profile)
    if not force and freshness.is_fresh(target, wanted):
        return False
    tqdm.write(f"{notebook.stem}: {freshness.changes(target, wanted)}", file=sys.stderr)
    part = part_of(RESULTS / ".part" / target.parent.name / target.name)
    part.mkdir(parents=True)
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    state = git_state()
    with cache_use.collected(profile.profile, notebook.stem):
        _execute(notebook, profile, params_file, part)
        corpus_fingerprint.cache_clear()
        if changed := freshness.differences(wanted, freshness.stamp(notebook, profile)):
            raise RunError(f"{changed} changed while it ran", where=notebook.stem, fix="run again")
        _write_provenance(part, profile, wanted, state, started, time.perf_counter() - clock)
        swap_in(part, target)
    return True


def _execute(notebook: Notebook, profile: Profile, params_file: str, part: Path) -> None:
    import papermill
    from nbclient.exceptions import DeadKernelError

    # A parameter file in the checkout is named from its root, so that the notebook says nothing about the machine.
    # Papermill does not see parameters that share a line and calls them unknown; the schema has checked every one.
    # What it says of a kernel that dies is said below in one line.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    block = getattr(profile, notebook.section)
    values = {"params": shown(located(params_file).resolve()), **block.model_dump(exclude=type(block).bounds)}
    written = part / "notebook.ipynb"
    os.environ["LIB_RESULTS"] = str(part)
    try:
        papermill.execute_notebook(
            _literal(notebook.path),
            _literal(written),
            values,
            kernel_name="python3",
            cwd=ROOT,
            progress_bar=sys.stderr.isatty(),
            request_save_on_cell_execute=False,
            extra_arguments=["--log-level=CRITICAL"],
        )
    except papermill.PapermillExecutionError as error:
        read = f"read {os.path.relpath(written, ROOT)}"
        if error.ename in BLAMED:
            raise UserError(f"{error.evalue} (met in {notebook.stem}; {read})") from None
        cause = (f"{error.ename}: {error.evalue}".splitlines() or [""])[0][:500]
        fix = f"{MORE_MEMORY}; {read}" if _lacks_memory(error.ename, error.evalue) else read
        raise RunError(f"cell {error.cell_index} failed with {cause}", where=notebook.stem, fix=fix) from None
    except DeadKernelError:
        what = "the kernel died, as it does where the machine has too little memory"
        raise RunError(what, where=notebook.stem, fix=MORE_MEMORY) from None
    except RuntimeError as error:  # which jupyter_client raises while it waits for a kernel's first answer
        what = f"the kernel did not start ({error}), as where the machine has too little memory"
        raise RunError(what, where=notebook.stem, fix="free memory and run again") from None
    except KeyboardInterrupt:
        raise Interrupted("interrupted", where=notebook.stem, fix="the last result is untouched; run again") from None
    finally:
        os.environ.pop("LIB_RESULTS", None)


def _lacks_memory(name: str, message: str) -> bool:
    """Whether an error is that of memory; PyTorch raises a RuntimeError on a processor."""
    return name.endswith(("MemoryError", "OutOfMemoryError")) or "allocate memory" in message


def _literal(path: Path) -> str:
    """A path whose braces papermill, which fills in templates, leaves as they are."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _write_provenance(
    part: Path,
    profile: Profile,
    wanted: dict[str, Any],
    state: dict[str, Any],
    started: datetime.datetime,
    seconds: float,
) -> None:
    values = part / "values.json"
    if not values.is_file():
        values.write_text("{}", encoding="utf-8")
    file = part / "provenance.json"
    noted = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    provenance = {
        "git": state,
        "params": wanted["params"],
        "params_sha256": text_sha256(json.dumps(wanted["params"], sort_keys=True)),
        "corpora": {
            key: {"label": profile.corpora[key].label, "sha256": sha} for key, sha in wanted["corpora"].items()
        },
        "models": noted.get("models", {}),
        "warnings": noted.get("warnings", []),
        "withheld": noted.get("withheld", {}),
        "versions": {
            "python": platform.python_version(),
            **wanted["versions"],
        },
        "seed": profile.seed,
        "device": noted.get("device", "cpu"),
        "start": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "outputs": freshness.outputs_fingerprint(part),
        "stamp": wanted,
    }
    file.write_text(json.dumps(provenance, indent=1), encoding="utf-8")


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
