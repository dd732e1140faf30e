"""The commands of ``python -m lib …``, what the Makefile's recipes call."""

from pathlib import Path
from typing import Annotated

import typer

from lib.base.errors import ParamsError
from lib.base.paths import ROOT, shown
from lib.commands.captions import app as captions
from lib.commands.captions import ensure_simulated
from lib.commands.clean_cache import clean_cache
from lib.commands.dataset import dataset
from lib.commands.generate import generate
from lib.commands.generations import app as generations
from lib.commands.models import app as models_of_profile
from lib.commands.motion import app as motion
from lib.commands.own_data import app as own_data
from lib.commands.profile import DEFAULT, ParamsFile, checked, embed_corpora, models_of, prepare
from lib.commands.survey import app as survey
from lib.run import params
from lib.run.params import Profile
from lib.run.pipeline import BY_STEM, PREPARATION, in_order

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(survey, name="survey")
app.add_typer(motion, name="motion")
app.add_typer(captions, name="captions")
app.add_typer(own_data, name="corpus")
app.add_typer(generations, name="generations")
app.add_typer(models_of_profile, name="models")
app.command()(dataset)
app.command("clean-cache")(clean_cache)
app.command()(generate)


@app.command("check-params")
def check_params(params_file: ParamsFile = DEFAULT) -> None:
    """Refuses a parameter file with unknown keys, wrong types, values out of range or missing data."""
    checked(params_file)


@own_data.callback(invoke_without_command=True)
def corpus(context: typer.Context, params_file: ParamsFile = DEFAULT) -> None:
    """Without a command: checks the parameters, then builds the embedded corpora where they are missing or stale."""
    if context.invoked_subcommand is None:
        embed_corpora(checked(params_file))


@models_of_profile.callback(invoke_without_command=True)
def models(context: typer.Context, params_file: ParamsFile = DEFAULT) -> None:
    """Without a command: fetches, verifies and trains the models that the profile's notebooks need."""
    if context.invoked_subcommand is None:
        profile = checked(params_file)
        _filter_first(profile, params_file)
        prepare(profile, in_order(profile.notebooks))


def _filter_first(profile: Profile, params_file: str) -> None:
    """Runs 00 where its result is missing or stale and TMR is trained on the clips that it keeps."""
    from lib.base.locks import exclusive
    from lib.run import runner

    if profile.filters_tmr and "tmr" in models_of(in_order(profile.notebooks)):
        with exclusive("results"):
            runner.run(BY_STEM[PREPARATION], profile, params_file)


@app.command("embed-videos")
def embed_videos(
    key: Annotated[str, typer.Argument(help="corpus, by its key in the parameter file")],
    params_file: ParamsFile = DEFAULT,
) -> None:
    """Embeds videos and captions of a manifest with the video-text model, into the manifest's folder."""
    from lib import corpus as corpora
    from lib.base.cache_use import collected, judging
    from lib.models.video_text_files import embed

    profile = checked(params_file)
    source, wanted = profile.corpora.get(key), profile.models.video_text
    if source is None or source.kind != "manifest":
        raise ParamsError("no manifest of that key", where=key, fix=f"see corpora in {params_file}")
    loaded = corpora.load(source.kind, source.root, name=source.label)
    with collected(profile.profile, judging(key)):
        done = embed(loaded, wanted, Path(source.root) / Path(wanted.videos).expanduser())
    cut = f", {done.cut} of them longer than the {done.longest} tokens that are read" if done.cut else ""
    parts = f"{done.videos} videos, {done.captions} captions{cut}, {done.without_video} clips without a video"
    print(f"{source.label}: {parts}; judge {done.judge[:12]}")


@app.command()
def run(
    notebook: Annotated[
        str | None, typer.Argument(help="stem of one notebook; all of the profile's without it")
    ] = None,
    params_file: ParamsFile = DEFAULT,
    force: Annotated[bool, typer.Option(help="run even when the result is fresh")] = False,
) -> None:
    """Runs the notebooks whose results are missing or stale."""
    from lib.base.locks import exclusive
    from lib.run import runner
    from lib.run.exploring import last_profile

    profile = params.load(params_file)
    if notebook is not None and notebook not in BY_STEM:
        raise ParamsError("no such notebook", where=notebook, fix=f"there are {', '.join(BY_STEM)}")
    last_profile.remember(params_file)
    ensure_simulated(profile, params_file, in_order(profile.notebooks) if notebook is None else [BY_STEM[notebook]])
    if notebook is None:
        runner.run_all(profile, params_file)
    else:
        with exclusive("results"):
            runner.run(BY_STEM[notebook], profile, params_file, force=force)


