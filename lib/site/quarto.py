"""The Quarto renderer: finds ``quarto``, lets it render a staged folder, and fits its pages to open from disk."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from lib.base.errors import SiteError
from lib.site import navigation, search_index

OLDEST = (1, 6)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FAULT = re.compile(r"\s*(?:\[(?:WARNING|ERROR)\]|(?:WARN|WARNING|ERROR)\b)")
_FOLDER = re.compile(r'(<a\b[^>]*?\bhref="(?:\.{1,2}/)+)"')
_DARK = re.compile(r"(<link\b(?=[^>]*\bquarto-color-alternate\b)[^>]*?)(/?>)")
_CONTENTS = re.compile(r'<script src="site_libs/quarto-html/(?:quarto|tabsets/tabsets)\.js"[^>]*></script>\s*')
_BODY = re.compile(r'<body\b[^>]*>(?:\s*<script id="quarto-html-before-body".*?</script>)?', re.DOTALL)
_ICON = '<link rel="icon" href="data:,">\n<script src="theme/scheme.js"></script>\n'
_FRAME = '\n<script src="theme/quarto.js"></script>'
_LAST = '<script src="theme/contents.js"></script>\n<script src="theme/search.js"></script>\n'


def find() -> Path | None:
    """The ``quarto`` of ``$QUARTO``, else of ``PATH``, else None.

    Raises:
        SiteError: ``$QUARTO`` names no file.
    """
    if named := os.environ.get("QUARTO"):
        if not (path := shutil.which(named)):
            raise SiteError("QUARTO names no program", where=named, fix="unset it or give the path of quarto")
        return Path(path)
    found = shutil.which("quarto")
    return Path(found) if found else None


def render(folder: Path, out: Path, *, program: Path) -> None:
    """Renders a staged folder.

    Args:
        folder: as made by :func:`lib.site.stage.stage`.
        out: a folder that does not exist yet.
        program: the ``quarto`` to run.

    Raises:
        SiteError: older than ``OLDEST``, or a page failed or warned of something unresolved.
    """
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < OLDEST:
        fix = "install Quarto 1.6 or later, or set report.renderer: preview"
        raise SiteError(f"Quarto {version or 'of unknown version'} is too old", where=program, fix=fix)
    done = subprocess.run([program, "render", str(folder), "--to", "html"], capture_output=True, text=True)
    lines = _COLOUR.sub("", done.stdout + done.stderr).splitlines()
    faults = [line.strip() for line in lines if _FAULT.match(line)]
    if done.returncode or faults:
        last = (faults or [line.strip() for line in lines if line.strip()] or ["failed"])[-1]
        raise SiteError(f"Quarto: {last[:300]}", where=folder)
    shutil.move(folder / "_site", out)
    _, heads, entries = navigation.staged(folder)
    for name in heads:
        page = out / name.replace(".qmd", ".html")
        page.write_text(fitted(page.read_text(encoding="utf-8")), encoding="utf-8")
    (out / "search.json").unlink(missing_ok=True)  # Quarto's own index, which nothing reads
    search_index.write(out, entries)


def fitted(markup: str) -> str:
    """A page as Quarto wrote it, changed so that it works the same from disk, from a server and in print.

    Links to a folder lead to its ``index.html``. Quarto's script of the contents, which browsers refuse from disk since
    it is a module (1.7 and later), gives way to the one of the preview renderer; search and colours are those of the
    preview's pages and of the executed notebooks, too. Print is light.

    Args:
        markup: a page at the root of the site.

    Example:
        >>> print(fitted('<head></head><body><a href="./">Home</a></body>'))
        <head><link rel="icon" href="data:,">
        <script src="theme/scheme.js"></script>
        </head><body>
        <script src="theme/quarto.js"></script><a href="./index.html">Home</a><script src="theme/contents.js"></script>
        <script src="theme/search.js"></script>
        </body>
    """
    markup = _DARK.sub(r'\1 media="screen"\2', _CONTENTS.sub("", _FOLDER.sub(r'\1index.html"', markup)))
    head, closed, rest = markup.partition("</head>")
    rest = _BODY.sub(lambda match: match[0] + _FRAME, rest, count=1)
    body, end, after = rest.rpartition("</body>")
    return f"{head}{_ICON}{closed}{body}{_LAST}{end}{after}"
