"""The consent that code which comes with a model needs: a commit on the hub, or the hash of a folder's files."""

import json
from pathlib import Path

from lib.base.errors import ModelError
from lib.base.hashes import digest, file_sha256
from lib.text.hugging_face import COMMIT

CONFIGS = ("config.json", "preprocessor_config.json", "processor_config.json", "tokenizer_config.json")
"""Files of a model folder in which `auto_map` names code."""


def consent(name: str, folder: Path, *, revision: str | None, code_sha256: str | None) -> None:
    """Refuses code that comes with a model unless its very content was agreed to.

    Code on the hub is fixed by the commit, code in a folder by the hash of its files. Code that a model borrows from
    another repository is fixed by neither.

    Args:
        name: of the model, a folder or `owner/name` on the hub.
        folder: where its files lie; of a model on the hub only the configurations have to.
        revision: the commit of a model on the hub.
        code_sha256: `code_hash` of the folder as it was read.

    Raises:
        ModelError: no commit, no hash, another hash, or code of another repository.
    """
    for file in (folder / config for config in CONFIGS):
        if file.is_file() and (borrowed := _borrowed(file)):
            fix = "copy the model and that code into one folder, read it, and name the folder"
            raise ModelError(f"runs code of another repository ({borrowed})", where=name, fix=fix)
    if not Path(name).expanduser().is_dir():
        if not COMMIT.fullmatch(revision or ""):
            fix = "set models.video_text.revision to the full hash of the commit that you read"
            raise ModelError("trust_remote_code holds for one commit only", where=name, fix=fix)
        return
    if code_sha256 != (found := code_hash(folder)):
        what = "its code is not what was agreed to" if code_sha256 else "trust_remote_code holds for known code only"
        fix = f"read its .py files, then set models.video_text.code_sha256 to {found}"
        raise ModelError(what, where=name, fix=fix)


def code_hash(folder: Path) -> str:
    """One hash of every Python file below a folder, by relative path; of the one loaded no matter which."""
    return digest((path.relative_to(folder).as_posix(), file_sha256(path)) for path in sorted(folder.rglob("*.py")))


def _borrowed(file: Path) -> str:
    """The reference of an `auto_map` to code of another repository, written owner/name--module.Class; else nothing."""
    try:
        named = json.loads(file.read_text(encoding="utf-8")).get("auto_map") or {}
        return next((str(one) for one in _texts(named) if "--" in one), "")
    except (ValueError, AttributeError):
        return ""  # transformers says what is wrong with it


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else []
    return [text for part in inside for text in _texts(part)]
