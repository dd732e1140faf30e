"""Keeps the embedded corpora as their parameters and their code describe them."""

import json
import sys
from pathlib import Path
from typing import Any

from lib.base import atomic, state
from lib.base.hashes import file_sha256, hash_files
from lib.base.paths import ROOT
from lib.run.freshness import corpus_fingerprint, imported_files
from lib.run.params import Demo

WRITER = "import lib.demo.corpora"
CORPORA, TRUTH, STAMP = ("demo-h3d", "demo-dm"), "truth.json", "made_from.json"


def ensure(demo: Demo) -> bool:
    """Builds the embedded corpora unless the folder already holds exactly these; not while a run reads them.

    A file that was damaged or edited since they were built is noticed by its hash, and all is built again.

    Args:
        demo: sizes, seed and folder (relative to the project's root).

    Returns:
        Whether they were built.
    """
    folder = ROOT / demo.folder
    if _lacking(folder, demo) is None:
        return False
    from lib.base.locks import exclusive
    from lib.demo.corpora import build

    with exclusive("results"):
        atomic.recover(folder)
        why = _lacking(folder, demo)
        if why is None:
            return False
        print(f"writing {demo.h3d_clips:,} + {demo.dm_clips:,} clips into {demo.folder}{why}", file=sys.stderr)
        build(folder, seed=demo.seed, h3d_clips=demo.h3d_clips, dm_clips=demo.dm_clips)
        corpus_fingerprint.cache_clear()
        atomic.write_text(folder / STAMP, json.dumps({**_asked(demo), "files": _files(folder)}, indent=1))
    return True


def _lacking(folder: Path, demo: Demo) -> str | None:
    """Why the folder has to be built, for a line that says so; None where it holds these corpora."""
    if not folder.is_dir():
        return ""
    stamp = state.read(folder / STAMP, dict[str, Any])
    if stamp is None or {name: stamp.get(name) for name in ("demo", "lib")} != _asked(demo):
        return ""
    files = _files(folder)
    changed = [name for name in (*CORPORA, TRUTH) if files.get(name) != _of(stamp, name)]
    return f": {changed[0]} is not as it was built" if changed else None


def _of(stamp: dict[str, Any], name: str) -> Any:
    files = stamp.get("files")
    return files.get(name) if isinstance(files, dict) else None


def _asked(demo: Demo) -> dict[str, Any]:
    code = {path.relative_to(ROOT).as_posix(): file_sha256(path) for path in sorted(imported_files(WRITER))}
    return {"demo": demo.model_dump(), "lib": code}


def _files(folder: Path) -> dict[str, str]:
    return {name: corpus_fingerprint(folder / name) for name in CORPORA} | hash_files(folder, (TRUTH,))
