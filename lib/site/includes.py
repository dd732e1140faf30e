"""Shortcodes of a page: tables and players put in place, variables checked by name."""

import difflib
import re

from lib.base.errors import SiteError
from lib.draw import fragment, motion_player
from lib.draw.interactive import assets
from lib.site.page_assets import PageAssets
from lib.site.source import Line

SHORTCODE = re.compile(r"\{\{<\s*(.*?)\s*>\}\}")
_ALONE = re.compile(r"^\s*\{\{<\s*include\s+(\S+)\s*>\}\}\s*$")
_PLAYER = 'class="motion-player"'
_VARIABLE = re.compile(r"var\s+([\w.]+)")


def resolve(line: Line, evidence: PageAssets) -> list[Line]:
    """Puts an included table or player in its place as a raw block; every other shortcode must be a known variable.

    Tables are placed here and not by Quarto's own include, which reads HTML as Markdown and would interpret captions.

    Args:
        line: one line of a page.
        evidence: what exists.

    Returns:
        The lines to stand in its place.

    Raises:
        SiteError: an include or a variable that does not exist, or a shortcode that is neither.
    """
    if line.code and "{{<" in line.text:
        raise SiteError("a shortcode in a code block", where=line.where, fix="move it into the prose")
    if include := _ALONE.match(line.text):
        return [Line(text, line.where, code=True) for text in _table(include[1], line, evidence).split("\n")]
    for match in SHORTCODE.finditer(line.text):
        variable = _VARIABLE.fullmatch(match[1])
        if variable is None:
            fix = "use var, or include on a line of its own"
            raise SiteError(f"cannot resolve {match[0]}", where=line.where, fix=fix)
        if variable[1] not in evidence.variables:
            raise SiteError(f"no variable {variable[1]}", where=line.where, fix=_nearest(variable[1], evidence))
    if "{{<" in SHORTCODE.sub("", line.text):
        raise SiteError("unfinished {{< shortcode", where=line.where)
    return [line]


def attachments(lines: list[Line], evidence: PageAssets) -> list[Line]:
    """What a page whose lines are not yet resolved needs besides: style and script of the players and pieces it has.

    Tables count as pieces: readers sort them. A piece may hold a player.

    Example:
        >>> page = [Line("{{< include assets/07/walk.html >}}", "p:1")]
        >>> attachments(page, PageAssets(players={"assets/07/walk.html": "<div></div>"}))[2].text
        '<link rel="stylesheet" href="theme/motion_player.css">'
    """
    included = {found[1] for line in lines if not line.code and (found := _ALONE.match(line.text))}
    playing = {address: markup for address, markup in evidence.pieces.items() if _PLAYER in markup}
    needs = {motion_player: {**evidence.players, **playing}, assets: {**evidence.pieces, **evidence.fragments}}
    links = [
        f'<link rel="stylesheet" href="theme/{needed.STYLE}">\n<script src="theme/{needed.SCRIPT}"></script>'
        for needed, known in needs.items()
        if included & known.keys()
    ]
    if not links:
        return []
    return [Line(text, lines[-1].where, code=True) for text in ["", *fragment.raw_block("\n".join(links)).split("\n")]]


def _table(address: str, line: Line, evidence: PageAssets) -> str:
    if markup := evidence.players.get(address) or evidence.pieces.get(address):
        return fragment.raw_block(markup)
    if address not in evidence.fragments:
        raise SiteError(f"no table {address}", where=line.where, fix="run its notebook, or guard it with .when")
    csv = address.removesuffix(".html") + ".csv"
    label = address.rsplit("/", 1)[-1].removesuffix(".html").replace("_", " ")
    markup = evidence.fragments[address]
    link = csv if csv in evidence.files else None
    return fragment.raw_block(fragment.scrollable(markup, label=label, csv=link))


def _nearest(name: str, evidence: PageAssets) -> str:
    close = difflib.get_close_matches(name, evidence.variables, n=1, cutoff=0.4)
    return f"the nearest is {close[0]}" if close else "is its notebook's values.json there? else guard it with .when"


def substitute(text: str, variables: dict[str, str]) -> str:
    """Replaces variables by their escaped text, as Quarto does when it reads ``_variables.yml``.

    Args:
        text: a staged page, in which every variable is known.
        variables: Markdown by dotted name.

    Example:
        >>> substitute("Of {{< var run.n >}} clips", {"run.n": "2,192"})
        'Of 2,192 clips'
    """
    return SHORTCODE.sub(lambda m: variables[m[1].removeprefix("var").strip()], text)
