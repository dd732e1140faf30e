"""A parameter file for a dataset of one's own, with every line explained."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from lib.base import params_file
from lib.base.paths import ROOT, shown

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
{notebooks}# Blocks named like the notebooks' sections set thresholds and sizes; lib/sections/*/parameters.py list them:
# similarity: {{thresholds: [0.90, 0.95]}}
"""


class Notebook(Protocol):
    """What a parameter file says of a notebook; those of the report are in `lib.run.pipeline`."""

    @property
    def stem(self) -> str:
        """Its name in the file."""
        ...

    @property
    def question(self) -> str:
        """What it answers."""
        ...

    @property
    def models(self) -> tuple[str, ...]:
        """The models that it needs."""
        ...

    @property
    def may_use(self) -> tuple[str, ...]:
        """The models that it trains where the data ask for them."""
        ...


def text(folder: Path, label: str, notebooks: Iterable[Notebook] = ()) -> str:
    """The text of the file; the notebooks that train a model are there as comments, since they want many clips.

    Args:
        folder: the manifest.
        label: how the report calls the dataset.
        notebooks: those to choose from, in order; without any the file names none, so that all of them run.
    """
    root = shown(folder.resolve())
    return TEMPLATE.format(
        label=label.replace("\\", "").replace('"', "'"),
        file=f"{root}/params.yml",
        profile=_profile(label),
        root=root.replace("\\", "\\\\").replace('"', '\\"'),
        notebooks=_block(notebooks),
    )


def _block(notebooks: Iterable[Notebook]) -> str:
    lines = [_listed(notebook) for notebook in notebooks]
    return "".join(["notebooks:\n", *lines]) if lines else ""


def _listed(notebook: Notebook) -> str:
    if "tmr" in notebook.models + notebook.may_use:
        return f"  # - {notebook.stem}  # {notebook.question}\n"
    return f"  - {notebook.stem}\n"


def _profile(label: str) -> str:
    name = re.sub(r"[^a-z0-9_-]+", "-", label.lower()).strip("-_") or "own"
    taken = {params_file.read(path).get("profile") for path in (ROOT / "params").glob("*.yml")}
    return f"own-{name}" if name in taken else name
