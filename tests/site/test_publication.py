"""From a profile's results to site/: what is out of date says so, and publishing copies what the site shows."""

import json
import sys
from pathlib import Path
from types import ModuleType

import nbformat
import pandas as pd
import pytest

from lib.base.errors import SiteError
from lib.base.hashes import corpus_fingerprint
from lib.base.paths import ROOT
from lib.own_data import example
from lib.run.params import Profile, load
from lib.site import publication, record
from lib.site.stage import REPORT


@pytest.fixture
def profile(run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profile:
    """A profile with results whose stamps agree with nothing, and folders of its own for build, results and site."""
    for module, name in (("publication", "BUILD"), ("publication", "RESULTS"), ("publication", "SITE")):
        monkeypatch.setattr(f"lib.site.{module}.{name}", tmp_path / name.lower())
    monkeypatch.setattr("lib.run.pipeline.RESULTS", tmp_path / "results")
    monkeypatch.setattr("lib.site.stage.BUILD", tmp_path / "build")
    monkeypatch.setattr("lib.base.locks.LOCKS", tmp_path / "locks")
    monkeypatch.setattr("lib.site.publication.ROOT", tmp_path)
    (tmp_path / "report").symlink_to(REPORT)
    run.write(tmp_path / "results", REPORT)
    return named(load("params/demo.yml"), "fixture")


def named(profile: Profile, name: str) -> Profile:
    report = profile.report.model_copy(update={"renderer": "preview"})
    return profile.model_copy(update={"profile": name, "report": report, "notebooks": sorted(profile.notebooks)[:3]})


def without_manifests(profile: Profile) -> Profile:
    """Publishing reads manifests, for rows without consent."""
    corpora = {key: source for key, source in profile.corpora.items() if source.kind != "manifest"}
    return profile.model_copy(update={"corpora": corpora})


def test_results_of_other_inputs_are_marked_and_warned_of_every_time(
    profile: Profile, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        publication.render(profile)
        assert "warning: the result of 01_similarity_test was made with other" in capsys.readouterr().err
    index = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert index.count("made with other parameters, code or data") == len(profile.notebooks) + 1  # and the reservation
    monkeypatch.setattr(publication, "stale", lambda profile: [])
    publication.render(profile)
    assert "made with other" not in capsys.readouterr().err
    assert "made with other" not in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_publishing_copies_what_the_site_shows_and_another_profile_does_not_replace_it_by_nothing(
    profile: Profile, tmp_path: Path
) -> None:
    with pytest.raises(SiteError, match="no finished site here; run make report first"):
        publication.publish(tmp_path / "published")
    publication.render(profile := without_manifests(profile))
    assert record.check(tmp_path / "site").shows == "fixture"
    with pytest.raises(SiteError, match="profile other: no results; .* fixture"):
        publication.render(named(profile, "other"))
    copy = publication.publish(tmp_path / "published to all")
    assert (copy / "index.html").read_bytes() == (tmp_path / "site" / "index.html").read_bytes()
    assert "Profile fixture" in (tmp_path / "published to all" / "latest" / "index.html").read_text(encoding="utf-8")


def test_a_site_of_a_manifest_that_changed_since_is_not_published(profile: Profile, tmp_path: Path) -> None:
    """A withdrawn clip's rows are in no table any more, so that nothing in the site could be found to be theirs."""
    example.write(tmp_path / "own")
    source = next(iter(profile.corpora.values())).model_copy(
        update={"kind": "manifest", "root": str(tmp_path / "own"), "label": "own"}
    )
    profile = profile.model_copy(update={"corpora": {"own": source}})
    for stem in profile.notebooks:
        file = tmp_path / "results" / "fixture" / stem / "provenance.json"
        corpora = {"own": {"label": "own", "sha256": corpus_fingerprint(tmp_path / "own")}}
        file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | {"corpora": corpora}))
    publication.render(profile)
    publication.publish(tmp_path / "published")
    captions = pd.read_parquet(tmp_path / "own" / "captions.parquet")
    captions.iloc[1:].to_parquet(tmp_path / "own" / "captions.parquet")
    with pytest.raises(SiteError, match="own changed since its results were made.*; run make report first"):
        publication.publish(tmp_path / "published")
    publication.render(profile)  # of the same results
    with pytest.raises(SiteError, match="own changed since its results were made"):
        publication.publish(tmp_path / "published", profile, expose_private=True)


