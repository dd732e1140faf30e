"""Values changed in the text of a parameter file, with every comment and blank line left where it is."""

from collections.abc import Mapping
from typing import Any

import yaml


def edited(text: str, changes: Mapping[str, Any], section: str | None = None) -> str:
    r"""The text with keys of a section set, or of the file itself.

    Args:
        text: a YAML mapping.
        changes: value by key; each is written on one line.
        section: the key whose mapping holds them; added at the end where it is not there.

    Returns:
        The new text.

    Example:
        >>> print(edited("a: {x: 1}  # why\nb: 2\n", {"x": 5, "y": [0.5]}, "a"), end="")
        a: {x: 5, y: [0.5]}  # why
        b: 2
    """
    for key, value in changes.items():
        text = _set(text, [*([section] if section else []), key], value)
    return text


def _set(text: str, path: list[str], value: Any) -> str:
    node: yaml.Node | None = yaml.compose(text, yaml.SafeLoader)
    depth = 0
    assert node is not None
    while isinstance(node, yaml.MappingNode) and depth < len(path):
        inner = next((one for key, one in node.value if key.value == path[depth]), None)
        if inner is None:
            return _add(text, node, path[depth:], value)
        node, depth = inner, depth + 1
    if depth < len(path):  # `section:` with nothing behind it
        inside = value
        for key in reversed(path[depth:]):
            inside = {key: inside}
        start = _before(text, node)
        return f"{text[:start]} {_flow(inside)}{text[start:]}"
    return text[: node.start_mark.index] + _flow(value) + text[_end(text, node) :]


def _add(text: str, node: yaml.MappingNode, path: list[str], value: Any) -> str:
    for key in reversed(path[1:]):
        value = {key: value}
    entry = f"{path[0]}: {_flow(value)}"
    if node.flow_style:
        end = node.end_mark.index - 1
        kept = text[:end].rstrip()
        return f"{kept}{', ' if node.value else ''}{entry}{text[len(kept) : end]}{text[end:]}"
    indent = " " * node.value[0][0].start_mark.column
    end = text.find("\n", _end(text, node.value[-1][1]))
    if end < 0:
        return f"{text}\n{indent}{entry}\n"
    return f"{text[: end + 1]}{indent}{entry}\n{text[end + 1 :]}"


def _end(text: str, node: yaml.Node) -> int:
    """Where a node's own text ends; the mark of a block lies where the next thing begins."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    return start + len(text[start:end].rstrip())


def _before(text: str, node: yaml.Node) -> int:
    """Right behind the colon of a key without a value."""
    return text.rindex(":", 0, int(node.start_mark.index) + 1) + 1


def _flow(value: Any) -> str:
    """A value as it may stand inside braces, where more must be quoted than on a line of its own."""
    said = yaml.safe_dump([value], default_flow_style=True, width=10**6, sort_keys=False, allow_unicode=True)
    return str(said).strip()[1:-1]
