"""Videos written here, a server on the loopback, and one block of parameters that asks it about them."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from lib.captioning import making, prompts
from lib.captioning.journal import Journal
from lib.captioning.parameters import CaptioningParameters
from lib.captioning.plan import Plan, plan
from lib.captioning.question import Clip
from lib.captioning.sample import Sampled
from lib.demo.mllm_server import Grammar, MLLMServer
from lib.demo.synthesis import Spec

KEY = "planted-key-5d1f"
SECONDS = 1.0


def write_video(path: Path, seed: int, frames: int = 20) -> Path:
    rng = np.random.default_rng(seed)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=20)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _ in range(frames):
            picture = rng.integers(0, 255, (32, 32, 3), dtype=np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="session")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filmed") / "videos"
    folder.mkdir()
    for number in range(12):
        write_video(folder / f"clip{number:02d}.mp4", number)
    return folder


@pytest.fixture
def clips(videos: Path) -> list[Clip]:
    return [Clip(file.stem, file, SECONDS, sha256(file)) for file in sorted(videos.glob("*.mp4"))]


@pytest.fixture
def start(clips: list[Clip]) -> Iterator[Callable[..., MLLMServer]]:
    running = []
    kicks = {clip.sha256: [Spec("kick", side="left")] for clip in clips}

    def started(faults: dict[int, list[str]] | None = None, **options: Any) -> MLLMServer:
        planted = {clips[number].sha256: those for number, those in (faults or {}).items()}
        server = MLLMServer(Grammar(kicks), faults=planted, **options)
        running.append(server)
        return server.__enter__()

    yield started
    for server in running:
        server.__exit__()


def block(server: MLLMServer | str, client: str = "gemini", **changed: Any) -> CaptioningParameters:
    """A block of one captioner `mine`; what is no key of the captioner goes to the block."""
    url = server if isinstance(server, str) else server.url
    captioner: dict[str, Any] = {
        "client": client,
        "model": "detailed",
        "base_url": url if client == "gemini" else f"{url}/v1",
        "key": "PLANTED_KEY",
        "prompts": ["describe"],
        "price": {"input": 0.3, "output": 2.5, "cached": 0.1},
        "timeout_s": 5.0,
    }
    whole: dict[str, Any] = {"corpus": "dm", "concurrency": 4, "backoff_s": 0.001}
    for name, value in changed.items():
        (whole if name in CaptioningParameters.model_fields else captioner)[name] = value
    return CaptioningParameters.model_validate({**whole, "captioners": {"mine": captioner}})


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTED_KEY", KEY)


@pytest.fixture
def planned(clips: list[Clip]) -> Callable[[CaptioningParameters], Plan]:
    return lambda asked: plan(asked, Sampled(clips, {}, 0), prompts.FOLDER)


@pytest.fixture
def run(planned: Callable[[CaptioningParameters], Plan], tmp_path: Path) -> Callable[..., making.Made]:
    def made(asked: CaptioningParameters, **options: Any) -> making.Made:
        journal = Journal(tmp_path / "out", cache=tmp_path / "cache")
        options = {"progress": False, "journal": journal, **options}
        return making.make(asked, planned(asked), tmp_path / "out", **options)

    return made
