"""The frame around every page of the preview renderer: navigation, search, contents, footer."""

from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from lib.site.navigation import Entry, neighbours

TEMPLATE = "page.html.j2"


@dataclass(frozen=True)
class PageTemplate:
    """What all pages of a site share.

    Args:
        theme: folder that holds the template.
        site: title of the site.
        entries: the sidebar.
        footer: what every page says about its run, such as date, commit and profile.
        synthetic: whether every page warns that the corpora were generated.
        stand_in: whether every page warns that vectors of captions came from a stand-in for the encoder.
    """

    theme: Path
    site: str
    entries: list[Entry]
    footer: list[str] = field(default_factory=list)
    synthetic: bool = False
    stand_in: bool = False

    def wrap(
        self, href: str, title: str, body: str, *, made_by: str, toc: str = "", lead: str = "", notebook: str = ""
    ) -> str:
        """Sets a body into the frame.

        Args:
            href: address of the page relative to the site's root.
            title: plain text.
            body: trusted HTML.
            made_by: which renderer made the body.
            toc: trusted HTML of the page's contents, or empty.
            lead: trusted HTML of one sentence below the title.
            notebook: stem of the executed notebook that the body shows, if it shows one.

        Returns:
            A whole HTML page.
        """
        before, after = neighbours(self.entries, href)
        return self._template().render(
            site=self.site,
            title=title,
            lead=Markup(lead),
            href=href,
            root="../" * href.count("/"),
            sections=_grouped(self.entries),
            before=before,
            after=after,
            body=Markup(body),
            toc=Markup(toc),
            synthetic=self.synthetic,
            stand_in=self.stand_in,
            footer=self.footer,
            made_by=made_by,
            notebook=notebook,
        )

    def _template(self) -> Template:
        environment = Environment(
            loader=FileSystemLoader(self.theme),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        return environment.get_template(TEMPLATE)


def _grouped(entries: list[Entry]) -> list[tuple[str, list[Entry]]]:
    groups: list[tuple[str, list[Entry]]] = []
    for entry in entries:
        if not groups or groups[-1][0] != entry.section:
            groups.append((entry.section, []))
        groups[-1][1].append(entry)
    return groups
