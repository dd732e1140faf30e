"""Every fault of the block is one line, before anything is sent; nothing that is private leaves or is written down."""

import io
import socket
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from lib.base.errors import UserError
from lib.captioning.parameters import CaptioningParameters
from lib.captioning.plan import Plan
from lib.captioning.result import settings
from lib.captioning.sample import Sampled
from lib.commands import app
from lib.corpus import load
from lib.demo.mllm_server import Grammar, MLLMServer
from lib.demo.synthesis import Spec
from tests.unit.captioning.conftest import KEY, sha256, write_video

MARKERS = ("PLANTEDCLIP", "planted-key", "kick")


def write_manifest(root: Path, clips: dict[str, bool]) -> None:
    """Clips by id, with their consent; each has a motion and a video."""
    n = len(clips)
    splits = ["train", "val", "test"]
    root.mkdir()
    np.save(root / "joints.npy", np.zeros((20 * n, 22, 3), dtype=np.int16))
    table = {
        "clip_id": list(clips),
        "split": [splits[place % 3] for place in range(n)],
        "fps": 20.0,
        "n_frames": 20,
        "offset": [20 * place for place in range(n)],
        "source": [f"s{place}" for place in range(n)],
        "body_mode": "full",
        "person_count": 1,
        "consent": list(clips.values()),
        "mirror_of": pd.array([None] * n, dtype="str"),
    }
    pd.DataFrame(table).to_parquet(root / "clips.parquet")
    captions = {"clip_id": list(clips), "caption_id": [f"{clip}#0" for clip in clips], "text": "someone acts"}
    more = {"captioner": "old-model", "tokens": pd.array([None] * n, dtype="str"), "start_s": 0.0, "end_s": 0.0}
    pd.DataFrame({**captions, **more}).to_parquet(root / "captions.parquet")
    (root / "videos").mkdir()
    for number, clip in enumerate(clips):
        write_video(root / "videos" / f"{clip}.mp4", number)


