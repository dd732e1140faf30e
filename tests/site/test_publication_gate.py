"""Before a site leaves: what it holds of private corpora is found however it is packed, printed, and refused."""

import base64
import gzip
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.base.errors import SiteError
from lib.base.paths import ROOT
from lib.run.params import load
from lib.site import publication, publication_gate, record

CLIPS = ["dm000001", "dm000002", "dm000003", "dm000004"]
TEXTS = ["A person juggles three torches.", "waves twice", "walk", "An unwilling dancer spins alone."]


@pytest.fixture
def corpora(tmp_path: Path) -> dict[str, dict[str, object]]:
    """A manifest of four clips, the last without consent."""
    root = tmp_path / "data" / "dm"
    root.mkdir(parents=True)
    pd.DataFrame({"clip_id": CLIPS, "split": ["train", "val", "test", "test"], "fps": 20.0, "n_frames": 4,
                  "offset": np.arange(4) * 4, "source": ["tape 0001 of Ann"] * 4, "body_mode": "full",
                  "person_count": 1, "consent": [True, True, True, False],
                  "mirror_of": None}).to_parquet(root / "clips.parquet")  # fmt: skip
    captions = pd.DataFrame({"clip_id": CLIPS, "caption_id": [f"{c}#0" for c in CLIPS], "text": TEXTS})
    captions.assign(captioner="x", tokens=None, start_s=0.0, end_s=0.0).to_parquet(root / "captions.parquet")
    np.save(root / "joints.npy", np.zeros((16, 22, 3), np.int16))
    return {"dm": {"label": "DM", "kind": "manifest", "root": str(root), "private": True}}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<p>Clips walk; nobody waves.</p>", encoding="utf-8")
    return tmp_path / "site"


def test_a_site_without_secrets_passes_in_silence(corpora, site, capsys):
    publication_gate.check(site, corpora)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("<td>a person juggles <b>three</b> torches</td>", "1 captions in page.html (1); first: 'a person juggles"),
        ("x,waves twice,0.3\n", "1 captions in page.html (1); first: 'waves twice'"),
        (json.dumps({"url": "clips/dm000002.npy"}), "1 ids in page.html (1); first: 'dm000002'"),
        (
            base64.b64encode(gzip.compress(b"[tape_0001_of Ann]", mtime=0)).decode(),
            "1 ids in page.html (1); first: 'tape 0001",
        ),
    ],
)
def test_private_captions_and_ids_are_refused_printed_and_let_pass_when_told(corpora, site, capsys, held, said):
    (site / "page.html").write_text(held, encoding="utf-8")
    with pytest.raises(
        SiteError, match=r"shows (captions|ids|captions and ids) of a private corpus; .*EXPOSE_PRIVATE=1"
    ):
        publication_gate.check(site, corpora)
    assert f"exposes DM: {said}" in capsys.readouterr().out
    publication_gate.check(site, corpora, expose_private=True)
    assert said in capsys.readouterr().out
    publication_gate.check(site, {"dm": corpora["dm"] | {"private": False}})


def test_captioners_of_a_private_corpus_are_refused_unless_they_may_be_named(corpora, site, tmp_path, capsys):
    file = tmp_path / "data" / "dm" / "captions.parquet"
    pd.read_parquet(file).assign(captioner="Zylophon").to_parquet(file)
    (site / "page.html").write_text("<p>Of all captioners zylophon is preferred.</p>", encoding="utf-8")
    with pytest.raises(SiteError, match="it shows names of captioners of a private corpus"):
        publication_gate.check(site, corpora)
    assert "DM: 1 names of captioners in page.html (1); first: 'zylophon'" in capsys.readouterr().out
    publication_gate.check(site, {"dm": corpora["dm"] | {"named": ["Zylophon"]}})
    publication_gate.check(site, corpora, expose_private=True)


