"""An import killed before any of its renames: every clip id keeps the motion of its own person."""

import resource
import shutil
import signal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.base.errors import CorpusError
from lib.corpus import load
from lib.demo.synthesis import Spec, synthesise
from lib.motion.bvh import bvh
from lib.own_data import example
from lib.own_data.bvh_import import import_bvh
from lib.own_data.check import check
from tests.faults import kill

SIZES = {"ann": 0.88, "bob": 0.96, "cyd": 1.04, "dan": 1.12}
"""People by the size of their body, which tells whose a motion is however the importer turns and moves it."""
SPLITS = dict(zip(SIZES, ("train", "train", "val", "test"), strict=True))
BEFORE, AFTER = ("ann", "bob", "cyd", "dan"), ("bob", "cyd", "dan")
WRITTEN = {"clips.parquet", "captions.parquet", "joints.npy", "import.json", "params.yml"}
OWN = {"survey.csv": b"respondent\n", "videos/bob.mp4": b"\0film", ".notes": b"mine", "LICENSE": b"ours\n"}


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Takes of four people, all of one length, so that no length can tell them apart."""
    folder = tmp_path_factory.mktemp("recorded") / "takes"
    folder.mkdir()
    joints = synthesise([Spec("walk", seconds=1.0)], np.random.default_rng(0)).astype(float)
    for name, size in SIZES.items():
        (folder / f"{name}.bvh").write_text(bvh(joints * size))
    return folder


def bring_in(takes: Path, people: tuple[str, ...], out: Path) -> None:
    """Imports with the consent of some; who has none may not be in any file."""
    table = out.parent / "captions.csv"
    rows = [f"{name},{name} walks in {len(people)},{SPLITS[name]},{name in people}" for name in SIZES]
    rows = (
        rows if "ann" in people else [row.replace("dan,dan", "dan,Dan").replace("bob,bob", "bob,Bob") for row in rows]
    )
    table.write_text("file,text,split,consent\n" + "\n".join(rows) + "\n")
    import_bvh(takes, table, out)


def size(joints: np.ndarray) -> float:
    return float(np.median(np.linalg.norm((joints[:, 4] - joints[:, 1]).astype(float), axis=1)))


def whose(out: Path, unit: float) -> dict[str, str]:
    """Whose motion the files give each clip id, by pandas and numpy alone."""
    clips, joints = pd.read_parquet(out / "clips.parquet"), np.load(out / "joints.npy")
    with_motion = clips[clips.offset.notna()]
    found = {}
    for clip_id, offset, n in zip(with_motion.clip_id, with_motion.offset, with_motion.n_frames, strict=True):
        ratio = size(joints[offset : offset + n]) / unit
        found[clip_id] = min(SIZES, key=lambda name: abs(SIZES[name] - ratio))
        assert abs(SIZES[found[clip_id]] - ratio) < 0.02
    return found


@pytest.fixture(scope="module")
def earlier(takes: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """An import of all four, with files of its user, and millimetres of the thigh of a body of size 1."""
    out = tmp_path_factory.mktemp("earlier") / "own"
    bring_in(takes, BEFORE, out)
    for name, content in OWN.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_bytes(content)
    (out / "params.yml").write_text((out / "params.yml").read_text() + "# edited\n")
    first = pd.read_parquet(out / "clips.parquet").set_index("clip_id").loc["ann"]
    joints = np.load(out / "joints.npy")[first.offset : first.offset + first.n_frames]
    return out, size(joints) / SIZES["ann"]


def test_a_second_import_leaves_the_old_manifest_or_the_new_one(
    takes: Path, earlier: tuple[Path, float], tmp_path: Path
) -> None:
    before, unit = earlier
    out = tmp_path / "own"

    def prepare() -> None:
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(before, out)

    seen = []
    for _ in kill.points(prepare, lambda: bring_in(takes, AFTER, out)):
        if (out / "clips.parquet").is_file():
            assert all(clip == person for clip, person in whose(out, unit).items()), "as another program reads it"
        corpus = load("manifest", out)
        people = tuple(corpus.clips.clip_id)
        assert people in {BEFORE, AFTER}
        assert whose(out, unit) == {name: name for name in people}
        assert set(corpus.captions.text.str[:4]) == (
            {"bob ", "ann ", "cyd ", "dan "} if "ann" in people else {"Bob ", "cyd ", "Dan "}
        )
        assert {name: (out / name).read_bytes() for name in OWN} == OWN
        seen.append(people)
        bring_in(takes, AFTER, out)
        complete(out, unit)
        assert (out / "params.yml").read_text().endswith("# edited\n")
    assert len(seen) >= 4 and set(seen) == {BEFORE, AFTER}, "some were killed before the commit and some after"
    complete(out, unit)


def complete(out: Path, unit: float) -> None:
    assert whose(out, unit) == {name: name for name in AFTER}
    assert {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} == {*WRITTEN, *OWN}
    assert not any(b"ann walks" in path.read_bytes() for path in out.rglob("*") if path.is_file())
    assert not [one for one in check(out).findings if one.level == "wrong" and "written" in one.what]


def test_a_killed_first_import_is_picked_up_by_its_rerun(
    takes: Path, earlier: tuple[Path, float], tmp_path: Path
) -> None:
    out = tmp_path / "own"
    killed = 0
    for _ in kill.points(lambda: shutil.rmtree(out, ignore_errors=True), lambda: bring_in(takes, BEFORE, out)):
        bring_in(takes, BEFORE, out)
        assert whose(out, earlier[1]) == {name: name for name in BEFORE}
        assert {path.name for path in out.iterdir()} == WRITTEN
        killed += 1
    assert killed >= 4
    assert whose(out, earlier[1]) == {name: name for name in BEFORE}


def test_a_killed_example_is_picked_up_by_its_rerun(tmp_path: Path) -> None:
    out = tmp_path / "new"
    for _ in kill.points(lambda: shutil.rmtree(out, ignore_errors=True), lambda: example.write(out)):
        example.write(out)
        assert len(load("manifest", out).clips) == 5
        assert {path.name for path in out.iterdir()} == WRITTEN - {"import.json"} | {"README.md"}


def test_a_disk_that_takes_no_more_leaves_the_old_manifest_whole(
    takes: Path, earlier: tuple[Path, float], tmp_path: Path
) -> None:
    """The kernel refuses to let a file grow, at lengths that stop each of the files in turn."""
    before, unit = earlier
    for out, there in ((tmp_path / "own", True), (tmp_path / "first", False)):
        for longest in (0, 100, 2_000, 5_000):
            if there:
                shutil.copytree(before, out)
            (tmp_path / "captions.csv").write_bytes((before.parent / "captions.csv").read_bytes())
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            limits = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (longest, limits[1]))
            try:
                with pytest.raises(CorpusError, match="cannot be written") as caught:
                    import_bvh(takes, tmp_path / "captions.csv", out)
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            assert "\n" not in str(caught.value)
            if there:
                assert whose(out, unit) == {name: name for name in BEFORE}
                assert {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} == {
                    *WRITTEN,
                    *OWN,
                }
                shutil.rmtree(out)
            else:
                assert not out.exists()
