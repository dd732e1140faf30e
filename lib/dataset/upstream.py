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
        leak_free: the rules and the ids of the benchmark's test clips that nothing of this train has shown: those on
            the benchmark's own list and on that of it with every added corpus; None without a list.
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
        RunError: a table without one of its columns.
        CorpusError: one that cannot be read.
    """
    files = {stem: results / stem / name for stem, name in READ.items() if stem in notebooks}
    there = {stem: file for stem, file in files.items() if file.is_file()}
    lists = [there[SIMILARITY], *_of_mixes(there[SIMILARITY], added)] if SIMILARITY in there else []
    return Upstream(
        kept=_table(there.get(PREPARATION), JUDGED),
        weights=_table(there.get(CLUSTERING), CLUSTERED),
        leak_free=_on_all(lists) if lists else None,
        made={stem: start for stem in there if (start := _start(results / stem))},
        sha256=digest((file.relative_to(results).as_posix(), file_sha256(file)) for file in {*there.values(), *lists}),
    )


def _of_mixes(own: Path, added: Sequence[str]) -> list[Path]:
    """The lists of the benchmark with each added corpus, as far as 01 wrote them."""
    files = [own.with_name(f"{own.stem}_{key}{own.suffix}") for key in added]
    return [file for file in files if file.is_file()]


def _on_all(lists: Sequence[Path]) -> tuple[str, frozenset[str]]:
    """The rules of lists, each once, and the clips that are on all of them."""
    lines = [file.read_text(encoding="utf-8").splitlines() for file in lists]
    rules = dict.fromkeys(line.removeprefix("#").strip() for some in lines for line in some if line.startswith("#"))
    clips = [frozenset(line for line in some if line and not line.startswith("#")) for some in lines]
    return " ".join(rules), frozenset.intersection(*clips)


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
