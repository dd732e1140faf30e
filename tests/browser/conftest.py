"""Sites of a made-up run, by the preview and in the shape of Quarto's, and headless Chromium to open them from disk."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from lib.base.atomic import swap_in
from lib.base.paths import CACHE
from lib.site import site
from lib.site.stage import REPORT, stage
from tests.site import fixture, quarto_stand_in

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

::: {.column-page-right}
[A wide part.]{#wide-part}
:::
"""


@pytest.fixture(scope="session")
def built(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    return once("browser", _build) / "site"


def _build(folder: Path) -> None:
    report = folder / "report"
    shutil.copytree(REPORT, report)
    with (report / "index.qmd").open("a", encoding="utf-8") as page:
        page.write(EXTRA)
    results = fixture.write(folder / "results", report, stems=fixture.EVERY)
    with (report / "index.qmd").open("a", encoding="utf-8") as page:
        page.write("\n{{< include assets/02_action_distribution/walking.html >}}\n")
        page.write("\n{{< include assets/02_action_distribution/mapped.html >}}\n")
    fixture.player(results / "fixture" / "02_action_distribution", "walking")
    fixture.caption_map(results / "fixture" / "02_action_distribution", "mapped")
    facts = {"profile": "fixture", "notebooks": fixture.EVERY, "synthetic": True, "report": report}
    site.build(stage(results, folder=folder / "pages", **facts), folder / "site", renderer="preview")


@pytest.fixture(scope="session")
def styles() -> Path:
    """Bootstrap under the report's themes, for pages in the shape of Quarto's, made once for each content of its files.

    npm checks what it fetches against the hashes of the lock file.
    """
    here = Path(__file__).parent / "quarto_styles"
    files = [*sorted(here.iterdir()), REPORT / "theme" / "light.scss", REPORT / "theme" / "dark.scss"]
    packages, made = (
        CACHE / "quarto_styles" / f"{kind}-{hashlib.sha256(b''.join(f.read_bytes() for f in some)).hexdigest()[:12]}"
        for kind, some in (("npm", files[:2]), ("css", files))
    )
    made.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(made.parent / "lock"):  # the files of this folder may be tested by two processes
        _make_styles(here, packages, made)
    return made


def _make_styles(here: Path, packages: Path, made: Path) -> None:
    if not (made / "dark.css").is_file():
        _installed(here, packages)
        part = made.with_name(f".{made.name}.{os.getpid()}")
        part.mkdir()
        page = (here / "page.scss").read_text(encoding="utf-8")
        for name in ("light", "dark"):
            theme = (REPORT / "theme" / f"{name}.scss").read_text(encoding="utf-8")
            (part / f"{name}.scss").write_text(theme + page, encoding="utf-8")
            scss = packages / "node_modules" / "bootstrap" / "scss"
            command = [packages / "node_modules" / ".bin" / "sass", "--quiet", "--no-source-map", f"--load-path={scss}"]
            subprocess.run([*command, part / f"{name}.scss", part / f"{name}.css"], check=True)
        script = packages / "node_modules" / "bootstrap" / "dist" / "js" / "bootstrap.bundle.min.js"
        text = script.read_text(encoding="utf-8").partition("//# sourceMappingURL")[0]
        (part / "bootstrap.min.js").write_text(text, encoding="utf-8")
        swap_in(part, made)


def _installed(here: Path, packages: Path) -> None:
    if (packages / "node_modules").is_dir():
        return
    if shutil.which("npm") is None:
        pytest.skip("no npm, which fetches Bootstrap for pages in the shape of Quarto's")
    part = packages.with_name(f".{packages.name}.{os.getpid()}")
    part.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy2(here / name, part / name)
    command = ["npm", "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    done = subprocess.run(command, cwd=part, capture_output=True, text=True)
    if done.returncode:
        shutil.rmtree(part)
        assert "EINTEGRITY" not in done.stderr, done.stderr
        pytest.skip(f"npm cannot fetch Bootstrap: {(done.stderr.strip().splitlines() or ['no reason given'])[0][:200]}")
    swap_in(part, packages)


@pytest.fixture(scope="session")
def in_quartos_shape(styles: Path, tmp_path_factory: pytest.TempPathFactory) -> "object":
    """Renders staged pages with the stand-in for Quarto of some version, in Bootstrap's styles."""

    def render(pages: Path, version: str = "1.10.18") -> Path:
        folder = tmp_path_factory.mktemp("quarto")
        copy = shutil.copytree(pages, folder / "pages")  # the stand-in writes its template among the pages
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("QUARTO", str(quarto_stand_in.install(folder / "bin", version=version, styles=styles)))
            assert site.render(copy, folder / "site", renderer="quarto") == "quarto"
        return folder / "site"

    return render


LEFT = "net::ERR_ABORTED"
"""What was being read when the reader went on to another page."""


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
        page.on("requestfailed", lambda r: None if r.failure == LEFT else faults.append(f"{r.failure}: {r.url}"))
        page.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: faults.append(str(e)))
        file, _, anchor = name.partition("#")
        page.goto((built / file).as_uri() + (f"#{anchor}" if anchor else ""))
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not faults
