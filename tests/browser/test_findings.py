"""The answers in headless Chromium: on the first screen, and on one sheet of A4."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lib.site import answers, site
from lib.site.stage import stage

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
PHONE = {"viewport": {"width": 375, "height": 740}}
SCREEN = {"viewport": {"width": 1280, "height": 800}}
SHEET = re.compile(rb"/Type\s*/Page\b(?!s)")


@pytest.fixture(scope="session")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose every question has an answer with the longest texts, and every reservation."""
    folder = tmp_path_factory.mktemp("answered")
    provenance = {"git": {"sha": "0123456789ab", "dirty": True}, "start": "2026-01-31", "seconds": 1}
    share = {"value": 0.205, "low": 0.107, "high": 0.3066, "n": 75, "unit": "share"}
    share["text"] = "20.5 % (95 % CI 10.7–30.7, N = 75)"
    pairs = [(f"captioner_{n}", f"a captioner of a long name {n}") for n in range(1, 5)]
    measured = ("precision", "preferred", "recall")
    against = {
        f"pair_{n}_{what}": value
        for n, (_, name) in enumerate(pairs[1:], 1)
        for what, value in ({"first": pairs[0][1], "second": name} | dict.fromkeys(measured, share)).items()
    }
    blind = "TMR is not shown to rank true captions above those made false by left and right swapped"
    needed = share | {"text": "21,906 clips (95 % CI 2,400 to 1,900,000, N = 2,192)"}
    against |= {f"pair_1_{what}_needed": needed for what in ("clips", "respondents")}
    counts = {name: {"value": value, "text": str(value)} for name, value in (("captioners", 4), ("pairs", 3))}
    deltas = {f"{role}_{metric}": share for role in ("both", "weighting") for metric in ("r3", "fid")}
    levels = {f"{name}_rival": share for name in deltas}
    below = share | {"value": -0.205, "low": -0.3066, "high": -0.107}
    levels |= {f"{regime}_over_frozen_r3": share for regime in ("both", "real")}
    levels |= {f"{regime}_over_frozen_fid": below for regime in ("both", "real")}
    levels |= {f"{name}_p": {"value": 0.0012, "text": "0.0012"} for name in deltas}
    levels |= {"both_energy": share | {"value": 0.8, "low": 0.7, "high": 0.9}}
    kept = {"benchmark_kept": 14_616, "candidate_kept": 344_476, "benchmark_words": 5371.0}
    kept |= {"candidate_costliest_clips": 21_906}
    leak = {"text_cosine": 0.95, "either_cosine": 0.95, "either_clips": 2_192, "both_clips": 219, "both_expected": 58.0}
    leak |= {
        "source_clips": 1_096,
        "text_clips": 1_315,
        "beside_held_out_share": 0.5,
        "leak_free_clips": 2_192,
        "leak_free_of": 4_384,
    }
    values: dict[str, dict[str, Any]] = {
        "00_data_preparation": {name: {"value": value, "text": str(value)} for name, value in kept.items()}
        | {"candidate_costliest": "high-pass movement"}
        | dict.fromkeys(("candidate_clean", "more_words_by_captions", "more_words_by_running_words"), share),
        "01_similarity_test": dict.fromkeys(("either_share", "source_share", "text_share", "held_out_share"), share)
        | {name: {"value": value, "text": str(value)} for name, value in leak.items()}
        | {"partial": "only 1 of 2 test clips have captions here " * 3},
        "03_captioner_comparison": {**dict(pairs), **against, **counts, "stand_in": True, "preferred": pairs[0][1]}
        | {"ballots": 8_500, "items": 100, "recall_blind": blind},
        "06_evaluation": {**deltas, **levels},
    }
    run = {"run.profile": "p", "run.date": "2026-01-31", "run.parameters": "ab" * 6}
    records = dict.fromkeys(values, provenance)
    corpora = {"h3d": {"label": "HumanML3D"}, "dm": {"label": "DM, the private dataset"}}
    made = answers.record(
        values,
        records,
        run,
        files=(),
        parameters={"corpora": corpora},
        chosen=[],
        stale=list(values)[:2],
        synthetic=True,
    )
    assert not [part for answer in made.answers for part in answer.parts if part.lacking]
    assert len(made.flags) == 5
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("lib.site.answers.record", lambda *_, **__: made)
        patched.setattr("lib.site.check.site", lambda folder: None)  # the pages that the numbers lead to are not there
        facts = {"profile": "p", "notebooks": [], "synthetic": True, "folder": folder / "pages"}
        return site.build(stage(folder / "results", **facts), folder / "site", renderer="preview").path


def test_the_findings_print_on_one_sheet_of_paper(open_page: Open, answered: Path) -> None:
    page = open_page(str(answered / "findings.html"), **SCREEN)
    assert len(SHEET.findall(page.pdf(format="A4", print_background=True))) == 1
    page.emulate_media(media="print")
    assert page.locator(".answer").count() == 4 and page.locator(".one-page tbody tr").count() == 4 + 11
    assert all(page.locator(f"text={said}").first.is_visible() for said in ("Small.", "Partial.", "Stale.", "Dirty."))
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.one-page td')).fontSize)") >= 8.5


def test_the_findings_print_on_one_sheet_in_quarto_s_shape(
    open_page: Open, answered: Path, in_quartos_shape: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lib.site.check.site", lambda folder: None)
    folder = in_quartos_shape(answered.with_name("pages"))
    page = open_page(str(folder / "findings.html"), **SCREEN)
    assert len(SHEET.findall(page.pdf(format="A4", print_background=True))) == 1
    page.emulate_media(media="print")
    assert page.locator(".answer").count() == 4 and page.locator("h1.title").is_visible()
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.one-page td')).fontSize)") >= 8.5


def test_reservations_and_answers_stand_on_the_first_screen(open_page: Open, answered: Path) -> None:
    page = open_page(str(answered / "index.html"), **SCREEN)
    for selector in (".synthetic-banner", ".reservations", "#answer-leak", "#answer-candidate"):
        box = page.locator(selector).bounding_box()
        assert box["y"] + box["height"] <= 800, selector


@pytest.mark.parametrize("options", [{**SCREEN, "color_scheme": "light"}, {**PHONE, "color_scheme": "dark"}])
def test_axe_finds_nothing_on_the_answers_and_a_phone_never_scrolls_sideways(
    open_page: Open, answered: Path, options: dict[str, Any]
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    for name in ("index.html", "findings.html"):
        page = open_page(str(answered / name), **options)
        assert page.evaluate("document.documentElement.scrollWidth") <= options["viewport"]["width"]
        # without preloading: on disk axe may not read the style sheets again, and says so in the console
        found = axe.Axe().run(page, context="main", options={"preload": False}).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
