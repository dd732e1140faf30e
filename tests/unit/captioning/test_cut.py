"""What a captioner gets of a whole recording: the clip's part and nothing else."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lib.captioning.making import Made
from lib.captioning.question import Clip
from lib.corpus.videos import cut
from lib.demo.mllm_server import MLLMServer
from tests.unit.captioning.conftest import block, sha256
from tests.unit.captioning.test_program import command
from tests.unit.corpus.test_videos import numbered, numbers

PROGRAM = """
import json, os, shutil, sys
for line in sys.stdin:
    asked = json.loads(line)
    shutil.copyfile(asked["video"], os.path.join(sys.argv[1], asked["clip_id"] + ".mp4"))
    print(json.dumps({"clip_id": asked["clip_id"], "text": "a man waves"}), flush=True)
"""


@pytest.fixture
def clips(tmp_path: Path) -> list[Clip]:
    """Two parts of one recording, in place of the clips of `conftest`."""
    recording = numbered(tmp_path / "take.mp4", 100)
    whole = sha256(recording)
    return [
        Clip("one", recording, 1.0, f"{whole} 0", (0.0, 1.0)),
        Clip("two", recording, 2.0, f"{whole} 1", (2.0, 4.0)),
    ]


def test_a_program_gets_the_part(run: Callable[..., Made], tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "got").mkdir()
    made = run(command([sys.executable, str(tmp_path / "program.py"), str(tmp_path / "got")], timeout_s=600.0))
    assert len(made.captions) == 2
    assert numbers(tmp_path / "got" / "one.mp4") == [*range(25)]
    assert numbers(tmp_path / "got" / "two.mp4") == [*range(50, 100)]


@pytest.mark.parametrize(("client", "changed"), [("gemini", {}), ("gemini", {"inline_mb": 0.0}), ("openai", {})])
def test_a_server_gets_the_part(
    run: Callable[..., Made],
    start: Callable[..., MLLMServer],
    clips: list[Clip],
    tmp_path: Path,
    client: str,
    changed: dict[str, Any],
) -> None:
    server = start()
    assert len(run(block(server, client, **changed)).captions) == 2
    parts = []
    for clip in clips:
        assert clip.span is not None
        cut(clip.video, clip.span, tmp_path / "part.mp4")
        parts.append(sha256(tmp_path / "part.mp4"))
    assert sorted(counted.video for counted in server.counted) == sorted(parts)


def test_a_recording_that_is_gone_is_a_clip_without_a_caption(
    run: Callable[..., Made], start: Callable[..., MLLMServer], clips: list[Clip]
) -> None:
    clips[0].video.write_bytes(b"gone bad")
    made = run(block(start()))
    assert {*made.failures.failure} == {"video"} and len(made.failures) == 2 and not made.stopped
    assert made.ledger.requests.sum() == 0
