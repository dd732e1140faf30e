import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.base.errors import UserError
from lib.text.store import Store, key

KILLED = """
import os, signal, sys
from pathlib import Path
from lib.text.store import Store, key
store = Store(Path(sys.argv[1]))
def items():
    for i in range(5000):
        yield key("m", f"torn {i}"), bytes(3072)
    os.kill(os.getpid(), signal.SIGKILL)
store.connection.execute("PRAGMA cache_size=10")
store.put([(key("m", "whole"), b"1")])
store.put(items())
"""

WRITER = """
import sys
from pathlib import Path
from lib.text.store import Store, key
for i in range(40):
    with Store(Path(sys.argv[1])) as store:
        store.put([(key("m", f"{sys.argv[2]} {i}"), b"x"), (key("m", f"both {i}"), sys.argv[2].encode())])
"""


def test_keeps_across_openings_and_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "s.sqlite"
    with Store(path) as store:
        store.put([(b"a", b"1")])
    with Store(path) as store:
        store.put([(b"a", b"2"), (b"b", b"3")])
        assert store.get([b"a", b"b", b"c"]) == {b"a": b"1", b"b": b"3"}


def test_what_is_removed_is_in_no_byte_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    values = {key("m", text): text.encode() * 2000 for text in ("stays here", "goes away")}
    with Store(path) as store:
        store.put(values.items())
        assert store.remove([key("m", "goes away"), key("m", "never was")]) == 1
        assert store.get([*values]) == {key("m", "stays here"): b"stays here" * 2000}
        assert store.remove([key("m", "goes away")]) == 0
    content = path.read_bytes()
    assert b"goes away" not in content and key("m", "goes away") not in content and b"stays here" in content


def test_reads_more_keys_than_one_query_holds(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        items = {key("m", str(i)): str(i).encode() for i in range(3000)}
        store.put(items.items())
        assert store.get(list(items)) == items


def test_a_write_killed_half_way_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)])
    assert killed.returncode == -9
    assert path.stat().st_size > 3_000_000, "the torn write reached the disk"
    with Store(path) as store:
        assert store.get([key("m", "whole"), key("m", "torn 0"), key("m", "torn 4999")]) == {key("m", "whole"): b"1"}
        store.put([(key("m", "torn 0"), b"2")])
        assert store.get([key("m", "torn 0")]) == {key("m", "torn 0"): b"2"}


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), name]) for name in ("one", "two")]
    assert [writer.wait() for writer in writers] == [0, 0]
    with Store(path) as store:
        for name in ("one", "two", "both"):
            assert len(store.get([key("m", f"{name} {i}") for i in range(40)])) == 40


def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        store.put([(b"a", b"1")])
        store.connection.execute("PRAGMA max_page_count=5")
        with pytest.raises(UserError, match="full.*free some space") as caught:
            store.put([(bytes([i]), bytes(5000)) for i in range(100)])
        assert "\n" not in str(caught.value)
        assert store.get([b"a", bytes([0])]) == {b"a": b"1"}


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + bytes(50)])
def test_a_damaged_file_is_set_aside(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s.sqlite"
    path.write_bytes(content)
    with Store(path) as store:
        store.put([(b"a", b"1")])
        assert store.get([b"a"]) == {b"a": b"1"}
    assert (tmp_path / "s.sqlite.damaged").read_bytes() == content
    assert capsys.readouterr().err.count("set aside and begun anew\n") == 1


@pytest.mark.parametrize("column", ["value", "checksum"])
def test_a_flipped_bit_is_noticed_and_the_value_kept_anew(
    tmp_path: Path, column: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "s.sqlite"
    with Store(path) as store:
        store.put([(b"a", bytes(range(200))), (b"b", b"other")])
    # The byte is changed in the file itself, as a worn disk does, not through SQLite.
    connection = sqlite3.connect(path)
    (content,) = connection.execute(f"SELECT {column} FROM kept WHERE key = ?", (b"a",)).fetchone()
    connection.close()
    raw = bytearray(path.read_bytes())
    at = raw.find(content)
    raw[at + 5] ^= 1
    path.write_bytes(raw)
    with Store(path) as store:
        assert store.get([b"a", b"b"]) == {b"b": b"other"} and store.dropped == {b"a"}
        assert capsys.readouterr().err == f"warning: {path}: 1 damaged value dropped, to be computed again\n"
        store.put([(b"a", b"again")])
        assert store.get([b"a"]) == {b"a": b"again"}


def test_a_file_from_before_there_were_checksums_keeps_its_values(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE kept (key BLOB PRIMARY KEY, value BLOB NOT NULL)")
    connection.execute("INSERT INTO kept VALUES (?, ?)", (b"a", b"1"))
    connection.commit()
    connection.close()
    with Store(path) as store:
        store.put([(b"b", b"2")])
    with Store(path) as store:
        assert store.get([b"a", b"b"]) == {b"a": b"1", b"b": b"2"} and not store.dropped


def test_checksums_are_given_to_all_values_or_to_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE kept (key BLOB PRIMARY KEY, value BLOB NOT NULL)")
    connection.execute("INSERT INTO kept VALUES (?, ?)", (b"a", b"1"))
    connection.commit()
    connection.close()
    with monkeypatch.context() as patched, pytest.raises(UserError):
        patched.setattr("lib.text.store._checksum", lambda key, value: 1 / 0)
        Store(path)
    with Store(path) as store:
        assert store.get([b"a"]) == {b"a": b"1"} and not store.dropped


def test_damage_inside_the_file_begins_it_anew_where_it_is_met(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    keys = [key("m", str(i)) for i in range(500)]
    with Store(path) as store:
        store.put((one, bytes(1000)) for one in keys)
    raw = bytearray(path.read_bytes())
    raw[3 * 4096 :] = b"\xff" * (len(raw) - 3 * 4096)
    path.write_bytes(raw)
    with Store(path) as store:
        found = store.get(keys)
        assert set(found.values()) <= {bytes(1000)} and len(found) < 500
        store.put((one, b"2") for one in keys if one not in found)
        assert len(store.get(keys)) == 500


def test_the_journal_of_a_damaged_file_is_not_played_into_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    journal = path.with_name("s.sqlite-journal")
    journal.write_bytes(b"left by a process that was killed")
    with Store(path) as store:
        store.put([(b"a", b"1")])
        assert store.get([b"a"]) == {b"a": b"1"}
    assert not journal.exists()


def test_a_store_that_was_closed_is_no_damage(tmp_path: Path) -> None:
    with Store(tmp_path / "s.sqlite") as store:
        store.put([(b"a", b"1")])
    with pytest.raises(UserError):
        store.get([b"a"])
    with Store(tmp_path / "s.sqlite") as store:
        assert store.get([b"a"]) == {b"a": b"1"}


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot keep results"):
        Store(tmp_path / "file" / "s.sqlite")


@given(st.lists(st.tuples(st.text(max_size=6), st.text(max_size=6)), max_size=20, unique=True))
def test_keys_differ_when_makers_or_texts_do(pairs: list[tuple[str, str]]) -> None:
    assert len({key(maker, text) for maker, text in pairs}) == len(pairs)
