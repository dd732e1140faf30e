"""Claims through the engine: those of motions in memory, however the captions are cut."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lib.captioning.claims import check, check_corpus
from lib.corpus.corpus import Corpus, Provenance
from lib.corpus.motions import FileStore, Motions
from lib.engine import results
from tests.unit.captioning import hand_made as made

MOTIONS = {
    "kick": made.kick(made.standing(), "left"),
    "wave": made.wave(made.standing(), "right"),
    "walk": made.travel(made.standing(), made.AHEAD, 3.0),
    "pose": made.standing()[:1],
}
TEXTS = ["a man kicks with his left leg", "a man waves his left hand", "", "someone walks backward, then kicks"]


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    monkeypatch.setattr(results, "PARTITIONS", tmp_path / "kept")
    for name, joints in MOTIONS.items():
        np.save(tmp_path / f"{name}.npy", joints.astype(np.float32))
    clips = pd.DataFrame({"clip_id": [*MOTIONS], "fps": [20.0, 20.0, 40.0, 20.0]})
    clips["body_mode"] = ["upper", "full", "full", "full"]
    motions = Motions(joints_store=FileStore(tmp_path, {name: f"{name}.npy" for name in MOTIONS}))
    return Corpus("dm", clips, pd.DataFrame(), {}, motions, Provenance(tmp_path, {"joints/": "by hand"}))


@pytest.fixture
def captions() -> pd.DataFrame:
    rows = [(clip, f"{clip}#{n}", text, f"m{n % 2}") for n, text in enumerate(TEXTS) for clip in reversed(MOTIONS)]
    table = pd.DataFrame([row for row in rows if row[:2] != ("kick", "kick#1")])
    return table.set_axis(["clip_id", "caption_id", "text", "captioner"], axis=1).set_index(table.index + 7)


@pytest.mark.parametrize("rows", [15, 8, 2], ids=["1", "2", "8"])
def test_claims_do_not_depend_on_partitions(corpus: Corpus, captions: pd.DataFrame, tmp_path: Path, rows: int) -> None:
    fps = dict(zip(corpus.clips.clip_id, corpus.clips.fps, strict=True))
    there = check(captions, corpus.joints, fps=fps, upper={"kick"}, progress=False)
    found = check_corpus(captions, corpus, rows=rows, progress=False)
    pd.testing.assert_frame_equal(found.claims, there.claims, check_exact=True)
    pd.testing.assert_frame_equal(found.flags, there.flags, check_exact=True)
    assert found.info == there.info and found.info["single_frames"] == 1
    assert {"supported", "contradicted", "not decidable"} <= {*there.claims.verdict}
    assert len([*(tmp_path / "kept").glob("claims/*.parquet")]) == -(-15 // rows)


def test_no_caption_claims_nothing(corpus: Corpus, captions: pd.DataFrame) -> None:
    found = check_corpus(captions[:0], corpus, progress=False)
    assert found.claims.empty and found.flags.empty and found.info["claims"] == 0
