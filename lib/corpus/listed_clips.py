"""The clips table of the layouts whose clips are named by split lists and whose mirrors are named `M<id>`."""

from collections.abc import Collection, Mapping

import pandas as pd

FPS = 20.0


def listed_clips(
    split_of: Mapping[str, str],
    *,
    frames: Mapping[str, int],
    sources: Mapping[str, str],
    captioned: Collection[str],
    bases: Collection[str] = (),
) -> pd.DataFrame:
    """One row a listed clip, one person, whole body, public.

    Args:
        split_of: split by clip id, in the order of the lists.
        frames: frames by id, for the clips that have motion.
        sources: recording by id; a mirror takes its base's.
        captioned: ids that have captions.
        bases: ids that may be mirrored without being listed themselves.

    Example:
        >>> clips = listed_clips({"1": "train", "M1": "train"}, frames={"1": 40}, sources={"1": "a"}, captioned=["1"])
        >>> clips[["clip_id", "base_id", "source", "has_motion"]].values.tolist()
        [['1', '1', 'a', True], ['M1', '1', 'a', False]]
    """
    clips = pd.DataFrame({"clip_id": list(split_of), "split": list(split_of.values())}, dtype="str")
    base = clips.clip_id.str.removeprefix("M")
    mirrored = (base != clips.clip_id) & base.isin([*split_of, *bases])
    clips["fps"] = FPS
    clips["n_frames"] = clips.clip_id.map(frames).astype("Int64")
    clips["base_id"] = base.where(mirrored, clips.clip_id)
    clips["source"] = clips.clip_id.map(sources).astype("str").fillna(clips.base_id.map(sources).astype("str"))
    clips["body_mode"], clips["person_count"], clips["consent"] = "full", 1, True
    clips["mirror_of"] = base.where(mirrored)
    clips["has_motion"] = clips.n_frames.notna().astype(bool)
    clips["has_captions"] = clips.clip_id.isin(captioned)
    return clips.astype({"body_mode": "str"})
