"""Videos of the clips of a profile's corpus, rendered from their motions: by ``motion render`` and for the demo."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lib.base.errors import CorpusError, ParamsError

if TYPE_CHECKING:
    from lib.run.params import CorpusSource, Profile


def folder_of(profile: "Profile", source: "CorpusSource") -> Path:
    """Where the videos of a corpus lie."""
    return Path(source.root) / Path(profile.models.video_text.videos).expanduser()


def render_corpus(
    profile: "Profile",
    key: str,
    *,
    folder: Path | None = None,
    clips: Sequence[str] | None = None,
    sample: int | None = None,
    size: int | None = None,
    force: bool = False,
) -> None:
    """Renders the clips of a corpus that have a motion and no video, and says how many.

    Args:
        profile: of the corpus.
        key: of the corpus in the parameter file.
        folder: of the videos; the corpus' own without it.
        clips: ids; all without them.
        sample: how many, as `captioning` draws them by its seed and split: the clips that it would caption.
        size: pixels of width and height.
        force: also what was rendered before.

    Raises:
        ParamsError: no such corpus, or both clips and a sample.
        CorpusError: an id of no clip with a motion, or none that can be rendered.
    """
    from lib import corpus
    from lib.captioning.sample import pool, stratified
    from lib.draw.clip_videos import render_clips
    from lib.draw.video import SIZE

    source = profile.corpora.get(key)
    if source is None:
        raise ParamsError("no corpus of that key", where=key, fix=f"name one of {', '.join(profile.corpora)}")
    if clips and sample:
        raise ParamsError("both --clips and --sample", where="motion render", fix="give one of the two")
    loaded = corpus.load(source.kind, source.root, name=source.label)
    moving = loaded.clips[loaded.clips.has_motion]
    if clips and (unknown := sorted({*clips} - {*moving.clip_id})):
        fix = "a clip without consent or without a motion is not rendered"
        raise CorpusError(f"no clip {unknown[0]!r} with a motion", where=source.label, fix=fix)
    asked = profile.captioning
    ids = [*clips] if clips else moving.clip_id.tolist()
    if sample is not None:
        ids = stratified(pool(moving, asked.split), sample, asked.seed)
    target = folder or folder_of(profile, source)
    done = render_clips(loaded, target, ids, size=size or SIZE, force=force)
    if done.failed:
        first, why = next(iter(done.failed.items()))
        which = "" if key in profile.private_corpora else f", {first!r} first"
        print(f"note: {len(done.failed):,} clip(s) cannot be rendered{which} ({why})", file=sys.stderr)
    if not done.written and not done.there:
        raise CorpusError("no clip could be rendered", where=source.label, fix="look at its motions: corpus check")
    if done.written or sample is None:
        already = f", {done.there:,} had one" if done.there else ""
        print(f"{source.label}: {len(done.written):,} videos rendered{already}", flush=True)
