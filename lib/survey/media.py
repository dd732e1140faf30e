"""What an item shows of its clip: a video where the makers have one, else the motion itself."""

import base64
import shutil
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from lib.corpus.corpus import Corpus
from lib.draw.motion_player import Motion, fragment
from lib.survey.key import SurveyError

TYPES = {".mp4": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg"}
LEGEND = "Left limbs are blue with round ends, right limbs orange with square ends."
_VIDEO = Markup('<video controls playsinline loop preload="metadata" src="{}" aria-label="Video to describe"></video>')


def showable(corpus: Corpus, *, split: str | None = None, videos: Path | None = None) -> list[str]:
    """Ids of clips that can be shown, one for each base clip, so that nobody ranks a clip and its mirror image.

    Args:
        corpus: only clips with consent are in it.
        split: train, val or test; every one by default.
        videos: the folder that must hold a video of the clip; without it the clip must have a motion.

    Raises:
        SurveyError: the folder of videos is missing.
    """
    clips: pd.DataFrame = corpus.clips if split is None else corpus.clips[corpus.clips.split == split]
    if videos is None:
        clips = clips[clips.has_motion]
    elif not videos.is_dir():
        raise SurveyError("no such folder", where=videos, fix="set survey.videos to a folder of <clip_id>.mp4")
    else:
        clips = clips[[video_of(videos, clip) is not None for clip in clips.clip_id]]
    return sorted(clips.sort_values("clip_id").drop_duplicates("base_id").clip_id)


def video_of(folder: Path, clip: str) -> Path | None:
    """The video of a clip, of any type browsers play; an id never leads out of the folder."""
    files = (folder / f"{clip}{suffix}" for suffix in TYPES)
    return next((file for file in files if file.parent == folder and file.is_file()), None)


def motion(corpus: Corpus, clip: str) -> Markup:
    """The motion player of a clip.

    Raises:
        CorpusError: a motion that cannot be read or shown.
    """
    rates = corpus.clips.set_index("clip_id").fps
    shown = Motion(corpus.joints(clip), LEGEND, fps=float(rates[clip]))
    return Markup(fragment([shown], label="what the captions describe"))


def video(folder: Path, clip: str, code: str, *, beside: Path | None = None) -> Markup:
    """The video of a clip, with controls and never started by itself.

    Args:
        folder: of videos.
        clip: its id.
        code: of the item, the name under which a copy is shown, since the file's own name may tell the clip.
        beside: folder beside the page to copy the video to; without it the page holds the video itself.

    Raises:
        SurveyError: no video of the clip.
    """
    file = video_of(folder, clip)
    if file is None:
        raise SurveyError(f"no video of {clip!r}", where=folder, fix="make the survey again")
    if beside is None:
        content = base64.b64encode(file.read_bytes()).decode("ascii")
        return _VIDEO.format(f"data:{TYPES[file.suffix]};base64,{content}")
    beside.mkdir(parents=True, exist_ok=True)
    copy = beside / f"{code}{file.suffix}"
    shutil.copyfile(file, copy)
    return _VIDEO.format(f"{beside.name}/{copy.name}")
