"""YAML that a person wrote, read within bounds: small, shallow, without tags, its keys texts that are given once."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from lib.base.paths import unprintable

MOST_BYTES = 1 << 18
MOST_NODES = 10_000
"""Keys, values and lists of a file, those counted again that an alias repeats."""
DEEPEST = 20
MOST_DIGITS = 18
"""Of a whole number, so that it fits into 64 bits."""

_YAML = "tag:yaml.org,2002:"
_READ_AS = {"bool": "a truth value", "float": "a number", "int": "a number", "null": "nothing"}


class Refused(Exception):
    """A text that is not read.

    Attributes:
        line: from 1; None where the whole file is at fault.
    """

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.line = line


class _Loader(yaml.SafeLoader):
    """YAML's safe loader without dates, which reads ``1e-4`` as a number and checks every node before it is made."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.nodes = 0
        self.keys: list[str] = []
        self.sizes: dict[int, int] = {}

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        """Composes the next node; `index` is the key node of a value, the number of an item, None for a key."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if index is not None:
            self.keys.append(str(index.value if isinstance(index, Node) else index))
        self._check_event(event, is_key=isinstance(parent, MappingNode) and index is None)
        before = self.nodes
        node = super().compose_node(parent, index)
        if isinstance(event, yaml.AliasEvent):
            if id(node) not in self.sizes:
                raise self._refusal("an alias stands inside what it repeats", event)
            self.nodes += self.sizes[id(node)]
        else:
            self.nodes += 1
            self.sizes[id(node)] = self.nodes - before
        if self.nodes > MOST_NODES:
            raise self._refusal(f"more than {MOST_NODES:,} values once its aliases are written out", event)
        if isinstance(node, ScalarNode):
            self._check_scalar(node, event, is_key=isinstance(parent, MappingNode) and index is None)
        elif isinstance(node, MappingNode):
            self._refuse_repeated_keys(node, event)
        if index is not None:
            self.keys.pop()
        return node

    def _check_event(self, event: yaml.Event, *, is_key: bool) -> None:
        if len(self.keys) > DEEPEST:
            raise self._refusal(f"nested more than {DEEPEST} deep", event)
        if is_key and not isinstance(event, yaml.ScalarEvent):
            raise self._refusal("a list, a mapping or an alias as key; expected a text", event)
        tag = getattr(event, "tag", None)
        if tag not in {None, "!", f"{_YAML}str"}:
            raise self._refusal(f"expected a value without the tag {shortened(tag.replace(_YAML, '!!'))}", event)

    def _check_scalar(self, node: ScalarNode, event: yaml.Event, *, is_key: bool) -> None:
        if character := unprintable(node.value):
            raise self._refusal(f"expected a text without {character}", event)
        kind = node.tag.removeprefix(_YAML)
        if is_key and kind not in {"str", "merge"}:
            what = f"the key {shortened(node.value)} is read as {_READ_AS.get(kind, kind)}"
            raise self._refusal(f"{what}; expected a text, in quotes", event)
        if kind == "int" and len(node.value) > MOST_DIGITS:
            raise self._refusal(f"expected at most {MOST_DIGITS} digits, not {len(node.value):,}", event)

    def _refuse_repeated_keys(self, node: MappingNode, event: yaml.Event) -> None:
        counted = Counter(key.value for key, _ in node.value)
        if repeated := sorted(key for key, times in counted.items() if times > 1):
            raise self._refusal(f"key {shortened(repeated[0])!r} is given twice", event)

    def _refusal(self, what: str, event: yaml.Event) -> Refused:
        key, mark = shortened(".".join(self.keys)), event.start_mark
        return Refused(f"{key}: {what}" if key else what, mark.line + 1 if mark else None)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != f"{_YAML}timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(  # type: ignore[no-untyped-call]
    f"{_YAML}float",
    re.compile(r"^[-+]?(?:\d+(?:\.\d*)?|\.\d+)[eE][-+]?\d+$"),
    list("-+0123456789."),
)


def read(file: Path) -> Any:
    """The content of a file in UTF-8: mappings, lists, texts, numbers, truth values and None.

    Args:
        file: the file; one byte more than may be there is the most that is read of it.

    Raises:
        Refused: the file is no YAML, in another encoding, or beyond the bounds.
        OSError: the file cannot be read.
    """
    with file.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refused(f"larger than {MOST_BYTES >> 10} KiB")
    try:
        return parsed(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused("not a text in UTF-8", content.count(b"\n", 0, error.start) + 1) from None


def parsed(text: str) -> Any:
    r"""What a text of YAML says.

    Raises:
        Refused: the text is no YAML, or beyond the bounds.

    Example:
        >>> parsed("seed: 1e3\nday: 2024-01-02")
        {'seed': 1000.0, 'day': '2024-01-02'}
        >>> parsed("sizes: {wide: &again [*again]}")
        Traceback (most recent call last):
        lib.base.bounded_yaml.Refused: sizes.wide.0: an alias stands inside what it repeats
    """
    try:
        return yaml.load(text, _Loader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Refused(f"expected a text without {unprintable(text) or 'unprintable characters'}", line) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or type(error).__name__
        raise Refused(f"not valid YAML ({problem})", mark.line + 1 if mark else None) from None


def shortened(text: str, most: int = 80) -> str:
    """A text cut so that a line can hold it.

    Example:
        >>> shortened("abcdef", 4)
        'abc…'
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"
