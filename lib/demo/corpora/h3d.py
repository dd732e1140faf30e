"""The demo corpus in HumanML3D's layout: walk-heavy, crowd captions, mirrors, and leaks like the real thing's."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lib.corpus.caption_line import CaptionLine, format_line
from lib.corpus.feature_statistics import grouped_std
from lib.corpus.splits import SPLITS
from lib.demo.corpora.cuts import Recordings, plan, twin
from lib.demo.corpora.h3d_truth import truth
from lib.demo.corpora.recordings_table import perform, performances, recordings_table
from lib.demo.corpora.sayings import captions
from lib.demo.corpora.scenario import WALK_HEAVY, shares
from lib.demo.corpora.sentence import Sentence
from lib.demo.corpora.unfinished import writing
from lib.motion.features import from_joints, recover_joints
from lib.motion.skeleton import mirror

LEAKS = {"apart": 254 / 2192, "overlap": 277 / 2192, "half": 137 / 2192}
"""HumanML3D's own shares of test clips that share a recording with train: apart, overlapping, by half or more."""

NEAR_DUPLICATES = 0.15
TWINS = 0.4
"""Share of test clips that perform what a train clip performs; planted captions are spread over as many as needed."""

SPANS = (0.55, 0.37, 0.08)
SUBJECTS = 24


def write_h3d(folder: Path, *, seed: int, clips: int, near_duplicates: float = NEAR_DUPLICATES) -> dict[str, Any]:
    """Writes the corpus and returns its planted truths.

    Args:
        folder: in a folder that `unfinished` gave.
        seed: of everything random.
        clips: how many, counting mirrors; half of them are.
        near_duplicates: share of test captions that repeat a train caption but for a trivial edit.
    """
    rng = np.random.default_rng([seed, 1])
    recordings = plan(clips // 2, shares(WALK_HEAVY), LEAKS, SPANS, rng)
    twins = twin(recordings, TWINS, rng)
    said, planted = captions(recordings.cuts, twins, near_duplicates, rng)
    places = rng.permutation(len(recordings.cuts))
    ids = [f"{place:06d}" for place in places]
    for part in ("texts", "new_joint_vecs", "new_joints"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    table = recordings_table(recordings, ids)
    perform(write_motions, table, folder, seed=seed)
    _write_statistics(folder, (told for clips in table["clips"] for told, *_ in json.loads(clips)))
    for clip_id, sentences in zip(ids, said, strict=True):
        _write_text(folder / "texts" / f"{clip_id}.txt", sentences)
        _write_text(folder / "texts" / f"M{clip_id}.txt", [sentence.mirrored() for sentence in sentences])
    _write_lists(folder, recordings, ids)
    index = _index(recordings, ids)
    index.to_csv(folder / "index.csv", index=False, lineterminator="\n")
    return truth(recordings.cuts, ids, said, planted, index)


def write_motions(rows: pd.DataFrame, *, folder: str, seed: int) -> pd.DataFrame:
    """Performs some recordings, and writes the motions of their clips and of the mirrored ones.

    Args:
        rows: rows of `recordings_table` that tell of every clip its id.
        folder: of the corpus.
        seed: of everything random.

    Returns:
        (frames), one row a clip, in their order; mirrored ones left out.
    """
    written = []
    with writing(Path(folder)):
        for base, joints in performances(rows, seed):
            written.append(len(joints))
            for clip_id, shown in ((base, joints), (f"M{base}", mirror(joints))):
                features = from_joints(shown)
                np.save(Path(folder, "new_joint_vecs", f"{clip_id}.npy"), features)
                np.save(Path(folder, "new_joints", f"{clip_id}.npy"), recover_joints(features))
    return pd.DataFrame({"frames": written})


def _write_statistics(folder: Path, ids: Iterable[str]) -> None:
    """Mean and deviation of the features that lie there, summed in the order of the clips."""
    rows, total, squares = 0, np.zeros(263), np.zeros(263)
    for base in ids:
        for clip_id in (base, f"M{base}"):
            wide = np.load(folder / "new_joint_vecs" / f"{clip_id}.npy").astype(np.float64)
            rows, total, squares = rows + len(wide), total + wide.sum(axis=0), squares + (wide**2).sum(axis=0)
    mean = total / rows
    np.save(folder / "Mean.npy", mean.astype(np.float32))
    np.save(folder / "Std.npy", grouped_std(np.sqrt(np.maximum(squares / rows - mean**2, 0.0))))


def _write_text(path: Path, sentences: list[Sentence]) -> None:
    lines = [format_line(CaptionLine(sentence.text, sentence.tokens, 0.0, 0.0)) for sentence in sentences]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write_lists(folder: Path, recordings: Recordings, ids: list[str]) -> None:
    by_split = {s: sorted(i for i, cut in zip(ids, recordings.cuts, strict=True) if cut.split == s) for s in SPLITS}
    for name, bases in (*by_split.items(), ("all", sorted(ids))):
        listed = [*bases, *(f"M{clip_id}" for clip_id in bases)]
        (folder / f"{name}.txt").write_text("\n".join(listed) + "\n", encoding="utf-8")


def _index(recordings: Recordings, ids: list[str]) -> pd.DataFrame:
    rows = []
    for clip_id, cut in zip(ids, recordings.cuts, strict=True):
        first = recordings.takes[cut.source][0].action
        path = f"./synthetic/{cut.source % SUBJECTS:02d}/{first}_{cut.source:04d}_poses.npy"
        rows.append((path, cut.start, cut.end, f"{clip_id}.npy"))
    table = pd.DataFrame(rows, columns=["source_path", "start_frame", "end_frame", "new_name"])
    return table.sort_values("new_name", ignore_index=True)