@app.command()
def report(params_file: ParamsFile = DEFAULT) -> None:
    """Everything: embedded corpora, models, notebooks and site, in one process so that nothing to do takes no time."""
    from lib.base.stopwatch import Stopwatch
    from lib.run import runner
    from lib.run.exploring import last_profile
    from lib.run.freshness import stale

    watch = Stopwatch()
    watch.installation()
    with watch.lap("corpora"):
        embed_corpora(checked(params_file))
    profile = params.load(params_file)
    last_profile.remember(params_file)
    with watch.lap("captions"):
        ensure_simulated(profile, params_file, in_order(profile.notebooks))
    with watch.lap(PREPARATION):
        _filter_first(profile, params_file)
    with watch.lap("models"):
        prepare(profile, stale(profile))
    watch.add(runner.run_all(profile, params_file))
    with watch.lap("site"):
        site(params_file)
    if told := str(watch):
        print(f"time: {told}")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Opens JupyterLab, whose options may follow, on a page that lists the notebooks and the profile they run on."""
    from lib.run.exploring import start_page

    start_page.open_lab(context.args)


@app.command()
def collect(params_file: ParamsFile = DEFAULT) -> None:
    """Gathers pages, figures, tables and values into the folder that either renderer reads."""
    from lib.site import publication

    print(f"pages: {shown(publication.collect(params.load(params_file)))}")


@app.command()
def site(params_file: ParamsFile = DEFAULT) -> None:
    """Renders the site where its inputs changed, then prints its path and the findings."""
    from lib.site import publication

    publication.render(params.load(params_file))


@app.command()
def pdf(
    params_file: ParamsFile = DEFAULT,
    expose_private: Annotated[
        bool, typer.Option("--expose-private", help="make it although it shows captions or ids of a private corpus")
    ] = False,
) -> None:
    """Writes the report as one tagged PDF from the results there are, unless it shows what is private."""
    from lib.site import pdf as paper

    made = paper.make(params.load(params_file), expose_private=expose_private)
    print(f"pdf: {made} ({made.stat().st_size / 1e6:.1f} MB)")


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="results of a profile, such as results/demo")],
    after: Annotated[Path, typer.Argument(help="results to hold against them, of this checkout or of another")],
    as_json: Annotated[bool, typer.Option("--json", help="print the comparison as JSON")] = False,
) -> None:
    """Shows which values moved from one run to another, how far by their intervals, and which inputs changed."""
    import json

    from lib import comparison

    compared = comparison.compare(before, after)
    if as_json:
        print(json.dumps(compared.record(), indent=1, ensure_ascii=False))
        return
    for line in compared.lines():
        print(line)


@app.command()
def publish(
    dest: Annotated[Path, typer.Argument(help="folder that holds one folder a publication")],
    params_file: ParamsFile = DEFAULT,
    expose_private: Annotated[
        bool, typer.Option("--expose-private", help="publish although it shows captions or ids of a private corpus")
    ] = False,
) -> None:
    """Copies what the site shows to DEST/<date>-<sha> and moves DEST/latest to it, unless it shows what is private."""
    from lib.site import publication

    print(publication.publish(dest, params.load(params_file), expose_private=expose_private))


@app.command()
def forget(
    corpus: Annotated[str, typer.Argument(help="corpus, by its key in the parameter file")],
    clips: Annotated[list[str] | None, typer.Argument(help="ids of clips")] = None,
    params_file: ParamsFile = DEFAULT,
    refused: Annotated[bool, typer.Option("--refused", help="every clip that the manifest now refuses")] = False,
    published: Annotated[
        list[Path] | None, typer.Option(help="folder of published copies or exported datasets; may be given repeatedly")
    ] = None,
) -> None:
    """Removes clips, and clips that mirror them, from everything made here; lists what it cannot reach."""
    from lib.base.locks import exclusive
    from lib.forgetting import forget as forgetting

    profile = params.load(params_file)
    folders = [folder.expanduser() for folder in published or ()]
    with exclusive("results"), exclusive("site"), exclusive("dataset"):
        for line in forgetting.forget(profile, corpus, clips or (), refused=refused, published=folders):
            print(line, flush=True)


@app.command()
def rooms(
    file: Annotated[Path, typer.Argument(help="SVG file to write")] = Path("report/rooms.svg"),
) -> None:
    """Draws the rooms of this project and what each builds on."""
    from lib.draw.rooms import write

    write(ROOT, ROOT / file)
    print(file)
