"""From the results of a profile to its site, rebuilt only when something that shows on it changed."""

import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib.base import state
from lib.base.atomic import recover
from lib.base.errors import SiteError
from lib.base.hashes import digest, file_sha256, folder_sha256, text_sha256
from lib.base.imported_code import imported_files
from lib.base.locks import exclusive
from lib.base.paths import BUILD, RESULTS, ROOT, SITE
from lib.base.withheld import PLACES, RAW
from lib.run.freshness import stale
from lib.run.params import Profile
from lib.run.pipeline import in_order
from lib.run.provenance import UNREAD, has_result
from lib.run.provenance import record as record_of
from lib.site import record, redaction_counts

if TYPE_CHECKING:
    from lib.site.stage import Staged

RENDERER = "import lib.site.site"
CAPTIONERS = "03_captioner_comparison"


def collect(profile: Profile, folder: Path | None = None) -> Path:
    """Gathers pages, figures, tables and values into ``build/pages/<profile>``, ready for either renderer.

    Args:
        profile: the present parameters.
        folder: where to, instead of there.

    Returns:
        The folder.

    Raises:
        SiteError: a page refers to something that the results do not hold.
    """
    with exclusive("site"):
        old = _stale(profile)
        staged = _staged(profile, old, folder)
    _say_stale(old)
    return staged.folder


def render(profile: Profile) -> None:
    """Builds ``site/`` unless it already shows these results, then prints its path and the findings.

    Raises:
        SiteError: a page refers to something that does not exist; the site that is there stays.
    """
    with exclusive("site"):
        old = _stale(profile)
        made_from = text_sha256(json.dumps(_stamp(profile, old), sort_keys=True))
        before = _recorded()
        same = before is not None and before.made_from == made_from
        if not (same and record.corpora(_corpora_file(), SITE) == corpora(profile)):
            from lib.site.site import build

            _refuse_to_empty(profile, before)
            site = build(_staged(profile, old), SITE, renderer=profile.report.renderer, made_from=made_from)
            record.keep(_corpora_file(), SITE, corpora(profile))
            for warning in site.warnings:
                print(f"warning: {warning}", file=sys.stderr)
    _say_stale(old)
    print(f"site: {SITE / 'index.html'}")
    for line in [*answered(SITE / "findings.json"), *findings(profile)]:
        print(line)


def publish(dest: Path, profile: Profile | None = None, *, expose_private: bool = False) -> Path:
    """Copies what ``site/`` shows, whichever profile that is, to ``dest`` under its date and commit.

    Before, every file is searched for captions and ids of private corpora and of rows without consent, and what was
    found is printed.

    Args:
        dest: the shared folder.
        profile: the present parameters; where they are those of the site, their corpora and what they call private
            count too, beside those that the site was made of.
        expose_private: publish although private captions or ids were found, or a private corpus could not be read; rows
            without consent are never published, nor is a site whose record or whose manifests cannot be read.

    Raises:
        SiteError: there is no finished site, it is not as it was made, a manifest changed since, it holds what it must
            not, or ``dest`` cannot be written.
    """
    from lib.site import publication_gate
    from lib.site import publish as publishing

    with exclusive("site"):
        recover(SITE)
        if not SITE.is_dir():
            raise SiteError("no finished site here", where=SITE, fix="run make report first")
        shown = record.check(SITE)
        facts = record.corpora(_corpora_file(), SITE)
        publication_gate.refuse_older(SITE, facts)
        if profile is not None and profile.profile == shown.shows:
            facts = _joined([*facts.values(), *corpora(profile).values()])
        publication_gate.check(SITE, facts, expose_private=expose_private)
        return publishing.publish(SITE, dest.expanduser(), name=shown.name)


