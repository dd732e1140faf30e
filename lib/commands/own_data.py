"""``python -m lib corpus …``: data of one's own, checked, started from an example, or imported."""

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def check(
    root: Annotated[Path, typer.Argument(help="folder in HumanML3D's layout, or a manifest")],
    kind: Annotated[
        str | None, typer.Option(help="humanml3d, manifest or tmr_annotations; recognised without it")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON instead of text")] = False,
    motions: Annotated[bool, typer.Option(help="read every motion to the end, not its header alone")] = True,
) -> None:
    """Explains what is right, odd, missing and wrong in a dataset; exit code 0, or 2 where something is wrong."""
    import json

    from lib.own_data.check import check as look

    done = look(root, kind, motions=motions)
    print(json.dumps(done.as_dict(), indent=1, ensure_ascii=False) if as_json else done.text())
    if done.wrong:
        raise typer.Exit(2)


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="folder to make")]) -> None:
    """Writes an example manifest that loads as it is, with a README on every column and a parameter file."""
    from lib.own_data import example
    from lib.run.pipeline import PIPELINE

    example.write(folder, notebooks=PIPELINE)
    print(f"{folder}: an example to edit; begin with {folder / 'README.md'}")


@app.command()
def rigs(
    takes: Annotated[Path | None, typer.Argument(help="a BVH or GLB file, or a folder whose first is taken")] = None,
) -> None:
    """Lists the rigs that come with the project and, for a file, says how well each fits it."""
    from lib.motion import fitting, recording
    from lib.own_data import clip_rows

    if takes is None:
        print(fitting.listing())
        return
    file = next(iter(clip_rows.files_in(takes).values())) if takes.is_dir() else takes
    print(f"{file}\n{fitting.listing(recording.read(file))}")


def _rig(context: typer.Context, name: str | None) -> str | None:
    if name == "list":
        rigs(context.params.get("folder"))
        raise typer.Exit
    return name


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="folder of BVH or GLB files; subfolders count", is_eager=True)],
    captions: Annotated[Path, typer.Option(help="CSV with the columns file, text and, where known, more")],
    out: Annotated[Path, typer.Option("--out", "-o", help="folder of the manifest to write")],
    rig: Annotated[
        str | None,
        typer.Option(
            callback=_rig,
            help="rig file, or the name of one in params/rigs; found without it. "
            "list: say which rigs there are and how well each fits the first file, and import nothing",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="deals recordings into splits where the CSV names none", min=0)] = 0,
    consent: Annotated[bool, typer.Option("--consent", help="everybody recorded agreed to the use")] = False,
) -> None:
    """Builds a manifest from BVH or GLB files and a table of captions, and a parameter file beside it."""
    from lib.own_data.bvh_import import import_bvh
    from lib.run.pipeline import PIPELINE

    done = import_bvh(folder, captions, out, rig_file=rig, seed=seed, consent=consent, notebooks=PIPELINE)
    for note in done.notes:
        print(f"note: {note}", file=sys.stderr)
    splits = ", ".join(f"{split} {n:,}" for split, n in done.clips.split.value_counts().items())
    print(
        f"{out}: {len(done.clips):,} clips ({splits}), {done.captions:,} captions, {done.hours:.2g} h, rig {done.rig}"
    )
    print(f"next: python -m lib corpus check {out}, then make report PARAMS={out}/params.yml")
