"""Videos of a corpus' clips, rendered from their motions where there are none."""

import os
import sys
from collections.abc import Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from lib.base.errors import UserError
from lib.base.processes import pool, processors
from lib.draw.video import SIZE, check_size, is_rendered, render

if TYPE_CHECKING:
    from lib.corpus import Corpus

FEWEST = 12
"""Clips a process that are worth its start."""
_WAITING = 8
_LONGEST = 200


@dataclass
class Rendered:
    """What became of the clips asked for.

    Attributes:
        written: ids of those rendered now.
        there: how many had a video.
        failed: those that cannot be rendered, with the reason.
    """

    written: list[str] = field(default_factory=list)
    there: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def render_clips(
    corpus: "Corpus",
    folder: Path,
    clip_ids: Sequence[str],
    *,
    size: int = SIZE,
    force: bool = False,
    workers: int | None = None,
    progress: bool = True,
) -> Rendered:
    """Writes `<clip_id>.mp4` for clips that have none; a recording is never replaced.

    Args:
        corpus: which has no clips without consent.
        folder: made where it is not there.
        clip_ids: of clips of the corpus.
        size: pixels of width and height.
        force: render again what was rendered before.
        workers: processes; by default one a processor, or this one where there are few clips.
        progress: whether to show a bar.

    Raises:
        ParamsError: a size that is odd or out of bounds.
        UserError: a process died.
        OSError: the folder cannot be written.
    """
    from lib.corpus.videos import videos_of

    check_size(size)
    rates = dict(zip(corpus.clips.clip_id, corpus.clips.fps, strict=True))
    asked = corpus.clips[corpus.clips.clip_id.isin([*clip_ids])]
    folder.mkdir(parents=True, exist_ok=True)
    there = videos_of(asked, folder, none=True)
    done = Rendered()
    jobs: list[str] = []
    for clip_id in asked.clip_id:
        if clip_id in there and not (force and is_rendered(there[clip_id].path)):
            done.there += 1
        elif fault := _unfit(clip_id):
            done.failed[clip_id] = fault
        else:
            jobs.append(clip_id)
    if workers is None:
        workers = min(processors(), max(1, len(jobs) // FEWEST))
    with tqdm(total=len(jobs), desc="videos", file=sys.stderr, disable=None if progress else True) as bar:

        def ended(clip_id: str, error: UserError | None) -> None:
            if error is None:
                done.written.append(clip_id)
            else:
                done.failed[clip_id] = error.what
            bar.update()

        _in_turn(corpus, folder, jobs, rates, size, workers, ended)
    done.written.sort()
    return done


def _unfit(clip_id: str) -> str | None:
    if "/" in clip_id or os.sep in clip_id or "\0" in clip_id:
        return "its id is no name of a file"
    return "its id is too long for the name of a file" if len(os.fsencode(clip_id)) > _LONGEST else None


def _in_turn(
    corpus: "Corpus", folder: Path, jobs: list[str], rates: dict[str, float], size: int, workers: int, ended: Any
) -> None:
    several = pool(workers) if workers > 1 else None
    waiting: dict[Future[None], str] = {}
    try:
        for clip_id in jobs:
            try:
                joints, target = corpus.joints(clip_id), folder / f"{clip_id}.mp4"
                if several is None:
                    render(joints, target, fps=float(rates[clip_id]), size=size)
                    ended(clip_id, None)
                    continue
            except UserError as error:
                ended(clip_id, error)
                continue
            waiting[several.submit(render, joints, target, fps=float(rates[clip_id]), size=size)] = clip_id
            if len(waiting) >= _WAITING * workers:
                for future in islice(as_completed(waiting), 1):
                    _settle(future, waiting, ended)
        for future in as_completed([*waiting]):
            _settle(future, waiting, ended)
    except BrokenProcessPool:
        fix = "free memory, or give a smaller size, and run again: what is rendered stays"
        raise UserError("a process that renders died", where=f"{folder.name}/", fix=fix) from None
    finally:
        if several is not None:
            several.shutdown(cancel_futures=True)


def _settle(future: "Future[None]", waiting: "dict[Future[None], str]", ended: Any) -> None:
    clip_id = waiting.pop(future)
    try:
        future.result()
    except UserError as error:
        ended(clip_id, error)
    else:
        ended(clip_id, None)
