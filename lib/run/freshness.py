"""Whether a notebook's result still follows from its inputs: a stamp of everything it depends on.

A stamp is the JSON of the resolved parameters and the SHA-256 of the notebook's code, of the ``lib`` modules it imports
(transitively), of its corpora, of other models' motions, of captions made here, of what it reads of other results and
of ``constraints.txt``, and the versions of the packages that numbers depend on. It is kept in ``provenance.json``,
beside a digest of the files that were made.
Times of files play no part: a touched file changes nothing, an edit that is taken back changes nothing.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib.base import imported_code, state
from lib.base.errors import ModelError
from lib.base.hashes import corpus_fingerprint, digest, file_sha256, folder_sha256, hash_files, text_sha256
from lib.base.paths import ROOT
from lib.captioning.parameters import LEFT
from lib.models.tmr.sizes import NETWORKS, STATISTICS, statistics_folder
from lib.run.params import Profile
from lib.run.pipeline import BY_STEM, PREPARATION, Notebook, in_order
from lib.run.provenance import has_result, record

STATED = ("lib/run/params.py", "lib/run/pipeline.py")
"""Modules whose code is left out, since what they say of a notebook is in its stamp by value."""


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook: its kind, and its source in one piece or by line."""

    cell_type: str
    source: str | list[str]


@dataclass(frozen=True)
class Source:
    """A notebook, as far as its result depends on it."""

    cells: list[Cell]


def stamp(notebook: Notebook, profile: Profile) -> dict[str, Any]:
    """Everything the notebook's result depends on, as plain JSON values.

    Example:
        >>> from lib.run.params import load
        >>> of_leaks = stamp(BY_STEM["01_similarity_test"], load("params/demo.yml"))
        >>> print(*sorted(of_leaks))
        captions constraints corpora generations lib models notebook params results truth versions
    """
    cells = notebook_cells(notebook.path)
    code = "\n".join(source for kind, source in cells if kind == "code")
    return {
        "params": json.loads(json.dumps(profile.for_notebook(notebook.section, *notebook.reads))),
        "notebook": text_sha256(json.dumps(cells)),
        "lib": {path.relative_to(ROOT).as_posix(): file_sha256(path) for path in sorted(imported_files(code))},
        "corpora": {key: corpus_fingerprint(Path(source.root)) for key, source in profile.corpora.items()},
        "captions": _captions(notebook, profile),
        "generations": _generations(notebook, profile),
        "models": _models(notebook, profile),
        "truth": hash_files(profile.truth.parent, (profile.truth.name,)) if profile.truth else {},
        "results": {stem: _left(BY_STEM[stem], profile) for stem in profile.upstream(notebook)},
        "constraints": file_sha256(ROOT / "constraints.txt"),
        "versions": imported_code.package_versions(),
    }


def is_fresh(folder: Path, wanted: dict[str, Any]) -> bool:
    """Whether a results folder is complete, unaltered and was made from exactly these inputs."""
    if not (has_result(folder) and (folder / "notebook.ipynb").is_file()):
        return False
    made = record(folder) or {}
    return bool(made.get("stamp") == wanted and made.get("outputs") == outputs_fingerprint(folder))


def stale(profile: Profile) -> list[Notebook]:
    """The notebooks of a profile whose result is missing or does not follow from the present inputs, in order."""
    folders = {notebook: notebook.results(profile.profile) for notebook in in_order(profile.notebooks)}
    return [notebook for notebook, folder in folders.items() if not is_fresh(folder, stamp(notebook, profile))]


def changes(folder: Path, wanted: dict[str, Any]) -> str:
    """Which inputs differ from those a result was made from, for the line that says why a notebook runs."""
    if not (folder / "provenance.json").is_file():
        return "no result yet"
    made = record(folder)
    return (made and differences(made.get("stamp"), wanted)) or "the result is incomplete or was altered"


def differences(had: Any, wanted: Any) -> str:
    """The names of the inputs in which two stamps differ, empty when they agree."""
    return ", ".join(_differences(had if isinstance(had, dict) else {}, wanted))


def _left(notebook: Notebook, profile: Profile) -> str | dict[str, str]:
    folder = notebook.results(profile.profile)
    return result_fingerprint(folder) if notebook.leaves is None else hash_files(folder, notebook.leaves)


def _captions(notebook: Notebook, profile: Profile) -> dict[str, str]:
    """What `make captions` left for the profile; empty where nothing is made, or it is not read."""
    source = profile.corpora.get(profile.captioning.corpus or "")
    read = notebook.captioned and source is not None
    return hash_files(profile.captioning.place(Path(source.root)), [LEFT]) if read and source is not None else {}


