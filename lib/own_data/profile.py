"""A parameter file for a dataset of one's own, with every line explained."""

import re
from pathlib import Path

from lib.base import atomic, params_file
from lib.base.paths import ROOT
from lib.run.pipeline import PIPELINE, Notebook

FILE = "params.yml"
TEMPLATE = """\
# The report of {label}: make report PARAMS={file}
profile: "{profile}"  # names results/{profile}; small letters, digits, - and _
description: "{label}, imported with python -m lib corpus"
seed: 0
corpora:
  # private: true withholds raw captions and ids from tables, notebooks and site; say false to show them
  own: {{label: "{label}", kind: manifest, root: "{root}", private: true}}
models:
  tmr:  # sizes that train on a processor; leave the block out for the paper's, which want a GPU
    sizes: {{latent_dim: 96, num_layers: 2, ff_size: 192, dropout: 0.0, stride: 2}}
    training: {{lr: 1e-3, epochs: 30, patience: 6, min_seconds: 0.5, max_seconds: 15}}
notebooks:
{notebooks}
# Sections named like the notebooks' set thresholds and sizes; lib/run/params.py lists them with their defaults:
# similarity: {{thresholds: [0.90, 0.95]}}
"""


def write(folder: Path, label: str) -> Path:
    """Writes `params.yml` into a manifest's folder unless there is one, which may have been edited.

    Args:
        folder: the manifest.
        label: how the report calls the dataset.

    Returns:
        The file.
    """
    target = folder / FILE
    if not target.is_file():
        atomic.write_text(target, text(folder, label))
    return target


def text(folder: Path, label: str) -> str:
    """The text of the file; the notebooks that train a model are there as comments, since they want many clips.

    Args:
        folder: the manifest.
        label: how the report calls the dataset.
    """
    root = folder.resolve()
    shown = root.relative_to(ROOT).as_posix() if root.is_relative_to(ROOT) else root.as_posix()
    return TEMPLATE.format(
        label=label.replace("\\", "").replace('"', "'"),
        file=f"{shown}/params.yml",
        profile=_profile(label),
        root=shown.replace("\\", "\\\\").replace('"', '\\"'),
        notebooks="\n".join(_listed(notebook) for notebook in PIPELINE),
    )


def _listed(notebook: Notebook) -> str:
    if "tmr" in notebook.models + notebook.may_use:
        return f"  # - {notebook.stem}  # {notebook.question}"
    return f"  - {notebook.stem}"


def _profile(label: str) -> str:
    name = re.sub(r"[^a-z0-9_-]+", "-", label.lower()).strip("-_") or "own"
    taken = {params_file.read(path).get("profile") for path in (ROOT / "params").glob("*.yml")}
    return f"own-{name}" if name in taken else name