class Place:
    """A profile of one corpus, and the command that captions it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.root = folder, folder / "own"
        write_manifest(self.root, {f"PLANTEDCLIP{n}": n != 4 for n in range(10)})
        captioner = {"client": "gemini", "model": "detailed", "key": "PLANTED_KEY", "base_url": url}
        captioner |= {"prompts": ["describe"], "temperatures": [0.2], "price": {"input": 0.3, "output": 2.5}}
        self.profile: dict[str, Any] = {
            "profile": "own",
            "corpora": {"dm": {"label": "DM", "kind": "manifest", "root": str(self.root), "private": True}},
            "captioning": {"corpus": "dm", "budget": 5.0, "backoff_s": 0.01, "captioners": {"mine": captioner}},
        }

    @property
    def captioner(self) -> dict[str, Any]:
        mine: dict[str, Any] = self.profile["captioning"]["captioners"]["mine"]
        return mine

    def run(self, *arguments: str) -> "Left":
        file = self.folder / "own.yml"
        file.write_text(yaml.safe_dump(self.profile))
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                app(["captions", *(arguments or ("make",)), "--params", str(file)], standalone_mode=False)
            except UserError as error:
                return Left(error.exit_code, out.getvalue(), f"{err.getvalue()}error: {error}\n")
        return Left(0, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Left:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Place, MLLMServer]]:
    monkeypatch.setattr("lib.captioning.journal.CACHE", tmp_path / "cache")
    monkeypatch.setattr("lib.base.locks.LOCKS", tmp_path / "locks")
    grammar = Grammar({})
    with MLLMServer(grammar, key=KEY) as server:
        made = Place(tmp_path, server.url)
        for file in (made.root / "videos").iterdir():
            grammar.performed = {**grammar.performed, sha256(file): [Spec("kick", side="left")]}
        yield made, server


def test_a_private_corpus_is_captioned_taken_and_nothing_of_it_written_elsewhere(
    place: tuple[Place, MLLMServer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, server = place
    with monkeypatch.context() as without:
        without.delenv("PLANTED_KEY")
        dry = own.run("make", "--dry-run")
    assert dry.returncode == 0 and "9 requests" in dry.stdout and not server.counted
    done = own.run()
    assert done.returncode == 0, done.stderr
    assert len(server.counted) == 9  # the clip without consent is none of them
    loaded = load("manifest", own.root)
    assert loaded.candidates is not None and len(loaded.candidates) == 9
    assert {*loaded.candidates.prompt} == {"describe"} and {*loaded.candidates.temperature} == {0.2}
    table = pd.read_parquet(own.root / "captioner_captions.parquet")
    assert (table.finish == "stop").all() and (table.tokens_out > 0).all() and (table.cost > 0).all()
    told = [own.root / f"captioner_{name}" for name in ("ledger.csv", "outcomes.csv", "settings.json")]
    written = done.stdout + done.stderr + "".join(file.read_text() for file in told)
    journals = [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]
    content = b"".join(file.read_bytes() for file in journals)
    assert any(file.name == "journal.sqlite" for file in journals)
    for marker in (*MARKERS, str(tmp_path)):
        assert marker not in written, marker
        assert marker.encode() not in content, marker
    kept = b"".join(file.read_bytes() for file in own.root.rglob("*") if file.is_file())
    assert KEY.encode() not in kept
    taken = own.run("take", "mine")
    assert taken.returncode == 0, taken.stderr
    loaded = load("manifest", own.root)
    assert {*loaded.captions.captioner} == {"mine"} and len(loaded.captions) == 9
    before = pd.read_parquet(own.root / "captions_before.parquet")
    assert {*before.captioner} == {"old-model"}
    assert own.run("take", "mine").returncode == 0 and len(load("manifest", own.root).captions) == 9


def test_settings_name_no_folder_of_this_machine(tmp_path: Path) -> None:
    program = {"client": "command", "command": [str(tmp_path / "own.py"), f"--out={tmp_path}"], "prompts": ["describe"]}
    model = {"client": "transformers", "model": str(tmp_path / "weights"), "prompts": ["describe"]}
    hub = {"client": "openai", "model": "OpenGVLab/VideoChat2", "prompts": ["describe"], "base_url": "http://own/v1"}
    block = {"corpus": "dm", "captioners": {"program": program, "model": model, "hub": hub}}
    asked = CaptioningParameters.model_validate(block).captioners
    told = settings(Plan([], Sampled([], {}, 0)), asked)
    assert [one["model"] for one in told.values()] == ["own.py", "weights", "OpenGVLab/VideoChat2"]
    assert str(tmp_path) not in str(told) and "http" not in str(told)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _no_key(own: Place) -> None:
    own.captioner["key"] = "ABSENT_KEY"


def _unknown_client(own: Place) -> None:
    own.captioner["client"] = "gemeni"


def _unreachable(own: Place) -> None:
    own.captioner["base_url"] = f"http://127.0.0.1:{_free_port()}"


def _no_videos(own: Place) -> None:
    for file in (own.root / "videos").iterdir():
        file.unlink()


def _unreadable(own: Place) -> None:
    for file in (own.root / "videos").iterdir():
        file.write_bytes(b"no video")


def _small_budget(own: Place) -> None:
    own.profile["captioning"]["budget"] = 1e-6


def _away(own: Place) -> None:
    del own.captioner["base_url"]


def _no_prompt(own: Place) -> None:
    own.captioner["prompts"] = ["descibe"]


def _no_corpus(own: Place) -> None:
    own.profile["captioning"]["corpus"] = "bm"


def _no_price(own: Place) -> None:
    del own.captioner["price"]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_no_key, "captioning.captioners.mine.key: the environment variable ABSENT_KEY is not set"),
        (_unknown_client, "did you mean 'gemini'?"),
        (_unreachable, "cannot be reached"),
        (_no_videos, "videos/: no video of any captioned clip; put <clip_id>.mp4 files there"),
        (_unreadable, "videos/: none of 9 videos can be read"),
        (_small_budget, "captioning.budget: $1e-06 is too small for one request"),
        (_away, "the corpus is private, and mine would send its videos to generativelanguage.googleapis.com"),
        (_no_prompt, "params/prompts/descibe.txt: no such prompt; there are describe, steps"),
        (_no_corpus, "captioning.corpus = 'bm' is no manifest of this profile"),
        (_no_price, "a price for mine"),
    ],
)
def test_every_fault_of_the_block_is_one_line(
    spoil: Callable[[Place], None], says: str, place: tuple[Place, MLLMServer]
) -> None:
    own, server = place
    spoil(own)
    done = own.run()
    assert done.returncode == 2 and done.stderr.startswith("error: "), done.stderr
    assert done.stderr.count("\n") == 1 and says in done.stderr, done.stderr
    assert KEY not in done.stderr and not server.counted


def test_a_refused_key_is_said_and_nobody_asks_again(
    place: tuple[Place, MLLMServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, server = place
    monkeypatch.setenv("PLANTED_KEY", "another-key")
    done = own.run()
    assert done.returncode == 1 and "mine: the key is refused (400)" in done.stderr and "another-key" not in done.stderr
    assert not server.counted
