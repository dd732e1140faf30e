"""From staged pages to a finished, checked site, put in place whole or not at all."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lib.base.atomic import swap_in
from lib.base.errors import SiteError
from lib.site import check, preview, quarto, record
from lib.site.stage import Staged


@dataclass(frozen=True)
class SiteResult:
    """A finished site.

    Args:
        path: its folder; open ``index.html`` in it.
        renderer: ``quarto`` or ``preview``.
        warnings: what a reader should know, one line each.
    """

    path: Path
    renderer: str
    warnings: list[str]


def build(staged: Staged, out: Path, *, renderer: str = "auto", made_from: str = "") -> SiteResult:
    """Renders the staged pages of one profile and writes the site's record.

    Args:
        staged: from :func:`lib.site.stage.stage`.
        out: where the site goes; what is there stays until the new one is complete and checked.
        renderer: ``quarto``, ``preview``, or ``auto`` (Quarto where it is installed).
        made_from: digest of everything that the site is made from, for its record.

    Returns:
        The site's path, the renderer that made it, and warnings.

    Raises:
        SiteError: the finished site has a fault.
    """
    recorded = partial(record.write, shows=staged.profile, name=record.named(staged.folder), made_from=made_from)
    made = render(staged.folder, out, renderer=renderer, finish=recorded)
    return SiteResult(out, made, [f"{stem} has no result yet, so the site leaves it out" for stem in staged.missing])


def render(
    folder: Path, out: Path, *, renderer: str = "auto", finish: Callable[[Path], None] = lambda part: None
) -> str:
    """Renders a staged folder, checks the result and swaps it in.

    Args:
        folder: as made by :func:`lib.site.stage.stage`.
        out: where the site goes.
        renderer: ``quarto``, ``preview`` or ``auto``.
        finish: called with the checked site before it is swapped in, to write its record.

    Returns:
        Which renderer made it.

    Raises:
        SiteError: no such renderer, or a fault; the site that is there stays as it is.
    """
    program = quarto.find() if renderer in {"auto", "quarto"} else None
    if renderer == "quarto" and program is None:
        raise SiteError("quarto is not on PATH", fix="install it, set QUARTO, or use report.renderer: preview")
    if renderer not in {"auto", "quarto", "preview"}:
        raise SiteError(f"no renderer {renderer!r}", fix="use auto, quarto or preview")
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    if program is not None:
        quarto.render(folder, part, program=program)
    else:
        preview.render(folder, part)
    check.site(part)
    finish(part)
    swap_in(part, out)
    return "preview" if program is None else "quarto"
