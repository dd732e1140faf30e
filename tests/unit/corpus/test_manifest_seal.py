"""Tables that tell which arrays they were written for are read with no others."""

import os
import signal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from lib.base.errors import CorpusError
from lib.corpus import load, manifest_seal


@pytest.fixture
def sealed(tmp_path: Path, clips: pd.DataFrame, captions: pd.DataFrame, packed: np.ndarray) -> Path:
    root = tmp_path / "sealed"
    root.mkdir()
    np.save(root / "joints.npy", packed)
    np.save(root / "features.npy", np.random.default_rng(2).normal(size=(50, 263)).astype(np.float32))
    manifest_seal.write_tables(root, clips, captions)
    return root


def refusal(root: Path) -> str:
    with pytest.raises(CorpusError) as error:
        load("manifest", root)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_tables_themselves_are_what_pandas_writes(
    sealed: Path, clips: pd.DataFrame, captions: pd.DataFrame
) -> None:
    for name, table in (("clips", clips), ("captions", captions)):
        pd.testing.assert_frame_equal(pd.read_parquet(sealed / f"{name}.parquet"), table)
    assert len(load("manifest", sealed).clips) == 4


@pytest.mark.parametrize("name", ["joints.npy", "features.npy"])
def test_an_array_of_another_length_is_refused(sealed: Path, name: str) -> None:
    array = np.load(sealed / name)
    np.save(sealed / name, np.concatenate([array, array[:1]]))
    assert f"{name}: holds 51 rows where clips.parquet was written for 50" in refusal(sealed)


@pytest.mark.parametrize("name", ["joints.npy", "features.npy"])
def test_an_array_of_the_same_length_and_other_content_is_refused(sealed: Path, name: str) -> None:
    array = np.load(sealed / name)
    np.save(sealed / name, np.roll(array, 10, axis=0))
    assert f"{name}: holds other motions than clips.parquet was written for" in refusal(sealed)


def test_captions_of_another_writing_are_refused(sealed: Path, clips: pd.DataFrame, captions: pd.DataFrame) -> None:
    kept = (sealed / "clips.parquet").read_bytes()
    manifest_seal.write_tables(sealed, clips, captions.assign(text="somebody else dances"))
    (sealed / "clips.parquet").write_bytes(kept)
    assert "captions.parquet: was not written together with clips.parquet" in refusal(sealed)


def test_tables_that_a_user_wrote_again_are_held_to_nothing(sealed: Path, packed: np.ndarray) -> None:
    captions = pd.read_parquet(sealed / "captions.parquet")
    captions.assign(text="corrected by hand").to_parquet(sealed / "captions.parquet")
    assert set(load("manifest", sealed).captions.text) == {"corrected by hand"}
    pd.read_parquet(sealed / "clips.parquet").to_parquet(sealed / "clips.parquet")
    np.save(sealed / "joints.npy", packed[::-1])
    assert load("manifest", sealed).joints("a").shape == (10, 22, 3)


def test_an_array_that_is_not_there_misleads_nobody(sealed: Path) -> None:
    (sealed / "features.npy").unlink()
    assert load("manifest", sealed).joints("a").shape == (10, 22, 3)


def test_a_damaged_record_is_one_line(sealed: Path) -> None:
    table = pq.read_table(sealed / "clips.parquet")
    for record in (b"[]", b"{}", b'{"writing": 3}', b"\xff", b'{"arrays": {"joints.npy": null}}'):
        metadata = {**table.schema.metadata, manifest_seal.KEY: record}
        pq.write_table(table.replace_schema_metadata(metadata), sealed / "clips.parquet")
        assert "clips.parquet: its record of the arrays it was written for is damaged" in refusal(sealed)


@pytest.mark.parametrize("name", ["captions.parquet", "clips.parquet"])
def test_a_named_pipe_in_the_place_of_a_table_is_not_waited_for(sealed: Path, name: str) -> None:
    """A read of the pipe would end neither with its writer nor with a signal to Python: the child would be killed."""
    (sealed / name).unlink()
    os.mkfifo(sealed / name)
    child = os.fork()
    if not child:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(30)
        try:
            load("manifest", sealed)
        except CorpusError as error:
            os._exit(0 if "is no file" in error.what else 1)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0


def test_what_only_looks_like_an_import_on_its_way_is_passed_over(sealed: Path) -> None:
    (sealed / ".arriving.clips.parquet").write_bytes(b"")
    assert len(load("manifest", sealed).clips)
