"""The page that JupyterLab opens on: every notebook with its question, and whether it can run."""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from lib.base import atomic
from lib.base.errors import UserError
from lib.base.paths import BUILD, NOTEBOOKS, ROOT
from lib.run.exploring import last_profile, readiness
from lib.run.params import Profile, load
from lib.run.pipeline import PIPELINE, Notebook

FILE = BUILD / "lab" / "start.ipynb"
QUIET = ("--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")
"""JupyterLab asks the network neither for news nor for a newer version."""
NO_NEWS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
"""Nor does it ask the reader whether it may; a reader's own setting goes before this one."""

GUIDE = """\
A notebook runs as it is: *Run, Run All Cells*. Its parameters cell holds the schema's defaults; on this profile the
values of `{file}` go before them, and the first line that it prints says what it runs on.

- **Change a value** in the parameters cell, or anywhere below, and run on. To get another profile, name its file there:
  `params = "params/demo.yml"`. To set a value back to its default where the file has another, assign it in a cell of
  your own between the parameters cell and `run = Run(...)`.
- **Keep it**: `run.write_back("params/mine.yml")` in a new cell writes what you changed into a copy of the parameter
  file; without a name, into the file itself.
- **Nothing is altered**: what you make goes to `build/explored/`, never to `results/` or the site.

How to add a notebook is told in [CONTRIBUTING]({guide}).
"""


def open_lab(options: Sequence[str] = ()) -> None:
    """Writes the page and becomes JupyterLab, whose folder is the checkout.

    Args:
        options: for JupyterLab, such as `--no-browser`.
    """
    file = write()
    address = f"/lab/tree/{file.relative_to(ROOT).as_posix()}?file-browser-path=/{NOTEBOOKS.name}"
    atomic.write_text(file.parent / "labconfig" / "default_setting_overrides.json", json.dumps(NO_NEWS))
    before = {"PYTHONPATH": ROOT, "JUPYTER_CONFIG_PATH": file.parent}
    environment = {**os.environ}
    for name, folder in before.items():
        environment[name] = os.pathsep.join(filter(None, (str(folder), os.environ.get(name))))
    command = [sys.executable, "-m", "jupyterlab", str(ROOT), f"--LabApp.default_url={address}", *QUIET, *options]
    os.execve(sys.executable, command, environment)


def write(file: Path = FILE) -> Path:
    """Writes the page anew for the last profile.

    Args:
        file: a notebook below the checkout; links are relative to it.
    """
    page = new_notebook(cells=[new_markdown_cell(text(file.parent), id="start")])  # type: ignore[no-untyped-call]
    page.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    atomic.write_text(file, nbformat.writes(page))  # type: ignore[no-untyped-call]
    return file


def text(folder: Path) -> str:
    """The page as Markdown.

    Args:
        folder: where it lies, for its links.
    """
    used = last_profile.recall()
    profile, told = _profile(used)
    lines = ["# Notebooks of the report", "", told, "", "| notebook | question | |", "|---|---|---|"]
    lines += [_row(notebook, profile, used, folder) for notebook in PIPELINE]
    guide = GUIDE.format(file=used, guide=os.path.relpath(ROOT / "CONTRIBUTING.md", folder))
    return "\n".join([*lines, "", guide])


def _profile(used: str) -> tuple[Profile | None, str]:
    try:
        profile = load(used)
    except UserError as error:
        return None, f"**{used} cannot be used:** {error}"
    return profile, f"They run on profile **{profile.profile}** (`{used}`): {profile.description or 'no description'}."


def _row(notebook: Notebook, profile: Profile | None, used: str, folder: Path) -> str:
    link = f"[{notebook.stem}]({os.path.relpath(NOTEBOOKS / notebook.path.name, folder)})"
    return f"| {link} | {notebook.question} | {_state(notebook, profile, used)} |"


def _state(notebook: Notebook, profile: Profile | None, used: str) -> str:
    if profile is None:
        return ""
    if notebook.stem not in profile.notebooks:
        return "not in this profile's list"
    error = readiness.lacking(notebook, profile, used)
    return "ready" if error is None else str(error)
