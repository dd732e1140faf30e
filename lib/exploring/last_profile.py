"""Which profile ran last, so that a notebook opened afterwards runs on it."""

import json
import os
import re
from pathlib import Path

from lib import atomic
from lib.paths import BUILD, ROOT

LAST = "last"
"""What a notebook's parameters cell says for the profile that ran last."""

DEMO = "params/demo.yml"
FILE = BUILD / "last_profile.json"


def remember(params_file: str, *, record: Path = FILE) -> None:
    """Notes the parameter file of a run, and what the variables in it stood for, since Jupyter may not have them.

    Args:
        params_file: as the user gave it, and readable.
        record: where to.
    """
    file = next(path.resolve() for path in (Path(params_file), ROOT / params_file) if path.is_file())
    shown = file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else file.as_posix()
    named = set(re.findall(r"\$\{(\w+)\}", file.read_text(encoding="utf-8")))
    values = {name: os.environ[name] for name in sorted(named & os.environ.keys())}
    atomic.write_text(record, json.dumps({"params": shown, "environment": values}, indent=1) + "\n")


def recall(*, record: Path = FILE) -> str:
    """The parameter file of the last run, the demo's where none ran or the file is gone.

    Variables that the file needs and that are not set now are set to what they were.
    """
    try:
        noted = json.loads(record.read_text(encoding="utf-8"))
        file, values = str(noted["params"]), dict(noted["environment"])
    except (OSError, ValueError, KeyError, TypeError):
        return DEMO
    if not (ROOT / file).is_file():
        return DEMO
    for name, value in values.items():
        os.environ.setdefault(str(name), str(value))
    return file
