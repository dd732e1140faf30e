"""A preview site of a made-up run, and headless Chromium to open it from disk."""

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib.report import site

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EXTRA = """
## Parts {#sec-parts}

See @tbl-notebooks, @sec-parts and [another page](provenance.qmd#sec-runs). With $e^{i\\pi} = -1$ and a quokka.

::: {.panel-tabset}
### First tab
One.

### Second tab
Two.

### Third tab
Three. []{#in-third}
:::

::: {.callout-warning title="Mind *this*"}
A warning.
:::
"""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    file = Path(__file__).parents[1] / "report" / "fixture.py"
    spec = importlib.util.spec_from_file_location("made_up_run", file)
    assert spec and spec.loader
    run = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(run)
    report = folder / "report"
    shutil.copytree(Path(site.__file__).parents[2] / "report", report)
    with (report / "index.qmd").open("a", encoding="utf-8") as page:
        page.write(EXTRA)
    results = run.write(folder / "results", report, stems=run.EVERY)
    with (report / "index.qmd").open("a", encoding="utf-8") as page:
        page.write("\n{{< include assets/02_action_distribution/walking.html >}}\n")
        page.write("\n{{< include assets/02_action_distribution/mapped.html >}}\n")
    run.player(results / "fixture" / "02_action_distribution", "walking")
    run.caption_map(results / "fixture" / "02_action_distribution", "mapped")
    facts = {"profile": "fixture", "notebooks": run.EVERY, "synthetic": True, "report": report}
    out = folder / "site"
    return site.build(results, out, renderer="preview", folder=folder / "pages", **facts).path


@pytest.fixture(scope="session")
def browser() -> Iterator["sync.Browser"]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on PATH")
    with sync.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: "sync.Browser", built: Path) -> Iterator["object"]:
    """Opens pages in a fresh profile; at the end, no request may have left the disk and no console said a word."""
    contexts, faults = [], []

    def open_(name: str, **options: object) -> "sync.Page":
        context = browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("request", lambda r: None if r.url.startswith(("file:", "data:")) else faults.append(r.url))
        page.on("requestfailed", lambda r: faults.append(f"failed: {r.url}"))
        page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        file, _, anchor = name.partition("#")
        page.goto((built / file).as_uri() + (f"#{anchor}" if anchor else ""))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not faults
