"""The profile that a command is for: its parameter file, checked, its embedded corpora, and its notebooks' models."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from lib.base.cache_use import MODELS, collected
from lib.base.device import choose
from lib.base.errors import CorpusError
from lib.base.hashes import text_sha256
from lib.base.paths import ROOT
from lib.engine.parameters import choose_engine
from lib.run import params
from lib.run.params import Profile
from lib.run.pipeline import Notebook

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
    choose(profile.device, profile.precision)
    choose_engine(profile.engine)
    for key, source in profile.corpora.items():
        if profile.demo is None and not Path(source.root).is_dir():
            raise CorpusError("no such folder", where=source.root, fix=f"set corpora.{key}.root in {params_file}")
    return profile


def embed_corpora(profile: Profile) -> None:
    """Writes the embedded corpora of a profile, if it has any, unless they are there as its parameters want them."""
    if profile.demo is not None:
        from lib.demo import embedded

        embedded.ensure(**profile.demo.corpora)
        if profile.demo.dm_videos:
            _film(profile, profile.demo.dm_videos)


def _film(profile: Profile, count: int) -> None:
    from lib.commands.videos import render_corpus
    from lib.demo.embedded import CORPORA

    dm = ROOT / str(profile.demo and profile.demo.folder) / CORPORA[1]
    for key, source in profile.corpora.items():
        if Path(source.root) == dm.resolve():
            render_corpus(profile, key, sample=count)


def models_of(notebooks: list[Notebook]) -> set[str]:
    """The models that notebooks need."""
    return {model for notebook in notebooks for model in notebook.models}


def prepare(profile: Profile, notebooks: list[Notebook]) -> None:
    """Fetches and trains the models that notebooks need, and passes captions through them."""
    with collected(profile.profile, MODELS, content=text_sha256(profile.model_dump_json())):
        _prepare(profile, models_of(notebooks))


def _prepare(profile: Profile, needed: set[str]) -> None:
    if "mpnet" in needed:
        from lib.text import mpnet

        mpnet.fetch(profile.mpnet)
    if "tmr" in needed:
        from lib.run import profile_tmr

        profile_tmr.prepare(profile)
    trainings = _trainings(needed) if needed & {"tmr", "evaluator"} else []
    if len(trainings) > 1 and _of_one_thread(profile):
        from lib.models.parallel import meanwhile

        first, second = trainings
        with meanwhile(second, profile):
            first(profile)
    else:
        for train in trainings:
            train(profile)


def _trainings(needed: set[str]) -> list[Callable[[Profile], Path]]:
    """What trains the evaluators, or finds them trained."""
    from lib.run import profile_evaluators, profile_tmr

    of = {"tmr": profile_tmr.run_dir, "evaluator": profile_evaluators.run_dir}
    return [of[name] for name in of if name in needed]


def _of_one_thread(profile: Profile) -> bool:
    """Whether both evaluators ask for one thread, so that either leaves a processor to the other."""
    return all(asked.training.threads == 1 for asked in (profile.models.tmr, profile.models.evaluator))
