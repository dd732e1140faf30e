"""Both demo corpora and their truths, written in one step."""

import json
from collections.abc import Mapping
from pathlib import Path

from lib.base import atomic
from lib.base.errors import CorpusError
from lib.demo.corpora.defects import SHARES
from lib.demo.corpora.dm import write_dm
from lib.demo.corpora.h3d import NEAR_DUPLICATES, write_h3d

LICENCE = "Synthetic motions and captions made by lib.demo.corpora; no person is shown or quoted. CC0 1.0\n"
FEWEST = 40


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

    All is written beside the folder and moved into place at the end, so that no half-written corpus is ever read.

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
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = atomic.part_of(target)
        part.mkdir()
    except OSError as error:
        raise CorpusError(f"cannot be written ({error.strerror})", where=target, fix="choose another folder") from error
    try:
        truth = {
            "seed": seed,
            "demo-h3d": write_h3d(part / "demo-h3d", seed=seed, clips=h3d_clips, near_duplicates=near_duplicates),
            "demo-dm": write_dm(part / "demo-dm", seed=seed, clips=dm_clips, defects=defects),
        }
        for name in ("demo-h3d", "demo-dm"):
            (part / name / "LICENSE.txt").write_text(LICENCE)
        (part / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")
        atomic.swap_in(part, target)
    except OSError as error:
        raise CorpusError(f"cannot be written ({error.strerror})", where=target, fix="free some disk space") from error
    finally:
        atomic.remove(part)
