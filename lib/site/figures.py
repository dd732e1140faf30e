"""Figures of a page: alternative text from the file the notebook wrote, and links to picture and data."""

import re
import string

from lib.base.errors import SiteError
from lib.site.page_assets import PageAssets
from lib.site.source import Line

FIGURE = re.compile(r"^!\[(?P<caption>.*)\]\(\s*(?P<address>[^()\s]+)\s*\)\{(?P<attributes>[^{}]*)\}\s*$")
WORDS = re.compile(r"\w+")
_IN_ATTRIBUTE = str.maketrans({c: f"&#{ord(c)};" for c in string.punctuation if c not in ".,;-%/+="})
"""What could end an attribute, or be taken for a reference, a link or a shortcode in one."""


def complete(line: Line, evidence: PageAssets) -> list[Line]:
    """Completes a line that holds one figure.

    Args:
        line: as in ``![Caption.](assets/01_similarity_test/ecdf.png){#fig-ecdf}``.
        evidence: what exists.

    Returns:
        The figure with its alternative text, as SVG where there is one, then its downloads; other lines unchanged.

    Raises:
        SiteError: a picture that does not exist, or one whose alternative text is missing or repeats the caption.

    Example:
        >>> from pathlib import Path
        >>> png = "assets/00/a.png"
        >>> known = PageAssets(files={png: Path("a.png")}, alternatives={png: 'Half is "new"'})
        >>> [x.text for x in complete(Line("![All.](assets/00/a.png){#fig-a}", "p:1"), known)][0]
        '![All.](assets/00/a.png){#fig-a fig-alt="Half is &#34;new&#34;"}'
    """
    match = FIGURE.match(line.text)
    if line.code or match is None:
        return [line]
    address, attributes = match["address"], match["attributes"].strip()
    if address not in evidence.files:
        raise SiteError(f"no figure {address}", where=line.where, fix="run its notebook, or guard it with .when")
    if "fig-alt=" not in attributes:
        alternative = evidence.alternatives.get(address)
        if not alternative:
            raise SiteError(f"figure {address} has no alternative text", where=line.where, fix="save figures/NAME.txt")
        if WORDS.findall(alternative.casefold()) == WORDS.findall(match["caption"].casefold()):
            told = f"the alternative text of {address} repeats the caption"
            raise SiteError(told, where=line.where, fix="say what the figure shows, in figures/NAME.txt")
        attributes += f' fig-alt="{alternative.translate(_IN_ATTRIBUTE)}"'
    drawing = f"{address.removesuffix('.png')}.svg"
    shown = drawing if drawing in evidence.files else address
    figure = f"![{match['caption']}]({shown}){{{attributes}}}"
    texts = [figure, "", "::: {.downloads}", _links(address, evidence), ":::", ""]
    return [Line(text, line.where) for text in texts]


def _links(address: str, evidence: PageAssets) -> str:
    base = address.rsplit(".", 1)[0]
    name = base.rsplit("/", 1)[-1]
    found = [(kind, f"{base}.{kind.lower()}") for kind in ("PNG", "SVG", "CSV")]
    return " ".join(
        f'[{kind}]({path}){{download="{name}.{kind.lower()}" aria-label="Download figure {name} as {kind}"}}'
        for kind, path in found
        if path in evidence.files
    )
