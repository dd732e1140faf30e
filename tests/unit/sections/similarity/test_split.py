import numpy as np
import pandas as pd

from lib.sections.similarity.leakage import shared_sources, source_overlap
from lib.sections.similarity.split import leak_free

CLIPS = pd.DataFrame(
    {
        "clip_id": ["t", "Mt", "a", "Ma", "b", "Mb", "c", "Mc", "d", "Md", "e"],
        "base_id": ["t", "t", "a", "a", "b", "b", "c", "c", "d", "d", "e"],
        "split": ["train"] * 2 + ["test"] * 9,
        "source": ["s", "s", "s", "s", "u", "u", "v", "v", "w", "w", "x"],
    }
)
CLIPS["mirror_of"] = CLIPS["base_id"].where(CLIPS["base_id"] != CLIPS["clip_id"])
CAPTIONS = pd.DataFrame(
    [("t", "left"), ("Mt", "right"), ("a", "sit"), ("Ma", "sit"), ("b", "jump"), ("Mb", "rightish"), ("c", "sit")],
    columns=["clip_id", "text"],
)
VECTORS = {
    "left": np.float32([1, 0, 0]),
    "right": np.float32([0, 1, 0]),
    "rightish": np.float32([0, 0.98, 0.199]),
    "sit": np.float32([0, 0, 1]),
    "jump": np.float32([0, 0, -1]),
}


def test_recording_and_text_of_either_mirror_exclude_both() -> None:
    audit = leak_free(CLIPS, CAPTIONS, VECTORS, shared_sources(CLIPS), threshold=0.95)
    reasons = audit.flags.set_index("clip_id")["reason"].to_dict()
    assert reasons == {
        "a": "recording in train", "Ma": "recording in train",
        "b": "caption in train", "Mb": "caption in train",
        "c": "", "Mc": "",
        "d": "no caption", "Md": "no caption", "e": "no caption",
    }  # fmt: skip
    assert audit.clip_ids == ["c", "Mc"]
    assert audit.text.splitlines()[1:] == ["c", "Mc"] and audit.text.startswith("# A test clip is kept when its rec")
    assert audit.summary.set_index("reason").loc["kept"].tolist() == [2, 1]


def test_the_threshold_is_inclusive() -> None:
    close = float(np.float32(0.98))
    assert "b" not in leak_free(CLIPS, CAPTIONS, VECTORS, None, threshold=close).clip_ids
    assert "b" in leak_free(CLIPS, CAPTIONS, VECTORS, None, threshold=0.981).clip_ids


def test_a_shared_recording_counts_even_without_shared_frames() -> None:
    index = pd.DataFrame(
        {
            "source_path": ["s", "s", "elsewhere"],
            "start_frame": [0, 50, 20],
            "end_frame": [40, 90, 60],
            "new_name": ["t.npy", "a.npy", "c.npy"],
        }
    )
    overlap = source_overlap(index, {"train": ["t", "Mt"], "test": ["a", "Ma", "c", "Mc"]})
    audit = leak_free(CLIPS, CAPTIONS, VECTORS, overlap, threshold=0.95)
    reasons = audit.flags.set_index("clip_id")["reason"].to_dict()
    assert reasons["a"] == "recording in train" and reasons["b"] == "recording unknown"
    assert reasons["c"] != "recording in train" and "recording" in audit.rule
