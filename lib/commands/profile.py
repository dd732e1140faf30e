"""The profile that a command is for: its parameter file, checked, and its embedded corpora, written if it has any."""

from pathlib import Path
from typing import Annotated

import typer

from lib.base.errors import CorpusError
from lib.run import params
from lib.run.params import Profile

ParamsFile = Annotated[str, typer.Option("--params", envvar="PARAMS", help="parameter file")]
DEFAULT = "params/demo.yml"


def checked(params_file: str) -> Profile:
    """Reads a parameter file.

    Args:
        params_file: as the user gave it.

    Returns:
        The profile; every corpus that it does not write itself is there.

    Raises:
        ParamsError: a file that cannot be used as written.
        CorpusError: a corpus that is not there.
    """
    profile = params.load(params_file)
    for key, source in profile.corpora.items():
        if profile.demo is None and not Path(source.root).is_dir():
            raise CorpusError("no such folder", where=source.root, fix=f"set corpora.{key}.root in {params_file}")
    return profile


def embed_corpora(profile: Profile) -> None:
    """Writes the embedded corpora of a profile, if it has any, unless they are there as its parameters want them."""
    if profile.demo is not None:
        from lib.demo import embedded

        embedded.ensure(**profile.demo.model_dump())