def _generations(notebook: Notebook, profile: Profile) -> str:
    """Other models' motions that lie outside the corpora; empty where there are none, or none are read."""
    named = profile.evaluation.generations
    reads = "evaluation" in (notebook.section, *notebook.reads)
    return corpus_fingerprint(Path(named).expanduser()) if named and reads else ""


def _models(notebook: Notebook, profile: Profile) -> dict[str, Any]:
    told = {"tmr": _tmr(profile), "momask": profile.models.momask.model_dump(mode="json")}
    told["evaluator"] = _evaluator(profile)
    if profile.models.encoder.kind != "mpnet":
        told["mpnet"] = profile.models.encoder.model_dump(mode="json")
    used = {name: one for name, one in told.items() if name in notebook.models + notebook.may_use}
    return used | _computed(notebook, profile, trains=bool(used.keys() - {"mpnet"}))


def _computed(notebook: Notebook, profile: Profile, *, trains: bool) -> dict[str, str]:
    """The precision of vectors and the device of trainings, where parameters name others than the defaults.

    What ``auto`` stands for is not looked up: a result stays good where it is carried to a machine with a GPU.
    """
    named = {}
    if profile.precision != "float32" and (trains or "mpnet" in notebook.models):
        named["precision"] = str(profile.precision)
    if profile.device.startswith("cuda") and trains:
        named["device"] = "cuda"
    return named


def _tmr(profile: Profile) -> dict[str, Any]:
    asked = profile.models.tmr
    if not asked.run_dir:
        told: dict[str, Any] = asked.model_dump(mode="json", exclude={"run_dir"})
        kept = {"kept": _left(BY_STEM[PREPARATION], profile)} if profile.filters_tmr else {}
        return told | {"text_model": _text_model(asked.text_model)} | kept
    folder = Path(asked.run_dir)
    files = ("config.json", *(f"last_weights/{name}.pt" for name in NETWORKS))
    return {"text_model": _text_model(asked.text_model), **hash_files(folder, files), **_statistics(folder)}


def _evaluator(profile: Profile) -> dict[str, Any]:
    """What the evaluator beside TMR is made of: the files of its folder, or how it is trained, and on what."""
    asked = profile.models.evaluator
    if asked.run_dir:
        return dict(folder_sha256(Path(asked.run_dir)))
    kept = {"kept": _left(BY_STEM[PREPARATION], profile)} if profile.filters_tmr else {}
    return asked.model_dump(mode="json", exclude={"run_dir"}) | kept


def _text_model(named: str | None) -> str | None:
    """What a folder holds; a name on a hub stands for itself."""
    return digest(folder_sha256(Path(named)).items()) if named and Path(named).is_dir() else named


def _statistics(run: Path) -> dict[str, str]:
    try:
        config = json.loads((run / "config.json").read_text(encoding="utf-8"))
        base = str(config["data"]["motion_loader"]["normalizer"]["base_dir"])
        return hash_files(statistics_folder(run, base), STATISTICS)
    except (OSError, ValueError, LookupError, TypeError, RecursionError, ModelError):
        return {}  # whoever loads the run says what is wrong with it


def notebook_cells(path: Path) -> list[tuple[str, str]]:
    """The kind and source of every cell; outputs and metadata do not count.

    Raises:
        RunError: no readable notebook.
    """
    cells = state.required(path, Source, fix="take it from the checkout again").cells
    return [(cell.cell_type, "".join(cell.source)) for cell in cells]


def imported_files(source: str) -> set[Path]:
    """Files of ``lib`` that a piece of code imports, directly or through other modules, but those of `STATED`."""
    return imported_code.imported_files(source, root=ROOT, without=STATED)


def outputs_fingerprint(folder: Path) -> str:
    """One digest for all that a notebook made: values, tables and figures."""
    return digest(_outputs(folder).items())


def result_fingerprint(folder: Path) -> str:
    """One digest for what other notebooks read of a result: its values, tables and arrays."""
    return digest((name, sha) for name, sha in _outputs(folder).items() if not name.startswith("figures/"))


def _outputs(folder: Path) -> dict[str, str]:
    about = {"notebook.ipynb", "provenance.json"}
    return {name: sha for name, sha in folder_sha256(folder).items() if name not in about}


def _differences(had: Any, wanted: Any, prefix: str = "") -> list[str]:
    if isinstance(had, dict) and isinstance(wanted, dict):
        keys = sorted(had.keys() | wanted.keys())
        return [
            line
            for key in keys
            for line in _differences(
                had.get(key), wanted.get(key), f"{prefix}{key}." if prefix != "lib." else f"{key}."
            )
        ]
    return [] if had == wanted else [prefix.removeprefix("params.").rstrip(".")]
