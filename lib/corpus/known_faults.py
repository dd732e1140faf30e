"""Faults of the released HumanML3D that its users have found, so that no reader has to find them again."""

import pandas as pd

from lib.corpus.findings import findings

ONE_FRAME = ("009707", "011059")
NOT_FINITE = ("007975",)
WRONG_CAPTION = {"007406": "its third caption tells of jumping jacks that lie outside the clip's frames"}
FLIPPED_SOURCE = "humanact12"


def known_faults(clips: pd.DataFrame, index: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The known faults that touch this copy.

    Args:
        clips: clip_id, base_id and source of the copy at hand.
        index: its index.csv, if any. Without one, nothing says that the ids are HumanML3D's and no fault is claimed.

    Returns:
        (left out, kept but faulty), each (clip_id, reason, detail). The rows one frame long are in index.csv and in no
        split; the clips with NaN are named even before their motions are read, and lose them when they are.

    Source: EricGuo5513/HumanML3D: index.csv (one-frame rows), issues #121 (007406) and #147 (HumanAct12).
    """
    if index is None or not index.source_path.str.startswith("./pose_data/").all():
        return findings(), findings()
    listed = set(index.new_name.str.removesuffix(".npy"))
    dropped = [(i, "known: one frame long", "in index.csv, in no split") for i in ONE_FRAME if i in listed]
    kept: list[tuple[str, str, str]] = []
    for clip_id, base, source in zip(clips.clip_id, clips.base_id, clips.source.fillna(""), strict=True):
        if base in NOT_FINITE:
            kept.append(
                (clip_id, "known: NaN in the released motion", "its motion is left out when motions are checked")
            )
        if base in WRONG_CAPTION:
            kept.append((clip_id, "known: wrong caption", WRONG_CAPTION[base]))
        if FLIPPED_SOURCE in source:
            kept.append((clip_id, "known: HumanAct12, left and right flipped", source))
    return findings(dropped), findings(kept)
