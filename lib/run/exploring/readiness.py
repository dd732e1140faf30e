"""What a notebook lacks before it can run in Jupyter, and the one command that makes it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from lib.base import state
from lib.base.errors import CorpusError, ModelError, RunError, UserError
from lib.base.paths import CACHE
from lib.run.params import Profile
from lib.run.pipeline import BY_STEM, Notebook
from lib.run.provenance import has_result

AGAIN = "it is trained again"


def lacking(notebook: Notebook, profile: Profile, file: str, *, models: Path = CACHE / "models") -> UserError | None:
    """The first thing that is not there: a corpus, a model, or the result of a notebook that it reads.

    Args:
        notebook: which.
        profile: as its parameter file has it.
        file: the parameter file, for the command to name.
        models: where models are kept.

    Returns:
        An error that says what to run, or None where the notebook can start.
    """
    for key, source in profile.corpora.items():
        if not Path(source.root).is_dir():
            if profile.demo is not None:
                return CorpusError(f"{source.label} is not made yet", fix=f"run: make corpora PARAMS={file}")
            return CorpusError("no such folder", where=source.root, fix=f"set corpora.{key}.root in {file}")
    for name, there in (("mpnet", _mpnet), ("tmr", _tmr)):
        if name in notebook.models and not there(profile, models):
            return ModelError(f"the model {name.upper()} is not here yet", fix=f"run: make models PARAMS={file}")
    for stem in profile.upstream(notebook):
        if stem in profile.notebooks and not has_result(BY_STEM[stem].results(profile.profile)):
            told = f"{notebook.stem} reads the result of {stem}, which has not run"
            return RunError(told, fix=f"run: make results PARAMS={file}")
    return None


def _mpnet(profile: Profile, models: Path) -> bool:
    from lib.text import mpnet

    return profile.mpnet is not None or mpnet.place(models).is_dir()


def _tmr(profile: Profile, models: Path) -> bool:
    """Whether some TMR of these sizes was trained; that it was on these very corpora shows only when it is loaded."""
    asked = profile.models.tmr
    if asked.run_dir:
        return True
    wanted = {"sizes": asdict(asked.sizes), "training": asdict(asked.training)}
    made = (state.read(file, dict[str, Any], then=AGAIN) or {} for file in models.glob("tmr-*/training.json"))
    return any(one.get("sizes") == wanted["sizes"] and one.get("training") == wanted["training"] for one in made)
