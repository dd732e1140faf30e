"""Every kind of state file with a flipped byte, a piece missing or another shape: made anew, and said in one line."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from filelock import Timeout

from lib.base import atomic, environment, locks, seals, state
from lib.base.errors import RunError
from lib.base.hashes import HashCache, corpus_fingerprint
from lib.base.stopwatch import Stopwatch
from lib.demo import embedded
from lib.models import generated_motions, latents
from lib.models.latents import Latents
from lib.models.momask.sizes import Sampling
from lib.run import freshness, provenance
from lib.run.exploring import last_profile, readiness
from lib.run.params import load
from lib.run.pipeline import Notebook
from lib.site import publication

Damage = Callable[[bytes], bytes]
TINY = Notebook("99_tiny", "similarity", "Does it run?")


def flipped(content: bytes) -> bytes:
    """One bit in the middle, which makes a byte above 0x7F of an ASCII one."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0x80]) + content[middle + 1 :]


DAMAGES: dict[str, Damage] = {
    "a flipped bit": flipped,
    "truncated": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "a list": lambda content: b'[{"a": 1}]',
    "a text": lambda content: b'"somebody"',
    "null": lambda content: b"null",
    "not a number": lambda content: b"NaN",
    "other keys": lambda content: b'{"other": {"keys": [1, null]}}',
    "deep": lambda content: b"[" * 100_000,
    "a lone surrogate": lambda content: b'{"params": "\\ud800"}',
    "zeros": lambda content: bytes(len(content)),
    "no text": lambda content: bytes(range(256)),
}


