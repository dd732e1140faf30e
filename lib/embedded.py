"""Keeps the embedded corpora as their parameters and their code describe them."""

import json
import sys
from pathlib import Path

from lib.freshness import imported_files
from lib.hashes import file_sha256
from lib.params import Demo
from lib.paths import ROOT

WRITER = "import lib.corpus.demo"


def ensure(demo: Demo) -> bool:
    """Builds the embedded corpora unless the folder already holds exactly these; not while a run reads them.

    Args:
        demo: sizes, seed and folder (relative to the project's root).

    Returns:
        Whether they were built.
    """
    folder = ROOT / demo.folder
    stamp = folder / "made_from.json"
    wanted = _stamp(demo)
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return False
    from lib.corpus.demo import build
    from lib.locks import exclusive

    with exclusive("results"):
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
            return False
        print(f"writing {demo.h3d_clips:,} + {demo.dm_clips:,} clips into {demo.folder}", file=sys.stderr)
        build(folder, seed=demo.seed, h3d_clips=demo.h3d_clips, dm_clips=demo.dm_clips)
        stamp.write_text(wanted, encoding="utf-8")
    return True


def _stamp(demo: Demo) -> str:
    code = {_relative(path): file_sha256(path) for path in sorted(imported_files(WRITER))}
    return json.dumps({"demo": demo.model_dump(), "lib": code}, indent=1)


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
