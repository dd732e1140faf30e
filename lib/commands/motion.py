"""``python -m lib motion …``: motions of one's own played in a page or exported, and videos of a corpus' clips."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lib.base.errors import CorpusError, ParamsError
from lib.base.paths import BUILD
from lib.commands.profile import DEFAULT, ParamsFile, checked, embed_corpora

if TYPE_CHECKING:
    from lib.motion.skeleton import Array

app = typer.Typer(
    no_args_is_help=True, help="Play, export or render motions: .npy files of joints (T, 22, 3) or features."
)
MOST = 6
Rate = Annotated[float, typer.Option(help="frames a second", min=0.01, max=655)]


@app.command()
def play(
    files: Annotated[list[Path], typer.Argument(help=f".npy files, at most {MOST}, shown side by side")],
    fps: Rate = 20.0,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="page to write")] = None,
    opened: Annotated[
        bool | None, typer.Option("--open/--no-open", help="open the page; by default where there is a display")
    ] = None,
) -> None:
    """Writes one page that plays the motions and prints its path."""
    from lib.draw.motion_player import Motion, Track, page

    if len(files) > MOST:
        raise ParamsError(f"{len(files)} motions do not fit side by side", fix=f"give at most {MOST}")
    tracks = [Track.of(Motion(_joints(file), file.stem, fps=fps)) for file in files]
    target = out or BUILD / "motion" / f"{files[0].stem}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(tracks, title=", ".join(file.stem for file in files)), encoding="utf-8")
    print(target)
    if _wanted(opened):
        import webbrowser

        webbrowser.open(target.resolve().as_uri())


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help=".npy file")],
    out: Annotated[Path, typer.Option("-o", "--out", help="a .gif or .bvh file")],
    fps: Rate = 20.0,
) -> None:
    """Writes a motion as an animated GIF or as BVH (centimetres, for animation programs)."""
    kind = check_kind(out)
    joints = _joints(file)
    try:
        write(joints, out, kind, fps=fps)
    except CorpusError as error:
        raise CorpusError(error.what, where=file, fix=error.fix) from None
    print(out)


@app.command()
def render(
    file: Annotated[Path | None, typer.Argument(help=".npy file; without it, clips of a corpus")] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="an .mp4 file; of a corpus, the folder of videos")
    ] = None,
    fps: Rate = 20.0,
    size: Annotated[int, typer.Option(help="pixels of width and height, an even number")] = 320,
    corpus: Annotated[str | None, typer.Option(help="corpus, by its key in the parameter file")] = None,
    params_file: ParamsFile = DEFAULT,
    clips: Annotated[list[str] | None, typer.Option(help="id of a clip; repeatable; all without it")] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="that many, drawn as captions make draws them")] = None,
    force: Annotated[bool, typer.Option("--force", help="also what was rendered before; never a recording")] = False,
) -> None:
    """Writes a motion as an mp4, or videos/<clip_id>.mp4 for the clips of a corpus that have a motion and no video."""
    if (file is None) == (corpus is None):
        raise ParamsError("give one of the two, a file or --corpus", where="motion render")
    if file is not None:
        from lib.draw.video import render as rendered

        target = out or file.with_suffix(".mp4")
        check_kind(target, (".mp4",))
        rendered(_joints(file), target, fps=fps, size=size)
        print(target)
        return
    from lib.commands.videos import render_corpus

    profile = checked(params_file)
    embed_corpora(profile)
    render_corpus(profile, str(corpus), folder=out, clips=clips, sample=sample, size=size, force=force)


def check_kind(out: Path, kinds: tuple[str, ...] = (".gif", ".bvh")) -> str:
    """The suffix of a file to write, in small letters.

    Raises:
        ParamsError: another one than those that can be written.
    """
    kind = out.suffix.lower()
    if kind not in kinds:
        raise ParamsError(
            f"cannot export to {kind or 'a file without suffix'}", where=out, fix=f"use {' or '.join(kinds)}"
        )
    return kind


def write(joints: "Array", out: Path, kind: str, *, fps: float) -> None:
    """Writes joints (T, 22, 3) in metres as an animated picture or as BVH; the file appears whole.

    Args:
        joints: the lowest one at 0.
        out: where to; its folder is made.
        kind: `.gif` or `.bvh`.
        fps: frames a second.

    Raises:
        CorpusError: a motion too long for a picture.
    """
    from lib.base import atomic
    from lib.draw import animation
    from lib.motion import bvh

    with atomic.replaced(out) as part:
        if kind == ".bvh":
            part.write_text(bvh.bvh(joints, fps=fps), encoding="utf-8")
        else:
            animation.save_gif(joints, part, fps=fps)


def _joints(file: Path) -> "Array":
    from lib.motion import motion_file

    joints = motion_file.read(file)
    for doubt in motion_file.doubts(joints):
        print(f"note: {file}: {doubt}", file=sys.stderr)
    return joints


def _wanted(opened: bool | None) -> bool:
    if opened is not None:
        return opened
    display = sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(display) and sys.stdout.isatty()
