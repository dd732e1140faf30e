"""``python -m lib captions …``: captions by the captioners of a parameter file, and the winner's for the corpus."""

import sys
from collections.abc import Collection, Iterable
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lib.base.errors import ParamsError, RunError
from lib.commands import simulated_captions
from lib.commands.profile import DEFAULT, ParamsFile, checked, embed_corpora

if TYPE_CHECKING:
    from lib.captioning.making import Made
    from lib.run.params import CorpusSource, Profile
    from lib.run.pipeline import Notebook

app = typer.Typer(no_args_is_help=True, help="Captions by multimodal models: made, and taken into the corpus.")


@app.command()
def make(
    params_file: ParamsFile = DEFAULT,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what it would ask and cost, and ask nothing")] = False,
    retry: Annotated[
        list[str] | None, typer.Option(help="class of failure to ask again, such as blocked, or all; repeatable")
    ] = None,
) -> None:
    """Captions the clips of the block captioning; what was answered before is asked no second time."""
    make_captions(checked(params_file), params_file, dry_run=dry_run, retry=retry or ())


def make_captions(
    profile: "Profile", params_file: str, *, dry_run: bool = False, retry: Collection[str] = (), told: bool = True
) -> None:
    """Captions the clips of a profile's block.

    Args:
        profile: the resolved parameters.
        params_file: the file they came from, for messages.
        dry_run: say what it would ask and cost, and ask nothing.
        retry: classes of failure to ask again.
        told: whether each captioner's ledger and failures are printed; else one line in all.

    Raises:
        UserError: what cannot be used as it is, or a captioner that stopped.
    """
    from lib import corpus
    from lib.base.locks import exclusive
    from lib.captioning import estimate, making
    from lib.captioning.answers import Answers
    from lib.captioning.journal import Journal
    from lib.captioning.plan import classes, key_of, plan, refuse_private
    from lib.captioning.sample import sample
    from lib.commands.videos import folder_of, render_corpus

    asked, again = profile.captioning, classes(retry)
    source = _source(profile, params_file)
    private = asked.corpus in profile.private_corpora
    refuse_private(asked, private=private)
    simulation = simulated_captions.is_simulation(profile)
    for name, one in asked.captioners.items() if not (dry_run or simulation) else ():
        key_of(name, one)
    embed_corpora(profile)
    folder = profile.captioning.place(Path(source.root))
    videos = folder_of(profile, source)
    with exclusive("captions"):
        if simulation:
            simulated_captions.begin(profile)
        loaded = corpus.load(source.kind, source.root, name=source.label)
        if simulation:
            render_corpus(profile, str(asked.corpus), folder=videos, sample=asked.clips)
        sampled = sample(loaded, videos, asked)
        if sampled.unreadable:
            first = next(iter(sampled.unreadable.items()))
            which = "" if private else f", {first[0]} first ({first[1]})"
            print(f"note: {len(sampled.unreadable)} videos cannot be read{which}", file=sys.stderr)
        cache = folder / simulated_captions.JOURNAL if simulation else None
        if dry_run:
            planned = plan(asked, sampled)
            with closing(Journal(folder, cache)) as journal, closing(Answers(folder)) as answers:
                pending = planned.pending(answers.keys(), journal.last(), again)
                for line in estimate.lines(estimate.estimate(pending, journal, asked.concurrency)):
                    print(line)
            return
        with simulated_captions.served(profile, sampled.clips, folder) if simulation else nullcontext(asked) as reached:
            made = making.make(reached, plan(reached, sampled), folder, retry=again, journal=Journal(folder, cache))
        if simulation and not made.stopped:
            simulated_captions.end(profile)
    if told:
        _tell(made, asked.budget)
    print(f"{source.label}: {len(made.captions):,} captions of {len(sampled.clips):,} clips")
    if made.stopped:
        names = "; ".join(f"{name}: {why}" for name, why in made.stopped.items())
        raise RunError(names, where="captioning.captioners", fix="mend it and run again: what was answered is kept")


def ensure_simulated(profile: "Profile", params_file: str, notebooks: Iterable["Notebook"]) -> None:
    """Asks a profile's simulated captioners unless all is answered; real ones are asked by `make captions` only.

    Args:
        profile: the resolved parameters.
        params_file: the file they came from, for messages.
        notebooks: that run next; nobody is asked where none of them reads captions made here.
    """
    read = any(notebook.captioned for notebook in notebooks)
    if read and simulated_captions.is_simulation(profile) and not simulated_captions.is_made(profile):
        make_captions(profile, params_file, told=False)


@app.command()
def take(
    name: Annotated[str, typer.Argument(help="captioner whose captions the corpus is used with from now on")],
    params_file: ParamsFile = DEFAULT,
    prompt: Annotated[str | None, typer.Option(help="of its captions, where it was asked by several")] = None,
    temperature: Annotated[float | None, typer.Option(help="likewise")] = None,
) -> None:
    """Puts a captioner's captions into captions.parquet; people's captions stay."""
    import numpy as np

    from lib import corpus
    from lib.base.locks import exclusive
    from lib.captioning.taking import BEFORE
    from lib.captioning.taking import take as taking

    profile = checked(params_file)
    source = _source(profile, params_file)
    with exclusive("captions"), exclusive("results"):
        loaded, folder = corpus.load(source.kind, source.root), profile.captioning.place(Path(source.root))
        rng = np.random.default_rng(profile.seed)
        done = taking(loaded, name, rng=rng, folder=folder, prompt=prompt, temperature=temperature)
    print(f"{source.label}: {done.captions:,} captions of {name} for {done.clips:,} clips; {BEFORE} has those before")
    if done.others:
        print(f"note: {done.others:,} clips keep captions of other captioners", file=sys.stderr)


def _tell(made: "Made", budget: float | None) -> None:
    from lib.captioning import ledger

    for line in ledger.lines(made.ledger):
        print(line)
    if made.over_budget:
        what = f"the budget of ${budget:g} admits no further request"
        print(f"note: {what}; raise captioning.budget to go on", file=sys.stderr)
    for row in made.failures.groupby(["captioner", "failure"]).size().reset_index(name="n").to_dict("records"):
        print(f"note: {row['captioner']}: {row['n']:,} without a caption: {row['failure']}", file=sys.stderr)


def _source(profile: "Profile", params_file: str) -> "CorpusSource":
    key = profile.captioning.corpus
    if key is None or not profile.captioning.captioners:
        what = "the block captioning names no corpus or no captioner"
        raise ParamsError(what, where=params_file, fix="add captioning: with corpus and captioners")
    source = profile.corpora.get(key)
    if source is None or source.kind != "manifest":
        fix = f"name a manifest of {', '.join(profile.corpora)}"
        raise ParamsError(f"captioning.corpus = {key!r} is no manifest of this profile", where=params_file, fix=fix)
    return source
