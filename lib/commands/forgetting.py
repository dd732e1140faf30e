"""``python -m lib forget …``: consent withdrawn later, clips removed from everything that was made of them."""

from pathlib import Path
from typing import Annotated

import typer

from lib.commands.profile import DEFAULT, ParamsFile
from lib.run import params


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
    from lib.forgetting.forget import forget as lines

    profile = params.load(params_file)
    folders = [folder.expanduser() for folder in published or ()]
    with exclusive("results"), exclusive("site"):
        for line in lines(profile, corpus, clips or (), refused=refused, published=folders):
            print(line, flush=True)
