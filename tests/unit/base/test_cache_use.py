"""Each step of a profile uses what its last run opened, in whatever process; a run that failed adds to that."""

import os
import subprocess
import sys

import pytest

from lib.base import cache_use
from lib.base.cache_use import collected, entries, folder_of, note, note_rows, rows
from lib.text.store import Store, key


def used(cache, profile, step):
    return entries([folder_of(cache, profile, step)])


def test_a_step_uses_what_its_last_run_opened(tmp_path):
    for name in ("old", "new"):
        with collected("demo", "04", cache=tmp_path):
            assert note(tmp_path / "models" / name, cache=tmp_path) == tmp_path / "models" / name
    with collected("demo", "05", cache=tmp_path):
        note(tmp_path / "models" / "other", cache=tmp_path)
    assert used(tmp_path, "demo", "04") == {"models/new"} and used(tmp_path, "demo", "05") == {"models/other"}
    assert entries([*folder_of(tmp_path, "demo").iterdir()]) == {"models/new", "models/other"}


def test_a_run_that_failed_adds_to_what_is_used(tmp_path):
    with collected("demo", "04", cache=tmp_path):
        note(tmp_path / "a", cache=tmp_path)
    with pytest.raises(KeyboardInterrupt), collected("demo", "04", cache=tmp_path):
        note(tmp_path / "b", cache=tmp_path)
        raise KeyboardInterrupt
    assert used(tmp_path, "demo", "04") == {"a", "b"}
    with collected("demo", "04", cache=tmp_path):
        note(tmp_path / "b", cache=tmp_path)
    assert used(tmp_path, "demo", "04") == {"b"}


def test_a_step_that_does_what_is_left_uses_what_it_used_while_its_parameters_stay(tmp_path):
    for content, entry, expected in (("1", "a", {"a"}), ("1", "b", {"a", "b"}), ("2", "c", {"c"})):
        with collected("demo", "models", content=content, cache=tmp_path):
            note(tmp_path / entry, cache=tmp_path)
        assert used(tmp_path, "demo", "models") == expected


def test_outside_a_step_and_outside_the_cache_nothing_is_noted(tmp_path):
    cache = tmp_path / "cache"
    note(cache / "a", cache=cache)
    note_rows(cache / "s.sqlite", [b"k" * 32], cache=cache)
    assert not cache.exists() and cache_use.COLLECTED not in os.environ
    with collected("demo", "04", cache=cache):
        note(tmp_path / "elsewhere", cache=cache)
        note_rows(tmp_path / "s.sqlite", [b"k" * 32], cache=cache)
    assert used(cache, "demo", "04") == set() and cache_use.COLLECTED not in os.environ


def test_steps_within_steps_note_for_themselves(tmp_path):
    with collected("demo", "models", cache=tmp_path):
        with collected("demo", "00", cache=tmp_path):
            note(tmp_path / "inner", cache=tmp_path)
        note(tmp_path / "outer", cache=tmp_path)
    assert used(tmp_path, "demo", "00") == {"inner"} and used(tmp_path, "demo", "models") == {"outer"}


def test_processes_that_a_step_starts_note_for_it_and_lose_nothing(tmp_path):
    code = (
        "import sys; from pathlib import Path; from lib.base.cache_use import note, note_rows\n"
        "cache = Path(sys.argv[1])\n"
        "for n in range(300):\n"
        "    note(cache / f'{sys.argv[2]}-{n}', cache=cache)\n"
        "    note_rows(cache / 'e' / 's.sqlite', [f'{sys.argv[2]}{n:09}'.encode() * 2], cache=cache)\n"
    )
    with collected("demo", "04", cache=tmp_path):
        started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in "abc"]
        assert [process.wait() for process in started] == [0, 0, 0]
    step = folder_of(tmp_path, "demo", "04")
    assert entries([step]) == {f"{name}-{n}" for name in "abc" for n in range(300)}
    assert rows([step], "e/s.sqlite") == {f"{name}{n:09}"[:8].encode() for name in "abc" for n in range(300)}


def test_a_store_notes_the_rows_that_are_asked_for_once(tmp_path, monkeypatch):
    monkeypatch.setattr(cache_use.note_rows, "__kwdefaults__", {"cache": tmp_path})
    file = tmp_path / "embeddings" / "s.sqlite"
    keys = [key("model", text) for text in ("walk", "jump", "sit")]
    with collected("demo", "04", cache=tmp_path), Store(file) as store:
        store.put([(one, b"v") for one in keys])
        for _ in range(3):
            assert store.get(keys[:1]) and store.has(keys[1:2])
    step = folder_of(tmp_path, "demo", "04")
    assert rows([step], "embeddings/s.sqlite") == {one[:8] for one in keys[:2]}
    assert (step / "embeddings+s.sqlite.rows").stat().st_size == 2 * cache_use.SHORT
