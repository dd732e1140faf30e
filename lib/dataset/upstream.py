"""What an export takes over from the results of a profile: the filter's choice, the clusters, the leak-free list."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from lib.base import state
from lib.base.errors import RunError
from lib.base.hashes import digest, hash_files
from lib.base.paths import shown
from lib.corpus.manifest_table import read_table

PREPARATION, SIMILARITY, CLUSTERING = "00_data_preparation", "01_similarity_test", "05_clustering"
READ = {
    PREPARATION: "kept.parquet",
    SIMILARITY: "tables/leak_free_test.txt",
    CLUSTERING: "sampling_weights.parquet",
}
"""What is read of each notebook's result; a profile without the notebook does without."""
JUDGED = ["corpus", "clip_id", "kept", "reason"]
CLUSTERED = ["clip_id", "cluster", "name", "weight"]


@dataclass(frozen=True, eq=False)
class Upstream:
    """Results that an export rests on.

    Attributes:
        kept: a row a judged clip: ``corpus`` (its key), ``clip_id, kept, reason``, scores; None without the filter.
        weights: a row a clustered training clip: ``clip_id`` (``key/clip_id`` where two corpora share it), ``cluster,
            name, weight``; None without clusters.
        leak_free: the rule and the ids of the benchmark's test clips that training has not seen; None without a list.
        made: when each result was made, by notebook.
        sha256: one digest of all that was read.
    """

    kept: pd.DataFrame | None = None
    weights: pd.DataFrame | None = None
    leak_free: tuple[str, frozenset[str]] | None = None
    made: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""


def read_upstream(results: Path, notebooks: Collection[str] = tuple(READ)) -> Upstream:
    """Reads what the results of a profile say of its clips.

    Args:
        results: the profile's folder of results.
        notebooks: those of the profile; what another one left there long ago is not read.

    Raises:
        RunError: a table without one of its columns.
        CorpusError: one that cannot be read.
    """
    files = {stem: results / stem / name for stem, name in READ.items() if stem in notebooks}
    there = {stem: file for stem, file in files.items() if file.is_file()}
    leak_free = None
    if SIMILARITY in there:
        lines = there[SIMILARITY].read_text(encoding="utf-8").splitlines()
        rule = " ".join(line.removeprefix("#").strip() for line in lines if line.startswith("#"))
        leak_free = (rule, frozenset(line for line in lines if line and not line.startswith("#")))
    return Upstream(
        kept=_table(there.get(PREPARATION), JUDGED),
        weights=_table(there.get(CLUSTERING), CLUSTERED),
        leak_free=leak_free,
        made={stem: start for stem in there if (start := _start(results / stem))},
        sha256=digest(hash_files(results, [f"{stem}/{READ[stem]}" for stem in there]).items()),
    )


def _table(file: Path | None, columns: list[str]) -> pd.DataFrame | None:
    if file is None:
        return None
    table = read_table(file)
    if lacking := [column for column in columns if column not in table]:
        fix = f"make it again: python -m lib run {file.parent.name} --force"
        raise RunError(f"has no column {lacking[0]}", where=shown(file), fix=fix)
    return table


def _start(folder: Path) -> str:
    record = state.read(folder / "provenance.json", dict[str, Any], then="its time of making is left out")
    return str((record or {}).get("start", ""))
