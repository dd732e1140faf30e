"""Who takes turns with whom, and where the locks lie."""

import os
from contextlib import contextmanager

import pytest

from lib.base import locks
from lib.base.errors import SiteError
from lib.base.paths import BUILD, RESULTS, SITE
from lib.demo import embedded
from lib.site import publication


@pytest.fixture
def taken(tmp_path, monkeypatch):
    names: list[str] = []

    @contextmanager
    def exclusive(name):
        names.append(name)
        yield

    monkeypatch.setattr(locks, "exclusive", exclusive)
    monkeypatch.setattr(publication, "exclusive", exclusive)
    return names


def test_make_clean_leaves_the_locks():
    assert not any(locks.LOCKS.is_relative_to(folder) for folder in (BUILD, RESULTS, SITE))


def test_the_lock_names_its_holder_while_it_is_held(tmp_path, monkeypatch):
    monkeypatch.setattr(locks, "LOCKS", tmp_path / "locks")
    with locks.exclusive("results"):
        assert (tmp_path / "locks" / "results.pid").read_text() == str(os.getpid())
    assert not (tmp_path / "locks" / "results.pid").exists()


def test_embedded_corpora_are_not_replaced_while_a_run_reads_them(taken, tmp_path, monkeypatch):
    monkeypatch.setattr("lib.demo.corpora.build", lambda folder, **_: folder.mkdir(parents=True))
    demo = {"folder": str(tmp_path / "corpora"), "seed": 0, "h3d_clips": 40, "dm_clips": 40}
    assert embedded.ensure(**demo) and taken == ["results"]
    assert not embedded.ensure(**demo) and taken == ["results"]


def test_a_site_is_not_published_while_it_is_replaced(taken, tmp_path, monkeypatch):
    monkeypatch.setattr(publication, "SITE", tmp_path)
    with pytest.raises(SiteError):
        publication.publish(tmp_path / "published")
    assert taken == ["site"]
