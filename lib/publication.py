"""From the results of a profile to its site, rebuilt only when something that shows on it changed."""

import json
import sys
from pathlib import Path
from typing import Any

from lib.atomic import write_text
from lib.freshness import imported_files
from lib.hashes import digest, file_sha256, folder_sha256, text_sha256
from lib.locks import exclusive
from lib.params import Profile
from lib.paths import BUILD, RESULTS, ROOT, SITE
from lib.pipeline import in_order

RENDERER = "import lib.report.site"


def collect(profile: Profile) -> None:
    """Gathers pages, figures, tables and values into ``build/pages/<profile>``, ready for either renderer.

    Raises:
        SiteError: a page refers to something that the results do not hold.
    """
    from lib.report.stage import stage

    with exclusive("site"):
        staged = stage(RESULTS, title=profile.report.title, **_facts(profile))
    print(f"pages: {staged.folder.relative_to(ROOT)}")


def render(profile: Profile) -> None:
    """Builds ``site/`` unless it already shows these results, then prints its path and the findings.

    Raises:
        SiteError: a page refers to something that does not exist; the site that is there stays.
    """
    made_from = BUILD / "site.json"
    with exclusive("site"):
        wanted = json.dumps(_stamp(profile), indent=1)
        if not (
            made_from.is_file() and made_from.read_text(encoding="utf-8") == wanted and (SITE / "index.html").is_file()
        ):
            from lib.report.site import build

            made_from.unlink(missing_ok=True)
            site = build(RESULTS, SITE, renderer=profile.report.renderer, title=profile.report.title, **_facts(profile))
            write_text(made_from, wanted)
            for warning in site.warnings:
                print(f"warning: {warning}", file=sys.stderr)
    print(f"site: {SITE / 'index.html'}")
    for line in findings(profile):
        print(line)


def findings(profile: Profile) -> list[str]:
    """What each notebook of a profile found, a line each, as its ``values.json`` says it."""
    found = []
    for notebook in in_order(profile.notebooks):
        file = notebook.results(profile.profile) / "values.json"
        said = json.loads(file.read_text(encoding="utf-8")).get("finding") if file.is_file() else None
        found.append(f"{notebook.stem}: {said or 'no result'}")
    return found


def _facts(profile: Profile) -> dict[str, Any]:
    shown = profile.model_dump(exclude={"corpora": {"__all__": {"root"}}, "models": True})
    return {
        "profile": profile.profile,
        "notebooks": profile.notebooks,
        "synthetic": profile.synthetic,
        "parameters": shown,
    }


def _stamp(profile: Profile) -> dict[str, str]:
    code = [(str(path), file_sha256(path)) for path in imported_files(RENDERER)]
    return {
        "profile": text_sha256(json.dumps(_facts(profile), sort_keys=True)),
        "renderer": profile.report.renderer,
        "results": _folder(RESULTS / profile.profile),
        "pages": _folder(ROOT / "report"),
        "lib": digest(code),
    }


def _folder(folder: Path) -> str:
    return digest(folder_sha256(folder).items())
