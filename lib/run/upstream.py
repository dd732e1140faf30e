"""What a notebook or a model rests on of earlier notebooks; reads parameters alone, so that it costs nothing to ask."""

from pathlib import Path

from lib.base.parameters import Clips
from lib.run.params import Profile
from lib.run.pipeline import BY_STEM, KEPT, PREPARATION, Notebook


def kept_file(profile: Profile, clips: Clips) -> Path | None:
    """The file that says which clips to use; None where all are used, be it that the profile has no filter.

    Args:
        profile: whose filter.
        clips: what a block of the parameters asks for.
    """
    if clips == "all" or PREPARATION not in profile.notebooks:
        return None
    return BY_STEM[PREPARATION].results(profile.profile) / KEPT


def upstream(notebook: Notebook, profile: Profile) -> tuple[str, ...]:
    """The notebooks whose results one reads: those that it names, and 00 where a block that it reads asks for it."""
    blocks = (getattr(profile, section) for section in (notebook.section, *notebook.reads))
    reads = any(kept_file(profile, getattr(block, "clips", "all")) for block in blocks)
    return (PREPARATION, *notebook.after) if reads else notebook.after


def filters_tmr(profile: Profile) -> bool:
    """Whether the profile's TMR is trained here, and on kept clips."""
    asked = profile.models.tmr
    return not asked.run_dir and kept_file(profile, asked.clips) is not None
