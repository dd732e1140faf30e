"""``python -m lib generations …``: motions that other generators made, brought into the layout that 06 judges."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from lib.base.errors import ParamsError
from lib.commands.profile import DEFAULT, ParamsFile, checked, embed_corpora

if TYPE_CHECKING:
    from lib.corpus import Corpus
    from lib.corpus.feature_statistics import FeatureStatistics
    from lib.run.params import Profile

app = typer.Typer(no_args_is_help=True, help="Motions of other generators, to be judged beside the reference one.")


@app.callback()
def generations() -> None:
    """Keeps `import` a command of its own, although there is no other."""


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="what a generator wrote: MDM's results.npy, a .npy file, a folder")],
    model: Annotated[str, typer.Option(help="what the generator is called in tables")],
    to: Annotated[
        Path | None, typer.Option(help="folder of generations; by default the one that 06 reads for the profile")
    ] = None,
    features: Annotated[
        Literal["normalised", "plain"] | None,
        typer.Option(help="what arrays of 263 features are; looked at, and said, without it"),
    ] = None,
    statistics: Annotated[
        Path | None, typer.Option(help="folder of the Mean.npy and Std.npy of normalised features; the corpus' own")
    ] = None,
    fps: Annotated[float, typer.Option(help="frames a second of joints", min=1, max=1000)] = 20.0,
    ids: Annotated[Path | None, typer.Option(help="clips of numbered motions, one a line")] = None,
    captions: Annotated[
        Path | None, typer.Option(help="prompts of numbered motions, one a line, as the test captions have them")
    ] = None,
    lengths: Annotated[Path | None, typer.Option(help="frames of the motions of one array, one a line")] = None,
    ik: Annotated[bool, typer.Option("--ik", help="take MoMask's motions with feet put on the floor")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="replace motions of the same name")] = False,
    params_file: ParamsFile = DEFAULT,
) -> None:
    """Lays motions out as generations/MODEL/<repeat>/<clip_id>.npy, by the test clips of the profile's benchmark."""
    from lib import corpus
    from lib.corpus.foreign_generations import matching
    from lib.corpus.foreign_generations.importing import Units, import_generations
    from lib.corpus.foreign_generations.samples import read_samples
    from lib.models.evaluation_prompts import FEWEST, MOST

    if ids is not None and captions is not None:
        raise ParamsError("--ids and --captions say the same", fix="give one of them")
    profile = checked(params_file)
    embed_corpora(profile)
    one = next(iter(profile.corpora.values()))
    benchmark = corpus.load(one.kind, one.root, name=one.label, **one.licensed)
    asked = matching.test_captions(benchmark, FEWEST, MOST)
    cuts = None if lengths is None else matching.read_lengths(lengths)
    samples = read_samples(source, {*benchmark.clips["clip_id"]}, lengths=cuts, ik=ik)
    matched = matching.match(
        samples.found,
        asked,
        ids=None if ids is None else matching.read_list(ids),
        prompts=None if captions is None else matching.read_list(captions),
    )
    units = Units(features, _statistics(benchmark, statistics), fps)
    folder = _folder(profile) if to is None else to.expanduser()
    done = import_generations(matched, folder, model, asked, units=units, replace=replace)
    if samples.passed:
        first, why = samples.passed[0]
        print(f"note: {len(samples.passed):,} files are passed over (first: {first}, {why})", file=sys.stderr)
    for note in done.notes:
        print(f"note: {note}", file=sys.stderr)
    print(f"{done.folder}: {done.motions:,} motions of {done.clips:,} test clips, repeats: {done.repeats}")
    if folder != _folder(profile):
        print(f"next: evaluation: {{generations: {folder}}} in {params_file}")


def _statistics(benchmark: "Corpus", named: Path | None) -> "FeatureStatistics | None":
    from lib.corpus.feature_statistics import read_feature_statistics

    if named is None:
        return benchmark.statistics
    found = read_feature_statistics(named) or read_feature_statistics(named, names=("mean.npy", "std.npy"))
    if found is None:
        raise ParamsError("holds no Mean.npy and Std.npy", where=named, fix="name the folder of both")
    return found


def _folder(profile: "Profile") -> Path:
    """The folder of generations that 06 reads."""
    from lib.corpus.generations import OPTIONAL

    named, root = profile.evaluation.generations, next(iter(profile.corpora.values())).root
    return Path(named).expanduser() if named is not None else Path(root) / OPTIONAL
