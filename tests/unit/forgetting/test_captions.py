"""Clips forgotten in what captioners answered, in captions outside their corpus, and in rendered videos."""

from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pandas as pd

from lib.captioning.answers import FILE, Answers, Kept
from lib.draw.video import render
from lib.forgetting.captions import remove


def answer(clip_id: str) -> Kept:
    fields = dict.fromkeys(Kept.__dataclass_fields__, 0) | {"key": f"key of {clip_id}", "clip_id": clip_id}
    return Kept(**fields | {"text": f"what {clip_id} does", "finish": "stop"})  # type: ignore[arg-type]


def recording(path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=20)
        stream.width = stream.height = 64
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))


def test_forgotten_clips_leave_answers_captions_failures_and_rendered_videos(tmp_path: Path) -> None:
    folder, root = tmp_path / "captions", tmp_path / "corpus"
    (root / "videos").mkdir(parents=True)
    folder.mkdir()
    answers = Answers(folder)
    for clip in ("gone", "stays"):
        answers.add(answer(clip))
        render(np.zeros((4, 22, 3)) + np.arange(22)[None, :, None] / 10, root / "videos" / f"{clip}.mp4")
    answers.close()
    recording(root / "videos" / "filmed.mp4")
    table = pd.DataFrame({"clip_id": ["gone", "stays"], "caption_id": ["a", "b"], "text": ["x", "y"]})
    for place in (folder, root):
        table.to_parquet(place / "captioner_captions.parquet")
    table.to_csv(folder / "captioner_failures.csv", index=False)
    captioning = SimpleNamespace(place=lambda _: folder)
    profile = SimpleNamespace(
        captioning=captioning, models=SimpleNamespace(video_text=SimpleNamespace(videos="videos"))
    )
    forgotten = SimpleNamespace(root=root, ids=frozenset({"gone", "filmed"}))
    removed = {file.name for file, _ in remove(profile, forgotten)}  # type: ignore[arg-type]
    assert removed == {FILE, "captioner_captions.parquet", "captioner_failures.csv", "gone.mp4"}
    assert {file.name for file in (root / "videos").iterdir()} == {"stays.mp4", "filmed.mp4"}
    assert pd.read_parquet(folder / "captioner_captions.parquet").clip_id.tolist() == ["stays"]
    assert pd.read_csv(folder / "captioner_failures.csv").clip_id.tolist() == ["stays"]
    assert len(pd.read_parquet(root / "captioner_captions.parquet")) == 2
    assert b"what gone does" not in b"".join(file.read_bytes() for file in folder.iterdir())
    assert not list(remove(profile, forgotten))  # type: ignore[arg-type]
