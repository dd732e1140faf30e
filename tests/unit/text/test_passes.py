"""Texts passed through a model by the engine: the batches of one pass, whoever computes them, and nothing twice."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from lib.base.device import torch_threads
from lib.base.errors import RunError
from lib.engine.mapping import partition_files
from lib.engine.parameters import EngineParameters, choose_engine
from lib.engine.results import read
from lib.text import passes, text_model
from lib.text.passes import Kind, pass_once, passed
from lib.text.store import Store, key
from lib.text.text_model import TOKENS_AT_ONCE, Output, TextModel, in_batches
from tests.unit.text.reference import states_of, vector_of

MAKERS: dict[Kind, str] = {"states": "tokens of m", "vector": "m"}
Made = dict[Kind, dict[str, bytes]]


def sentences(count: int) -> list[str]:
    rng = np.random.default_rng(0)
    words = [" ".join(rng.choice(["walk", "man", "jump", "a", "to"], size)) for size in rng.integers(1, 60, count)]
    return [*words, "", "\ud83d\ude42 walk", "a\ud800 man", "a\ufffd man", "walk " * 300]


TEXTS = sentences(200)


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LIB_ENGINE", "")
    choose_engine(EngineParameters(workers=1))
    yield


def made_in(folder: Path, model: Path, texts: Sequence[str], makers: dict[Kind, str] = MAKERS) -> Made:
    """What the stores hold of texts once they were passed."""
    stores: dict[Kind, Path] = {"states": folder / "tokens.sqlite", "vector": folder / "sentences.sqlite"}
    pass_once(texts, step="s", folder=lambda: model, makers=makers, stores=stores, progress=False)
    found: Made = {}
    for kind, maker in makers.items():
        with Store(stores[kind]) as kept:
            held = kept.get([key(maker, text) for text in texts])
        found[kind] = {text: held[key(maker, text)] for text in texts}
    return found


def cut(monkeypatch: pytest.MonkeyPatch, model: Path, partitions: int) -> None:
    """Makes the texts lie in so many partitions, of batches of the processor's size."""
    batches = len([*in_batches(TEXTS, model, "cpu")])
    assert batches > 7
    monkeypatch.setattr(passes, "TOKENS_OF_FEW", 0)
    monkeypatch.setitem(passes.TOKENS_OF_PARTITION, "cpu", -(-batches // partitions) * TOKENS_AT_ONCE["cpu"])


def in_one_pass(model: Path) -> Made:
    network = TextModel(model, device="cpu")
    outputs: dict[str, Output] = {}
    for batch in network.batches(TEXTS):
        outputs |= zip(batch, network.outputs(batch), strict=True)
    return {
        "states": {text: outputs[text].states.half().numpy().tobytes() for text in TEXTS},
        "vector": {text: outputs[text].vector.numpy().tobytes() for text in TEXTS},
    }


@pytest.mark.parametrize("partitions", [1, 2, 7])
def test_partitions_move_no_bit(
    tiny_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, partitions: int
) -> None:
    with torch_threads(1):
        whole = in_one_pass(tiny_mpnet)
    cut(monkeypatch, tiny_mpnet, partitions)
    counted: list[int] = []
    monkeypatch.setattr(passes, "partition_files", lambda *rows, **how: noted(counted, partition_files(*rows, **how)))
    assert made_in(tmp_path, tiny_mpnet, TEXTS) == whole
    assert counted == [partitions]
    assert not [*tmp_path.rglob("*.parquet")]


def noted(counted: list[int], files: list[Path]) -> list[Path]:
    counted.append(len(files))
    return files


def test_two_processes_give_the_bits_of_one(tiny_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut(monkeypatch, tiny_mpnet, 2)
    alone = made_in(tmp_path / "1", tiny_mpnet, TEXTS)
    choose_engine(EngineParameters(workers=2))
    assert made_in(tmp_path / "2", tiny_mpnet, TEXTS) == alone


def test_states_and_vectors_are_those_of_each_text_alone(tiny_mpnet: Path, tmp_path: Path) -> None:
    made = made_in(tmp_path, tiny_mpnet, TEXTS[-5:])
    for text in ("", "walk " * 300):
        states = np.frombuffer(made["states"][text], dtype=np.float16).reshape(-1, 48)
        np.testing.assert_allclose(states, states_of(tiny_mpnet, text, longest=200), atol=5e-3)
        vector = np.frombuffer(made["vector"][text], dtype=np.float32)
        np.testing.assert_allclose(vector, vector_of(tiny_mpnet, text, longest=200), atol=1e-6)
    odd = [np.frombuffer(made["vector"][text], dtype=np.float32) for text in ("a\ud800 man", "a\ufffd man")]
    np.testing.assert_allclose(*odd, atol=1e-6)


def test_what_a_killed_run_made_is_not_made_again_whatever_is_asked_next(
    tiny_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut(monkeypatch, tiny_mpnet, 7)
    plain, seen = TextModel.outputs, list[str]()

    def dies(self: TextModel, texts: list[str]) -> list[Output]:
        seen.extend(texts)
        if len(seen) > len(TEXTS) / 2:
            raise KeyboardInterrupt
        return plain(self, texts)

    monkeypatch.setattr(TextModel, "outputs", dies)
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(passes, "_take_over", lambda *_: None)  # it died between the partition's end and the stores
        made_in(tmp_path, tiny_mpnet, TEXTS)
    left = [pd.read_parquet(file)["key"].tolist() for file in tmp_path.rglob("*.parquet")]
    done = {text for text in TEXTS if key("m", text) in {one for keys in left for one in keys}}
    assert 0 < len(done) < len({*TEXTS})
    seen.clear()
    monkeypatch.setattr(TextModel, "outputs", lambda self, texts: seen.extend(texts) or plain(self, texts))
    others = ["a man", *TEXTS[::-1]]
    assert [*made_in(tmp_path, tiny_mpnet, others)["vector"]] == [*dict.fromkeys(others)]
    assert sorted(seen) == sorted({*others} - done)
    assert not [*tmp_path.rglob("*.parquet")]


def test_what_an_interrupted_run_made_is_in_the_stores(
    tiny_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut(monkeypatch, tiny_mpnet, 7)
    plain, calls = TextModel.vectors, list[list[str]]()

    def dies(self: TextModel, texts: list[str]) -> np.ndarray:
        if len(calls) == 7:
            raise KeyboardInterrupt
        calls.append(texts)
        return plain(self, texts)

    monkeypatch.setattr(TextModel, "vectors", dies)
    with pytest.raises(KeyboardInterrupt):
        made_in(tmp_path, tiny_mpnet, TEXTS, {"vector": "m"})
    with Store(tmp_path / "sentences.sqlite") as kept:
        held = kept.has([key("m", text) for text in TEXTS])
    batches = [*in_batches(TEXTS, tiny_mpnet, "cpu")]
    whole = 7 // -(-len(batches) // 7) * -(-len(batches) // 7)
    assert held == {key("m", text) for batch in batches[:whole] for text in batch} and whole
    assert not [*tmp_path.rglob("*.parquet")]


def test_a_file_that_another_process_takes_over_at_the_same_time_is_no_fault(
    tiny_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(files: list[Path]) -> pd.DataFrame:
        for file in files:
            file.unlink()
        return read(files)

    monkeypatch.setattr(passes, "read", overtaken)
    stores: dict[Kind, Path] = {"vector": tmp_path / "s.sqlite"}
    how = {"step": "s", "folder": lambda: tiny_mpnet, "stores": stores, "progress": False}
    assert pass_once(["a man"], makers={"vector": "m"}, **how) == 1  # type: ignore[arg-type]
    assert not [*tmp_path.rglob("*.parquet")]


def test_few_texts_are_passed_on_the_threads_of_this_process_and_many_on_one(
    tiny_mpnet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, threads = TextModel.vectors, set[int]()

    def counting(self: TextModel, texts: list[str]) -> np.ndarray:
        threads.add(torch.get_num_threads())
        return plain(self, texts)

    monkeypatch.setattr(TextModel, "vectors", counting)
    with torch_threads(2):
        made_in(tmp_path / "few", tiny_mpnet, TEXTS, {"vector": "m"})
        assert threads == {2}
        threads.clear()
        cut(monkeypatch, tiny_mpnet, 2)
        made_in(tmp_path / "many", tiny_mpnet, TEXTS, {"vector": "m"})
        assert threads == {1} and torch.get_num_threads() == 2


def test_a_worker_has_the_precision_of_who_asks(tiny_mpnet: Path) -> None:
    rows = pd.DataFrame({"texts": [[b"a man walks"]]})
    for of in ("float32", "bf16"):
        made = passed(rows, folder=str(tiny_mpnet), makers={"vector": of}, of=of, threads=1)
        with torch_threads(1):
            expected = TextModel(tiny_mpnet, device="cpu", precision=of).vectors(["a man walks"])
        assert made["value"].tolist() == [expected[0].tobytes()] and made["key"].tolist() == [key(of, "a man walks")]


def test_a_model_that_cannot_be_read_is_told_in_one_line(tiny_mpnet: Path, tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "sentence_bert_config.json"):
        (tmp_path / name).write_bytes((tiny_mpnet / name).read_bytes())
    with pytest.raises(RunError, match="^s: rows 0 to 0 failed: .*: not a readable text model") as refusal:
        made_in(tmp_path / "kept", tmp_path, ["a man"])
    assert "\n" not in str(refusal.value)


def test_batches_are_planned_by_the_tokens_that_the_model_sees(tiny_mpnet: Path) -> None:
    model = text_model.read_model(tiny_mpnet)
    for batch in in_batches(TEXTS, tiny_mpnet, "cpu"):
        longest = max(len(output.states) for output in model.outputs(batch))
        assert longest * len(batch) <= TOKENS_AT_ONCE["cpu"]
