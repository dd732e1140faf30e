"""What a finished HTML page holds: ids, links, and its text by section."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

_ASIDE = {"script", "style", "nav", "header", "footer", "dialog", "button", "math"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_HEADINGS = {"h1", "h2", "h3", "h4"}
_TITLE = "title-block-header"
"""Quarto's ``<header>`` of title and description, which is prose."""


@dataclass
class Section:
    """The text under one heading of a page; ``anchor`` is empty before the first heading with an id."""

    anchor: str
    title: str = ""
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words in order, on one line."""
        return " ".join(" ".join(self.words).split())


class Document(HTMLParser):
    """Reads a page once and remembers what checks and search need.

    Example:
        >>> page = Document('<main><h2 id="a">Walks</h2><p>Left <a href="b.html#c">there</a></p></main>')
        >>> page.ids, page.links, [(s.anchor, s.title, s.text) for s in page.sections[1:]]
        (['a'], ['b.html#c'], [('a', 'Walks', 'Left there')])
    """

    def __init__(self, markup: str) -> None:
        """Parses a page."""
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[str] = []
        self.resources: list[str] = []
        self.pictures_without_text: list[str] = []
        self.sections = [Section("")]
        self._skip = 0
        self._heading = False
        self._numbering = False
        self._section_id = ""
        self._stack: list[tuple[str, bool]] = []
        self.feed(markup)
        self.close()

    @classmethod
    def read(cls, path: Path) -> "Document":
        """Parses a file."""
        return cls(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes ids, links, pictures, headings and parts that are not prose."""
        attributes = {name: value or "" for name, value in attrs}
        if attributes.get("id") and tag != "link":  # nothing can lead to one, and Quarto repeats those of its styles
            self.ids.append(attributes["id"])
        if tag in {"a", "area"} and attributes.get("href"):
            self.links.append(attributes["href"])
        elif tag == "link" and attributes.get("href"):
            self.resources.append(attributes["href"])
        if attributes.get("src"):
            self.resources.append(attributes["src"])
        if tag == "img" and "alt" not in attributes:
            self.pictures_without_text.append(attributes.get("src", "")[:60])
        if "header-section-number" in attributes.get("class", ""):
            self._numbering = True
        if tag == "section" and attributes.get("id"):
            self._section_id = attributes["id"]
        if tag in _HEADINGS and not self._skip:
            self.sections.append(Section(attributes.get("id") or (self._section_id if tag != "h1" else "")))
            self._heading = True
        if tag not in _VOID:
            aside = tag in _ASIDE and attributes.get("id") != _TITLE
            self._stack.append((tag, aside))
            self._skip += aside

    def handle_endtag(self, tag: str) -> None:
        """Closes the element and whatever was left open in it."""
        if all(tag != opened for opened, _ in self._stack):
            return
        while self._stack:
            closed, aside = self._stack.pop()
            self._skip -= aside
            self._heading = self._heading and closed not in _HEADINGS
            self._numbering = self._numbering and closed != "span"
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        """Adds prose to the section it stands in."""
        if self._skip or self._numbering:
            return
        if self._heading:
            self.sections[-1].title = f"{self.sections[-1].title}{data}"
        else:
            self.sections[-1].words.append(data)
