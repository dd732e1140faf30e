"""The demo's captioners: servers on the loopback that answer from its grammar, for as long as a command asks them.

A captioner whose `base_url` has the port 0 is such a one. Everything else is as with real servers: videos are rendered
and sent, answers come through the vendors' packages, with faults of delivery and of wording planted among them.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lib.base import atomic, state
from lib.base.errors import ParamsError
from lib.base.hashes import corpus_fingerprint, digest, file_sha256, folder_sha256, hash_files, text_sha256
from lib.base.imported_code import imported_files
from lib.base.paths import ROOT, shown
from lib.captioning.parameters import LEFT, PLANTED, Captioner, CaptioningParameters
from lib.commands import videos
from lib.run.params import Profile

if TYPE_CHECKING:
    from lib.captioning.question import Clip

CODE = "import lib.captioning.making, lib.captioning.sample, lib.demo.mllm_server, lib.draw.video"
STAMP = "made_from.json"
JOURNAL = ".journal"
"""In the folder of a simulation, so that it goes with the answers."""
ANY_PORT = 0


def simulated(asked: Captioner) -> bool:
    """Whether a captioner is one that the demo plays."""
    return asked.base_url is not None and urlsplit(asked.base_url).port == ANY_PORT


def is_simulation(profile: Profile) -> bool:
    """Whether all captioners of a profile are simulated, so that asking them costs nothing.

    Raises:
        ParamsError: some are and some are not, or the profile has no demo whose grammar could answer.
    """
    names = [name for name, one in profile.captioning.captioners.items() if simulated(one)]
    if not names:
        return False
    where = f"captioning.captioners.{names[0]}.base_url"
    if profile.demo is None or profile.captioning.corpus != "dm":
        what = "port 0 stands for the demo's simulated captioner, which knows its own corpus dm only"
        raise ParamsError(what, where=where, fix="name the port at which the server listens")
    if len(names) < len(profile.captioning.captioners):
        fix = "give the others a parameter file of their own"
        raise ParamsError("simulated captioners stand beside others", where=where, fix=fix)
    return True


@contextmanager
def served(profile: Profile, clips: list["Clip"], folder: Path) -> Iterator[CaptioningParameters]:
    """Runs a server for each captioner, and says in a file of the folder what is planted in its answers.

    Each wants a key of its own making, which the environment variable of the block holds meanwhile.

    Args:
        profile: with simulated captioners only.
        clips: that are asked about.
        folder: of the captions.

    Yields:
        The block, with the addresses of the servers.
    """
    import numpy as np

    from lib.demo.corpora.dm import performed
    from lib.demo.mllm_server import Grammar, MLLMServer, plant

    assert profile.demo is not None
    told = performed(profile.demo.seed, profile.demo.dm_clips)
    specs = {clip.sha256: told[clip.clip_id] for clip in clips}
    counts, block = {}, profile.captioning
    key = secrets.token_hex(16)
    with ExitStack() as stack:
        captioners = {}
        for name, asked in block.captioners.items():
            questions = len(asked.prompts) * len(asked.temperatures or [None])
            rng = np.random.default_rng([profile.demo.seed, 16, *name.encode()])
            planted = plant(sorted(specs), questions, rng)
            counts[name] = planted.counts
            server = MLLMServer(Grammar(specs, planted.wording), key=key, faults=planted.faults)
            stack.enter_context(server)
            path = urlsplit(str(asked.base_url)).path
            captioners[name] = asked.model_copy(update={"base_url": server.url + path})
        names = {one.key for one in block.captioners.values() if one.key}
        stack.enter_context(_environment(dict.fromkeys(names, key)))
        folder.mkdir(parents=True, exist_ok=True)
        atomic.write_text(folder / PLANTED, json.dumps(counts, indent=1, sort_keys=True))
        yield block.model_copy(update={"captioners": captioners})


def folder_of(profile: Profile) -> Path:
    """The folder of a simulation, outside its corpus, whose own candidates stay as they were planted.

    Raises:
        ParamsError: the block names none outside.
    """
    root = Path(profile.corpora["dm"].root)
    folder = profile.captioning.place(root).resolve()
    if root in (folder, *folder.parents) or folder in root.parents:
        fix = "name one of its own, such as build/captions/demo"
        raise ParamsError("simulated captions need a folder outside the corpus", where="captioning.folder", fix=fix)
    return folder


def is_made(profile: Profile) -> bool:
    """Whether the folder holds exactly what these parameters, this corpus and this code make; reads only hashes."""
    return state.read(folder_of(profile) / STAMP, dict[str, Any]) == _stamp(profile)


def begin(profile: Profile) -> None:
    """Clears what was made of another corpus or by other code, since a simulated answer costs nothing to make anew.

    Raises:
        ParamsError: the folder holds what no simulation made.
    """
    folder, origin = folder_of(profile), _origin(profile)
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / STAMP).is_file():
            fix = "choose another folder, or move it away"
            raise ParamsError(f"{shown(folder)} holds other things", where="captioning.folder", fix=fix)
        stamp = state.read(folder / STAMP, dict[str, Any])
        if stamp is None or stamp.get("origin") != origin:
            shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    atomic.write_text(folder / STAMP, json.dumps({"origin": origin}, indent=1))


def end(profile: Profile) -> None:
    """Notes that everything is made."""
    atomic.write_text(folder_of(profile) / STAMP, json.dumps(_stamp(profile), indent=1))


def _stamp(profile: Profile) -> dict[str, Any]:
    folder, block = folder_of(profile), profile.captioning
    names = sorted({name for one in block.captioners.values() for name in one.prompts})
    prompts = hash_files(ROOT / "params" / "prompts", [f"{name}.{kind}" for name in names for kind in ("txt", "json")])
    return {
        "origin": _origin(profile),
        "asked": text_sha256(block.model_dump_json()),
        "prompts": prompts,
        "files": hash_files(folder, [LEFT]),
        "videos": digest(folder_sha256(videos.folder_of(profile, profile.corpora["dm"])).items()),
    }


def _origin(profile: Profile) -> dict[str, str]:
    code = {path.relative_to(ROOT).as_posix(): file_sha256(path) for path in imported_files(CODE)}
    return {"corpus": corpus_fingerprint(Path(profile.corpora["dm"].root)), "code": digest(code.items())}


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value
