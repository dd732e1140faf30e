"""Which profile ran last, so that a notebook opened afterwards runs on it."""

import json
import os
import re
from pathlib import Path
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from lib.base import atomic, state
from lib.base.params_file import located
from lib.base.paths import BUILD, ROOT, shown

LAST = "last"
"""What a notebook's parameters cell says for the profile that ran last."""

DEMO = "params/demo.yml"
FILE = BUILD / "last_profile.json"

Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]


class Noted(TypedDict):
    """The parameter file, and the variables that it names with their values."""

    params: Text
    environment: dict[Annotated[str, Field(pattern=r"^\w+$")], Text]


def remember(params_file: str, *, record: Path = FILE) -> None:
    """Notes the parameter file of a run, and what the variables in it stood for, since Jupyter may not have them.

    Args:
        params_file: as the user gave it, and readable.
        record: where to.
    """
    file = located(params_file).resolve()
    named = set(re.findall(r"\$\{(\w+)\}", file.read_text(encoding="utf-8")))
    values = {name: os.environ[name] for name in sorted(named & os.environ.keys())}
    atomic.write_text(record, json.dumps({"params": shown(file), "environment": values}, indent=1) + "\n")


def recall(*, record: Path = FILE) -> str:
    """The parameter file of the last run, the demo's where none ran or the file is gone.

    Variables that the file needs and that are not set now are set to what they were.
    """
    noted = state.read(record, Noted, then=f"{DEMO} is used")
    if noted is None or not os.path.isfile(ROOT / noted["params"]):
        return DEMO
    for name, value in noted["environment"].items():
        os.environ.setdefault(name, value)
    return noted["params"]
