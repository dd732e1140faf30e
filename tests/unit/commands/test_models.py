"""``python -m lib models export``: weights in the public layout with a card, whole or not at all."""

import os
from pathlib import Path

import pytest
import torch
import yaml

from lib.base import atomic
from lib.base.errors import ModelError, ParamsError, UserError
from lib.models.momask.model import MoMask
from tests.unit.commands.conftest import World, arrays, printed

KEYS = {
    "rvq/model/net_best_fid.tar": "vq_model",
    "masked/model/latest.tar": "t2m_transformer",
    "residual/model/net_best_fid.tar": "res_transformer",
    "length_estimator/model/finest.tar": "estimator",
}


def call(world: World, regime: str, dest: Path, *options: object) -> str:
    return printed("models", "export", regime, dest, "--params", world.params, *options)


def test_weights_lie_as_the_public_code_has_them_and_load_strictly(world: World) -> None:
    dest = world.root / "out" / "momask"
    said = call(world, "h3d", dest, "--seed", 3)
    assert said.startswith(f"{dest}: h3d, seed 3, ") and "internal" not in said
    place = dest / "checkpoints" / "t2m"
    assert sorted(os.listdir(place)) == ["length_estimator", "masked", "residual", "rvq"]
    for name, key in KEYS.items():
        held = torch.load(place / name, weights_only=True)
        ours = torch.load(world.run("h3d", 3) / name, weights_only=True)
        assert key in held and held[key].keys() == ours[key].keys()
        assert all(torch.equal(held[key][tensor], ours[key][tensor]) for tensor in held[key])
    lines = (place / "masked" / "opt.txt").read_text().splitlines()
    assert "vq_name: rvq" in lines and "condition: sentence-transformers/all-mpnet-base-v2" in lines
    assert arrays(place / "rvq" / "meta" / "std.npy").shape == (263,)
    exported, trained = MoMask.from_run_dir(place), MoMask.from_run_dir(world.run("h3d", 3))
    assert exported.fingerprint == trained.fingerprint
    assert sorted(os.listdir(dest)) == ["README.md", "checkpoints", "sha256.json"]


def test_the_card_says_what_the_weights_are_made_of_and_how_they_are_judged(world: World) -> None:
    call(world, "h3d", world.root / "out")
    card = (world.root / "out" / "README.md").read_text(encoding="utf-8")
    _, block, text = card.split("---\n", 2)
    assert yaml.safe_load(block)["license_name"] == "of-each-corpus" and yaml.safe_load(block)["datasets"] == ["Public"]
    assert "# MoMask, h3d, seed 0" in text and "| Public | Public licence 1.0 |" in text
    assert "Own" not in card and "internal" not in card
    assert "| recall at rank 3 | 0.500 (95 % CI 0.400–0.600, N = 8) |" in text and "06_evaluation of 2026-01-02" in text
    assert "another regime's" not in text and "1,234 clips" in text and "5,678 parameters" in text
    assert "| masked transformer | masked | 60 | 30 | 1.2500 |" in text
    assert "| tokenizer | rvq | 900 | 450 | 0.5000 |" in text
    assert "a" * 64 in text and str(world.root) not in card


def test_a_card_says_that_there_are_no_results_where_there_are_none(world: World) -> None:
    (world.results / "values.json").write_text("{}")
    call(world, "h3d", world.root / "out")
    assert "No results of 06_evaluation judge this regime yet." in (world.root / "out" / "README.md").read_text()


def test_weights_of_a_private_corpus_go_out_by_its_name_alone(world: World) -> None:
    with pytest.raises(
        ParamsError, match="weighted is trained on dm, which is private; say that it may go: --private dm"
    ):
        call(world, "h3d+dm weighted", world.root / "out")
    with pytest.raises(ParamsError, match="--private names h3d, which is no private corpus"):
        call(world, "h3d+dm weighted", world.root / "out", "--private", "h3d")
    assert not (world.root / "out").exists()
    said = call(world, "h3d+dm weighted", world.root / "out", "--private", "dm")
    card = (world.root / "out" / "README.md").read_text(encoding="utf-8")
    assert "internal, do not pass it on" in said and "**internal**: it was trained on Own." in card
    assert "| Fréchet inception distance | 0.250 (95 % CI 0.2–0.3, N = 8) |" in card and "by the weights of" in card


def test_an_export_that_is_cut_short_leaves_nothing_half_written(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    dest, stopped = world.root / "out" / "momask", []

    def stop(part: Path, target: Path) -> None:
        if target == dest:
            stopped.append(part)
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic, "before_rename", stop)
    with pytest.raises(OSError, match="No space left"):
        call(world, "h3d", dest)
    assert stopped and os.listdir(dest.parent) == []


def test_an_earlier_export_is_replaced_and_other_files_are_not(world: World) -> None:
    dest = world.root / "out"
    call(world, "h3d", dest)
    call(world, "h3d", dest, "--seed", 3)
    assert "# MoMask, h3d, seed 3" in (dest / "README.md").read_text()
    (dest / "notes.txt").write_text("mine")
    with pytest.raises(ModelError, match=r"holds notes\.txt, which is of no export"):
        call(world, "h3d", dest)
    assert (dest / "notes.txt").read_text() == "mine" and "seed 3" in (dest / "README.md").read_text()
    (world.root / "file").write_text("mine")
    with pytest.raises(ModelError, match="is a file"):
        call(world, "h3d", world.root / "file")


def test_what_is_not_trained_or_not_strictly_readable_is_one_line(world: World) -> None:
    with pytest.raises(UserError, match="no regime 'temos' is trained"):
        call(world, "temos", world.root / "out")
    file = world.run("h3d", 0) / "masked" / "model" / "latest.tar"
    held = torch.load(file, weights_only=True)
    held["t2m_transformer"].popitem()
    torch.save(held, file)
    with pytest.raises(ModelError, match=r"latest\.tar is missing or damaged"):
        call(world, "h3d", world.root / "out")
    assert not (world.root / "out").exists()
