"""Everything a renderer needs in one folder: the pages of this run, their evidence, navigation and theme."""

import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from lib.base.atomic import swap_in
from lib.base.paths import BUILD, ROOT
from lib.base.withheld import is_redacted
from lib.draw import fragment, motion_player
from lib.draw.interactive import assets
from lib.run.pipeline import BY_STEM, in_order
from lib.site import answers, executed, navigation, page_assets, provenance, variables
from lib.site.page_assets import PageAssets
from lib.site.page_template import PageTemplate
from lib.site.pages import Page, resolve

REPORT = ROOT / "report"
BANNER = [
    "",
    "::: {.synthetic-banner}",
    "**Synthetic corpora.** The datasets behind this page were generated, with known truths planted in them. "
    "No number here describes a real dataset.",
    ":::",
    "",
]
STAND_IN = [
    "",
    "::: {.synthetic-banner}",
    "**Stand-in for the sentence encoder.** Vectors of captions are random vectors of their words, in place of a "
    "language model. No number here that rests on what captions mean describes a language model.",
    ":::",
    "",
]


@dataclass(frozen=True)
class Staged:
    """A folder ready to render.

    Args:
        folder: holds ``_quarto.yml``, ``_variables.yml``, pages, assets, notebooks and theme.
        profile: whose results it shows.
        missing: stems whose page is absent because their notebook has no result.
    """

    folder: Path
    profile: str
    missing: list[str]


def stage(
    results: Path,
    *,
    profile: str,
    notebooks: Sequence[str],
    synthetic: bool,
    parameters: Mapping[str, Any] | None = None,
    title: str | None = None,
    stale: Collection[str] = (),
    redacted: bool = False,
    folder: Path | None = None,
    report: Path = REPORT,
) -> Staged:
    """Gathers pages and evidence of one profile into ``build/pages/<profile>``.

    Args:
        results: the folder of all results, with one folder a profile.
        profile: which of them.
        notebooks: stems that the profile asks for.
        synthetic: whether its corpora were generated; every page then says so.
        parameters: the resolved parameters, for the overview and for their hash.
        title: of the site.
        stale: stems whose result does not follow from the present inputs; the overview says so.
        redacted: whether a corpus is private; a result made before it was is then left out.
        folder: where to, instead of ``build/pages/<profile>``.
        report: the sources.

    Returns:
        The folder, put in place only when complete.

    Raises:
        SiteError: a page refers to something that does not exist; the message names page and line.
    """
    target = folder or BUILD / "pages" / profile
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    ran = {n.stem: results / profile / n.stem for n in in_order(list(notebooks))}
    records = provenance.read(ran)
    records = {stem: record for stem, record in records.items() if not redacted or is_redacted(record)}
    ran = {stem: path for stem, path in ran.items() if stem in records}
    facts = provenance.variables(records, profile=profile, synthetic=synthetic, parameters=parameters or {})
    known = _evidence(ran, facts, provenance.fragments(records, notebooks, parameters or {}, stale))
    answered = answers.record(
        {stem: variables.raw(path / "values.json") for stem, path in ran.items()},
        records,
        facts,
        files={*known.files, *known.fragments},
        parameters=parameters or {},
        chosen=notebooks,
        stale=stale,
        synthetic=synthetic,
    )
    tables = {**known.fragments, "assets/run/rules.html": answers.rules(answered)}
    quoted = {**known.variables, **answered.verdicts()}
    known = replace(known, variables=quoted, fragments=tables, pieces={**known.pieces, **answers.pieces(answered)})

    pages = resolve(report, known)
    stand_in = facts["run.stand_in"] == "yes"
    _write(pages, part, (BANNER if synthetic else []) + (STAND_IN if stand_in else []))
    titles = {name: page.title for name, page in pages.items()}
    links = {f"notebooks/{stem}.html": stem for stem in ran}
    config = navigation.restrict(navigation.read(report / "_quarto.yml"), {*titles, *links}, links)
    named = " ".join((title or str(config["website"]["title"])).split())
    config["website"]["title"] = variables.markdown(named)
    config["website"]["page-footer"] = {"left": " · ".join(_footer(facts)), "right": "Rendered by Quarto"}
    text = yaml.safe_dump(config, sort_keys=False, allow_unicode=True, width=10_000)
    (part / "_quarto.yml").write_text(text, encoding="utf-8")
    (part / "_variables.yml").write_text(variables.dump(known.variables), encoding="utf-8")
    for name in ("references.bib", "theme", "filters"):
        copy = shutil.copytree if (report / name).is_dir() else shutil.copy2
        copy(report / name, part / name)
    for made in (motion_player, assets):
        for name, content in zip((made.STYLE, made.SCRIPT), made.assets(), strict=True):
            (part / "theme" / name).write_text(content, encoding="utf-8")
    for address, path in known.files.items():
        (part / address).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, part / address)
    frame = PageTemplate(
        report / "theme", named, navigation.entries(config, titles), _footer(facts), synthetic, stand_in
    )
    _notebooks(ran, part, frame, redacted)
    (part / answers.FILE).write_text(answered.text(), encoding="utf-8")
    (part / answers.SCHEMA).write_text(answers.schema(), encoding="utf-8")
    swap_in(part, target)
    return Staged(target, profile, [stem for stem in notebooks if stem not in ran])


def _evidence(ran: Mapping[str, Path], facts: Mapping[str, str], tables: Mapping[str, str]) -> PageAssets:
    values = dict(facts)
    for stem, path in ran.items():
        values |= variables.read(path / "values.json", BY_STEM[stem].section)
    files, alternatives, raw = page_assets.collect(ran)
    cleaned = {address: fragment.clean(path.read_text(encoding="utf-8")) for address, path in raw.items()}
    players = page_assets.players(ran, alternatives)
    live, scripts = page_assets.pieces(ran)
    return PageAssets(
        values,
        {**files, **scripts},
        alternatives,
        {**cleaned, **tables},
        pieces=live,
        players=players,
        notebooks=frozenset(ran),
    )


def _write(pages: Mapping[str, Page], part: Path, banners: list[str]) -> None:
    for name, page in pages.items():
        text = [line.text for line in page.lines]
        head = text.index("---", 1) + 1
        text[head:head] = banners
        (part / name).write_text("\n".join(text) + "\n", encoding="utf-8")


def _footer(facts: Mapping[str, str]) -> list[str]:
    return [f"Profile {facts['run.profile']}", facts["run.date"], f"commit {facts['run.commit']}"]


def _notebooks(ran: Mapping[str, Path], part: Path, frame: PageTemplate, redacted: bool) -> None:
    (part / "notebooks").mkdir()
    for stem, path in ran.items():
        notebook = executed.anonymous(executed.read(path / "notebook.ipynb"), redacted=redacted)
        (part / "notebooks" / f"{stem}.ipynb").write_text(executed.text(notebook), encoding="utf-8")
        href = f"notebooks/{stem}.html"
        title = executed.take_title(notebook, stem)
        body = executed.body(executed.tidy(notebook))
        page = frame.wrap(href, title, body, made_by="nbconvert", notebook=stem)
        (part / href).write_text(page, encoding="utf-8")
