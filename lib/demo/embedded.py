"""Keeps the embedded corpora as their parameters and their code describe them."""

import json
import sys
from pathlib import Path
from typing import Any

from lib.base import atomic, state
from lib.base.hashes import corpus_fingerprint, file_sha256, hash_files
from lib.base.imported_code import imported_files
from lib.base.paths import ROOT

WRITER = "import lib.demo.corpora"
CORPORA, TRUTH, STAMP = ("demo-h3d", "demo-dm"), "truth.json", "made_from.json"


def ensure(folder: str, *, seed: int, h3d_clips: int, dm_clips: int) -> bool:
    """Builds the embedded corpora unless the folder already holds exactly these; not while a run reads them.

    A file that was damaged or edited since they were built is noticed by its hash, and all is built again.

    Args:
        folder: where they lie, relative to the project's root.
        seed: of everything that is drawn.
        h3d_clips: size of the public corpus.
        dm_clips: size of the private one.

    Returns:
        Whether they were built.
    """
    target = ROOT / folder
    wanted = _origin({"folder": folder, "seed": seed, "h3d_clips": h3d_clips, "dm_clips": dm_clips})
    if _lacking(target, wanted) is None:
        return False
    from lib.base.locks import exclusive
    from lib.demo.corpora import build

    with exclusive("results"):
        atomic.recover(target)
        reason = _lacking(target, wanted)
        if reason is None:
            return False
        print(f"writing {h3d_clips:,} + {dm_clips:,} clips into {folder}{reason}", file=sys.stderr)
        build(target, seed=seed, h3d_clips=h3d_clips, dm_clips=dm_clips)
        corpus_fingerprint.cache_clear()
        atomic.write_text(target / STAMP, json.dumps({**wanted, "files": _files(target)}, indent=1))
    return True


def _lacking(folder: Path, wanted: dict[str, Any]) -> str | None:
    """Why the folder has to be built, for a line that says so; None where it holds these corpora."""
    if not folder.is_dir():
        return ""
    stamp = state.read(folder / STAMP, dict[str, Any])
    if stamp is None or {name: stamp.get(name) for name in wanted} != wanted:
        return ""
    files = _files(folder)
    changed = [name for name in (*CORPORA, TRUTH) if files.get(name) != _of(stamp, name)]
    return f": {changed[0]} is not as it was built" if changed else None


def _of(stamp: dict[str, Any], name: str) -> Any:
    files = stamp.get("files")
    return files.get(name) if isinstance(files, dict) else None


def _origin(parameters: dict[str, Any]) -> dict[str, Any]:
    """What the corpora are made from: their parameters, and the code that writes them."""
    code = {path.relative_to(ROOT).as_posix(): file_sha256(path) for path in sorted(imported_files(WRITER))}
    return {"demo": parameters, "lib": code}


def _files(folder: Path) -> dict[str, str]:
    return {name: corpus_fingerprint(folder / name) for name in CORPORA} | hash_files(folder, (TRUTH,))
