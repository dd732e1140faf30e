"""The commands of ``python -m lib …``, what the Makefile's recipes call."""

from pathlib import Path
from typing import Annotated

import typer

from lib import params
from lib.errors import CorpusError
from lib.motion.commands import app as motion
from lib.own_data.commands import app as own_data
from lib.params import Profile
from lib.pipeline import Notebook
from lib.survey.commands import app as survey

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.add_typer(survey, name="survey")
app.add_typer(motion, name="motion")
app.add_typer(own_data, name="corpus")
ParamsFile = Annotated[str, typer.Option("--params", envvar="PARAMS", help="parameter file")]
DEFAULT = "params/demo.yml"


def _checked(params_file: str) -> Profile:
    profile = params.load(params_file)
    for key, source in profile.corpora.items():
        if profile.demo is None and not Path(source.root).is_dir():
            raise CorpusError("no such folder", where=source.root, fix=f"set corpora.{key}.root in {params_file}")
    return profile


@app.command("check-params")
def check_params(params_file: ParamsFile = DEFAULT) -> None:
    """Refuses a parameter file with unknown keys, wrong types, values out of range or missing data."""
    _checked(params_file)


@own_data.callback(invoke_without_command=True)
def corpus(context: typer.Context, params_file: ParamsFile = DEFAULT) -> None:
    """Without a command: checks the parameters, then builds the embedded corpora where they are missing or stale."""
    if context.invoked_subcommand is None:
        _embed(params_file)


def _embed(params_file: str) -> None:
    from lib import embedded

    profile = _checked(params_file)
    if profile.demo is not None:
        embedded.ensure(profile.demo)


@app.command()
def models(params_file: ParamsFile = DEFAULT) -> None:
    """Fetches, verifies and trains the models that the profile's notebooks need."""
    from lib.pipeline import in_order

    profile = _checked(params_file)
    _prepare(profile, in_order(profile.notebooks))


def _prepare(profile: Profile, notebooks: list[Notebook]) -> None:
    """Fetches and trains the models that notebooks need, and passes captions through them."""
    needed = {model for notebook in notebooks for model in notebook.models}
    if "mpnet" in needed:
        from lib.models import mpnet

        mpnet.fetch(Path(profile.models.mpnet) if profile.models.mpnet else None)
    if "tmr" in needed:
        from lib.models import profile_tmr

        profile_tmr.prepare(profile)
        profile_tmr.run_dir(profile)


@app.command("embed-videos")
def embed_videos(
    key: Annotated[str, typer.Argument(help="corpus, by its key in the parameter file")],
    params_file: ParamsFile = DEFAULT,
) -> None:
    """Embeds videos and captions of a manifest with the video-text model, into the manifest's folder."""
    from lib import corpus as corpora
    from lib.errors import ParamsError
    from lib.models.video_text import VideoText
    from lib.models.video_text_files import embed

    profile = params.load(params_file)
    source, wanted = profile.corpora.get(key), profile.models.video_text
    if source is None or source.kind != "manifest":
        raise ParamsError("no manifest of that key", where=key, fix=f"see corpora in {params_file}")
    model = VideoText.load(**wanted.model_dump(exclude={"videos"}))
    loaded = corpora.load(source.kind, source.root, name=source.label)
    done = embed(loaded, model, Path(source.root) / Path(wanted.videos).expanduser())
    print(f"{source.label}: {done.videos} videos, {done.captions} captions, {done.without_video} clips without a video")


@app.command()
def run(
    notebook: Annotated[
        str | None, typer.Argument(help="stem of one notebook; all of the profile's without it")
    ] = None,
    params_file: ParamsFile = DEFAULT,
    force: Annotated[bool, typer.Option(help="run even when the result is fresh")] = False,
) -> None:
    """Runs the notebooks whose results are missing or stale."""
    from lib import runner
    from lib.errors import ParamsError
    from lib.exploring import last_profile
    from lib.locks import exclusive
    from lib.pipeline import BY_STEM

    profile = params.load(params_file)
    if notebook is not None and notebook not in BY_STEM:
        raise ParamsError("no such notebook", where=notebook, fix=f"there are {', '.join(BY_STEM)}")
    last_profile.remember(params_file)
    if notebook is None:
        runner.run_all(profile, params_file)
    else:
        with exclusive("results"):
            runner.run(BY_STEM[notebook], profile, params_file, force=force)


@app.command()
def report(params_file: ParamsFile = DEFAULT) -> None:
    """Everything: embedded corpora, models, notebooks and site, in one process so that nothing to do takes no time."""
    from lib import runner
    from lib.exploring import last_profile
    from lib.freshness import stale
    from lib.stopwatch import Stopwatch

    watch = Stopwatch()
    watch.installation()
    with watch.lap("corpora"):
        _embed(params_file)
    profile = params.load(params_file)
    last_profile.remember(params_file)
    with watch.lap("models"):
        _prepare(profile, stale(profile))
    watch.laps |= runner.run_all(profile, params_file)
    with watch.lap("site"):
        site(params_file)
    if told := str(watch):
        print(f"time: {told}")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Opens JupyterLab, whose options may follow, on a page that lists the notebooks and the profile they run on."""
    from lib.exploring import start_page

    start_page.open_lab(context.args)


@app.command()
def collect(params_file: ParamsFile = DEFAULT) -> None:
    """Gathers pages, figures, tables and values into the folder that either renderer reads."""
    from lib import publication

    publication.collect(params.load(params_file))


@app.command()
def site(params_file: ParamsFile = DEFAULT) -> None:
    """Renders the site where its inputs changed, then prints its path and the findings."""
    from lib import publication

    publication.render(params.load(params_file))


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(help="results of a profile, such as results/demo")],
    after: Annotated[Path, typer.Argument(help="results to hold against them, of this checkout or of another")],
    html: Annotated[Path | None, typer.Option(help="page to write as well")] = None,
) -> None:
    """Shows which values moved from one run to another, how far by their intervals, and which inputs changed."""
    from lib import comparison

    made = comparison.compare(before, after)
    if html is not None:
        from lib.atomic import write_text
        from lib.comparison.page import page

        write_text(html, page(made))
    for line in [*made.lines(), *([f"page: {html}"] if html else [])]:
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
    from lib import publication

    print(publication.publish(dest, params.load(params_file), expose_private=expose_private))
