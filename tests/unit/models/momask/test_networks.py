"""The networks: public names and shapes, quantisation against another implementation, conditions, lengths, codes."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from vector_quantize_pytorch import ResidualVQ

from lib.models.momask import RVQVAE, LengthEstimator, MaskTransformer, ResidualTransformer
from lib.models.momask.quantizer import Averages, ResidualQuantizer
from lib.models.momask.sizes import MoMaskSizes

TINY = MoMaskSizes(
    width=16, code_dim=8, codes=32, quantizers=3, latent_dim=12, num_layers=2, num_heads=2, ff_size=16, condition=6
)


def shapes(network: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}


def linear(name: str, before: int, after: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (after, before), f"{name}.bias": (after,)}


def norm(name: str, width: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def conv(name: str, before: int, after: int, width: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (after, before, width), f"{name}.bias": (after,)}


def blocks(name: str) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for at in range(3):
        found |= conv(f"{name}.model.{at}.conv1", 512, 512, 3) | conv(f"{name}.model.{at}.conv2", 512, 512, 1)
    return found


def of_transformer(features: int) -> dict[str, tuple[int, ...]]:
    found = {"position_enc.pe": (5000, 1, 384)}
    found |= linear("input_process.poseEmbedding", 512, 384) | linear("cond_emb", 512, 384)
    for at in range(8):
        layer = f"seqTransEncoder.layers.{at}"
        found |= {f"{layer}.self_attn.in_proj_weight": (1152, 384), f"{layer}.self_attn.in_proj_bias": (1152,)}
        found |= linear(f"{layer}.self_attn.out_proj", 384, 384) | linear(f"{layer}.linear1", 384, 1024)
        found |= linear(f"{layer}.linear2", 1024, 384) | norm(f"{layer}.norm1", 384) | norm(f"{layer}.norm2", 384)
    found |= linear("output_process.dense", 384, 384) | norm("output_process.LayerNorm", 384)
    return found | linear("output_process.poseFinal", 384, features)


def public_tokenizer() -> dict[str, tuple[int, ...]]:
    found = conv("encoder.model.0", 263, 512, 3) | conv("encoder.model.4", 512, 512, 3)
    found |= conv("decoder.model.0", 512, 512, 3) | conv("decoder.model.4", 512, 512, 3)
    found |= conv("decoder.model.6", 512, 263, 3)
    for at in (2, 3):
        found |= conv(f"encoder.model.{at}.0", 512, 512, 4) | blocks(f"encoder.model.{at}.1")
        found |= blocks(f"decoder.model.{at}.0") | conv(f"decoder.model.{at}.2", 512, 512, 3)
    return found | {f"quantizer.layers.{at}.codebook": (512, 512) for at in range(6)}


def public_masked() -> dict[str, tuple[int, ...]]:
    return of_transformer(512) | {"token_emb.weight": (514, 512)}


def public_residual() -> dict[str, tuple[int, ...]]:
    tables = {"embed_proj_shared_weight": (4, 513, 512)}
    tables |= {"token_embed_weight_": (1, 513, 512), "output_proj_weight_": (1, 513, 512)}
    return of_transformer(512) | linear("quant_emb", 6, 384) | tables


def public_lengths() -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for at, before, after in ((0, 512, 512), (4, 512, 256), (8, 256, 128)):
        found |= linear(f"output.{at}", before, after) | norm(f"output.{at + 1}", after)
    return found | linear("output.11", 128, 50)


@pytest.mark.parametrize(
    ("kind", "public"),
    [
        (RVQVAE, public_tokenizer),
        (MaskTransformer, public_masked),
        (ResidualTransformer, public_residual),
        (LengthEstimator, public_lengths),
    ],
)
def test_without_arguments_they_have_the_public_names_and_sizes(kind: type[nn.Module], public: Callable) -> None:
    assert shapes(kind()) == public()


def test_the_public_tokenizer_codes_a_window_and_decodes_it_again() -> None:
    torch.manual_seed(0)
    tokenizer = RVQVAE()
    for layer in tokenizer.quantizer.codebooks:
        layer.codebook.normal_(std=0.05)
    motions = torch.randn(2, 64, 263)
    codes = tokenizer.encode(motions)
    assert codes.shape == (2, 16, 6) and codes.dtype == torch.int64 and codes.min() >= 0 and codes.max() < 512
    decoded = tokenizer.decode(codes)
    assert decoded.shape == (2, 64, 263) and not decoded.requires_grad
    assert tokenizer.training
    torch.testing.assert_close(tokenizer.decode(codes), decoded)  # dropout is off, although the module trains


def test_the_public_transformers_give_logits_of_every_token() -> None:
    torch.manual_seed(0)
    padding, condition = torch.zeros(2, 9, dtype=torch.bool), torch.randn(2, 512)
    masked, residual = MaskTransformer().eval(), ResidualTransformer().eval()
    with torch.no_grad():
        assert masked.logits(torch.full((2, 9), 512), condition, padding, guidance=4.0).shape == (2, 512, 9)
        assert residual.logits(torch.zeros(2, 9, 5).long(), 5, condition, padding).shape == (2, 513, 9)
        assert LengthEstimator().eval()(condition).shape == (2, 50)


@pytest.mark.parametrize("frames", [4, 41, 62, 63])
def test_frames_beyond_a_multiple_of_four_are_passed_over(frames: int) -> None:
    torch.manual_seed(0)
    assert RVQVAE(TINY).encode(torch.randn(1, frames, 263)).shape == (1, frames // 4, 3)


def filled(quantizer: ResidualQuantizer) -> ResidualQuantizer:
    for at, layer in enumerate(quantizer.codebooks):
        layer.codebook.copy_(torch.randn_like(layer.codebook) / 2**at)
    return quantizer


def test_quantisation_is_that_of_another_implementation() -> None:
    torch.manual_seed(0)
    ours = filled(ResidualQuantizer(4, 40, 6))
    theirs = ResidualVQ(dim=6, num_quantizers=4, codebook_size=40, quantize_dropout=True).eval()
    for layer, other in zip(ours.codebooks, theirs.layers, strict=True):
        other._codebook.embed.data.copy_(layer.codebook[None])
    x = torch.randn(3, 17, 6)
    quantized, codes, _ = theirs(x)
    assert (ours.codes(x) == codes).all()
    torch.testing.assert_close(ours.vectors(ours.codes(x)), quantized, atol=1e-6, rtol=0)
    codes[0, 2, 1:] = codes[1, :, 3] = -1  # what their quantizer dropout leaves out
    torch.testing.assert_close(ours.vectors(codes), theirs.get_output_from_indices(codes), atol=1e-6, rtol=0)
    first = codes[..., :2].clone()
    torch.testing.assert_close(ours.vectors(first), theirs.get_output_from_indices(first), atol=1e-6, rtol=0)


def test_codes_of_the_vectors_of_codes_are_the_codes() -> None:
    quantizer = ResidualQuantizer(3, 8, 8)
    for at, layer in enumerate(quantizer.codebooks):  # a later quantizer never outweighs an earlier one
        layer.codebook.copy_(torch.eye(8) * 10.0**-at)
    codes = torch.randint(8, (4, 5, 3), generator=torch.Generator().manual_seed(0))
    assert (quantizer.codes(quantizer.vectors(codes)) == codes).all()


def test_averages_move_code_vectors_and_put_unused_ones_elsewhere() -> None:
    quantizer, averages = ResidualQuantizer(1, 2, 1), Averages(1, 2, 1, decay=0.5)
    (layer,) = quantizer.codebooks
    averages.begin(0, layer, torch.tensor([[0.0], [10.0], [3.0]]))
    assert layer.codebook.tolist() == [[0.0], [10.0]]
    x = torch.tensor([[1.0], [2.0], [3.0], [0.0]])
    codes = layer.nearest(x)
    assert codes.tolist() == [0, 0, 0, 0]
    perplexity = averages.update(0, layer, x, codes)
    # sums (0 + 6) / 2 and (10 + 0) / 2, counts (1 + 4) / 2 and (1 + 0) / 2; the second is hardly used: x[1]
    assert layer.codebook.flatten().tolist() == pytest.approx([3 / 2.5, 2.0])
    assert averages.counts.tolist() == [[2.5, 0.5]] and float(perplexity) == pytest.approx(1.0, abs=1e-5)


def test_a_drawn_code_is_drawn_by_the_softmax_of_its_distance() -> None:
    torch.manual_seed(0)
    quantizer = ResidualQuantizer(1, 3, 1)
    (layer,) = quantizer.codebooks
    layer.codebook.copy_(torch.tensor([[0.0], [0.5], [1.0]]))
    drawn = layer.nearest(torch.full((40_000, 1), 0.2), temperature=0.5)
    expected = torch.softmax(-torch.tensor([0.04, 0.09, 0.64]) / 0.5, 0)
    torch.testing.assert_close(torch.bincount(drawn) / 40_000, expected, atol=0.01, rtol=0)


def test_in_training_the_gradient_passes_quantisation_and_the_unused_quantizers_stay() -> None:
    torch.manual_seed(0)
    tokenizer, averages = RVQVAE(TINY), Averages(3, 32, 8, decay=0.99)
    decoded, quantized = tokenizer(torch.randn(4, 16, 263), averages, used=2, temperature=0.5)
    (decoded.square().mean() + quantized.commitment).backward()
    assert all(one.grad is not None and one.grad.abs().sum() > 0 for one in tokenizer.parameters())
    assert [bool(layer.codebook.any()) for layer in tokenizer.quantizer.codebooks] == [True, True, False]


def masked_case() -> tuple[MaskTransformer, Tensor, Tensor, Tensor]:
    torch.manual_seed(0)
    masked = MaskTransformer(TINY).eval()
    for weights in masked.parameters():  # larger than at the beginning of a training, so that the condition matters
        weights.data.mul_(5)
    padding = torch.zeros(2, 10, dtype=torch.bool)
    padding[1, 6:] = True
    ids = torch.randint(33, (2, 10)).masked_fill(padding, masked.pad_id)
    return masked, ids, torch.randn(2, 6), padding


def test_guidance_leads_from_the_unconditional_logits_past_the_conditional_ones() -> None:
    masked, ids, condition, padding = masked_case()
    with torch.no_grad():
        given, free = (masked.logits(ids, one, padding) for one in (condition, torch.zeros_like(condition)))
        assert (given - free).abs().max() > 0.1
        assert (masked.logits(ids, condition, padding, unconditional=True) == free).all()
        assert (masked.logits(ids, condition, padding, guidance=1.0) == given).all()
        led = masked.logits(ids, condition, padding, guidance=3.0)
        torch.testing.assert_close(led, 3 * given - 2 * free, atol=1e-4, rtol=1e-4)


def test_guidance_of_the_residual_transformer_is_the_same() -> None:
    torch.manual_seed(0)
    residual, codes, condition = ResidualTransformer(TINY).eval(), torch.randint(32, (2, 10, 3)), torch.randn(2, 6)
    padding, layers = torch.zeros(2, 10, dtype=torch.bool), torch.tensor([1, 2])
    with torch.no_grad():
        given = residual.logits(codes, layers, condition, padding)
        free = residual.logits(codes, layers, torch.zeros_like(condition), padding)
        assert (residual.logits(codes, layers, condition, padding, unconditional=True) == free).all()
        led = residual.logits(codes, layers, condition, padding, guidance=5.0)
        torch.testing.assert_close(led, 5 * given - 4 * free, atol=1e-4, rtol=1e-4)
        for row, layer in enumerate((1, 2)):  # rows of unlike layers are what each is alone; later codes are not read
            own = slice(row, row + 1)
            alone = residual.logits(codes[own, :, :layer], layer, condition[own], padding[own])
            torch.testing.assert_close(given[own], alone, atol=1e-5, rtol=1e-5)


def test_padding_changes_no_logits_before_it() -> None:
    masked, ids, condition, padding = masked_case()
    with torch.no_grad():
        both = masked.logits(ids, condition, padding)
        alone = masked.logits(ids[1:, :6], condition[1:], padding[1:, :6])
    torch.testing.assert_close(both[1:, :, :6], alone, atol=1e-4, rtol=1e-4)


def test_the_condition_has_no_position_and_the_first_token_the_first() -> None:
    masked, *_ = masked_case()
    with torch.no_grad():
        assert not masked.position_enc(torch.zeros(1, 3, 12))[0, 0, 0::2].any()  # sines of 0
        masked.position_enc.pe.zero_()
        ids, padding = torch.tensor([[3, 7, 3]]), torch.zeros(1, 3, dtype=torch.bool)
        logits = masked.logits(ids, torch.randn(1, 6), padding)
    torch.testing.assert_close(logits[..., 0], logits[..., 2])  # without positions equal tokens are alike


def test_sizes_that_heads_cannot_share_are_refused() -> None:
    with pytest.raises(ValueError, match="latent_dim even and a multiple of num_heads, not 10 and 3"):
        MoMaskSizes(latent_dim=10, num_heads=3)
