"""Tiny datasets written by hand, each of which a test then spoils in one way."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

LINE = "a man walks#a/DET man/NOUN walk/VERB#0.0#0.0"
SPLITS = {"train": ["000001", "000002"], "val": ["000003"], "test": ["000004"]}


@pytest.fixture
def h3d(tmp_path: Path) -> Path:
    """A HumanML3D folder of four clips and their mirrors, one caption each, with motions and an index."""
    root = tmp_path / "h3d"
    for part in ("texts", "new_joint_vecs", "new_joints"):
        (root / part).mkdir(parents=True)
    rng = np.random.default_rng(0)
    for split, bases in SPLITS.items():
        ids = [*bases, *(f"M{i}" for i in bases)]
        (root / f"{split}.txt").write_text("\n".join(ids) + "\n")
        for clip_id in ids:
            (root / f"texts/{clip_id}.txt").write_text(LINE + "\n")
            np.save(root / f"new_joint_vecs/{clip_id}.npy", rng.normal(size=(40, 263)).astype(np.float32))
            np.save(root / f"new_joints/{clip_id}.npy", rng.normal(size=(40, 22, 3)).astype(np.float32))
    rows = [f"./a/{i}.npy,0,41,{i}.npy" for bases in SPLITS.values() for i in bases]
    (root / "index.csv").write_text("source_path,start_frame,end_frame,new_name\n" + "\n".join(rows) + "\n")
    np.save(root / "Mean.npy", np.zeros(263, dtype=np.float32))
    np.save(root / "Std.npy", np.ones(263, dtype=np.float32))
    return root


@pytest.fixture
def clips() -> pd.DataFrame:
    """The clips table of a manifest of five clips of ten frames, the last without consent."""
    return pd.DataFrame(
        {
            "clip_id": ["a", "b", "c", "d", "secret"],
            "split": ["train", "train", "val", "test", "train"],
            "fps": 20.0,
            "n_frames": 10,
            "offset": [0, 10, 20, 30, 40],
            "source": ["v1", "v1", "v2", "v3", "v4"],
            "body_mode": ["full", "upper", "full", "full", "full"],
            "person_count": [1, 1, 2, 1, 1],
            "consent": [True, True, True, True, False],
            "mirror_of": pd.array([None] * 5, dtype="str"),
            "genre": ["salsa", "waltz", "salsa", "waltz", "salsa"],
        }
    )


@pytest.fixture
def captions() -> pd.DataFrame:
    """One caption a clip of `clips`."""
    ids = ["a", "b", "c", "d", "secret"]
    return pd.DataFrame(
        {
            "clip_id": ids,
            "caption_id": [f"{i}#0" for i in ids],
            "text": [f"somebody {i} dances" for i in ids],
            "captioner": "model",
            "tokens": pd.array([None] * 5, dtype="str"),
            "start_s": 0.0,
            "end_s": 0.0,
        }
    )


@pytest.fixture
def packed() -> np.ndarray:
    """Joints of `clips`, int16 millimetres."""
    return np.random.default_rng(1).integers(-1000, 2000, (50, 22, 3)).astype(np.int16)


class Manifest:
    """Writes the tables and arrays a test hands it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()

    def __call__(self, clips: pd.DataFrame, captions: pd.DataFrame, **arrays: np.ndarray) -> Path:
        clips.to_parquet(self.root / "clips.parquet")
        captions.to_parquet(self.root / "captions.parquet")
        for name, array in arrays.items():
            np.save(self.root / f"{name}.npy", array)
        return self.root


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """Writes a manifest."""
    return Manifest(tmp_path / "dm")
