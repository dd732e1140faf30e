"""Captions as the public loaders read them: lines of a text file, and TMR's annotations."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from lib.corpus.caption_line import CaptionLine, format_line
from lib.motion.skeleton import FPS
from lib.text.tokens import pos_key

_TOKEN = re.compile(r"[^/#\s]+/[^/#\s]+")


def readable(captions: pd.DataFrame) -> pd.DataFrame:
    """The captions that the loaders can read, with ``tokens`` and the ``line`` of each.

    The evaluators of MoMask, T2M-GPT and MDM look every token up as a word, a slash and a part of speech, so a caption
    needs one token; captions without tokens are tagged. A caption whose every word is of no alphabet has none.

    Args:
        captions: ``text, tokens, start_s, end_s`` and further columns.

    Returns:
        Fewer rows; `line` has what would part the fields of a line or the lines of a file replaced by a space.
    """
    keys = pos_key(captions) if len(captions) else pd.Series(dtype="str")
    tokens = [" ".join(token for token in key.split() if _TOKEN.fullmatch(token)) for key in keys]
    texts = [_one_field(text) for text in captions["text"]]
    kept = [bool(text and token) for text, token in zip(texts, tokens, strict=True)]
    spans = zip(texts, tokens, captions["start_s"], captions["end_s"], strict=True)
    lines = [format_line(CaptionLine(text, token, float(start), float(end))) for text, token, start, end in spans]
    whole = captions.assign(tokens=pd.array(tokens, dtype="str"), line=pd.array(lines, dtype="str"))
    return whole[pd.array(kept, dtype="bool")].reset_index(drop=True)


def annotation(clip_id: str, frames: int, captions: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A clip as TMR's `annotations.json` has it; its motion is ``<path>.npy`` in ``new_joint_vecs``.

    Source: Mathux/TMR: src/data/motion.py, which cuts a motion at ``int(end * 20)``.

    Args:
        clip_id: its id in the export.
        frames: of its motion.
        captions: ``text, start_s, end_s``; 0 and 0 is the whole clip.

    Example:
        >>> made = annotation("h3d-1", 58, [{"text": "a man waves", "start_s": 0.0, "end_s": 0.0}])
        >>> made["path"], made["duration"], made["annotations"][0]["end"], int(made["annotations"][0]["end"] * 20)
        ('h3d-1', 2.9, 2.9, 58)
    """
    duration = seconds(frames)
    parts = [
        {
            "seg_id": f"{clip_id}_{number}",
            "text": caption["text"],
            "start": float(caption["start_s"]),
            "end": float(caption["end_s"]) or duration,
        }
        for number, caption in enumerate(captions)
    ]
    return {"path": clip_id, "duration": duration, "annotations": parts}


def seconds(frames: int) -> float:
    """The length of a clip, such that a reader who multiplies it by 20 and cuts the fraction off loses no frame.

    Example:
        >>> all(int(seconds(frames) * FPS) == frames for frames in range(1, 5000))
        True
    """
    length = frames / FPS
    return length if int(length * FPS) == frames else length + 1e-9


def _one_field(text: str) -> str:
    """A text without what would end a field or a line for a loader, which splits at ``#`` from the left."""
    return " ".join(text.replace("#", " ").split()) if "#" in text or text.splitlines() != [text] else text
