"""``python -m lib dataset DEST``: the curated training set of a profile, as files that others' loaders read."""

import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lib.commands.profile import DEFAULT, ParamsFile, checked, embed_corpora, prepare

if TYPE_CHECKING:
    from lib.dataset.account import About
    from lib.run.params import Profile
    from lib.run.pipeline import Notebook

BLOCKS = ("preparation", "similarity", "clustering", "dataset")
"""Blocks of the parameter file that an export rests on."""


def dataset(
    dest: Annotated[Path, typer.Argument(help="folder to make; an earlier export there is replaced whole")],
    params_file: ParamsFile = DEFAULT,
    private: Annotated[
        list[str] | None, typer.Option("--private", help="key of a private corpus that the export may hold")
    ] = None,
    webdataset: Annotated[bool, typer.Option("--webdataset", help="pack WebDataset shards as well")] = False,
) -> None:
    """Writes the kept clips of a profile with captions, clusters and weights in HumanML3D's layout, with a card."""
    from lib import corpus
    from lib.base.locks import exclusive
    from lib.base.paths import RESULTS
    from lib.dataset.export import export
    from lib.dataset.members import Member, allowed
    from lib.dataset.upstream import read_upstream

    profile = checked(params_file)
    named = [key for given in private or [] for key in re.split(r"[,\s]+", given) if key]
    hidden = {key: key in profile.private_corpora for key in profile.corpora}
    keys = allowed(hidden, named)
    embed_corpora(profile)
    _run(profile, params_file)
    sources = {key: profile.corpora[key] for key in keys}
    members = [
        Member(key, corpus.load(one.kind, one.root, name=one.label, **one.licensed), hidden[key])
        for key, one in sources.items()
    ]
    asked = profile.dataset.model_copy(update={"webdataset": profile.dataset.webdataset or webdataset})
    upstream = read_upstream(RESULTS / profile.profile, profile.notebooks, keys[1:])
    dest = dest.expanduser().resolve()
    about = _about(profile, keys, hidden, upstream.made)
    with exclusive("dataset"):
        done = export(dest, members, upstream, asked, about, captioner=profile.findings.captioner)
    state = "is as it should be" if not done.made else "is made"
    told = f"{done.clips:,} clips, {done.captions:,} captions, {done.bytes / 1e6:,.1f} MB"
    print(f"{dest} {state}: {told}" + ("; internal, do not pass it on" if about.internal else ""))


def _needed(profile: "Profile") -> "list[Notebook]":
    """The notebooks of the profile whose results an export reads, and those that they read."""
    from lib.dataset.upstream import READ
    from lib.run.pipeline import BY_STEM, in_order

    wanted = [stem for stem in READ if stem in profile.notebooks]
    for stem in wanted:
        wanted += [earlier for earlier in BY_STEM[stem].after if earlier not in wanted]
    return in_order(wanted)


def _run(profile: "Profile", params_file: str) -> None:
    """Runs those of them whose results are missing or stale, each with its models."""
    from lib.base.locks import exclusive
    from lib.run import freshness, runner

    for notebook in _needed(profile):
        if not freshness.is_fresh(notebook.results(profile.profile), freshness.stamp(notebook, profile)):
            prepare(profile, [notebook])
            with exclusive("results"):
                runner.run(notebook, profile, params_file)


def _about(profile: "Profile", keys: list[str], hidden: dict[str, bool], made: Mapping[str, str]) -> "About":
    from lib.base.withheld import PLACES
    from lib.dataset.account import About
    from lib.run.runner import git_state

    labels = {key: source.label for key, source in profile.corpora.items()}
    blocks: dict[str, Any] = profile.model_dump(mode="json", include={"profile", "seed", "demo", "corpora", *BLOCKS},
                                                exclude={"corpora": PLACES["corpora"]})  # fmt: skip
    blocks["corpora"] = {key: blocks["corpora"][key] for key in keys}
    left_out = tuple(labels[key] for key in labels if key not in keys)
    if left_out:
        blocks["dataset"].pop("captioners")
    return About(
        profile=profile.profile,
        description=profile.description,
        synthetic=profile.synthetic,
        date=max(made.values(), default=datetime.datetime.now(datetime.UTC).isoformat())[:10],
        commit=git_state(),
        parameters=blocks,
        internal=tuple(labels[key] for key in keys if hidden[key]),
        left_out=left_out,
    )