def test_two_private_corpora_of_one_name_are_both_looked_for(corpora, site, tmp_path, capsys):
    """As where the report's parameters name another folder than the one that the site was made of."""
    shutil.copytree(tmp_path / "data" / "dm", tmp_path / "data" / "other")
    file = tmp_path / "data" / "other" / "captions.parquet"
    pd.read_parquet(file).replace({TEXTS[0]: "nobody else hops", "x": "Zylophon"}).to_parquet(file)
    (site / "page.html").write_text(f"<td>{TEXTS[0]}</td><td>nobody else hops</td>", encoding="utf-8")
    with pytest.raises(SiteError, match="it shows captions of a private corpus"):
        publication_gate.check(site, {"before": corpora["dm"], "now": corpora["dm"] | {"root": str(file.parent)}})
    assert "DM: 2 captions in page.html (2)" in capsys.readouterr().out


def test_a_file_whose_name_no_terminal_can_show_is_said_in_a_line(corpora, site, capsys):
    for name in ("a\nb\udcff.html", "**[x].html"):
        (site / name).write_text("an unwilling dancer spins alone", encoding="utf-8")
    with pytest.raises(SiteError, match="it shows rows without consent"):
        publication_gate.check(site, corpora, expose_private=True)
    assert capsys.readouterr().out.count("\n") == 1


def test_what_a_public_corpus_says_too_is_no_secret(corpora, site, tmp_path):
    shutil.copytree(tmp_path / "data" / "dm", tmp_path / "data" / "open")
    (site / "page.html").write_text("a person juggles three torches", encoding="utf-8")
    public = {"label": "Open", "kind": "manifest", "root": str(tmp_path / "data" / "open"), "private": False}
    publication_gate.check(site, {"dm": corpora["dm"], "open": public})


@pytest.mark.parametrize("page", ["own_data.html", "theme/search_index.js", "search.json"])
def test_what_the_tutorial_says_gives_nobody_away_there_and_only_there(corpora, site, tmp_path, page):
    said = "A person stands, then waves with one hand."
    assert said in (ROOT / "report" / "own_data.qmd").read_text(encoding="utf-8")
    file = tmp_path / "data" / "dm" / "captions.parquet"
    pd.read_parquet(file).replace({TEXTS[0]: said}).to_parquet(file)
    (site / page).parent.mkdir(exist_ok=True)
    (site / page).write_text(f"<p>{said}</p>", encoding="utf-8")
    publication_gate.check(site, corpora)
    (site / "page.html").write_text(f"<td>{said}</td>", encoding="utf-8")
    with pytest.raises(SiteError, match="shows (captions|ids|captions and ids) of a private corpus"):
        publication_gate.check(site, corpora)


@pytest.mark.parametrize("private", [True, False])
def test_rows_without_consent_never_leave_and_are_not_quoted(corpora, site, capsys, private):
    (site / "page.html").write_text("an unwilling dancer spins alone, dm000004", encoding="utf-8")
    with pytest.raises(SiteError, match="it shows rows without consent"):
        publication_gate.check(site, {"dm": corpora["dm"] | {"private": private}}, expose_private=True)
    out = capsys.readouterr().out
    assert "DM: 2 texts of rows without consent in page.html (2)" in out
    assert "unwilling" not in out and "000004" not in out


@pytest.mark.parametrize(("kind", "private"), [("manifest", True), ("manifest", False), ("humanml3d", True)])
def test_a_corpus_with_something_to_withhold_that_is_gone_cannot_be_cleared(corpora, site, tmp_path, kind, private):
    shutil.rmtree(tmp_path / "data")
    gone = {"dm": corpora["dm"] | {"kind": kind, "private": private}}
    with pytest.raises(SiteError, match="cannot tell what it would expose of DM; bring the data back"):
        publication_gate.check(site, gone)
    if kind == "manifest":  # which may hold rows without consent
        with pytest.raises(SiteError, match="cannot tell what it would expose of DM; bring the data back$"):
            publication_gate.check(site, gone, expose_private=True)
    else:
        publication_gate.check(site, gone, expose_private=True)


