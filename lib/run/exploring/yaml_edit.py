"""Values changed in the text of a parameter file; comments, order, quotes and anchors stay."""

import io
import re
from collections.abc import Mapping
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import SingleQuotedScalarString
from ruamel.yaml.tokens import CommentToken
from ruamel.yaml.util import load_yaml_guess_indent

from lib.base.errors import ParamsError

WIDEST = 10**6


class _Representer(RoundTripRepresenter):
    """Writes new values so that YAML 1.1 reads them: an empty one as ``null``, a number as PyYAML would."""


_Representer.add_representer(
    float, lambda self, data: self.represent_scalar("tag:yaml.org,2002:float", yaml.safe_dump(data).split()[0])
)
_Representer.add_representer(type(None), lambda self, _: self.represent_scalar("tag:yaml.org,2002:null", "null"))


def edited(text: str, changes: Mapping[str, Any], section: str | None = None) -> str:
    r"""The text with keys of a section set, or of the file itself.

    ruamel.yaml writes the file again: indentation and spacing become regular, and a flow mapping stands on one line.

    Args:
        text: a YAML mapping that `lib.base.bounded_yaml` has read.
        changes: value by key; lists and mappings are written in flow style.
        section: the key whose mapping holds them; added at the end where it is not there.

    Returns:
        The new text; the same text where nothing changes.

    Raises:
        ParamsError: comments inside brackets over several lines, or before the mark ``---``, which ruamel.yaml drops.

    Example:
        >>> print(edited("a: {x: 1}  # why\nb: 2\n", {"x": 5, "y": [0.5]}, "a"), end="")
        a: {x: 5, y: [0.5]} # why
        b: 2
    """
    if not changes:
        return text
    writer = YAML()
    writer.Representer = _Representer
    writer.preserve_quotes = True
    writer.width = WIDEST
    document, sequence, offset = load_yaml_guess_indent(text, yaml=writer)
    indented = re.search(r"^( +)[^\s#-]", text, re.MULTILINE)
    writer.indent(mapping=len(indented[1]) if indented else 2, sequence=sequence or 2, offset=offset or 0)
    writer.explicit_start = re.match(r"---\s", text) is not None
    if _text(writer, document).count("#") < text.count("#"):
        raise ParamsError("holds comments inside brackets, which would be lost", fix=f"write {dict(changes)} yourself")
    values = document
    if section is not None:
        if document.get(section) is None:
            _set(document, section, CommentedMap())
            document[section].fa.set_flow_style()
        values = document[section]
    for key, value in changes.items():
        _set(values, key, _styled(value))
    return _text(writer, document)


def _text(writer: YAML, document: CommentedMap) -> str:
    stream = io.StringIO()
    writer.dump(document, stream)
    return stream.getvalue()


def _set(values: CommentedMap, key: str, value: Any) -> None:
    """Sets a key; comments below a list that is replaced, or below the last line before a new key, go behind it."""
    own = _own(values)
    below = ""
    if key not in own and own:
        below = _cut(values, own[-1])
    elif key in own and _is_block(values[key]):
        below = _cut(values, key)
    values[key] = value
    if below:
        comments = values.ca.items.setdefault(key, [None, None, None, None])
        if comments[2] is None:
            comments[2] = CommentToken("\n", CommentMark(0), None)
        comments[2].value += below


def _cut(values: CommentedMap | CommentedSeq, place: Any) -> str:
    """Removes the comments below the last line of an entry, and returns them."""
    inner = values[place]
    if _is_block(inner):
        return _cut(inner, _own(inner)[-1] if isinstance(inner, CommentedMap) else len(inner) - 1)
    tokens = values.ca.items.get(place)
    token = tokens[2 if isinstance(values, CommentedMap) else 0] if tokens else None
    if token is None:
        return ""
    line, _, below = token.value.partition("\n")
    token.value = f"{line}\n"
    return str(below)


def _own(values: CommentedMap) -> list[Any]:
    """The keys that stand in a mapping itself, without those merged into it by ``<<``."""
    return [key for key, _ in values.non_merged_items()]


def _is_block(value: Any) -> bool:
    return isinstance(value, CommentedMap | CommentedSeq) and len(value) > 0 and not value.fa.flow_style()


def _styled(value: Any) -> Any:
    """A value in flow style, its texts quoted where the project's reader, of YAML 1.1, needs it."""
    if isinstance(value, Mapping):
        mapping = CommentedMap({key: _styled(inner) for key, inner in value.items()})
        mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list | tuple):
        sequence = CommentedSeq(map(_styled, value))
        sequence.fa.set_flow_style()
        return sequence
    if isinstance(value, str) and not (re.fullmatch(r"[A-Za-z][\w/.-]*", value) and yaml.safe_load(value) == value):
        return SingleQuotedScalarString(value)
    return value
