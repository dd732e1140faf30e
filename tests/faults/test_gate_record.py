"""Whatever becomes of the record of a site, what it shows, or what is private of it: the gate refuses, in one line."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.base.atomic import swap_in
from lib.base.errors import SiteError
from lib.site import publication, record
from tests.faults import kill

REFUSED = "An unwilling dancer spins alone in the yard."


def manifest(root: Path) -> Path:
    """Three clips, the last without consent."""
    root.mkdir(parents=True)
    ids = ["a1", "a2", "a3"]
    clips = pd.DataFrame({"clip_id": ids, "split": ["train", "val", "test"], "fps": 20.0, "n_frames": 4,
                          "offset": np.arange(3) * 4, "source": None, "body_mode": "full", "person_count": 1,
                          "consent": [True, True, True], "mirror_of": None})  # fmt: skip
    refused = clips.iloc[:1].assign(clip_id="a4", consent=False, offset=12)
    pd.concat([clips, refused]).to_parquet(root / "clips.parquet")
    captions = pd.DataFrame({"clip_id": [*ids, "a4"], "caption_id": ["0", "1", "2", "3"],
                             "text": ["walks", "runs", "jumps", REFUSED], "captioner": "human",
                             "tokens": None, "start_s": 0.0, "end_s": 0.0})  # fmt: skip
    captions.to_parquet(root / "captions.parquet")
    np.save(root / "joints.npy", np.zeros((16, 22, 3), np.int16))
    return root


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout's ``site`` and ``build``; the site holds nothing that it must not."""
    monkeypatch.setattr("lib.site.publication.SITE", tmp_path / "site")
    monkeypatch.setattr("lib.site.publication.BUILD", tmp_path / "build")
    monkeypatch.setattr("lib.base.locks.LOCKS", tmp_path / "locks")
    (tmp_path / "site" / "assets").mkdir(parents=True)
    (tmp_path / "site" / "index.html").write_text("<p>walks</p>", encoding="utf-8")
    (tmp_path / "site" / "assets" / "a.csv").write_text("verb,n\nwalk,3\n", encoding="utf-8")
    record.write(tmp_path / "site", shows="own", name="2026-01-31-abc", made_from="0" * 64)
    facts = {"label": "Vault", "kind": "manifest", "root": str(manifest(tmp_path / "vault")), "private": True}
    record.keep(tmp_path / "build" / "site_corpora.json", tmp_path / "site", {"own": facts | {"named": []}})
    return tmp_path


def refused(place: Path, *, expose: bool = False) -> str:
    """The line by which publishing is refused; nothing may have been written by then."""
    with pytest.raises(SiteError) as caught:
        publication.publish(place / "shared", expose_private=expose)
    assert not (place / "shared").exists() and "\n" not in str(caught.value)
    return str(caught.value)


def test_a_site_as_it_was_made_is_published_and_tells_nothing_of_its_corpora(place: Path) -> None:
    copy = publication.publish(place / "shared")
    text = (copy / "site.json").read_text(encoding="ascii")
    assert "Vault" not in text and "vault" not in text and str(place) not in text and not [*copy.glob("**/*corpora*")]
    assert sorted(record.check(place / "site").files) == ["assets/a.csv", "index.html"]


FILES = ["site/site.json", "build/site_corpora.json"]


@pytest.mark.parametrize("file", FILES)
def test_one_changed_byte_anywhere_is_noticed(place: Path, file: str) -> None:
    whole = (place / file).read_bytes()
    for at, byte in enumerate(whole):
        (place / file).write_bytes(whole[:at] + bytes([byte ^ 1 << at % 8]) + whole[at + 1 :])
        assert refused(place, expose=at % 2 == 1).endswith("; make the site again: make site"), at
    (place / file).write_bytes(whole)
    publication.publish(place / "shared")


@pytest.mark.parametrize("file", FILES)
def test_a_record_cut_short_anywhere_is_noticed(place: Path, file: str) -> None:
    whole = (place / file).read_bytes()
    for length in range(0, len(whole), 7):
        (place / file).write_bytes(whole[:length])
        refused(place, expose=length % 2 == 1)


