"""``python -m lib survey …``: makes the page and its key, and joins what respondents hand in."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lib.commands.profile import DEFAULT, ParamsFile, embed_corpora

if TYPE_CHECKING:
    from markupsafe import Markup

    from lib.corpus import Corpus
    from lib.run.params import Profile
    from lib.survey.items import Survey

app = typer.Typer(no_args_is_help=True, help="The survey among people: its page, its key, its answers.")


@app.command()
def make(params_file: ParamsFile = DEFAULT) -> None:
    """Writes the survey of a profile as one HTML file, and beside it the key that stays with the makers."""
    from lib import corpus
    from lib.base import atomic
    from lib.base.paths import BUILD, ROOT
    from lib.run import params
    from lib.survey import key, page
    from lib.survey.asked import survey_of

    profile = params.load(params_file)
    embed_corpora(profile)
    corpora = {k: corpus.load(one.kind, one.root, name=one.label) for k, one in profile.corpora.items()}
    survey, shown = survey_of(profile.survey, corpora)
    folder = BUILD / "survey"
    media = _media(survey, shown, profile, folder)
    html = page.render(survey, media, profile.survey, synthetic=profile.synthetic)
    aside = key.write(key.Key.of(survey, profile.profile), folder / f"{profile.profile}.key.json")
    target = folder / f"{profile.profile}.html"
    atomic.write_text(target, html)
    _tell(survey, profile, aside, "the page holds captions of a private corpus; give it to respondents only")
    n, size = len(survey.items), target.stat().st_size / 1e6
    again, gold = (sum(bool(getattr(item, name)) for item in survey.items) for name in ("repeats", "false"))
    checks = f" ({again} repeated, {gold} gold)" if again or gold else ""
    print(f"{target.relative_to(ROOT)}: {n} items{checks}, {len(survey.captioners)} captioners, {size:.1f} MB")


@app.command()
def merge(
    responses: Annotated[list[Path], typer.Argument(help="exported files, or folders of them")],
    key: Annotated[Path | None, typer.Option(help="the survey's key; the profile's by default")] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="table to write")] = Path("survey.csv"),
    complete: Annotated[bool, typer.Option(help="leave out respondents who did not finish")] = False,
    params_file: ParamsFile = DEFAULT,
) -> None:
    """Validates exports and joins them; whatever is left out or odd is said in one line with its file."""
    from lib.base import atomic
    from lib.base.paths import BUILD
    from lib.run import params
    from lib.survey import key as keys
    from lib.survey.merging import files_in, join

    used = keys.read(key or BUILD / "survey" / f"{params.load(params_file).profile}.key.json")
    files, passed = files_in(responses)
    merged = join(files, used, complete=complete, passed=passed)
    for problem in merged.problems:
        print(problem, file=sys.stderr)
    atomic.write_text(output, merged.votes.to_csv(index=False, lineterminator="\n"))
    print(f"{output}: {merged.summary()}")


@app.command("to-label-studio")
def to_label_studio(
    address: Annotated[str, typer.Argument(help="where Label Studio finds the videos' folder, as a prefix")],
    params_file: ParamsFile = DEFAULT,
) -> None:
    """Writes a pairwise survey with videos as tasks of Label Studio, its labelling interface, and the key."""
    import json

    from lib import corpus
    from lib.base import atomic
    from lib.base.paths import BUILD, ROOT
    from lib.run import params
    from lib.survey import key, label_studio
    from lib.survey.asked import survey_of, videos_of
    from lib.survey.media import video, video_of

    profile = params.load(params_file)
    embed_corpora(profile)
    corpora = {k: corpus.load(one.kind, one.root, name=one.label) for k, one in profile.corpora.items()}
    survey, _ = survey_of(profile.survey, corpora)
    videos = videos_of(profile.survey)
    if videos is None:
        raise key.SurveyError("Label Studio shows videos only", fix="set survey.videos to a folder of <clip_id>.mp4")
    folder, name = BUILD / "survey", profile.profile
    places = {}
    for item in survey.items:
        video(videos, item.clip_id, item.code, beside=folder / f"{name}_videos")
        file = video_of(videos, item.clip_id)
        places[item.code] = f"{address}{item.code}{file.suffix if file else ''}"
    made = label_studio.tasks(survey, places)
    aside = key.write(key.Key.of(survey, name), folder / f"{name}.key.json")
    atomic.write_text(folder / f"{name}.tasks.json", json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    atomic.write_text(folder / f"{name}.labelling.xml", label_studio.labelling(survey))
    _tell(survey, profile, aside, "tasks and videos are of a private corpus; load them into a Label Studio of your own")
    print(f"{(folder / f'{name}.tasks.json').relative_to(ROOT)}: {len(made)} tasks; videos in {name}_videos")


@app.command("from-label-studio")
def from_label_studio(
    export: Annotated[Path, typer.Argument(help="Label Studio's JSON export")],
    dest: Annotated[Path, typer.Argument(help="folder for one file a person, which merge reads")],
    key: Annotated[Path | None, typer.Option(help="the survey's key; the profile's by default")] = None,
    params_file: ParamsFile = DEFAULT,
) -> None:
    """Turns Label Studio's answers into files as the page exports them; what is left out is said in one line each."""
    from lib.base import atomic
    from lib.base.paths import BUILD
    from lib.run import params
    from lib.survey import key as keys
    from lib.survey import label_studio

    used = keys.read(key or BUILD / "survey" / f"{params.load(params_file).profile}.key.json")
    responses, problems = label_studio.read(export, used)
    for problem in problems:
        print(problem, file=sys.stderr)
    for response in responses:
        atomic.write_text(dest / f"{response.respondent}.json", label_studio.export(response))
    print(f"{dest}: {len(responses)} respondents, {sum(len(one.items) for one in responses)} answers")


def _tell(survey: "Survey", profile: "Profile", aside: Path | None, private: str) -> None:
    """What its makers have to know of a survey: a key that was moved, fewer items than asked for, private captions."""
    from lib.base.paths import ROOT

    gold = sum(bool(item.false) for item in survey.items)
    notes = []
    if aside is not None:
        notes.append(f"another survey's key is now {aside.relative_to(ROOT)}")
    if len(survey.asked) < profile.survey.items:
        wanted = f"{len(survey.asked)} of the {profile.survey.items} items asked for"
        notes.append(f"{wanted}: no further clip has a caption by every captioner")
    if gold < profile.survey.gold:
        few = f"{gold} of the {profile.survey.gold} gold items asked for"
        notes.append(f"{few}: no further clip that is described differently")
    if profile.redacted:
        notes.append(private)
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def _media(survey: "Survey", shown: "Corpus", profile: "Profile", folder: Path) -> "dict[str, Markup]":
    from lib.survey import media
    from lib.survey.asked import videos_of

    videos = videos_of(profile.survey)
    if videos is None:
        return {item.code: media.motion(shown, item.clip_id) for item in survey.items}
    beside = None if profile.survey.embed_videos else folder / f"{profile.profile}_videos"
    return {item.code: media.video(videos, item.clip_id, item.code, beside=beside) for item in survey.items}
