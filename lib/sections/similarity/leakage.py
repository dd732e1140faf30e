"""Clips of the test set that share a recording, or frames of it, with the training set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

FLAGS = {
    "shares_folder": "another clip of the same subject folder is in train",
    "shares_source": "cut from a recording that also feeds train",
    "overlaps": "has frames in common with a train clip",
    "half_covered": "half or more of its frames are in one train clip",
}


@dataclass(frozen=True)
class SourceOverlap:
    """The audit of one test set against one training set by where clips were cut from.

    Args:
        flags: one row an unmirrored test clip: `clip_id, source`, the flags that apply (`shares_source`, and with cuts
            known `shares_folder, overlaps, half_covered`), `overlap` (largest share of the clip's frames in one train
            clip, 0..1, NaN where the length is unknown) and `train_clip` (that train clip, or any of the same source).
        summary: one row a flag: `flag, clips, of, share, definition`.
        info: how many test clips were left out, and why.
    """

    flags: pd.DataFrame
    summary: pd.DataFrame
    info: Mapping[str, int]

    def count(self, flag: str) -> int:
        """How many test clips carry a flag."""
        return int(self.flags[flag].sum())


def source_overlap(index: pd.DataFrame, splits: Mapping[str, Sequence[str]]) -> SourceOverlap:
    """Compares the cuts of HumanML3D's index.csv across splits.

    On the released lists, of 2,192 unmirrored test clips 668 share a source file with train, 414 overlap a train clip,
    137 are covered by half or more, and 99.8 % share a folder. That reading is: mirrors take no part on either side;
    a cut is the half-open interval of frames [start_frame, end_frame) of its source file; end -1 (HumanAct12) is the
    end of the file; cover is by a single train clip (by all of them together it would be 147), over the frames of the
    test clip; the folder is that of the source file.

    Source: Guo et al. 2022 + HumanML3D: index.csv, train.txt, test.txt, raw_pose_processing.ipynb (how cuts are made).

    Args:
        index: `source_path, start_frame, end_frame, new_name`, frames at 20 fps.
        splits: clip ids of ``test`` and ``train``; ids that are "M" and an indexed id are mirrors.

    Returns:
        The audit.

    Raises:
        KeyError: a split that is not there.

    Example:
        >>> index = pd.DataFrame({"source_path": ["s/a.npy", "s/a.npy"], "start_frame": [0, 60], "end_frame": [80, 100],
        ...                       "new_name": ["1.npy", "2.npy"]})
        >>> audit = source_overlap(index, {"train": ["1", "M1"], "test": ["2", "M2"]})
        >>> audit.flags[["clip_id", "overlap", "half_covered", "train_clip"]].values.tolist()
        [['2', 0.5, True, '1']]
    """
    cuts = pd.DataFrame(
        {
            "clip_id": index["new_name"].str.removesuffix(".npy"),
            "source": index["source_path"],
            "folder": index["source_path"].str.rpartition("/")[0],
            "start": index["start_frame"].astype(float),
            "end": index["end_frame"].where(index["end_frame"] >= 0, np.inf).astype(float),
        }
    )
    tested, trained = (cuts[cuts["clip_id"].isin(list(splits[name]))] for name in ("test", "train"))
    closest = _closest(tested, trained)
    flags = tested[["clip_id", "source"]].assign(
        shares_folder=tested["folder"].isin(trained["folder"]),
        shares_source=tested["source"].isin(trained["source"]),
        overlaps=tested["clip_id"].map(closest["frames"]).fillna(0) > 0,
        half_covered=tested["clip_id"].map(closest["overlap"]).fillna(0) >= 0.5,
        overlap=tested["clip_id"].map(closest["overlap"].fillna(np.inf)).fillna(0).replace(np.inf, np.nan),
        train_clip=tested["clip_id"].map(closest["train_clip"]),
    )
    known = set(cuts["clip_id"])
    strangers = [i for i in splits["test"] if i not in known and i.removeprefix("M") not in known]
    mirrors = sum(i not in known and i.startswith("M") and i[1:] in known for i in splits["test"])
    return _audit(flags, {"mirrors_left_out": mirrors, "not_in_index": len(strangers)})


def shared_sources(clips: pd.DataFrame) -> SourceOverlap:
    """Compares the `source` column across splits, for corpora that name recordings but not frames.

    Args:
        clips: `clip_id, split, source, mirror_of`; clips without a source cannot be judged and are counted in `info`.

    Returns:
        The audit, with the one flag `shares_source`.

    Example:
        >>> clips = pd.DataFrame({"clip_id": ["a", "b", "c"], "split": ["train", "test", "test"],
        ...                       "source": ["tape 1", "tape 1", "tape 2"], "mirror_of": None})
        >>> shared_sources(clips).summary[["flag", "clips", "of"]].values.tolist()
        [['shares_source', 1, 2]]
    """
    base = clips[clips["mirror_of"].isna()]
    judged = base[base["source"].notna()]
    tested, trained = judged[judged["split"] == "test"], judged[judged["split"] == "train"]
    first = trained.drop_duplicates("source").set_index("source")["clip_id"]
    flags = tested[["clip_id", "source"]].assign(
        shares_source=tested["source"].isin(first.index), train_clip=tested["source"].map(first)
    )
    mirrors = int(((clips["split"] == "test") & clips["mirror_of"].notna()).sum())
    unknown = int(((base["split"] == "test") & base["source"].isna()).sum())
    return _audit(flags, {"mirrors_left_out": mirrors, "without_source": unknown})


def _closest(tested: pd.DataFrame, trained: pd.DataFrame) -> pd.DataFrame:
    pairs = tested.merge(trained, on="source", suffixes=("", "_train"))
    frames = (pairs[["end", "end_train"]].min(axis=1) - pairs[["start", "start_train"]].max(axis=1)).clip(lower=0)
    # Of a clip that runs to an end nobody wrote down, only "nothing" and "all of it" are known shares.
    with np.errstate(invalid="ignore"):
        overlap = np.where(frames > 0, frames / (pairs["end"] - pairs["start"]), 0.0)
    endless = np.isinf(pairs["end"]) & (frames > 0)
    whole = endless & np.isinf(pairs["end_train"]) & (pairs["start_train"] <= pairs["start"])
    pairs["overlap"] = np.where(whole, 1.0, np.where(endless, np.nan, overlap))
    pairs["frames"], pairs["train_clip"] = frames, pairs["clip_id_train"]
    order = pairs.sort_values(["overlap", "frames", "train_clip"], ascending=[False, False, True], kind="stable")
    return order.drop_duplicates("clip_id").set_index("clip_id")[["overlap", "frames", "train_clip"]]


def _audit(flags: pd.DataFrame, info: dict[str, int]) -> SourceOverlap:
    flags = flags.reset_index(drop=True)
    rows = [
        {
            "flag": name,
            "clips": int(flags[name].sum()),
            "of": len(flags),
            "share": flags[name].mean(),
            "definition": told,
        }
        for name, told in FLAGS.items()
        if name in flags
    ]
    return SourceOverlap(flags, pd.DataFrame(rows), info)
