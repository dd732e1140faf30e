"""Videos of a corpus' clips: which are written, which are left alone, and that no id leads out of the folder."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib import corpus
from lib.base.errors import ParamsError, UserError
from lib.base.hashes import corpus_fingerprint
from lib.captioning.parameters import CaptioningParameters
from lib.captioning.sample import sample
from lib.corpus import Corpus
from lib.corpus.videos import length
from lib.draw.clip_videos import render_clips
from tests.unit.corpus.test_videos import numbered
from tests.unit.motion.bodies import swinging

IDS = ["a", "b", "no way/out", "../out", "l" * 250, "secret", "still"]


@pytest.fixture
def dm(tmp_path: Path) -> Path:
    """A manifest of seven clips of 30 poses: two ids lead away, one is too long, one has no consent, one no motion."""
    root = tmp_path / "dm"
    root.mkdir()
    n = len(IDS)
    pd.DataFrame(
        {
            "clip_id": IDS,
            "split": ["train", "val", "test", "train", "train", "train", "train"],
            "fps": 20.0,
            "n_frames": pd.array([30] * (n - 1) + [None], dtype="Int64"),
            "offset": pd.array([30 * k for k in range(n - 1)] + [None], dtype="Int64"),
            "source": "s",
            "body_mode": "full",
            "person_count": 1,
            "consent": [name != "secret" for name in IDS],
            "mirror_of": pd.array([None] * n, dtype="str"),
        }
    ).to_parquet(root / "clips.parquet")
    captions = {"clip_id": IDS, "caption_id": [f"{k}#0" for k in range(n)], "text": "a man", "captioner": "m"}
    more = {"tokens": pd.array([None] * n, dtype="str"), "start_s": 0.0, "end_s": 0.0}
    pd.DataFrame({**captions, **more}).to_parquet(root / "captions.parquet")
    np.save(root / "joints.npy", np.concatenate([swinging(30, seed=k) * 1000 for k in range(n - 1)]).astype(np.int16))
    return root


def loaded(root: Path) -> Corpus:
    return corpus.load("manifest", root)


def files(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


@pytest.mark.parametrize("workers", [1, 2])
def test_clips_with_a_motion_and_consent_get_a_video_and_no_id_leads_out(dm: Path, workers: int) -> None:
    folder = dm / "videos"
    before = {*dm.parent.rglob("*")}
    done = render_clips(loaded(dm), folder, IDS, size=64, workers=workers, progress=False)
    assert done.written == ["a", "b"] and done.there == 0
    assert done.failed.pop("l" * 250) == "its id is too long for the name of a file"
    assert {name: why for name, why in done.failed.items() if name != "still"} == dict.fromkeys(
        ["no way/out", "../out"], "its id is no name of a file"
    )
    assert {*dm.parent.rglob("*")} - before == {folder, folder / "a.mp4", folder / "b.mp4"}
    assert length(folder / "a.mp4") == 1.5


def test_what_is_there_stays_and_a_recording_is_never_replaced(dm: Path) -> None:
    folder = dm / "videos"
    folder.mkdir()
    numbered(folder / "a.mp4", 10)
    one = render_clips(loaded(dm), folder, ["a", "b"], size=64, progress=False)
    assert one.written == ["b"] and one.there == 1
    before = files(folder)
    assert render_clips(loaded(dm), folder, ["a", "b"], size=96, progress=False).written == []
    assert files(folder) == before
    assert render_clips(loaded(dm), folder, ["a", "b"], size=96, force=True, progress=False).written == ["b"]
    after = files(folder)
    assert after["a.mp4"] == before["a.mp4"] and after["b.mp4"] != before["b.mp4"]


def test_a_size_that_no_video_has_is_refused_before_anything_is_written(dm: Path) -> None:
    with pytest.raises(ParamsError, match="size: a video cannot be 33 pixels wide"):
        render_clips(loaded(dm), dm / "videos", ["a"], size=33, progress=False)
    assert not (dm / "videos").exists()


def test_videos_are_no_part_of_the_corpus(dm: Path) -> None:
    before = corpus_fingerprint(dm), loaded(dm).provenance.files
    render_clips(loaded(dm), dm / "videos", ["a"], size=64, progress=False)
    corpus_fingerprint.cache_clear()
    assert (corpus_fingerprint(dm), loaded(dm).provenance.files) == before
    np.save(dm / "other.npy", np.zeros(1))
    corpus_fingerprint.cache_clear()
    assert corpus_fingerprint(dm) != before[0]


def test_what_is_rendered_is_what_captions_are_made_of(dm: Path) -> None:
    render_clips(loaded(dm), dm / "videos", IDS, size=64, progress=False)
    drawn = sample(loaded(dm), dm / "videos", CaptioningParameters())
    assert [(clip.clip_id, clip.seconds, clip.span) for clip in drawn.clips] == [("a", 1.5, None), ("b", 1.5, None)]
    assert [clip.sha256 for clip in drawn.clips] == [*files(dm / "videos").values()]


def test_a_clip_of_a_recording_is_asked_about_by_its_part(dm: Path) -> None:
    clips = pd.read_parquet(dm / "clips.parquet")
    clips["source"] = ["take"] * len(clips)
    clips["start_s"], clips["end_s"] = [0.0, 1.0, 9.0, 0, 0, 0, 0], [1.0, 3.0, 11.0, 0, 0, 0, 0]
    clips.to_parquet(dm / "clips.parquet")
    (dm / "videos").mkdir()
    numbered(dm / "videos" / "take.mp4", 100)
    drawn = sample(loaded(dm), dm / "videos", CaptioningParameters())
    assert {clip.clip_id: (clip.seconds, clip.span) for clip in drawn.clips} == {
        "a": (1.0, (0.0, 1.0)),
        "b": (2.0, (1.0, 3.0)),
    }
    assert len({clip.sha256 for clip in drawn.clips}) == 2
    assert "neither the 2.0 s of its clip nor up to 11.0 s" in drawn.unreadable["no way/out"]


class _Deadly:
    """What ends the process that reads it."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


def test_a_process_that_dies_is_said_in_one_line(dm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = loaded(dm)
    monkeypatch.setattr(Corpus, "joints", lambda self, clip_id: _Deadly())
    with pytest.raises(UserError, match="videos/: a process that renders died") as refused:
        render_clips(made, dm / "videos", ["a", "b"], workers=2, progress=False)
    assert "\n" not in str(refused.value) and not list((dm / "videos").iterdir())
