"""Partitions hold every row once, in order, wherever a table lies and however its files are cut."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.base.errors import CorpusError
from lib.engine.partitions import Partition, partitions, row_count
from tests.unit.engine.functions import table


def joined(parts: list[Partition]) -> pd.DataFrame:
    return pd.concat([one.rows for one in parts], ignore_index=True)


@given(n=st.integers(0, 60), rows=st.integers(1, 70))
def test_a_table_is_cut_by_position(n: int, rows: int) -> None:
    whole = table(n).set_index(pd.Index(range(100, 100 + n)))
    parts = [*partitions(whole, rows)]
    pd.testing.assert_frame_equal(joined(parts), table(n))
    assert [one.start for one in parts] == [*range(0, max(n, 1), rows)]
    assert all(len(one.rows) == rows for one in parts[:-1]) and len(parts[-1].rows) <= rows


@given(cuts=st.lists(st.integers(0, 25), min_size=1, max_size=4), group=st.integers(1, 30), rows=st.integers(1, 60))
def test_parquet_gives_the_partitions_of_its_table(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], group: int, rows: int
) -> None:
    folder, whole = tmp_path_factory.mktemp("parquet"), table(sum(cuts))
    start = 0
    for k, size in enumerate(cuts):
        part = pa.Table.from_pandas(whole.iloc[start : start + size], preserve_index=False)
        pq.write_table(part, folder / f"{k}.parquet", row_group_size=group)
        start += size
    assert row_count(folder) == len(whole)
    for one, other in zip(partitions(folder, rows), partitions(whole, rows), strict=True):
        assert one.start == other.start
        pd.testing.assert_frame_equal(one.rows, other.rows)
    only = [*partitions(folder, rows, ["text", "id"])]
    pd.testing.assert_frame_equal(joined(only), whole[["text", "id"]])


def test_whole_numbers_with_gaps_stay_so_in_partitions_without_gaps(tmp_path: Path) -> None:
    frame = pd.DataFrame({"offset": pd.array([1, None, 2**60 + 1, 3], dtype="Int64")})
    frame.to_parquet(tmp_path / "a.parquet")
    assert [str(one.rows.offset.dtype) for one in partitions(tmp_path / "a.parquet", 2)] == ["Int64", "Int64"]
    assert joined([*partitions(tmp_path / "a.parquet", 2)]).offset.tolist()[2:] == [2**60 + 1, 3]


def test_what_cannot_be_read_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"none\.parquet: no such file; check the name"):
        row_count(tmp_path / "none.parquet")
    with pytest.raises(CorpusError, match="no file of Parquet; name a folder that holds some"):
        [*partitions(tmp_path, 2)]
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(CorpusError, match=r"a\.parquet: cannot be read as Parquet"):
        [*partitions(tmp_path, 2)]
    table(3).to_parquet(tmp_path / "a.parquet")
    with pytest.raises(CorpusError, match=r"a\.parquet: no column length; write the table again"):
        [*partitions(tmp_path, 2, ["id", "length"])]
