"""What cannot be freed of clips from here, by name: weights trained on them, the source data, what has left."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from lib import corpus
from lib.base.errors import UserError
from lib.base.paths import shown
from lib.corpus.manifest import BESIDE
from lib.forgetting.clips import MANIFEST, Forgotten
from lib.forgetting.places import Places
from lib.run import provenance
from lib.run.redaction.secrets import IDS

Unreached = tuple[str, str]
"""What it is, and what is to be done about it."""
LEARNT = {"train": "trained on it", "val": "its best epoch was chosen with it"}
ANEW = "delete the folder to be rid of them, make report trains anew"


def weights(places: Places, forgotten: Forgotten) -> list[Unreached]:
    """The run folders of models that were trained on the corpus while it had the clips, by their `training.json`.

    A training notes the SHA-256 of the files that it read, and results note which corpora and weights they rest on: a
    run folder counts if it read a file that the corpus has, or if a result rests on it and on the corpus. One that
    read other files alone, which no result knows, is named as one of which nobody can tell.
    """
    how = next((said for split, said in LEARNT.items() if split in forgotten.splits), None)
    if how is None:
        return []
    known = {(one.kind, one.root) for profile in places.known.values() for one in profile.corpora.values()}
    now = _files(forgotten.kind, str(forgotten.root))
    others = [_files(*one) for one in known if one[1] != str(forgotten.root)]
    elsewhere = {sha256 for files in others for sha256 in files.values()}
    beside = _trained_for(places, forgotten)
    found = []
    for file in sorted(places.cache.glob("models/*/training.json")):
        facts = _facts(file)
        read = [{*one.values()} for one in facts.get("corpora", ()) if isinstance(one, dict)]
        if facts.get("fingerprint") in beside or any(one & {*now.values()} for one in read):
            if not (forgotten.withdrawn and {v for k, v in now.items() if k not in BESIDE} in read):
                found.append((shown(file.parent), f"weights, {how}; {ANEW}"))
        elif not all(one & elsewhere for one in read) or not read:
            found.append((shown(file.parent), f"weights of data that is not here now, perhaps {how}; {ANEW}"))
    for folder in sorted(places.cache.glob("models/.*.part")):
        found.append((shown(folder), "a training that did not end, perhaps on it; delete the folder"))
    if given := places.profile.models.tmr.run_dir:
        found.append((given, "weights that the parameter file names; whether it was trained on it is not noted here"))
    return found


def _trained_for(places: Places, forgotten: Forgotten) -> set[str]:
    """The fingerprints of models on which a result rests that read the corpus, as long as such results are there."""
    records = [provenance.record(file.parent) or {} for file in places.results.glob("*/*/provenance.json")]
    return {
        fingerprint
        for record in records
        for name, fingerprint in record.get("models", {}).items()
        if any(one["label"] == forgotten.label for one in record.get("corpora", {}).values())
        and not name.startswith("all-mpnet")
    }


def source(forgotten: Forgotten) -> Unreached:
    """The files of the corpus itself that hold the clips, which only its owner changes."""
    named = ", ".join(_holding(forgotten)) or "its tables"
    cure = "set their consent to false" if forgotten.kind == MANIFEST else "take them out of its lists"
    what = "it withholds them now" if forgotten.withdrawn else f"{cure}, or the next run reads them"
    return shown(forgotten.root), f"the source data, which is never changed from here ({named}); {what}"


def _holding(forgotten: Forgotten) -> list[str]:
    files = (path for path in forgotten.root.rglob("*") if path.is_file() and not path.name.startswith("."))
    return sorted(
        path.relative_to(forgotten.root).as_posix()
        for path in files
        if path.stem in forgotten.ids or _has_row(path, forgotten.ids)
    )


def _has_row(path: Path, ids: Collection[str]) -> bool:
    """Whether a table or a list of ids names one of them."""
    try:
        if path.suffix == ".parquet":
            names = [name for name in pq.read_schema(path).names if name in IDS]
            return bool(names) and pq.read_table(path, columns=names).to_pandas().isin({*ids}).any(axis=None)
        if path.suffix == ".csv":
            table = pd.read_csv(path, dtype=str)
            return bool(table[[name for name in table.columns if name in IDS]].isin({*ids}).any(axis=None))
        return path.suffix == ".txt" and path.parent.name != "texts" and not {*path.read_text().split()}.isdisjoint(ids)
    except (OSError, ValueError, pa.ArrowException):
        return False


def _files(kind: str, root: str) -> Mapping[str, str]:
    """The SHA-256 of the files of a corpus, as trainings note them; none of one that is not here."""
    try:
        return corpus.load(kind, root).provenance.files
    except UserError:
        return {}


def _facts(file: Path) -> dict[str, Any]:
    try:
        facts = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}
