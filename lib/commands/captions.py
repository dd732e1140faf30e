"""``python -m lib captions …``: captions by the captioners of a parameter file, and the winner's for the corpus."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lib.commands.profile import DEFAULT, ParamsFile, checked, embed_corpora

if TYPE_CHECKING:
    from lib.run.params import CorpusSource, Profile

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
    from lib import corpus
    from lib.base.device import resolve_device
    from lib.base.errors import RunError
    from lib.base.locks import exclusive
    from lib.captioning import estimate, ledger, making
    from lib.captioning.answers import Answers
    from lib.captioning.journal import Journal
    from lib.captioning.plan import classes, key_of, plan, refuse_private
    from lib.captioning.sample import sample

    profile = checked(params_file)
    asked, again = profile.captioning, classes(retry or ())
    source = _source(profile, params_file)
    private = asked.corpus in profile.private_corpora
    refuse_private(asked, private=private)
    for name, one in asked.captioners.items() if not dry_run else ():
        key_of(name, one)
    embed_corpora(profile)
    folder = profile.captioning.place(Path(source.root))
    videos = Path(source.root) / Path(profile.models.video_text.videos).expanduser()
    loaded = corpus.load(source.kind, source.root, name=source.label)
    sampled = sample(loaded, videos, asked)
    planned = plan(asked, sampled)
    if sampled.unreadable:
        first = next(iter(sampled.unreadable.items()))
        which = "" if private else f", {first[0]} first ({first[1]})"
        print(f"note: {len(sampled.unreadable)} videos cannot be read{which}", file=sys.stderr)
    with exclusive("captions"):
        if dry_run:
            journal, answers = Journal(folder), Answers(folder)
            pending = planned.pending(answers.keys(), journal.last(), again)
            for line in estimate.lines(estimate.estimate(pending, journal, asked.concurrency)):
                print(line)
            return
        device = str(resolve_device(profile.device))
        made = making.make(asked, planned, folder, retry=again, device=device)
    for line in ledger.lines(made.ledger):
        print(line)
    if made.over_budget:
        what = f"the budget of ${asked.budget:g} admits no further request"
        print(f"note: {what}; raise captioning.budget to go on", file=sys.stderr)
    for row in made.failures.groupby(["captioner", "failure"]).size().reset_index(name="n").to_dict("records"):
        print(f"note: {row['captioner']}: {row['n']:,} without a caption: {row['failure']}", file=sys.stderr)
    print(f"{source.label}: {len(made.captions):,} captions of {len(sampled.clips):,} clips")
    if made.stopped:
        names = "; ".join(f"{name}: {why}" for name, why in made.stopped.items())
        raise RunError(names, where="captioning.captioners", fix="mend it and run again: what was answered is kept")


@app.command()
def take(
    name: Annotated[str, typer.Argument(help="captioner whose captions the corpus is used with from now on")],
    params_file: ParamsFile = DEFAULT,
    prompt: Annotated[str | None, typer.Option(help="of its captions, where it was asked by several")] = None,
    temperature: Annotated[float | None, typer.Option(help="likewise")] = None,
) -> None:
    """Puts a captioner's captions into captions.parquet; people's captions stay."""
    from lib.base.locks import exclusive
    from lib.captioning.taking import BEFORE
    from lib.captioning.taking import take as taking

    profile = checked(params_file)
    source = _source(profile, params_file)
    with exclusive("captions"), exclusive("results"):
        folder = profile.captioning.place(Path(source.root))
        done = taking(Path(source.root), name, folder=folder, prompt=prompt, temperature=temperature)
    print(f"{source.label}: {done.captions:,} captions of {name} for {done.clips:,} clips; {BEFORE} has those before")
    if done.repaired or done.dropped:
        print(f"note: {done.repaired:,} were repaired and {done.dropped:,} dropped, as page 03 counts", file=sys.stderr)
    if done.others:
        print(f"note: {done.others:,} clips keep captions of other captioners", file=sys.stderr)


def _source(profile: "Profile", params_file: str) -> "CorpusSource":
    from lib.base.errors import ParamsError

    key = profile.captioning.corpus
    if key is None or not profile.captioning.captioners:
        what = "the block captioning names no corpus or no captioner"
        raise ParamsError(what, where=params_file, fix="add captioning: with corpus and captioners")
    source = profile.corpora.get(key)
    if source is None or source.kind != "manifest":
        fix = f"name a manifest of {', '.join(profile.corpora)}"
        raise ParamsError(f"captioning.corpus = {key!r} is no manifest of this profile", where=params_file, fix=fix)
    return source
