"""Both demo corpora and their truths, written in one step."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lib.base.disk import require_room
from lib.base.errors import CorpusError
from lib.base.hashes import file_sha256, text_sha256
from lib.base.imported_code import imported_files
from lib.base.paths import ROOT
from lib.demo.corpora.defects import SHARES
from lib.demo.corpora.dm import write_dm
from lib.demo.corpora.h3d import NEAR_DUPLICATES, write_h3d
from lib.demo.corpora.unfinished import bytes_below, unfinished, unfinished_place, writing

LICENCE = "Synthetic motions and captions made by lib.demo.corpora; no person is shown or quoted. CC0 1.0\n"
FEWEST = 40
WRITER = "import lib.demo.corpora"
BYTES = {"demo-h3d": 170_000, "demo-dm": 13_000}
"""Of disk for each clip, at most: 100 poses of 22 joints in millimetres; of demo-h3d in metres, and 263 features."""


def build(
    folder: str | Path,
    *,
    seed: int,
    h3d_clips: int = 1000,
    dm_clips: int = 2500,
    near_duplicates: float = NEAR_DUPLICATES,
    defects: Mapping[str, float] = SHARES,
) -> None:
    """Writes `demo-h3d` (HumanML3D's layout), `demo-dm` (a manifest) and `truth.json`, byte for byte by the seed.

    All is written beside the folder and moved into place at the end, so that no half-written corpus is ever read. What
    a run had written that was stopped is not written again.

    Args:
        folder: where to; an earlier build there is replaced.
        seed: of everything random.
        h3d_clips: clips of demo-h3d counting mirrors, half of the number; an odd one is rounded down.
        dm_clips: clips of demo-dm before any filter.
        near_duplicates: share of demo-h3d's test captions that repeat a train caption.
        defects: share of demo-dm's clips with each defect, by the names of `lib.demo.corpora.defects.SHARES`.

    Raises:
        CorpusError: fewer than 40 clips of either, unknown defects, a folder that holds something else, a full disk.
    """
    target = Path(folder)
    if min(h3d_clips, dm_clips) < FEWEST:
        raise CorpusError(
            f"{min(h3d_clips, dm_clips)} clips are too few to split", where=target, fix=f"ask for {FEWEST} or more"
        )
    if set(defects) != set(SHARES) or not all(0 <= share <= 0.25 for share in defects.values()):
        raise CorpusError(
            f"unfit defects {dict(defects)}", where=target, fix=f"give 0 to 0.25 for each of {', '.join(SHARES)}"
        )
    if target.exists() and not (target / "truth.json").is_file() and (not target.is_dir() or any(target.iterdir())):
        raise CorpusError("holds something that is no demo corpus", where=target, fix="choose another folder")
    sizes = {"seed": seed, "h3d_clips": h3d_clips, "dm_clips": dm_clips}
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        needed = h3d_clips * BYTES["demo-h3d"] + dm_clips * BYTES["demo-dm"]
        made = bytes_below(unfinished_place(target))
        require_room(target, max(needed - made, 0), f"corpora of {h3d_clips:,} + {dm_clips:,} clips")
        with unfinished(target, _made_from(sizes | {"near": near_duplicates, "defects": dict(defects)})) as part:
            truth = {
                "seed": seed,
                "demo-h3d": write_h3d(part / "demo-h3d", seed=seed, clips=h3d_clips, near_duplicates=near_duplicates),
                "demo-dm": write_dm(part / "demo-dm", seed=seed, clips=dm_clips, defects=defects),
            }
            for name in ("demo-h3d", "demo-dm"):
                (part / name / "LICENSE.txt").write_text(LICENCE)
            with (part / "truth.json").open("w") as stream:
                json.dump(truth, stream, indent=1)
                stream.write("\n")


def _made_from(parameters: dict[str, Any]) -> str:
    """A hash of the parameters and of the code that writes corpora."""
    code = {path.relative_to(ROOT).as_posix(): file_sha256(path) for path in sorted(imported_files(WRITER))}
    return text_sha256(json.dumps([parameters, code], sort_keys=True))