def test_a_public_corpus_of_a_kind_that_knows_no_consent_may_be_gone(corpora, site, tmp_path):
    shutil.rmtree(tmp_path / "data")
    publication_gate.check(site, {"dm": corpora["dm"] | {"kind": "humanml3d", "private": False}})


def test_a_corpus_made_private_after_the_site_counts(corpora, site, tmp_path, monkeypatch):
    """The site was made from public data; the present parameters of the same profile call it private."""
    for name, folder in (("SITE", site), ("BUILD", tmp_path / "build")):
        monkeypatch.setattr(f"lib.site.publication.{name}", folder)
    monkeypatch.setattr("lib.base.locks.LOCKS", tmp_path / "locks")
    (site / "page.html").write_text("clip dm000001", encoding="utf-8")
    record.write(site, shows="demo", name="2026-01-31-abc", made_from="")
    record.keep(tmp_path / "build" / "site_corpora.json", site, {"dm": corpora["dm"] | {"private": False}})
    assert publication.publish(tmp_path / "open").name == "2026-01-31-abc"
    profile = load("params/demo.yml")
    source = profile.corpora["dm"].model_copy(update={"root": corpora["dm"]["root"], "label": "DM", "private": True})
    profile = profile.model_copy(update={"corpora": {"dm": source}})
    with pytest.raises(SiteError, match="private corpus"):
        publication.publish(tmp_path / "shut", profile)
    assert not (tmp_path / "shut").exists()
    told = publication.publish(tmp_path / "shut", profile, expose_private=True)
    assert (tmp_path / "shut" / "latest" / "MANIFEST.sha256").is_file() and told.name == "2026-01-31-abc"


@pytest.mark.parametrize("said", ["一个人慢慢向前走", "男の人がゆっくり歩く", "ผู้ชายเดินช้าๆ"])
@pytest.mark.parametrize("refused", [True, False])
def test_captions_without_spaces_are_found(corpora, site, tmp_path, said, refused):
    file = tmp_path / "data" / "dm" / "captions.parquet"
    pd.read_parquet(file).replace({TEXTS[3 if refused else 0]: said}).to_parquet(file)
    for held in (f"<td>{said}</td>", f"<p>比如{said}。</p>", json.dumps({"text": f"x {said}"})):
        (site / "page.html").write_text(held, encoding="utf-8")
        with pytest.raises(SiteError, match="rows without consent" if refused else "captions of a private corpus"):
            publication_gate.check(site, corpora)


def test_a_short_caption_without_consent_is_found_where_it_is_all_that_is_said(corpora, site, tmp_path):
    file = tmp_path / "data" / "dm" / "captions.parquet"
    pd.read_parquet(file).replace({TEXTS[3]: "Ann bows"}).to_parquet(file)
    (site / "page.html").write_text("<p>As Ann bows, others clap.</p>", encoding="utf-8")
    publication_gate.check(site, {"dm": corpora["dm"] | {"private": False}})
    (site / "page.html").write_text("<td>ann bows</td>", encoding="utf-8")
    with pytest.raises(SiteError, match="it shows rows without consent"):
        publication_gate.check(site, {"dm": corpora["dm"] | {"private": False}}, expose_private=True)


def test_sources_and_labels_of_rows_without_consent_are_sought(corpora, site):
    table = Path(str(corpora["dm"]["root"])) / "clips.parquet"
    clips = pd.read_parquet(table)
    clips["source"] = [*clips["source"][:3], "tape 0002 of Bob"]
    clips["studio"] = ["the old hall"] * 3 + ["the barn behind the mill"]
    clips.to_parquet(table)
    public = {"dm": corpora["dm"] | {"private": False}}
    publication_gate.check(site, public)
    for text in ("tape 0002 of Bob", "the barn behind the mill"):
        (site / "page.html").write_text(f"<p>Filmed on {text}.</p>", encoding="utf-8")
        with pytest.raises(SiteError, match="rows without consent"):
            publication_gate.check(site, public)
    (site / "page.html").write_text("<p>Filmed on tape 0001 of Ann in the old hall.</p>", encoding="utf-8")
    publication_gate.check(site, public)
