"""Files of results: whole or not there, made again where damaged, of one type wherever a table was cut."""

from pathlib import Path

import pandas as pd
import pytest

from lib.base import atomic
from lib.base.errors import UserError
from lib.engine.results import is_kept, read, write
from tests.unit.engine.functions import scored, table


def test_a_result_comes_back_to_the_bit(tmp_path: Path) -> None:
    made = scored(table(50))
    write(made, tmp_path / "a" / "0.parquet")
    pd.testing.assert_frame_equal(read([tmp_path / "a" / "0.parquet"]), made, check_exact=True)


def test_a_death_while_writing_leaves_no_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(part: Path, target: Path) -> None:
        assert part.is_file()
        raise KeyboardInterrupt

    monkeypatch.setattr(atomic, "before_rename", dies)
    with pytest.raises(KeyboardInterrupt):
        write(table(3), tmp_path / "0.parquet")
    assert not is_kept(tmp_path / "0.parquet") and not [*tmp_path.iterdir()]


@pytest.mark.parametrize("left", [0, 4, 0.5, -1])
def test_a_damaged_file_counts_as_none(tmp_path: Path, left: float, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "0.parquet"
    write(table(30), file)
    assert is_kept(file)
    content = file.read_bytes()
    file.write_bytes(content[: int(left * len(content)) if left == 0.5 else int(left)])
    assert not is_kept(file) and not file.exists()
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "was damaged" in told and told.endswith("it is made again\n")


def test_a_file_that_went_meanwhile_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"0\.parquet: cannot be read .*; run again"):
        read([tmp_path / "0.parquet"])


def test_only_tables_are_kept(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="a partition became list, not a table"):
        write([1], tmp_path / "0.parquet")  # type: ignore[arg-type]
