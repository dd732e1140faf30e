"""Prompts: text files of `params/prompts` with fields such as {seconds}, and JSON schemas beside them."""

import json
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib.base.errors import ParamsError
from lib.base.paths import ROOT, shown

FOLDER = ROOT / "params" / "prompts"
FIELDS = ("seconds", "frames", "fps")
"""What a prompt may say about its clip."""
CAPTION = "caption"
"""The property of a structured answer that is its caption."""


@dataclass(frozen=True)
class Prompt:
    """One prompt as its files have it.

    Attributes:
        name: of the file.
        text: with fields.
        schema: what a structured answer must look like; None where text is wanted.
    """

    name: str
    text: str
    schema: Mapping[str, Any] | None = None

    def filled(self, seconds: float, fps: float) -> str:
        """The text for a clip.

        Args:
            seconds: how long the video lasts.
            fps: frames a second that the model sees.

        Example:
            >>> Prompt("p", "A video of {seconds} s.").filled(4.04, 4)
            'A video of 4.0 s.'
        """
        frames = max(1, round(seconds * fps))
        return self.text.format(seconds=f"{seconds:.1f}", frames=frames, fps=f"{fps:g}")

    def caption(self, answer: str) -> str:
        """The caption in an answer: all of it, or of a structured one the property `caption`.

        Raises:
            ValueError: the answer is not what the schema asks for.
        """
        if self.schema is None:
            return answer.strip()
        import jsonschema  # which takes longer to load than all else that a worker needs

        try:
            structured = json.loads(answer)
            jsonschema.validate(structured, self.schema)
        except (json.JSONDecodeError, RecursionError, jsonschema.ValidationError):
            raise ValueError("not what the schema asks for") from None
        return str(structured[CAPTION]).strip()


def read(name: str, folder: Path = FOLDER) -> Prompt:
    """Reads `<name>.txt`, and `<name>.json` where there is one.

    Raises:
        ParamsError: no such file, one without text, an unknown field or form of one, a schema that is none or wants no
            caption.
    """
    path = folder / f"{name}.txt"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.txt")))
        raise ParamsError("no such prompt", where=shown(path), fix=f"there are {known or 'none'}")
    try:
        text = path.read_text(encoding="utf-8").strip()
        fields = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
    except ValueError as error:
        fix = "write it in UTF-8" if isinstance(error, UnicodeError) else "write {{ and }} for braces"
        raise ParamsError(str(error), where=shown(path), fix=fix) from None
    if not text:
        raise ParamsError("asks for nothing", where=shown(path), fix="write what the model is to do")
    if unknown := [field for field in fields if field not in FIELDS]:
        fix = f"use {', '.join(f'{{{field}}}' for field in FIELDS)}, and {{{{ and }}}} for braces"
        raise ParamsError(f"unknown field {{{unknown[0]}}}", where=shown(path), fix=fix)
    try:
        Prompt(name, text).filled(1.0, 4.0)
    except ValueError as error:
        fix = f"write {', '.join(f'{{{field}}}' for field in FIELDS)} without a form of their own"
        raise ParamsError(str(error), where=shown(path), fix=fix) from None
    return Prompt(name, text, _schema(path.with_suffix(".json")))


def _schema(path: Path) -> Mapping[str, Any] | None:
    if not path.is_file():
        return None
    import jsonschema

    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
    except (ValueError, jsonschema.SchemaError) as error:
        what = getattr(error, "message", str(error))
        raise ParamsError(f"no JSON schema: {what}", where=shown(path), fix="correct it") from None
    if not isinstance(schema, dict) or CAPTION not in schema.get("required", ()):
        raise ParamsError(f"the schema asks for no {CAPTION!r}", where=shown(path), fix="require it, as a string")
    result: Mapping[str, Any] = schema
    return result
