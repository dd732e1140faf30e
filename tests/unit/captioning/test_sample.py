"""The sample: every stratum by its share, the same by the same seed, one of a clip and its mirror image."""

from pathlib import Path

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from lib.captioning.sample import stratified
from lib.corpus.videos import length
from tests.unit.captioning.conftest import write_video


@given(st.integers(2, 60), st.integers(0, 60), st.integers(1, 60), st.integers(0, 9))
def test_every_split_has_its_share_to_one_clip(train: int, test: int, n: int, seed: int) -> None:
    total = train + test
    clips = pd.DataFrame(
        {
            "clip_id": [f"c{number:03d}" for number in range(total)],
            "split": ["train"] * train + ["test"] * test,
            "body_mode": "full",
            "n_frames": pd.array([40 + number % 7 for number in range(total)], dtype="Int64"),
        }
    )
    drawn = stratified(clips, n, seed)
    assert len({*drawn}) == len(drawn) == min(n, total) and drawn == sorted(drawn)
    assert drawn == stratified(clips.sample(frac=1, random_state=1).sort_values("clip_id"), n, seed)
    tested = sum(int(clip[1:]) >= train for clip in drawn)
    assert abs(tested - min(n, total) * test / total) <= 1


def test_length_is_frames_over_rate(tmp_path: Path) -> None:
    assert abs(length(write_video(tmp_path / "a.mp4", 0, frames=30)) - 1.5) < 0.06
