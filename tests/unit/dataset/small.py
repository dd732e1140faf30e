"""Two small corpora and the results of a run on them, written by hand."""

from pathlib import Path

import numpy as np
import pandas as pd

from lib import corpus
from lib.dataset.account import About
from lib.dataset.export import ROWS, Exported, export
from lib.dataset.members import Member
from lib.dataset.parameters import DatasetParameters
from lib.dataset.upstream import read_upstream
from tests.unit.motion.bodies import swinging

PUBLIC = {"train": ["000001", "000002", "000003", "000004"], "val": ["000005", "000006"], "test": ["000007", "000008"]}
DROPPED = "000004"
LINES = [
    "a man walks to his left#a/DET man/NOUN walk/VERB to/ADP his/DET left/NOUN#0.0#0.0",
    "he waves #2 and stops#he/PRON wave/VERB and/CCONJ stop/VERB#nan#2.0",
]
SECRET = "zanzibar"
"""A word of the clip without consent: its id, its recording and its caption have it."""
PRIVATE = [
    # clip_id, split, source, consent, mirror_of, captions by captioner
    ("000001", "train", "video 1", True, None, {"good": "a person dances", "bad": "a person cooks"}),
    ("take 2/b.é", "train", "video 2", True, None, {"good": "someone spins\nand bows"}),
    ("M-2", "train", "video 2", True, "take 2/b.é", {"good": "someone spins back"}),
    ("dull", "train", "video 3", True, None, {"good": "nobody moves"}),
    ("silent", "train", "video 4", True, None, {"bad": "a person jumps"}),
    ("numbers", "train", "video 4", True, None, {"good": "1 2 3"}),
    (f"{SECRET}1", "train", f"{SECRET} video", False, None, {"good": f"a person in {SECRET}"}),
    ("held 1", "val", "video 5", True, None, {"good": "a person sits"}),
    ("held 2", "test", "video 6", True, None, {"good": "a person stands"}),
]
KEPT = {"h3d-000001", "h3d-000002", "h3d-000003", "dm-000001", "dm-take~202~2fb~2e~c3~a9"}
"""The unmirrored clips of train, by hand: kept, with a motion and a caption by `good` that has a word."""
WEIGHTS = {"h3d/000001": 0.4, "000002": 0.2, "000003": 0.1, "dm/000001": 0.25, "take 2/b.é": 0.05}
FREE = "000007"


def frames(clip_id: str) -> int:
    """Frames of a clip of the public corpus: one is too short for the public loaders, one is too long."""
    return {"000002": 30, "000003": 210}.get(clip_id.removeprefix("M"), 50)


def write_public(root: Path) -> None:
    """A HumanML3D folder with mirrors, two captions a clip."""
    for part in ("texts", "new_joint_vecs"):
        (root / part).mkdir(parents=True)
    rng, rows = np.random.default_rng(0), []
    for split, bases in PUBLIC.items():
        ids = [*bases, *(f"M{clip_id}" for clip_id in bases)]
        (root / f"{split}.txt").write_text("\n".join(ids) + "\n")
        rows += [f"./subject/{clip_id}.npy,0,-1,{clip_id}.npy" for clip_id in bases]
        for clip_id in ids:
            (root / f"texts/{clip_id}.txt").write_text("\n".join(LINES) + "\n")
            motion = rng.normal(3.0, 2.0, size=(frames(clip_id), 263)).astype(np.float32)
            np.save(root / f"new_joint_vecs/{clip_id}.npy", motion)
    (root / "index.csv").write_text("\n".join(["source_path,start_frame,end_frame,new_name", *rows]) + "\n")
    (root / "LICENSE").write_text("Public licence 1.0\n")


def write_private(root: Path) -> None:
    """A manifest with packed joints, two captioners, and a clip without consent."""
    root.mkdir(parents=True)
    joints = [np.rint(1000 * swinging(45 + n, seed=n, speed=0.5)).astype(np.int16) for n in range(len(PRIVATE))]
    lengths = [len(one) for one in joints]
    np.save(root / "joints.npy", np.concatenate(joints))
    clip_id, split, source, consent, mirror_of, _ = zip(*PRIVATE, strict=True)
    clips = {"clip_id": clip_id, "split": split, "source": source, "consent": consent}
    table = pd.DataFrame(clips | {"fps": 20.0, "body_mode": "full", "person_count": 1})
    table["n_frames"], table["offset"] = lengths, np.cumsum([0, *lengths[:-1]])
    table["mirror_of"] = pd.array(mirror_of, dtype="str")
    table.to_parquet(root / "clips.parquet", index=False)
    rows = [(one[0], f"{one[0]}#{who}", text, who) for one in PRIVATE for who, text in one[5].items()]
    captions = pd.DataFrame(rows, columns=["clip_id", "caption_id", "text", "captioner"])
    captions = captions.assign(tokens=pd.array([None] * len(rows), dtype="str"), start_s=0.0, end_s=0.0)
    captions.to_parquet(root / "captions.parquet", index=False)


def write_results(results: Path) -> None:
    """What 00, 01 and 05 leave of such a profile."""
    for stem in ("00_data_preparation", "01_similarity_test/tables", "05_clustering"):
        (results / stem).mkdir(parents=True)
    judged = [("h3d", clip_id, clip_id != DROPPED) for ids in PUBLIC.values() for clip_id in ids]
    judged += [("dm", one[0], one[0] != "dull") for one in PRIVATE if one[3] and one[4] is None]
    kept = pd.DataFrame(judged, columns=["corpus", "clip_id", "kept"])
    kept["reason"] = ["" if stays else "high-pass" for stays in kept["kept"]]
    kept["realism"], kept["high_pass"] = np.linspace(0.1, 0.9, len(kept)), 0.5
    kept.to_parquet(results / "00_data_preparation" / "kept.parquet", index=False)
    rule = "# A test clip is kept when nothing of it trains."
    free = "\n".join([rule, FREE, f"M{FREE}"]) + "\n"
    for name in ("leak_free_test", "leak_free_test_dm"):
        (results / "01_similarity_test" / "tables" / f"{name}.txt").write_text(free)
    weights = pd.DataFrame({"clip_id": [*WEIGHTS], "weight": [*WEIGHTS.values()]})
    weights["cluster"] = [1, 1, 2, 2, 2]
    weights["name"] = weights["cluster"].map({1: "walk", 2: "dance"})
    weights["expected_draws"] = weights["weight"] * len(weights)
    weights.to_parquet(results / "05_clustering" / "sampling_weights.parquet", index=False)


def write(root: Path) -> None:
    """Both corpora and the results."""
    write_public(root / "h3d")
    write_private(root / "dm")
    write_results(root / "results")


def make(
    root: Path, dest: Path, *, keys: tuple[str, ...] = ("h3d", "dm"), rows: int = ROWS, **asked: object
) -> Exported:
    """Exports them as the command does."""
    sources = {"h3d": ("humanml3d", "Public"), "dm": ("manifest", "Own")}
    members = [
        Member(key, corpus.load(sources[key][0], root / key, name=sources[key][1]), private=key == "dm") for key in keys
    ]
    internal = ("Own",) if "dm" in keys else ()
    about = About(
        profile="small",
        description="two corpora",
        date="2026-01-02",
        commit={"sha": "0123abc", "dirty": False},
        parameters={"seed": 0},
        internal=internal,
        left_out=() if internal else ("Own",),
    )
    parameters = DatasetParameters.model_validate({"shard_clips": 4, **asked})
    upstream = read_upstream(root / "results", added=keys[1:])
    return export(dest, members, upstream, parameters, about, captioner="good", rows=rows)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
