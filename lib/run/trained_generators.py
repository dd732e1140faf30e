"""The trained generators of a profile, found by what its notebooks noted: nothing is trained to answer."""

import re
from pathlib import Path
from typing import Any

from lib.base import seals, state
from lib.base.errors import ModelError
from lib.base.paths import CACHE
from lib.base.prose import listed
from lib.base.slugs import slug
from lib.metrics.names import METRICS
from lib.run.params import Profile
from lib.run.pipeline import BY_STEM
from lib.run.provenance import record

NOTED = re.compile(r"MoMask, (?P<regime>.+), seed (?P<seed>\d+)")
"""How `lib.run.profile_generators.trained` notes a generator beside its fingerprint."""


def noted(profile: Profile) -> dict[tuple[str, int], str]:
    """The fingerprints of the generators that the results of a profile rest on, by regime and seed.

    Args:
        profile: whose notebooks train generators, each perhaps some.
    """
    found: dict[tuple[str, int], str] = {}
    for stem in profile.notebooks:
        made = record(BY_STEM[stem].results(profile.profile)) if "momask" in BY_STEM[stem].models else None
        for name, fingerprint in ((made or {}).get("models") or {}).items():
            if known := NOTED.fullmatch(name):
                found.setdefault((known["regime"], int(known["seed"])), str(fingerprint))
    return found


def trained_generator(
    profile: Profile, regime: str, seed: int | None = None, *, cache: Path | None = None
) -> tuple[int, Path]:
    """The run folder of a regime, for `lib.models.momask.model.MoMask.from_run_dir`, and its seed.

    Args:
        profile: whose results say which generators there are.
        regime: its name, as tables have it.
        seed: of the training; by default the first.
        cache: where trained models are kept; by default the project's.

    Raises:
        ModelError: no such generator was trained, or its weights are gone or damaged; the line names the command that
            trains it.
    """
    there = noted(profile)
    again = "run python -m lib run 06_evaluation, which trains them, with the same --params"
    if not there:
        raise ModelError(f"no generator of the profile {profile.profile} is trained yet", fix=again)
    seeds = sorted(own for name, own in there if name == regime)
    if not seeds:
        names = listed([*dict.fromkeys(name for name, _ in there)])
        raise ModelError(f"no regime {regime!r} is trained", where=profile.profile, fix=f"there are {names}")
    seed = seeds[0] if seed is None else seed
    if seed not in seeds:
        fix = f"its seeds are {listed([str(own) for own in seeds])}"
        raise ModelError(f"{regime} is not trained with seed {seed}", where=profile.profile, fix=fix)
    for file in sorted((cache or CACHE / "models").glob("momask-*/training.json")):
        about = state.read(file, dict[str, Any], then="the folder is passed over") or {}
        if about.get("fingerprint") == there[regime, seed]:
            if name := seals.damage(file.parent):
                raise ModelError(f"{name} is missing or damaged", where=file.parent, fix=f"{again} and --force")
            return seed, file.parent
    what = f"{regime}, seed {seed}, was trained, and its weights are no longer in the cache"
    raise ModelError(what, where=profile.profile, fix=f"{again} and --force")


def judged(profile: Profile, regime: str) -> tuple[str, list[tuple[str, str]]]:
    """What the results of 06 say of a regime: the day they were made, and title and text of every metric.

    Args:
        profile: whose results are read; where there are none, or none of the regime, nothing is said.
        regime: its name.
    """
    for stem in profile.notebooks:
        if BY_STEM[stem].section != "evaluation":
            continue
        folder = BY_STEM[stem].results(profile.profile)
        values = state.read(folder / "values.json", dict[str, Any], then="no metrics are told") or {}
        recorded = {name: values.get(f"{slug(regime)}_{metric.key}") for name, metric in METRICS.items()}
        texts = [(METRICS[name].title, one["text"]) for name, one in recorded.items() if isinstance(one, dict)]
        return str((record(folder) or {}).get("start", ""))[:10], texts
    return "", []