def _joined(facts: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each corpus once, by kind and root; it is private where any of its facts say so."""
    joined: dict[str, dict[str, Any]] = {}
    for fact in facts:
        key = f"{fact['kind']} {fact['root']}"
        joined[key] = fact | {"private": fact["private"] or joined.get(key, fact)["private"]}
    return joined


def _recorded() -> record.Record | None:
    """The record of ``site/`` where there is a site and nothing of it is damaged; what is damaged is said."""
    recover(SITE)
    if not SITE.is_dir():
        return None
    try:
        shown = record.check(SITE)
        record.corpora(_corpora_file(), SITE)
    except SiteError as error:
        print(f"warning: {error.where}: {error.what}; the site is made anew", file=sys.stderr)
        return None
    return shown


def _corpora_file() -> Path:
    return BUILD / "site_corpora.json"


def _refuse_to_empty(profile: Profile, before: record.Record | None) -> None:
    if not SITE.is_dir() or (before is not None and before.shows == profile.profile):
        return
    shows = before.shows if before else "the profile"
    if not any(has_result(n.results(profile.profile)) for n in in_order(profile.notebooks)):
        fix = f"make it with make report, or give PARAMS the file of {shows}, which site/ shows"
        raise SiteError("no results", where=f"profile {profile.profile}", fix=fix)
    if before is not None:
        print(f"site/ showed profile {shows} and now shows {profile.profile}", file=sys.stderr)


def _stale(profile: Profile) -> list[str]:
    return [n.stem for n in stale(profile) if has_result(n.results(profile.profile))]


def _say_stale(stems: list[str]) -> None:
    for stem in stems:
        why = "made with other parameters, code or data than the present ones"
        print(f"warning: the result of {stem} was {why}; make report brings it up to date", file=sys.stderr)


def findings(profile: Profile) -> list[str]:
    """What each notebook of a profile found, a line each, as its ``values.json`` says it."""
    found = []
    for notebook in in_order(profile.notebooks):
        file = notebook.results(profile.profile) / "values.json"
        said = (state.read(file, dict[str, Any], then=UNREAD) or {}).get("finding")
        found.append(f"{notebook.stem}: {said or 'no result'}")
    return found


def answered(file: Path) -> list[str]:
    """The verdicts of a finished site and what a reader must know of its run, a line each."""
    told = json.loads(file.read_text(encoding="utf-8"))
    flags = [f"{flag['flag']}: {flag['text']}" for flag in told["flags"]]
    return flags + [f"{answer['question']} {answer['verdict'].capitalize()}." for answer in told["answers"]]


def _staged(profile: Profile, old: list[str], folder: Path | None = None) -> "Staged":
    from lib.site.stage import stage

    return stage(
        RESULTS,
        profile=profile.profile,
        notebooks=profile.notebooks,
        synthetic=profile.synthetic,
        parameters=_shown(profile),
        title=profile.report.title,
        stale=old,
        redacted=profile.redacted,
        folder=folder,
    )


def _shown(profile: Profile) -> dict[str, Any]:
    """The resolved parameters as readers of the site see them."""
    shown = profile.model_dump(exclude=PLACES | (RAW if profile.redacted else {}))
    if profile.redacted and profile.findings.captioner:
        folder = RESULTS / profile.profile / CAPTIONERS
        shown["findings"]["captioner"] = redaction_counts.called(folder, profile.findings.captioner)
    return shown


def corpora(profile: Profile) -> dict[str, dict[str, Any]]:
    """Where the corpora lie and which are private, for the check before publishing; this stays off the site."""
    private, named = profile.private_corpora, list(profile.report.named)
    made_of = _made_of(profile)
    return {
        key: {
            "label": one.label,
            "kind": one.kind,
            "root": one.root,
            "private": key in private,
            "named": named,
            "made_of": made_of.get(key, []),
        }
        for key, one in profile.corpora.items()
    }


def _made_of(profile: Profile) -> dict[str, list[str]]:
    """The SHA-256 of each corpus, by key, that the results of a profile were made from; several where some are old."""
    made_of: dict[str, set[str]] = defaultdict(set)
    for notebook in in_order(profile.notebooks):
        for key, corpus in (record_of(notebook.results(profile.profile)) or {}).get("corpora", {}).items():
            made_of[key].add(corpus["sha256"])
    return {key: sorted(sha256) for key, sha256 in made_of.items()}


def _stamp(profile: Profile, stale: list[str]) -> dict[str, Any]:
    from lib.site import quarto

    asked = profile.report.renderer
    scripts = sorted(file for file in (ROOT / "lib" / "draw").rglob("*") if file.suffix in {".js", ".css"})
    code = [(str(path), file_sha256(path)) for path in [*imported_files(RENDERER), *scripts]]
    return {
        "shows": profile.profile,
        "stale": stale,
        "profile": text_sha256(json.dumps(_shown(profile), sort_keys=True)),
        "renderer": [asked, "" if asked == "preview" else str(quarto.find() or "")],
        "results": _folder(RESULTS / profile.profile),
        "pages": _folder(ROOT / "report"),
        "lib": digest(code),
    }


def _folder(folder: Path) -> str:
    return digest(folder_sha256(folder).items())
