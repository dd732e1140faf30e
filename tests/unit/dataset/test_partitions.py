"""The same export however its clips are cut and wherever they are written; what was lost is made again."""

import hashlib
import shutil
from pathlib import Path

import pandas as pd
import pytest

from lib.base.errors import RunError
from lib.corpus import Corpus
from lib.dataset.members import Member
from lib.dataset.part import Part
from lib.dataset.part_files import MADE
from lib.engine.parameters import CHOSEN, EngineParameters
from tests.unit.dataset import small
from tests.unit.dataset.dying import dying


@pytest.fixture
def workers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CHOSEN, EngineParameters(workers=request.param).model_dump_json())


@pytest.mark.parametrize(("rows", "workers"), [(9, 2), (3, 1), (1, 1)], indirect=["workers"])
@pytest.mark.usefixtures("workers")
def test_any_partitioning_gives_the_same_folder_to_the_bit(
    export: Path, inputs: Path, tmp_path: Path, rows: int
) -> None:
    small.make(inputs, tmp_path / "out", webdataset=True, rows=rows)
    assert small.files(tmp_path / "out") == small.files(export)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("workers", [1], indirect=True)
@pytest.mark.usefixtures("workers")
def test_partitions_that_failed_are_all_that_the_next_run_makes(
    export: Path, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, away = tmp_path / "in", tmp_path / "away.npy"
    shutil.copytree(inputs, root)
    file = root / "h3d" / "new_joint_vecs" / "000003.npy"

    def going(key: str, loaded: Corpus, *, private: bool = False) -> Member:
        if key == "h3d":
            file.rename(away)
        return Member(key, loaded, private)

    whole = len(small.files(export))
    with monkeypatch.context() as patched:
        patched.setattr(small, "Member", going)
        with pytest.raises(RunError, match=r"^clips: rows (\d+) to \1 failed: .*000003.npy: no such file"):
            small.make(root, tmp_path / "out", webdataset=True, rows=1)
    away.rename(file)
    growing = tmp_path / ".out.part"
    assert len([*growing.glob("new_joint_vecs/*")]) == 16 and not [*growing.glob(f"{MADE}/clips/*")]
    assert small.make(root, tmp_path / "out", webdataset=True, rows=1).made == whole - 2 * 16
    assert small.files(tmp_path / "out") == small.files(export)


@pytest.mark.parametrize("workers", [2], indirect=True)
@pytest.mark.usefixtures("workers")
def test_a_worker_that_dies_costs_its_partition_and_leaves_nothing(tmp_path: Path) -> None:
    part = Part(tmp_path / "out", "key")
    table = pd.DataFrame({"n": range(8)})
    part.add_all(dying, table, step="texts", rows=2, notes=str(tmp_path / "died"))
    assert (tmp_path / "died").exists() and part.made == 8 and [part.note(f"{n}.txt") for n in range(8)] == [*range(8)]
    part.finish()
    found = small.files(tmp_path / "out")
    assert {*found} == {"SHA256SUMS", *(f"{n}.txt" for n in range(8))}
    sums = {f"{hashlib.sha256(f'file {n}'.encode()).hexdigest()}  {n}.txt" for n in range(8)}
    assert {*found["SHA256SUMS"].decode().splitlines()} == sums


def test_files_that_went_since_are_made_again(tmp_path: Path) -> None:
    first = Part(tmp_path / "out", "key")
    table, here = pd.DataFrame({"n": range(3)}), {"step": "texts", "rows": 3, "notes": str(tmp_path)}
    first.add_all(dying, table, **here)
    first.close()
    (first.folder / "1.txt").unlink()
    (first.folder / "2.txt").write_text("cut")
    second = Part(tmp_path / "out", "key")
    assert [f"{n}.txt" in second for n in range(3)] == [True, False, False]
    second.add_all(dying, table[1:], **here)
    assert second.made == 2 and [(second.folder / f"{n}.txt").read_text() for n in range(3)] == [
        "file 0",
        "file 1",
        "file 2",
    ]
    second.close()
