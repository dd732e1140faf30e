"""A site or a publication killed before any of its renames: readers see the older one or the newer one, whole."""

import json
import shutil
from pathlib import Path

import pytest

from lib.site import site
from lib.site.publish import publish
from lib.site.stage import REPORT, stage
from tests.faults import kill
from tests.site import fixture

STEM = fixture.STEMS[1]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fixture.write(tmp_path_factory.mktemp("made"), REPORT, stems=[STEM])


def build(results: Path, out: Path, title: str) -> None:
    """A small site: one notebook, by the preview renderer."""
    pages = out / "pages"
    staged = stage(results, profile="fixture", notebooks=[STEM], synthetic=False, title=title, folder=pages)
    site.build(staged, out / "site", renderer="preview")


def title(folder: Path) -> str:
    """The title that every page of a site carries, read from its HTML."""
    titles = {
        page.read_text(encoding="utf-8").split("<title>")[1].split("</title>")[0].split("–")[-1].split("|")[-1].strip()
        for page in folder.glob("*.html")
    }
    assert len(titles) == 1, titles
    return titles.pop()


@pytest.fixture(scope="module")
def sites(results: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = {}
    for name in ("older", "newer"):
        made[name] = tmp_path_factory.mktemp(name)
        build(results, made[name], name)
        assert title(made[name] / "site") == name
    return made


def test_a_killed_build_leaves_the_older_site_or_the_newer_one(
    results: Path, sites: dict[str, Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def prepare() -> None:
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(sites["older"], out)

    killed = 0
    for _ in kill.points(prepare, lambda: build(results, out, "newer")):
        folder = out / "site" if (out / "site").is_dir() else out / ".site.old"
        assert title(folder) in {"older", "newer"}
        assert {path.name for path in folder.glob("*.html")} == {
            path.name for path in (sites["older"] / "site").glob("*.html")
        }
        build(results, out, "newer")
        complete(out, sites)
        killed += 1
    assert killed >= 4, "two folders are swapped in by two renames each"
    complete(out, sites)


def complete(out: Path, sites: dict[str, Path]) -> None:
    assert title(out / "site") == "newer"
    assert {path.name for path in out.iterdir()} == {"site", "pages"}
    wanted = {path.relative_to(sites["newer"]).as_posix() for path in sites["newer"].rglob("*")}
    assert {path.relative_to(out).as_posix() for path in out.rglob("*")} == wanted
    json.loads((out / "site" / "findings.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["2026-01-31-abc", "2026-02-01-def"], ids=["under the same name", "under a new name"])
def test_a_killed_publication_leaves_latest_whole(name: str, sites: dict[str, Path], tmp_path: Path) -> None:
    dest = tmp_path / "shared"

    def prepare() -> None:
        shutil.rmtree(dest, ignore_errors=True)
        publish(sites["older"] / "site", dest, name="2026-01-31-abc")

    killed = 0
    for _ in kill.points(prepare, lambda: publish(sites["newer"] / "site", dest, name=name)):
        assert title(dest / "latest") in {"older", "newer"}
        publish(sites["newer"] / "site", dest, name=name)
        published(dest, name)
        killed += 1
    assert killed >= 2
    published(dest, name)


def published(dest: Path, name: str) -> None:
    assert title(dest / "latest") == "newer" and (dest / "latest").resolve() == (dest / name).resolve()
    assert {path.name for path in dest.iterdir()} == {"latest", "2026-01-31-abc", name}