SHAPES = [b"", b"null", b"[]", b"{}", b'"x"', b'{"sha256": 1}', b"\xff\xfe\x00", b"[" * 100_000, b"9" * 5000,
          b'{"corpora": {}, "sha256": ""}', b'{"files": [], "sha256": null}', b'"\\ud800"']  # fmt: skip


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("content", [None, *SHAPES], ids=lambda content: repr(content)[:20])
def test_a_record_that_is_gone_or_something_else_is_refused(place: Path, file: str, content: bytes | None) -> None:
    (place / file).unlink()
    if content is not None:
        (place / file).write_bytes(content)
    assert file in refused(place) and file in refused(place, expose=True)


def test_sealed_anew_without_what_it_must_hold_a_record_is_refused(place: Path) -> None:
    for file in FILES:
        whole = (place / file).read_bytes()
        (place / file).write_text(record._sealed({"record": record.file_sha256(place / FILES[0])}), encoding="ascii")
        refused(place)
        (place / file).write_bytes(whole)


def test_the_corpora_of_another_site_are_not_believed(place: Path) -> None:
    record.write(place / "site", shows="own", name="2026-01-31-abc", made_from="1" * 64)
    assert "it belongs to another site" in refused(place)


def edited(site: Path) -> None:
    (site / "index.html").write_text(f"<p>{REFUSED}</p>", encoding="utf-8")


def added(site: Path) -> None:
    (site / "more.html").write_text(REFUSED, encoding="utf-8")


def added_folder(site: Path) -> None:
    (site / "assets" / "a person who refused").mkdir()


def added_link(site: Path) -> None:
    (site.parent / "elsewhere").mkdir()
    (site.parent / "elsewhere" / "a.html").write_text(REFUSED, encoding="utf-8")
    (site / "linked").symlink_to(site.parent / "elsewhere")


def linked_file(site: Path) -> None:
    (site / "index.html").rename(site.parent / "index.html")
    (site / "index.html").symlink_to(site.parent / "index.html")


def into_a_folder(site: Path) -> None:
    (site / "index.html").unlink()
    (site / "index.html").mkdir()


WAYS: dict[Callable[[Path], object], str] = {
    edited: "index.html: edited since",
    added: "more.html: not listed",
    added_folder: "a person who refused: not listed",
    added_link: "linked: neither a file nor a folder",
    linked_file: "index.html: neither a file nor a folder",
    into_a_folder: "index.html: missing",
    lambda site: (site / "assets" / "a.csv").unlink(): "a.csv: missing",
    lambda site: (site / "assets" / "a.csv").rename(site / "b.csv"): "a.csv: missing",
    lambda site: (site / "index.html").write_bytes(b""): "index.html: edited since",
    lambda site: shutil.rmtree(site / "assets"): "a.csv: missing",
    lambda site: (site / ".hidden").write_text(REFUSED): ".hidden: not listed",
    lambda site: (site / "assets" / "site.json").write_text(REFUSED): "assets/site.json: not listed",
    lambda site: shutil.rmtree(site): "no finished site here",
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: WAYS[way])
def test_a_site_that_is_not_as_it_was_made_is_refused(place: Path, way: Callable[[Path], object]) -> None:
    way(place / "site")
    assert WAYS[way] in refused(place) and WAYS[way] in refused(place, expose=True)


def rebuild(place: Path) -> None:
    """A site of another profile takes the place of this one; it shows a row without consent."""
    file, site, part = place / "build" / "site_corpora.json", place / "site", place / ".site.part"
    corpora = record.corpora(file, site)
    part.mkdir()
    (part / "index.html").write_text(f"<p>{REFUSED}</p>", encoding="utf-8")
    record.write(part, shows="other", name="n", made_from="")
    swap_in(part, site)
    record.keep(file, site, corpora)


@pytest.mark.parametrize("number", range(4))
def test_a_build_killed_before_any_of_its_renames_leaves_the_older_site_or_one_that_is_refused(
    place: Path, number: int
) -> None:
    assert kill.killed_before(number, partial(rebuild, place)) == (number < 3)
    if number < 2:
        assert (publication.publish(place / "shared") / "index.html").read_text(encoding="utf-8") == "<p>walks</p>"
    else:
        assert ("it belongs to another site" if number == 2 else "it shows rows without consent") in refused(place)