@pytest.fixture(params=[*DAMAGES.values()], ids=[*DAMAGES])
def damage(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        before = file.read_bytes()
        file.write_bytes(request.param(before))
        assert file.read_bytes() != before

    return spoil


def one_line(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    """Whether exactly one line was said, and of this file."""
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and str(file) in said, said


def test_hashes(damage: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    large = tmp_path / "large"
    large.write_bytes(bytes(100_000))
    os.utime(large, (1, 1))
    store = tmp_path / "hashes.json"
    (first := HashCache(store)).fresh[str(large)] = (1, 1, 1, 1, "not its hash")
    first.save()
    damage(store)
    cache = HashCache(store)
    one_line(capsys, store)
    assert not cache.known and cache.sha256(large) == hashlib.sha256(bytes(100_000)).hexdigest()
    cache.fresh[str(large)] = (1, 2, 3, 4, "learnt")
    cache.save()
    capsys.readouterr()
    assert HashCache(store).known == {str(large): (1, 2, 3, 4, "learnt")} and not capsys.readouterr().err


def test_the_last_profile(damage: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = tmp_path / "last_profile.json"
    last_profile.remember("params/smoke.yml", record=record)
    damage(record)
    assert last_profile.recall(record=record) == "params/demo.yml"
    one_line(capsys, record)
    last_profile.remember("params/smoke.yml", record=record)
    assert last_profile.recall(record=record) == "params/smoke.yml"


def test_seconds_of_the_installation(
    damage: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noted = tmp_path / "environment_seconds"
    noted.write_text("12.5")
    damage(noted)
    (watch := Stopwatch()).installation(noted)
    assert watch.laps.get("environment", 0) in {0, 1, 12} and not noted.exists()
    assert capsys.readouterr().err.count("\n") <= 1


def test_the_holder_of_a_lock(
    damage: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Taken:
        def __init__(self, path: Path) -> None: ...

        def acquire(self, timeout: float | None = None) -> None:
            if timeout is not None:
                raise Timeout("taken")

        def release(self) -> None: ...

    monkeypatch.setattr(locks, "LOCKS", tmp_path)
    monkeypatch.setattr(locks, "FileLock", Taken)
    (tmp_path / "results.pid").write_text("12345")
    damage(tmp_path / "results.pid")
    with locks.exclusive("results"):
        assert (tmp_path / "results.pid").read_text() == str(os.getpid())
    assert "is writing results; waiting for it to finish" in capsys.readouterr().err


def test_the_mark_of_an_environment(
    damage: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "LOCKS", tmp_path / "locks")
    made: list[Path] = []
    monkeypatch.setattr(environment, "_venv", lambda prefix: made.append(prefix) or 0)
    prefix = tmp_path / ".venv"
    prefix.mkdir()
    assert environment._ensure(prefix, "") == 0 and len(made) == 1
    damage(prefix / ".complete")
    assert environment._ensure(prefix, "") == 0 and len(made) == 2
    assert environment._ensure(prefix, "") == 0 and len(made) == 2


def test_a_text_that_is_replaced(damage: Callable[[Path], None], tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_text("what it says")
    damage(file)
    assert atomic.write_text(file, "what it says") and file.read_text() == "what it says"


@pytest.mark.parametrize("name", ["values.json", "provenance.json"])
def test_a_result(
    name: str,
    damage: Callable[[Path], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("lib.run.pipeline.RESULTS", tmp_path)
    folder = TINY.results("demo")
    folder.mkdir(parents=True)
    (folder / "notebook.ipynb").write_text("{}")
    (folder / "values.json").write_text(json.dumps({"finding": "It runs.", "n": 3}))
    stamp = {"params": {"block": 64}, "seed": 1e-4}
    record = {"stamp": stamp, "outputs": freshness.outputs_fingerprint(folder), "params": {"block": 64}}
    (folder / "provenance.json").write_text(json.dumps(record))
    assert freshness.is_fresh(folder, stamp)
    damage(folder / name)
    assert not freshness.is_fresh(folder, stamp)
    assert "no result" not in freshness.changes(folder, stamp)
    said = capsys.readouterr().err
    assert said.count("\n") <= 1
    if said:  # another object of JSON can be read, and is stale
        assert not provenance.has_result(folder) and "the notebook counts as not run" in said
        profile = load("params/demo.yml").model_copy(update={"notebooks": [TINY.stem]})
        monkeypatch.setattr(publication, "in_order", lambda stems: [TINY])
        assert name == "provenance.json" or publication.findings(profile) == [f"{TINY.stem}: no result"]


@pytest.mark.parametrize("name", [seals.SEAL, "training.json", "last_weights/motion_decoder.pt", "log.csv"])
def test_a_sealed_folder(
    name: str, damage: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "tmr-0123"
    (folder / "last_weights").mkdir(parents=True)
    for one in ("training.json", "last_weights/motion_decoder.pt", "log.csv", "config.json"):
        (folder / one).write_text(json.dumps({"sizes": {"latent_dim": 8}, "of": one}))
    seals.seal(folder)
    assert seals.intact(folder)
    before = (folder / name).stat()
    damage(folder / name)
    os.utime(folder / name, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert seals.damage(folder)
    seals.say_damage(folder, "it is trained again")
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "it is trained again" in said and (name == seals.SEAL or name in said)
    assert readiness._tmr(load("params/demo.yml"), tmp_path) is False


def test_a_file_that_a_sealed_folder_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").write_text("1")
    seals.seal(tmp_path)
    (tmp_path / "a").unlink()
    assert not seals.intact(tmp_path)
    seals.say_damage(tmp_path, "it is made again")
    assert capsys.readouterr().err == f"warning: {tmp_path}/a is missing; it is made again\n"


@pytest.mark.parametrize("name", [".json", "_motion.npy", "_text.npy", "_captions.parquet"])
def test_latents(name: str, damage: Callable[[Path], None], tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    captions = pd.DataFrame({"clip_id": [*"abc"], "caption_id": [*"abc"]})
    latents.write(Latents([*"abc"], vectors, captions, vectors, "f" * 64), tmp_path, "dm")
    np.testing.assert_array_equal(latents.read(tmp_path, "dm").motion, vectors)
    damage(tmp_path / "latents" / f"dm{name}")
    with pytest.raises(RunError, match="04_embedding_gap --force") as caught:
        latents.read(tmp_path, "dm")
    assert "\n" not in str(caught.value) and f"dm{name}" in str(caught.value)


def test_kept_generations(
    damage: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[Path | None] = []

    def generate(*_: object, keep: Path | None, **__: object) -> dict[str, object]:
        made.append(keep)
        if keep is not None:
            (keep / "ours" / "0").mkdir(parents=True)
            np.save(keep / "ours" / "0" / "a.npy", np.arange(100.0))
        return {}

    monkeypatch.setattr(generated_motions, "generate", generate)
    monkeypatch.setattr(generated_motions, "kept_folder", lambda *_: tmp_path / "kept")
    judges = [SimpleNamespace(prompts=None)]
    for _ in range(2):
        generated_motions.generate_and_keep({}, None, judges, repeats=1, sampling=Sampling())  # type: ignore[arg-type]
    assert made == [tmp_path / "kept", None]
    damage(tmp_path / "kept" / "ours" / "0" / "a.npy")
    generated_motions.generate_and_keep({}, None, judges, repeats=1, sampling=Sampling())  # type: ignore[arg-type]
    assert made[2:] == [tmp_path / "kept"]
    assert capsys.readouterr().err == f"warning: {tmp_path}/kept/ours/0/a.npy is damaged; the motions are made again\n"
    np.testing.assert_array_equal(np.load(tmp_path / "kept" / "ours" / "0" / "a.npy"), np.arange(100.0))


CORPUS = ("demo-h3d/texts.zip", "demo-dm/joints.npy", "demo-dm/clips.parquet", "truth.json", "made_from.json")


@pytest.mark.parametrize("name", CORPUS)
def test_embedded_corpora(
    name: str,
    damage: Callable[[Path], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def build(folder: Path, **_: object) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        for one in CORPUS[:-1]:
            (folder / one).parent.mkdir(parents=True, exist_ok=True)
            (folder / one).write_text(json.dumps({"content": one}))

    monkeypatch.setattr("lib.demo.corpora.build", build)
    monkeypatch.setattr(locks, "LOCKS", tmp_path / "locks")
    demo = {"folder": str(tmp_path / "corpora"), "seed": 0, "h3d_clips": 40, "dm_clips": 40}
    assert embedded.ensure(**demo) and not embedded.ensure(**demo)
    capsys.readouterr()
    damage(tmp_path / "corpora" / name)
    corpus_fingerprint.cache_clear()
    assert embedded.ensure(**demo)
    told = capsys.readouterr().err
    assert told.count("writing 40 + 40 clips") == 1
    assert name == "made_from.json" or "is not as it was built" in told
    assert json.loads((tmp_path / "corpora" / "truth.json").read_text()) == {"content": "truth.json"}
    assert not embedded.ensure(**demo)


def test_a_folder_or_an_unreadable_file_in_its_place_is_said_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "values.json").mkdir()
    assert state.read(tmp_path / "values.json", dict[str, int]) is None
    one_line(capsys, tmp_path / "values.json")
