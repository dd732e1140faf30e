"""TMR against an independent reading of its description, and every run folder it must refuse."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, layer_norm, linear, softmax

from lib.base.errors import ModelError
from lib.models.tmr import model
from lib.models.tmr.model import TMR
from lib.models.tmr.networks import Decoder, Encoder
from lib.models.tmr.sizes import TMRSizes

TINY = TMRSizes(latent_dim=8, num_layers=1, num_heads=2, ff_size=16)


def public_names(
    nfeats: int, *, decoder: bool = False, d: int = 256, layers: int = 6, ff: int = 1024
) -> dict[str, tuple]:
    """Names and shapes of the public state dicts, written out from P§3 and the names torch gives its layers."""
    attention = {
        "in_proj_weight": (3 * d, d),
        "in_proj_bias": (3 * d,),
        "out_proj.weight": (d, d),
        "out_proj.bias": (d,),
    }
    layer = {f"self_attn.{name}": shape for name, shape in attention.items()}
    if decoder:
        layer |= {f"multihead_attn.{name}": shape for name, shape in attention.items()}
    layer |= {"linear1.weight": (ff, d), "linear1.bias": (ff,), "linear2.weight": (d, ff), "linear2.bias": (d,)}
    for norm in range(1, 4 if decoder else 3):
        layer |= {f"norm{norm}.weight": (d,), f"norm{norm}.bias": (d,)}
    stack = "seqTransDecoder" if decoder else "seqTransEncoder"
    names = {f"{stack}.layers.{at}.{name}": shape for at in range(layers) for name, shape in layer.items()}
    if decoder:
        return names | {"final_layer.weight": (nfeats, d), "final_layer.bias": (nfeats,)}
    return names | {"tokens": (2, d), "projection.weight": (d, nfeats), "projection.bias": (d,)}


def random_state(shapes: dict[str, tuple], seed: int) -> dict[str, Tensor]:
    draw = torch.Generator().manual_seed(seed)
    return {name: 0.05 * torch.randn(shape, generator=draw) for name, shape in shapes.items()}


def config(base: str = "stats/humanml3d/guoh3dfeats", **sizes: int) -> dict:
    network = {
        "latent_dim": 256,
        "num_layers": 6,
        "num_heads": 4,
        "ff_size": 1024,
        "dropout": 0.1,
        "activation": "gelu",
    }
    network |= sizes
    model = {
        "motion_encoder": {"nfeats": 263, "vae": True, **network},
        "text_encoder": {"nfeats": 768, "vae": True, **network},
    }
    loader = {"fps": 20.0, "nfeats": 263, "normalizer": {"base_dir": base, "eps": 1e-12}}
    data = {"motion_loader": loader, "text_to_token_emb": {"modelname": "distilbert-base-uncased"}}
    return {"model": {**model, "motion_decoder": {"nfeats": 263, **network}, "vae": True}, "data": data}


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run as the public code leaves it: models/<run> in a repository that keeps the statistics at its root."""
    root = tmp_path_factory.mktemp("TMR")
    run, stats = root / "models" / "tmr_humanml3d_guoh3dfeats", root / "stats" / "humanml3d" / "guoh3dfeats"
    (run / "last_weights").mkdir(parents=True)
    stats.mkdir(parents=True)
    (run / "config.json").write_text(json.dumps(config()))
    shapes = {"motion_encoder": public_names(263), "text_encoder": public_names(768)}
    for seed, (name, shape) in enumerate((shapes | {"motion_decoder": public_names(263, decoder=True)}).items()):
        torch.save(random_state(shape, seed), run / "last_weights" / f"{name}.pt")
    torch.save(torch.linspace(-1, 1, 263), stats / "mean.pt")
    torch.save(torch.linspace(0.5, 2, 263), stats / "std.pt")
    return run


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A small run folder of our own."""
    torch.manual_seed(0)
    tmr = TMR(TINY, torch.zeros(263), torch.ones(263))
    tmr.to_run_dir(tmp_path / "run")
    return tmp_path / "run"


def by_hand(state: dict[str, Tensor], x: Tensor, heads: int = 4) -> tuple[Tensor, Tensor]:
    """P§3 for one unpadded sequence (T, nfeats), with nothing but matrix products."""
    sequence = torch.cat([state["tokens"], linear(x, state["projection.weight"], state["projection.bias"])])
    length, d = sequence.shape
    rate = 10_000.0 ** (-torch.arange(0, d, 2, dtype=torch.float64) / d)
    angle = torch.arange(length, dtype=torch.float64)[:, None] * rate
    places = torch.empty(length, d, dtype=torch.float64)
    places[:, 0::2], places[:, 1::2] = angle.sin(), angle.cos()
    y = sequence + places.float()
    for at in range(6):
        layer = {name.split(".", 3)[3]: value for name, value in state.items() if f".layers.{at}." in name}
        q, k, v = linear(y, layer["self_attn.in_proj_weight"], layer["self_attn.in_proj_bias"]).chunk(3, dim=1)
        mixed = [
            softmax(a @ b.T / (d // heads) ** 0.5, dim=1) @ c
            for a, b, c in zip(q.chunk(heads, 1), k.chunk(heads, 1), v.chunk(heads, 1), strict=True)
        ]
        out = linear(torch.cat(mixed, 1), layer["self_attn.out_proj.weight"], layer["self_attn.out_proj.bias"])
        y = layer_norm(y + out, (d,), layer["norm1.weight"], layer["norm1.bias"])
        wide = gelu(linear(y, layer["linear1.weight"], layer["linear1.bias"]))
        y = layer_norm(
            y + linear(wide, layer["linear2.weight"], layer["linear2.bias"]),
            (d,),
            layer["norm2.weight"],
            layer["norm2.bias"],
        )
    return y[0], y[1]


def test_a_public_run_loads_strictly_with_the_statistics_at_its_repositorys_root(public: Path) -> None:
    tmr = TMR.from_run_dir(public)
    assert tmr.sizes == TMRSizes()
    assert not tmr.training
    assert {name: tuple(value.shape) for name, value in tmr.motion_encoder.state_dict().items()} == public_names(263)
    assert torch.equal(tmr.std, torch.linspace(0.5, 2, 263))


def test_a_run_is_opened_on_the_device_of_the_project(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "resolve_device", lambda: torch.device("meta"))
    tmr = TMR.from_run_dir(public)
    places = [*tmr.parameters(), *tmr.buffers(), tmr.normalised(torch.zeros(3, 263))]
    assert {tensor.device.type for tensor in places} == {"meta"}


def test_a_latent_is_what_an_independent_reading_of_the_description_makes_of_it(public: Path) -> None:
    motion = np.random.default_rng(0).normal(size=(37, 263)).astype(np.float32)
    state = torch.load(public / "last_weights" / "motion_encoder.pt", weights_only=True)
    x = (torch.from_numpy(motion) - torch.linspace(-1, 1, 263)) / (torch.linspace(0.5, 2, 263) + 1e-12)
    tmr = TMR.from_run_dir(public)
    mu, logvar = tmr.motion_encoder(x[None], torch.ones(1, 37, dtype=torch.bool))
    expected = by_hand(state, x)
    torch.testing.assert_close(mu[0], expected[0], atol=1e-5, rtol=0)
    torch.testing.assert_close(logvar[0], expected[1], atol=1e-5, rtol=0)
    np.testing.assert_allclose(tmr.encode_motion([motion])[0], expected[0].detach().numpy(), atol=1e-5)


def test_the_decoder_is_torchs_own_on_zero_queries_with_positions_and_one_memory_token() -> None:
    torch.manual_seed(0)
    decoder = Decoder(5, TMRSizes(latent_dim=8, num_layers=2, num_heads=2, ff_size=16)).eval()
    plain = nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16, 0.1, "gelu", batch_first=True), 2).eval()
    plain.load_state_dict(decoder.seqTransDecoder.state_dict())
    z, mask = torch.randn(2, 8), torch.tensor([[True] * 6, [True] * 4 + [False] * 2])
    angle = torch.arange(6)[:, None] * 10_000.0 ** (-torch.arange(0, 8, 2) / 8)
    queries = torch.stack([angle.sin(), angle.cos()], 2).flatten(1).expand(2, -1, -1)
    decoded = decoder(z, mask)
    for row, length in enumerate((6, 4)):
        alone = decoder.final_layer(plain(queries[row : row + 1, :length], z[row : row + 1, None]))[0]
        torch.testing.assert_close(decoded[row, :length], alone, atol=1e-5, rtol=0)
    assert not decoded[1, 4:].any()


def test_padding_changes_nothing() -> None:
    torch.manual_seed(0)
    encoder = Encoder(263, TMRSizes(latent_dim=32, num_layers=2)).eval()
    x = torch.randn(3, 20, 263)
    padded, mask = torch.cat([x, 1e3 * torch.randn(3, 9, 263)], 1), torch.ones(3, 29, dtype=torch.bool)
    mask[:, 20:] = False
    for plain, longer in zip(encoder(x, mask[:, :20]), encoder(padded, mask), strict=True):
        torch.testing.assert_close(plain, longer, atol=1e-5, rtol=0)


def test_latents_come_in_the_order_of_the_motions_whatever_their_lengths(run: Path) -> None:
    tmr, rng = TMR.from_run_dir(run), np.random.default_rng(0)
    motions = [rng.normal(size=(length, 263)) for length in (30, 90, 1, 60)]
    together, alone = tmr.encode_motion(motions), [tmr.encode_motion([motion])[0] for motion in motions]
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert tmr.encode_motion([]).shape == (0, 8)


def test_every_second_frame_is_read_where_the_stride_says_so() -> None:
    torch.manual_seed(0)
    tmr = TMR(TMRSizes(latent_dim=8, num_layers=1, num_heads=2, stride=2), torch.zeros(263), torch.ones(263)).eval()
    motion = np.random.default_rng(0).normal(size=(41, 263))
    spoilt = motion.copy()
    spoilt[1::2] = 9.0
    np.testing.assert_array_equal(tmr.encode_motion([motion]), tmr.encode_motion([spoilt]))


def test_a_run_folder_gives_back_what_was_written(run: Path) -> None:
    first = TMR.from_run_dir(run)
    first.to_run_dir(run.parent / "again")
    second = TMR.from_run_dir(run.parent / "again")
    assert first.fingerprint == second.fingerprint
    assert first.sizes == second.sizes
    second.mean += 1
    assert TMR.from_run_dir(run.parent / "again").fingerprint == first.fingerprint


def spoil_size(run: Path) -> None:
    settings = json.loads((run / "config.json").read_text())
    for network in ("motion_encoder", "text_encoder", "motion_decoder"):
        settings["model"][network]["latent_dim"] = 16
    (run / "config.json").write_text(json.dumps(settings))


def spoil_name(run: Path) -> None:
    path = run / "last_weights" / "motion_encoder.pt"
    state = torch.load(path, weights_only=True)
    torch.save({"module." + name: value for name, value in state.items()}, path)


def spoil_extra(run: Path) -> None:
    path = run / "last_weights" / "motion_encoder.pt"
    torch.save(torch.load(path, weights_only=True) | {"sequence_pos_encoding.pe": torch.zeros(1)}, path)


class Code:
    def __reduce__(self) -> tuple:
        return (Path.touch, (Path("ran"),))


def spoil_code(run: Path) -> None:
    (run / "last_weights" / "text_encoder.pt").write_bytes(pickle.dumps(Code()))


def spoil_saved_code(run: Path) -> None:
    torch.save({"tokens": Code()}, run / "last_weights" / "text_encoder.pt")


def spoil_truncated(run: Path) -> None:
    path = run / "last_weights" / "text_encoder.pt"
    path.write_bytes(path.read_bytes()[:1000])


def spoil_deterministic(run: Path) -> None:
    (run / "config.json").write_text((run / "config.json").read_text().replace('"vae": true', '"vae": false'))


SPOILT = {
    spoil_size: "tokens has shape (2, 8) where the configuration makes it (2, 16)",
    spoil_name: "lacks projection.bias",
    spoil_extra: "has sequence_pos_encoding.pe, which TMR has not",
    spoil_code: "perhaps code, and was not opened",
    spoil_saved_code: "perhaps code, and was not opened",
    spoil_truncated: "unreadable",
    spoil_deterministic: "not a variational model",
    lambda run: (run / "config.json").unlink(): "config.json is missing",
    lambda run: (run / "config.json").write_text("{"): "not a configuration of TMR",
    lambda run: (run / "config.json").write_text("{}"): "not a configuration of TMR",
    lambda run: (run / "last_weights" / "motion_decoder.pt").unlink(): "motion_decoder.pt: is missing",
    lambda run: (run / "stats" / "std.pt").unlink(): "statistics stats/mean.pt and std.pt are not found",
    lambda run: torch.save(torch.ones(3), run / "stats" / "std.pt"): "not 263 finite numbers",
    lambda run: torch.save([1], run / "last_weights" / "text_encoder.pt"): "not a state dict",
}


@pytest.mark.parametrize("spoil", SPOILT, ids=[told[:24] for told in SPOILT.values()])
def test_a_spoilt_run_is_refused_in_one_line(run: Path, spoil, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run.parent)
    spoil(run)
    with pytest.raises(ModelError) as refusal:
        TMR.from_run_dir(run)
    assert SPOILT[spoil] in str(refusal.value)
    assert "\n" not in str(refusal.value) and str(run) in str(refusal.value)
    assert not Path("ran").exists()


def test_motions_that_no_encoder_can_read_are_refused(run: Path) -> None:
    tmr = TMR.from_run_dir(run)
    for motion in (np.zeros((0, 263)), np.zeros((9, 251)), np.zeros((6000, 263))):
        with pytest.raises(ModelError, match="motion 1 has shape"):
            tmr.encode_motion([np.zeros((9, 263)), motion])


@pytest.mark.parametrize("wrong", [{"latent_dim": 97}, {"num_heads": 7}, {"num_layers": 0}, {"stride": 0}])
def test_sizes_no_transformer_can_have_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        TMRSizes(**wrong)
