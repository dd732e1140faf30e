"""A table of captions as spreadsheets and macOS write it again, and what cannot be meant, told by line."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.base.errors import CorpusError
from lib.corpus.schema import CAPTIONS, CLIPS
from lib.own_data import captions_csv
from lib.own_data.clip_rows import files_in, lines_by_file

WRITTEN_BY_THE_IMPORT = {"clip_id", "caption_id", "fps", "n_frames", "offset", "base_id", "has_motion", "has_captions"}


def read(folder: Path, text: str, encoding: str = "utf-8") -> list[captions_csv.Line]:
    (folder / "captions.csv").write_bytes(text.encode(encoding))
    return captions_csv.read(folder / "captions.csv")


def refused(folder: Path, text: str) -> str:
    with pytest.raises(CorpusError) as error:
        read(folder, text)
    assert "\n" not in str(error.value) and len(str(error.value)) < 400
    return str(error.value)


@pytest.mark.parametrize("name", sorted({*WRITTEN_BY_THE_IMPORT, "tokens"}))
@pytest.mark.parametrize("written", [str.lower, str.upper])
def test_a_column_that_the_import_writes_is_refused_by_name(tmp_path: Path, name: str, written: object) -> None:
    told = refused(tmp_path, f"file,text,{written(name)}\na,a person walks,z1\n")
    assert f"captions.csv:1: column {name} is one that the import writes itself" in told and "rename" in told


def test_every_column_of_a_manifest_is_either_read_or_refused() -> None:
    read_here = {"file", *captions_csv.OF_CAPTIONS, *captions_csv.OF_CLIPS}
    assert {*CLIPS.columns, *CAPTIONS.columns} <= read_here | captions_csv.RESERVED
    assert WRITTEN_BY_THE_IMPORT <= captions_csv.RESERVED


ROWS = [["file", "text", "start_s", "end_s", "style"], ["a", "a person walks, then stops", "0.5", "2", "calm"]]


def table(separator: str, *, first: str = "", end: str = "\n", tail: str = "") -> str:
    quoted = [[f'"{value}"' if separator in value else value for value in row] for row in ROWS]
    return first + end.join(separator.join(row) + tail for row in quoted) + end


@pytest.mark.parametrize(
    "text",
    [
        table(","),
        table(";"),
        table("\t"),
        table(";", first="sep=;\n"),
        table(";", first='"sep=;"\r\n', end="\r\n"),
        table("\t", first="sep=\t\r\n", end="\r\n"),
        table(",", first="sep=;,,,,\n"),
        table(";", tail=";;"),
        table(";").replace("0.5", "0,5"),
        table(",").replace("0.5", '"0,5"'),
        "\ufeff" + table(";", first="sep=;\n"),
    ],
)
def test_a_table_saved_again_says_the_same(tmp_path: Path, text: str) -> None:
    (line,) = read(tmp_path, text)
    assert (line.file, line.text, line.start_s, line.end_s) == ("a", "a person walks, then stops", 0.5, 2.0)
    assert line.clip == {"style": "calm"}


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    told = refused(tmp_path, 'sep=;\nfile;text;end_s\na;"two\nlines";1\nb;x;soon\n')
    assert "captions.csv:5: end_s = 'soon'" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('file,text\na,"' + "x" * 200_000 + '"\n', "captions.csv:2: not readable as CSV (field larger than"),
        ("file,text,person_count\na,x," + "9" * 5000 + "\n", "person_count = '9999"),
        ("file,text,end_s\na,x," + "9" * 5000 + "\n", "instead of seconds, 0 or more"),
        ("file,text,end_s\na,x,inf\n", "captions.csv:2: end_s = 'inf' instead of seconds"),
        ("file,text,end_s\na,x,nan\n", "captions.csv:2: end_s = 'nan' instead of seconds"),
        ("file,text,start_s,end_s\na,x,3,2\n", "end_s 2 is before start_s 3"),
        ("file,text\na,x,,extra\n", "4 values for 2 columns"),
        ("sep=;", "column file is missing"),
        ("", "column file is missing"),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    assert told in refused(tmp_path, text)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=60))
def test_any_text_is_read_or_refused_in_one_line(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("table")
    try:
        read(folder, "file,text,start_s,end_s,person_count\n" + text)
    except CorpusError as error:
        assert "\n" not in str(error)


def test_names_of_files_are_compared_composed(tmp_path: Path) -> None:
    composed = unicodedata.normalize("NFC", "J\u00f6rg/gr\u00fc\u00dfen")
    apart = unicodedata.normalize("NFD", composed)
    assert composed != apart
    for stored, typed in ((apart, composed), (composed, apart)):
        folder = tmp_path / ("composed" if stored == composed else "apart")
        (folder / stored).parent.mkdir(parents=True)
        (folder / f"{stored}.bvh").write_text("HIERARCHY")
        files = files_in(folder)
        assert list(files) == [composed] and files[composed].read_text() == "HIERARCHY"
        lines = read(tmp_path, f"file,text,mirror_of\n{typed}.bvh,x,{typed}\n")
        assert [line.text for line in lines_by_file(lines, files, folder)[composed]] == ["x"]
        assert lines[0].clip["mirror_of"] == composed


def test_files_that_no_person_named_are_no_takes(tmp_path: Path) -> None:
    for name in ("a.bvh", "._a.bvh", "monday/b.bvh", "monday/._b.bvh", "__MACOSX/monday/b.bvh", ".trash/c.bvh"):
        (tmp_path / ".takes" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / ".takes" / name).write_bytes(b"\0\x05\x16\x07")
    assert list(files_in(tmp_path / ".takes")) == ["a", "monday/b"]


def test_a_file_name_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    (tmp_path / "takes").mkdir()
    with open(bytes(tmp_path / "takes") + b"/caf\xe9.bvh", "wb") as stream:
        stream.write(b"x")
    with pytest.raises(CorpusError, match=r"'caf\\udce9' holds the lone surrogate .*; rename it in UTF-8"):
        files_in(tmp_path / "takes")
