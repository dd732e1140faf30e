"""Folders of weights: read as the public code writes them, strictly, and each fault told in one line."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from lib.base.errors import ModelError
from lib.models.momask import RVQVAE, LengthEstimator, MaskTransformer, ResidualTransformer
from lib.models.momask.conditions import CLIP_NAME
from lib.models.momask.model import MoMask
from lib.models.momask.sizes import MoMaskSizes
from lib.models.momask.weights import read_weights

Change = Callable[[Path], object]


def test_a_public_folder_is_read_with_its_statistics(public: Path) -> None:
    weights = read_weights(public)
    stored = torch.load(public / "mtrans" / "model" / "latest.tar", weights_only=True)["t2m_transformer"]
    assert all(torch.equal(one, stored[name]) for name, one in weights.masked.state_dict().items())
    assert weights.residual.sizes.num_layers == 1 and weights.tokenizer.sizes.codes == 32
    assert weights.condition == CLIP_NAME and float(weights.std[5]) == 0.5
    assert all(one.requires_grad for one in weights.masked.parameters())


def test_what_the_public_trainer_saves_beside_the_weights_is_no_obstacle(public: Path) -> None:
    file = public / "mtrans" / "model" / "latest.tar"
    kept = torch.load(file, weights_only=True)
    network = torch.nn.Linear(2, 2)
    optimiser = torch.optim.AdamW(network.parameters())
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimiser, milestones=[50_000])
    network(torch.zeros(1, 2)).sum().backward()
    optimiser.step()
    assert isinstance(scheduler.state_dict()["milestones"], Counter)
    torch.save(kept | {"opt_t2m_transformer": optimiser.state_dict(), "scheduler": scheduler.state_dict()}, file)
    assert read_weights(public).masked.mask_id == 32


def test_other_names_of_the_keys_and_several_files_are_read(public: Path) -> None:
    for folder, file, before, after in (
        ("rvq_small", "net_best_fid.tar", "vq_model", "net"),
        ("mtrans", "latest.tar", "t2m_transformer", "trans"),
    ):
        path = public / folder / "model" / file
        kept = torch.load(path, weights_only=True)
        torch.save({after: kept[before]}, path)
    torch.save({"trans": {}}, public / "mtrans" / "model" / "net_best_fid.tar")  # the public code takes the latest
    (public / "text_mot_match" / "model").mkdir(parents=True)
    torch.save({"movement_encoder": {}}, public / "text_mot_match" / "model" / "finest.tar")
    (public / "Comp_v6_KLD005").mkdir()
    assert read_weights(public).masked.pad_id == 33


def test_full_size_weights_load_under_their_public_names(tmp_path: Path) -> None:
    sizes = MoMaskSizes()
    weights = read_weights(written(tmp_path, sizes))
    assert (weights.tokenizer.sizes, weights.masked.sizes, weights.residual.sizes) == (sizes, sizes, sizes)
    assert sum(one.numel() for one in weights.tokenizer.parameters()) > 17_000_000


def written(root: Path, sizes: MoMaskSizes) -> Path:
    names = {
        "width": sizes.width, "code_dim": sizes.code_dim, "output_emb_width": sizes.code_dim, "nb_code": sizes.codes,
        "num_quantizers": sizes.quantizers, "depth": sizes.depth, "dilation_growth_rate": sizes.dilation_growth,
        "down_t": 2, "stride_t": 2, "vq_act": "relu", "vq_norm": None, "shared_codebook": False, "dataset_name": "t2m",
    }  # fmt: skip
    own = {
        "latent_dim": sizes.latent_dim, "n_layers": sizes.num_layers, "n_heads": sizes.num_heads,
        "ff_size": sizes.ff_size, "vq_name": "rvq", "share_weight": True,
    }  # fmt: skip
    parts = {
        "rvq": ({"vq_model": RVQVAE(sizes).state_dict()}, names),
        "m": ({"trans": MaskTransformer(sizes).state_dict()}, own),
        "r": ({"res_transformer": ResidualTransformer(sizes).state_dict()}, own),
        "length_estimator": ({"estimator": LengthEstimator().state_dict()}, {}),
    }
    for name, (content, options) in parts.items():
        (root / name / "model").mkdir(parents=True)
        torch.save(content, root / name / "model" / "latest.tar")
        (root / name / "opt.txt").write_text("".join(f"{key}: {value}\n" for key, value in options.items()))
    (root / "rvq" / "meta").mkdir()
    for statistic in ("mean", "std"):
        np.save(root / "rvq" / "meta" / f"{statistic}.npy", np.ones(263, dtype=np.float32))
    return root


def line(folder: str, before: str, after: str) -> Change:
    def change(root: Path) -> None:
        file = root / folder / "opt.txt"
        assert before in file.read_text()
        file.write_text(file.read_text().replace(before, after))

    return change


def key(folder: str, file: str, network: str, change: Callable[[dict], object]) -> Change:
    def changed(root: Path) -> None:
        path = root / folder / "model" / file
        held = torch.load(path, weights_only=True)
        change(held[network])
        torch.save(held, path)

    return changed


def masked_key(change: Callable[[dict], object]) -> Change:
    return key("mtrans", "latest.tar", "t2m_transformer", change)


class Code:
    def __reduce__(self) -> tuple[Callable, tuple[str]]:
        return print, ("executed",)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (masked_key(lambda held: held.pop("cond_emb.bias")), "mtrans/model/latest.tar: lacks cond_emb.bias; put the"),
        (
            masked_key(lambda held: held.update({"clip_model.x": torch.zeros(1), "y": torch.zeros(1)})),
            "mtrans/model/latest.tar: has clip_model.x and 1 more, which MoMask has not; put the opt.txt",
        ),
        (
            key("rtrans_sw", "net_best_fid.tar", "res_transformer", lambda held: held.pop("token_embed_weight_")),
            "rtrans_sw/model/net_best_fid.tar: lacks token_embed_weight_;",
        ),
        (
            line("rvq_small", "nb_code: 32", "nb_code: 64"),
            "net_best_fid.tar: quantizer.layers.0.codebook has shape (32, 8) where the configuration makes it (64, 8);",
        ),
        (
            key(
                "mtrans",
                "latest.tar",
                "t2m_transformer",
                lambda held: held.update({"token_emb.weight": torch.zeros(66, 8)}),
            ),
            "token_emb.weight has shape (66, 8) where the configuration makes it (34, 8);",
        ),
        (line("mtrans", "n_layers: 1\n", ""), "mtrans/opt.txt: has no line n_layers; copy the opt.txt that the run"),
        (line("rvq_small", "vq_norm: None\n", ""), "rvq_small/opt.txt: has no line vq_norm; copy"),
        (line("rvq_small", "vq_norm: None", "vq_norm: LN"), "vq_norm is 'LN', and only 'None' is supported;"),
        (line("rvq_small", "dataset_name: t2m", "dataset_name: kit"), "opt.txt: was trained on 'kit'; point at a run"),
        (line("rtrans_sw", "share_weight: True", "share_weight: False"), "share_weight is 'False', and only 'True'"),
        (line("mtrans", "n_layers: 1", "n_layers: many"), "n_layers is 'many', not a number of up to four digits;"),
        (line("mtrans", "n_heads: 2", "n_heads: 5"), "impossible sizes: "),
        (line("mtrans", "vq_name: rvq_small", "vq_name: other"), "reads the tokens of rvq_small, and mtrans those of"),
        (lambda root: (root / "mtrans" / "opt.txt").unlink(), "mtrans/opt.txt: is missing; point at a run"),
        (lambda root: (root / "rvq_small" / "model" / "net_best_fid.tar").unlink(), "no tokenizer named rvq_small;"),
        (lambda root: (root / "length_estimator" / "model" / "finest.tar").unlink(), "t2m: no length estimator;"),
        (lambda root: (root / "mtrans" / "model" / "latest.tar").write_bytes(b"PK"), "latest.tar: "),
        (
            lambda root: torch.save({"trans": Code()}, root / "mtrans" / "model" / "latest.tar"),
            "latest.tar: holds more than tensors, perhaps code, and was not opened;",
        ),
        (lambda root: torch.save({"trans": 3}, root / "mtrans" / "model" / "latest.tar"), "holds no state dict of a"),
        (lambda root: torch.save([1], root / "mtrans" / "model" / "latest.tar"), "latest.tar: holds no networks;"),
        (lambda root: (root / "rvq_small" / "meta" / "std.npy").unlink(), "meta/std.npy: is missing; copy the run's"),
        (lambda root: np.save(root / "rvq_small" / "meta" / "std.npy", np.zeros(263)), "std.npy: a standard deviation"),
        (lambda root: np.save(root / "rvq_small" / "meta" / "mean.npy", np.zeros(251)), "mean.npy: not 263 numbers;"),
        (
            lambda root: np.save(root / "rvq_small" / "meta" / "mean.npy", np.full(263, np.nan)),
            "mean.npy: not 263 finite numbers;",
        ),
        (lambda root: (root / "mtrans").rename(root / "m2") and None, ""),
        (lambda root: np.save(root / "rvq_small" / "meta" / "mean.npy", np.array([{}])), "mean.npy: unreadable (Va"),
    ],
)
def test_a_fault_is_told_in_one_line(
    public: Path, change: Change, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change(public)
    if not told:  # a folder's name is free
        assert read_weights(public).masked.mask_id == 32
        return
    with pytest.raises(ModelError) as error:
        read_weights(public)
    assert told in str(error.value) and "\n" not in str(error.value)
    assert "executed" not in capsys.readouterr().out


def test_of_several_transformers_the_one_to_read_is_named(public: Path) -> None:
    other = public / "other"
    (other / "model").mkdir(parents=True)
    held = torch.load(public / "mtrans" / "model" / "latest.tar", weights_only=True)
    held["t2m_transformer"]["cond_emb.bias"].fill_(3.0)
    torch.save(held, other / "model" / "latest.tar")
    (other / "opt.txt").write_text((public / "mtrans" / "opt.txt").read_text())
    with pytest.raises(ModelError, match="2 folders with a masked transformer: mtrans, other; name the one to read"):
        read_weights(public)
    assert read_weights(public, masked="other").masked.cond_emb.bias[0].item() == 3.0
    with pytest.raises(ModelError, match="no masked transformer named third; point at"):
        read_weights(public, masked="third")


def test_what_is_written_is_read_again_and_holds_the_public_lines(public: Path, tmp_path: Path) -> None:
    before = MoMask.from_run_dir(public)
    steps = {"rvq": 1, "masked": 2, "residual": 3, "length_estimator": 4}
    before.to_run_dir(tmp_path / "out", shares=(0.1, 0.2), facts=steps)
    after = MoMask.from_run_dir(tmp_path / "out")
    assert after.fingerprint == before.fingerprint and not after.training
    lines = (tmp_path / "out" / "residual" / "opt.txt").read_text().splitlines()
    assert {"vq_name: rvq", "n_layers: 1", "share_weight: True", "dataset_name: t2m"} <= {*lines}
    held = torch.load(tmp_path / "out" / "length_estimator" / "model" / "finest.tar", weights_only=True)
    assert held.keys() == {"estimator", "epoch"} and held["epoch"] == 4


def test_a_text_model_of_another_width_is_refused(public: Path) -> None:
    file = public / "mtrans" / "opt.txt"
    file.write_text(file.read_text() + "condition: sentence-transformers/all-mpnet-base-v2\n")
    with pytest.raises(
        ModelError, match="reads 512 numbers a text where sentence-transformers/all-mpnet-base-v2 gives 768"
    ):
        MoMask.from_run_dir(public)