@pytest.mark.parametrize("file", ["site/site.json", "site/findings.json", "build/site_corpora.json"])
def test_a_site_is_made_anew_where_it_is_not_as_it_was_made_and_only_there(
    profile: Profile, tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    publication.render(profile)
    made = (tmp_path / "site").stat().st_ino
    for damage in (b"\xff\xfe", b"[]", None):
        publication.render(profile)
        assert (tmp_path / "site").stat().st_ino == made and "made anew" not in capsys.readouterr().err
        (tmp_path / file).unlink()
        if damage is not None:
            (tmp_path / file).write_bytes(damage)
        publication.render(profile)
        assert f"{file}: " in (err := capsys.readouterr().err) and "; the site is made anew" in err
        made = (tmp_path / "site").stat().st_ino
        assert record.check(tmp_path / "site").shows == "fixture"


def test_a_damaged_site_is_not_replaced_by_a_profile_without_results(profile: Profile, tmp_path: Path) -> None:
    publication.render(profile)
    (tmp_path / "site" / "index.html").write_text("edited", encoding="utf-8")
    with pytest.raises(SiteError, match="profile other: no results"):
        publication.render(named(profile, "other"))
    assert (tmp_path / "site" / "index.html").read_text(encoding="utf-8") == "edited"


def test_an_edited_script_and_another_renderer_make_the_site_anew(
    profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = tmp_path / "lib" / "draw" / "interactive" / "web"
    web.mkdir(parents=True)
    for name in ("map.js", "map.css"):
        before = publication._stamp(profile, [])
        (web / name).write_text("edited", encoding="utf-8")
        assert publication._stamp(profile, []) != before
    auto = profile.model_copy(update={"report": profile.report.model_copy(update={"renderer": "auto"})})
    stamps = []
    for found in (None, Path("/opt/quarto")):
        monkeypatch.setattr("lib.site.quarto.find", lambda found=found: found)
        stamps.append((publication._stamp(profile, []), publication._stamp(auto, [])))
    assert stamps[0][0] == stamps[1][0] and stamps[0][1] != stamps[1][1]


def test_an_edit_of_the_pipeline_whose_questions_the_pages_show_makes_the_site_anew(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publication._stamp(profile, [])
    sha256 = publication.file_sha256
    edited = ROOT / "lib" / "run" / "pipeline.py"
    monkeypatch.setattr(publication, "file_sha256", lambda path: "edited" if path == edited else sha256(path))
    assert publication._stamp(profile, []) != before


def test_a_private_profile_tells_neither_its_prompts_nor_its_captioner(profile: Profile) -> None:
    asked = {
        "visualization": profile.visualization.model_copy(update={"prompts": ["a secret caption"]}),
        "findings": profile.findings.model_copy(update={"captioner": "Secret-9"}),
    }
    told = [
        json.dumps(
            publication._shown(profile.model_copy(update=asked | {"report": profile.report.model_copy(update=how)}))
        )
        for how in ({}, {"redact": True})
    ]
    assert all(said in told[0] and said not in told[1] for said in ("a secret caption", "Secret-9"))


def test_pages_and_notebooks_say_nothing_of_where_they_were_made(profile: Profile, tmp_path: Path) -> None:
    file = tmp_path / "results" / "fixture" / "01_similarity_test" / "notebook.ipynb"
    notebook = nbformat.read(file, as_version=4)
    notebook.metadata["papermill"] = {"output_path": f"{ROOT}/results/x.ipynb"}
    notebook.cells[1].metadata["papermill"] = {"status": "completed"}
    notebook.cells[1].outputs[
        0
    ].text = f"{ROOT}/lib/text/store.py:3: UserWarning: slow\n{sys.prefix}/lib/python3/x.py:1: old\n"
    nbformat.write(notebook, file)
    publication.render(profile)
    copied = json.loads((tmp_path / "site" / "notebooks" / "01_similarity_test.ipynb").read_text(encoding="utf-8"))
    assert "papermill" not in copied["metadata"] and "papermill" not in copied["cells"][1]["metadata"]
    assert "lib/text/store.py:3" in (tmp_path / "site" / "notebooks" / "01_similarity_test.html").read_text("utf-8")
    for page in [*tmp_path.glob("site/**/*.html"), *tmp_path.glob("site/**/*.ipynb"), *tmp_path.glob("site/**/*.js*")]:
        text = page.read_text(encoding="utf-8")
        assert str(ROOT) not in text and sys.prefix not in text, page
