"""The report as one tagged PDF to be sent: its answers, the main figures and tables of its pages, and what ran.

A page says in its head which of its figures and tables stand on paper, as in ``paper: [fig-ecdf, tbl-shares]``; of one
that says nothing the first of each do. They are taken from the rendered page, with its numbers and alternative texts.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import matplotlib
import pypandoc
import typst

from lib.base.atomic import part_of, rename
from lib.base.errors import SiteError
from lib.base.paths import BUILD, RESULTS
from lib.run.params import Profile
from lib.run.pipeline import BY_STEM, PIPELINE
from lib.run.provenance import has_result
from lib.site import answers, navigation, preview, publication, publication_gate, variables

TEMPLATE, FILTER = "report.typ", "exhibits.lua"
STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1: tagged so that a screen reader can tell all of it."""
READING = (
    "A number reads estimate (95 % interval, N). Only an interval that lies wholly on one side of its bound decides; "
    "“not shown” means that these data cannot tell. Figures and tables have the numbers that they have on the site, "
    "which holds all of them, with the rules, the rows and the code behind each."
)


def make(profile: Profile, *, expose_private: bool = False) -> Path:
    """Writes ``build/pdf/<profile>/report.pdf`` from the results there are.

    It shows nothing that the site does not show, and is refused where the site could not be published.

    Args:
        profile: the present parameters.
        expose_private: as of :func:`lib.site.publication.publish`.

    Raises:
        SiteError: no notebook has a result, a page refers to what does not exist, or it would show what is private.
    """
    if not any(has_result(RESULTS / profile.profile / stem) for stem in profile.notebooks):
        raise SiteError("no results", where=f"profile {profile.profile}", fix="run make report first")
    with TemporaryDirectory() as temporary:
        pages, site = Path(temporary) / "pages", Path(temporary) / "site"
        publication.collect(profile, pages)
        preview.render(pages, site)
        corpora = publication.corpora(profile)
        publication_gate.refuse_older(site, corpora)
        publication_gate.check(site, corpora, expose_private=expose_private)
        return write(pages, site, BUILD / "pdf" / profile.profile / "report.pdf")


def write(pages: Path, site: Path, out: Path) -> Path:
    """Writes the PDF of a rendered site.

    Args:
        pages: the staged folder, as made by :func:`lib.site.stage.stage`.
        site: the same, as rendered by :func:`lib.site.preview.render`.
        out: the file to make; what is there is replaced when the new one is complete.

    Returns:
        ``out``. It conforms to PDF/UA-1 unless a warning says why it is tagged without that claim.

    Raises:
        SiteError: Pandoc or Typst fails.
    """
    config, heads, _ = navigation.staged(pages)
    of_notebooks = {f"{stem}.qmd" for stem in BY_STEM}
    shown = {name: head for name, head in heads.items() if name in of_notebooks or "paper" in head}
    with TemporaryDirectory() as temporary:
        source = Path(temporary)
        (source / "assets").symlink_to(site.resolve() / "assets")
        shutil.copy2(pages / "theme" / TEMPLATE, source / TEMPLATE)
        shutil.copy2(site / answers.FILE, source / answers.FILE)
        for name, head in shown.items():
            exhibits = _exhibits(pages / "filters" / FILTER, site / name.replace(".qmd", ".html"), head.get("paper"))
            (source / name.replace(".qmd", ".typ")).write_text(exhibits, encoding="utf-8")
        facts = _facts(config, {name: str(head["title"]) for name, head in shown.items()}, source / answers.FILE)
        (source / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
        out.parent.mkdir(parents=True, exist_ok=True)
        part = part_of(out)
        part.write_bytes(_compiled(source))
        rename(part, out)
    return out


def _facts(config: Mapping[str, Any], titles: Mapping[str, str], answered: Path) -> dict[str, Any]:
    """What the template shows besides answers and exhibits."""
    found = json.loads(answered.read_text(encoding="utf-8"))
    told = {one["notebook"]: one["finding"] for one in found["further"]}
    sections = [
        {
            "name": BY_STEM[stem].section,
            "title": title,
            "question": BY_STEM[stem].question,
            "finding": told.get(stem, ""),
            "exhibits": f"{stem}.typ",
        }
        for stem, title in ((name.removesuffix(".qmd"), title) for name, title in titles.items())
        if stem in BY_STEM
    ]
    record = [name.replace(".qmd", ".typ") for name in titles if name.removesuffix(".qmd") not in BY_STEM]
    day = date.fromisoformat(found["date"])
    footer = [config["website"]["page-footer"]["left"], *(["synthetic corpora"] if found["synthetic"] else [])]
    return {
        "title": variables.plain(config["website"]["title"]),
        "description": config["website"]["description"],
        "language": config["lang"],
        "day": {"year": day.year, "month": day.month, "day": day.day},
        "footer": " · ".join(footer),
        "reading": READING,
        "ran": f"{len(sections)} of {len(PIPELINE)} notebooks ran, with the parameters {found['parameters']}.",
        "sections": sections,
        "record": record,
    }


def _exhibits(chosen_by: Path, page: Path, paper: Sequence[str] | None) -> str:
    """The figures and tables of a rendered page as Typst."""
    named = [f"--metadata=paper:{name}" for name in paper or ()]
    command = [pypandoc.get_pandoc_path(), "--from=html", "--to=typst", "--wrap=none", f"--lua-filter={chosen_by}"]
    done = subprocess.run([*command, *named, str(page)], capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise SiteError(" ".join(done.stderr.split())[:300] or "Pandoc failed", where=page.name)
    return done.stdout


def _compiled(source: Path) -> bytes:
    """The PDF, with the fonts of Typst and Matplotlib first, so that it looks alike on every machine."""
    fonts = [Path(matplotlib.get_data_path()) / "fonts" / "ttf"]
    try:
        return typst.compile(source / TEMPLATE, root=source, font_paths=fonts, pdf_standards=[STANDARD])
    except typst.TypstError as error:
        fault = " ".join(error.message.split())
    try:
        made = typst.compile(source / TEMPLATE, root=source, font_paths=fonts)
    except typst.TypstError as error:
        raise SiteError(f"Typst: {error.message}"[:300], where=TEMPLATE) from None
    print(f"warning: the PDF is tagged but does not keep PDF/UA-1: {fault}", file=sys.stderr)
    return made
