"""What an export says of itself: its card, its machine-readable description, its provenance."""

import json
import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from lib.dataset.account import About, Account
from lib.dataset.card import card
from lib.dataset.croissant import CROISSANT, croissant
from lib.dataset.members import Member
from lib.dataset.part import SUMS, Part

PROVENANCE = "provenance.json"
DOCUMENTS = ("README.md", CROISSANT, PROVENANCE, SUMS)
PACKAGES = ("numpy", "pandas", "pyarrow", "mlcroissant", "spacy")


def write_documents(
    part: Part,
    key: str,
    about: About,
    counted: Account,
    members: list[Member],
    notes: Sequence[str],
    shards: int,
) -> None:
    """Writes card, Croissant and provenance; the run that finishes an export makes them anew.

    Args:
        part: where the export grows; its other files are finished.
        key: of everything that the content depends on.
        about: where the export comes from.
        counted: its counts.
        members: its corpora.
        notes: sentences that a reader must know.
        shards: of WebDataset.
    """
    single = [name for name in part.names() if name.count("/") == 0 or name.startswith("shards/")]
    single = [name for name in single if name not in DOCUMENTS]
    described = croissant(part.folder, {name: part.sha256(name) for name in single}, about, counted, members)
    record = {
        "key": key,
        "profile": about.profile,
        "internal": list(about.internal),
        "commit": about.commit,
        "date": about.date,
        "parameters": about.parameters,
        "corpora": {
            one.key: {"label": one.corpus.name, "licence": of.licence, "files": dict(of.files)}
            for one in members
            for of in [one.corpus.provenance]
        },
        "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
        "notes": [*notes],
        "counts": counted.record(),
    }
    texts = {
        "README.md": card(about, counted, members, notes, shards),
        CROISSANT: described + "\n",
        PROVENANCE: json.dumps(record, indent=1, ensure_ascii=False, default=_plain) + "\n",
    }
    for name, text in texts.items():
        part.write(name, text.encode("utf-8"), anew=True)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else str(value)
