"""HTML made by notebooks, reduced to what a page may hold: tables and plain inline marks, never style or script."""

import html
import re

import bleach  # type: ignore[import-untyped]
from markupsafe import escape

TABLE = {"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"}
PROSE = {"div", "p", "span", "br", "b", "strong", "i", "em", "small", "sub", "sup", "code", "pre"}
TAGS = frozenset(TABLE | PROSE)
ATTRIBUTES = {"*": ["class", "dir", "lang"], "th": ["colspan", "rowspan", "scope"], "td": ["colspan", "rowspan"]}

LONG, SENTENCE, SHORT = 400, 36, 18

_LONG_CELL = re.compile(rf"(<td\b[^>]*>)([^<]{{{LONG},}})(</td>)")
_SHORT_CELL = re.compile(rf'(<td class=")([^"]*">[^<]{{1,{SHORT}}}</td>)')
_INTERVAL = re.compile(r"(\([−\d.,]+) to ([−\d.,]+\)</td>)")
"""An interval at the end of a cell, as `lib.draw.table.render` writes one that reaches below zero."""
_SENTENCE_CELL = re.compile(rf'(<td class=")([^"]*">[^<]{{{SENTENCE},{LONG - 1}}}</td>)')
_UNSEEN = re.compile(r"<(style|script|template|noscript|title)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_ACTIVE = str.maketrans({"{": "&#123;", "}": "&#125;", "`": "&#96;", "@": "&#64;"})


def clean(markup: str) -> str:
    """Keeps the elements a page may hold and drops every attribute, style and script besides.

    A cell longer than ``LONG`` characters scrolls by itself, one from ``SENTENCE`` on is kept from getting narrow, one
    up to ``SHORT`` stays on one line, and so does an interval. Characters that could start a shortcode, a code fence or
    a citation become references, so that the result can stand in a raw block of a page whatever the captions in it say.

    Args:
        markup: HTML from a notebook, such as a great_tables fragment.

    Returns:
        HTML without ids, styles, links, scripts or event handlers.

    Example:
        >>> clean('<style>td {color: red}</style><td id="a" class="gt_row" onclick="x()">{{< y >}}</td>')
        '&#123;&#123;&lt; y &gt;&#125;&#125;'
        >>> clean("<table><tbody><tr><td class='n'>1 &lt; 2</td></tr></tbody></table>")
        '<table><tbody><tr><td class="short n">1 &lt; 2</td></tr></tbody></table>'
        >>> clean("<table><tbody><tr><td class='n'>50.0 % (−40.0 to 160.0)</td></tr></tbody></table>")
        '<table><tbody><tr><td class="n">50.0 % (−40.0&nbsp;to&nbsp;160.0)</td></tr></tbody></table>'
    """
    kept = bleach.clean(_UNSEEN.sub("", markup), tags=TAGS, attributes=ATTRIBUTES, strip=True, strip_comments=True)
    kept = _LONG_CELL.sub(r'\1<div class="long" tabindex="0" role="group" aria-label="Long text">\2</div>\3', str(kept))
    kept = _SENTENCE_CELL.sub(r"\1sentence \2", kept)
    kept = _INTERVAL.sub(r"\1&nbsp;to&nbsp;\2", _SHORT_CELL.sub(r"\1short \2", kept))
    return inert(kept).strip()


def inert(markup: str) -> str:
    """Writes as references the characters that could start a shortcode, a fence or a citation.

    Example:
        >>> inert("<b>{{< x >}}</b>")
        '<b>&#123;&#123;< x >&#125;&#125;</b>'
    """
    return markup.translate(_ACTIVE)


def raw_block(markup: str) -> str:
    """Wraps HTML in a raw block, which neither renderer reads as Markdown.

    Example:
        >>> print(raw_block("<p>x</p>"))
        ```{=html}
        <p>x</p>
        ```
    """
    return f"```{{=html}}\n{markup}\n```"


def scrollable(table: str, *, label: str, csv: str | None = None) -> str:
    """Puts a table in a region that scrolls sideways by touch and by keyboard, with a link to its data.

    Args:
        table: cleaned HTML of the table.
        label: what a screen reader calls the region.
        csv: address of the same data as CSV, relative to the page.

    Returns:
        HTML that themes with the page.
    """
    name = html.escape(label)
    region = f'<div class="table-scroll" tabindex="0" role="region" aria-label="{name}">\n{table}\n</div>'
    if csv is None:
        return region
    href, file = html.escape(csv), html.escape(csv.rsplit("/", 1)[-1])
    link = f'<a href="{href}" download="{file}" aria-label="Download {name} as CSV">CSV</a>'
    return f'{region}\n<p class="downloads">{link}</p>'


def table(headings: list[str], rows: list[list[str]]) -> str:
    """Writes plain text as an HTML table; a cell that is :class:`markupsafe.Markup` stays as it is.

    Example:
        >>> table(["a"], [["<b>"]])
        '<table><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td>&lt;b&gt;</td></tr></tbody></table>'
    """
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in headings)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return inert(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
