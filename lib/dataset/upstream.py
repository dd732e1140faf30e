"""What an export takes over from the results of a profile: the filter's choice, the clusters, the leak-free list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from lib.base import state
from lib.base.errors import RunError
from lib.base.hashes import digest, file_sha256
from lib.base.paths import shown
from lib.corpus.kept import KEPT, read_kept
from lib.corpus.leak_free import leak_free_clips, list_files, list_name
from lib.corpus.manifest_table import read_table

PREPARATION, SIMILARITY, CLUSTERING = "00_data_preparation", "01_similarity_test", "05_clustering"
READ = {
    PREPARATION: "kept.parquet",
    SIMILARITY: f"tables/{list_name()}.txt",
    CLUSTERING: "sampling_weights.parquet",
}
"""What is read of each notebook's result; a profile without the notebook does without."""
JUDGED = [*KEPT.columns]
CLUSTERED = ["clip_id", "cluster", "name", "weight"]


@dataclass(frozen=True, eq=False)
class Upstream:
    """Results that an export rests on.

    Attributes:
        kept: a row a judged clip: ``corpus`` (its key), ``clip_id, kept, reason``, scores; None without the filter.
        weights: a row a clustered training clip: ``clip_id`` (``key/clip_id`` where two corpora share it), ``cluster,
            name, weight``; None without clusters.
        leak_free: the rules and the ids of the benchmark's test clips that nothing of this train has shown: those on
            the benchmark's own list and on that of it with every added corpus; None where one of these lacks.
        made: when each result was made, by notebook.
        sha256: one digest of all that was read.
    """

    kept: pd.DataFrame | None = None
    weights: pd.DataFrame | None = None
    leak_free: tuple[str, frozenset[str]] | None = None
    made: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""


def read_upstream(results: Path, notebooks: Collection[str] = tuple(READ), added: Sequence[str] = ()) -> Upstream:
    """Reads what the results of a profile say of its clips.

    Args:
        results: the profile's folder of results.
        notebooks: those of the profile; what another one left there long ago is not read.
        added: keys of the corpora that enter train beside the benchmark.

    Raises:
        RunError: weights without one of their columns.
        CorpusError: a table that cannot be read, or one of judged clips that is damaged.
    """
    files = {stem: results / stem / name for stem, name in READ.items() if stem in notebooks}
    there = {stem: file for stem, file in files.items() if file.is_file()}
    lists = list_files(results / SIMILARITY, added) if SIMILARITY in there else []
    read = {*there.values(), *lists}
    return Upstream(
        kept=read_kept(there[PREPARATION]) if PREPARATION in there else None,
        weights=_weights(there[CLUSTERING]) if CLUSTERING in there else None,
        leak_free=_leak_free(results / SIMILARITY, added) if SIMILARITY in there else None,
        made={stem: start for stem in there if (start := _start(results / stem))},
        sha256=digest((file.relative_to(results).as_posix(), file_sha256(file)) for file in read),
    )


def _leak_free(folder: Path, added: Sequence[str]) -> tuple[str, frozenset[str]] | None:
    """The rules of the lists, each once, and the clips that are on all of them."""
    clips = leak_free_clips(folder, added)
    if clips is None:
        return None
    lines = [line for file in list_files(folder, added) for line in file.read_text(encoding="utf-8").splitlines()]
    rules = dict.fromkeys(line.removeprefix("#").strip() for line in lines if line.startswith("#"))
    return " ".join(rules), clips


def _weights(file: Path) -> pd.DataFrame:
    table = read_table(file)
    if lacking := [column for column in CLUSTERED if column not in table]:
        fix = f"make it again: python -m lib run {file.parent.name} --force"
        raise RunError(f"has no column {lacking[0]}", where=shown(file), fix=fix)
    return table


def _start(folder: Path) -> str:
    record = state.read(folder / "provenance.json", dict[str, Any], then="its time of making is left out")
    return str((record or {}).get("start", ""))
