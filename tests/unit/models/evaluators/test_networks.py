"""The evaluator's networks against the same sums written out in numpy, and names and shapes of the public weights."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lib.models.evaluators import MotionEncoderBiGRUCo, MovementConvEncoder, TextEncoderBiGRUCo
from lib.models.evaluators.networks import MovementConvDecoder

Array = NDArray[np.floating]
GRU = (
    "gru.weight_ih_l0 gru.weight_hh_l0 gru.bias_ih_l0 gru.bias_hh_l0 "
    "gru.weight_ih_l0_reverse gru.weight_hh_l0_reverse gru.bias_ih_l0_reverse gru.bias_hh_l0_reverse"
)
OUTPUT = (
    "output_net.0.weight output_net.0.bias output_net.1.weight output_net.1.bias output_net.3.weight output_net.3.bias"
)


def weights(network: nn.Module) -> dict[str, Array]:
    return {name: tensor.numpy().astype(np.float64) for name, tensor in network.state_dict().items()}


def leaky(x: Array) -> Array:
    return np.where(x > 0, x, 0.2 * x)


def convolved(x: Array, weight: Array, bias: Array) -> Array:
    """Kernel 4, stride 2, one step of zeros at either end: x (T, in), weight (out, in, 4)."""
    x = np.pad(x, ((1, 1), (0, 0)))
    steps = range(0, len(x) - 3, 2)
    return np.stack([np.einsum("oik,ki->o", weight, x[at : at + 4]) + bias for at in steps])


def last_state(x: Array, w: dict[str, Array], end: str, hidden: Array) -> Array:
    """The gated recurrent unit of Cho et al. 2014, gates in torch's order: reset, update, new."""
    for step in x:
        reads = w[f"gru.weight_ih_l0{end}"] @ step + w[f"gru.bias_ih_l0{end}"]
        keeps = w[f"gru.weight_hh_l0{end}"] @ hidden + w[f"gru.bias_hh_l0{end}"]
        (r_in, z_in, n_in), (r_h, z_h, n_h) = np.split(reads, 3), np.split(keeps, 3)
        r, z = 1 / (1 + np.exp(-(r_in + r_h))), 1 / (1 + np.exp(-(z_in + z_h)))
        hidden = (1 - z) * np.tanh(n_in + r * n_h) + z * hidden
    return hidden


def latent(x: Array, w: dict[str, Array]) -> Array:
    states = [
        last_state(x, w, "", w["hidden"][0, 0]),
        last_state(x[::-1], w, "_reverse", w["hidden"][1, 0]),
    ]
    hidden = w["output_net.0.weight"] @ np.concatenate(states) + w["output_net.0.bias"]
    hidden = (hidden - hidden.mean()) / np.sqrt(hidden.var() + 1e-5)
    hidden = leaky(hidden * w["output_net.1.weight"] + w["output_net.1.bias"])
    return w["output_net.3.weight"] @ hidden + w["output_net.3.bias"]


def random(*shape: int) -> Tensor:
    return torch.from_numpy(np.random.default_rng(len(shape)).normal(size=shape).astype(np.float32))


@pytest.mark.parametrize(
    ("network", "names", "shapes"),
    [
        (
            MovementConvEncoder,
            "main.0.weight main.0.bias main.3.weight main.3.bias out_net.weight out_net.bias",
            {"main.0.weight": (512, 259, 4), "main.3.weight": (512, 512, 4), "out_net.weight": (512, 512)},
        ),
        (
            TextEncoderBiGRUCo,
            f"hidden pos_emb.weight pos_emb.bias input_emb.weight input_emb.bias {GRU} {OUTPUT}",
            {"pos_emb.weight": (300, 15), "hidden": (2, 1, 512), "output_net.3.weight": (512, 512)},
        ),
        (
            MotionEncoderBiGRUCo,
            f"hidden input_emb.weight input_emb.bias {GRU} {OUTPUT}",
            {"input_emb.weight": (1024, 512), "hidden": (2, 1, 1024), "output_net.3.weight": (512, 1024)},
        ),
    ],
)
def test_names_and_shapes_are_those_of_the_public_weights(
    network: type[nn.Module], names: str, shapes: dict[str, tuple[int, ...]]
) -> None:
    state = network().state_dict()
    assert list(state) == names.split()
    assert {name: tuple(state[name].shape) for name in shapes} == shapes


def test_the_fixed_signatures_hold_at_the_public_sizes() -> None:
    movements = MovementConvEncoder().eval()(random(3, 48, 259))
    assert movements.shape == (3, 12, 512)
    assert MotionEncoderBiGRUCo()(movements, torch.tensor([3, 12, 7])).shape == (3, 512)
    assert TextEncoderBiGRUCo()(random(2, 22, 300), random(2, 22, 15), torch.tensor([3, 22])).shape == (2, 512)


def test_movements_are_two_strided_convolutions() -> None:
    encoder = MovementConvEncoder(5, 6, 3).eval()
    frames, w = random(2, 16, 5), weights(encoder)
    expected = []
    for one in frames.numpy().astype(np.float64):
        hidden = leaky(convolved(one, w["main.0.weight"], w["main.0.bias"]))
        hidden = leaky(convolved(hidden, w["main.3.weight"], w["main.3.bias"]))
        expected.append(hidden @ w["out_net.weight"].T + w["out_net.bias"])
    with torch.no_grad():
        np.testing.assert_allclose(encoder(frames).numpy(), np.stack(expected), atol=1e-5)


def test_a_decoder_gives_four_frames_for_each_movement() -> None:
    assert MovementConvDecoder(3, 6, 9)(random(2, 4, 3)).shape == (2, 16, 9)


def test_a_text_is_read_both_ways_to_its_own_end() -> None:
    encoder = TextEncoderBiGRUCo(4, 3, 5, 2)
    words, kinds, lengths, w = random(4, 6, 4), random(4, 6, 3).abs(), [2, 6, 1, 6], weights(encoder)
    expected = []
    for of_word, of_kind, n in zip(words.double().numpy(), kinds.double().numpy(), lengths, strict=True):
        read = of_word[:n] + of_kind[:n] @ w["pos_emb.weight"].T + w["pos_emb.bias"]
        expected.append(latent(read @ w["input_emb.weight"].T + w["input_emb.bias"], w))
    with torch.no_grad():
        np.testing.assert_allclose(encoder(words, kinds, torch.tensor(lengths)), np.stack(expected), atol=1e-5)


def test_a_motion_is_read_both_ways_to_its_own_end() -> None:
    encoder = MotionEncoderBiGRUCo(4, 5, 3)
    movements, lengths, w = random(4, 6, 4), [3, 1, 6, 2], weights(encoder)
    read = [
        one[:n] @ w["input_emb.weight"].T + w["input_emb.bias"]
        for one, n in zip(movements.double().numpy(), lengths, strict=True)
    ]
    with torch.no_grad():
        found = encoder(movements, lengths)
    np.testing.assert_allclose(found, np.stack([latent(one, w) for one in read]), atol=1e-5)


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]])
def test_latents_stay_in_the_order_of_the_inputs(order: list[int]) -> None:
    """Each is the one it has alone, whatever the order of lengths, equal ones included."""
    text, motion = TextEncoderBiGRUCo(4, 3, 5, 2), MotionEncoderBiGRUCo(4, 5, 2)
    words, kinds, lengths = random(5, 6, 4)[order], random(5, 6, 3)[order], torch.tensor([6, 2, 2, 5, 1])[order]
    with torch.no_grad():
        alone = [text(words[[at]], kinds[[at]], lengths[[at]]) for at in range(5)]
        torch.testing.assert_close(text(words, kinds, lengths), torch.cat(alone), atol=1e-6, rtol=0)
        alone = [motion(words[[at]], lengths[[at]]) for at in range(5)]
        torch.testing.assert_close(motion(words, lengths), torch.cat(alone), atol=1e-6, rtol=0)


def test_what_lies_behind_the_end_is_not_read() -> None:
    motion = MotionEncoderBiGRUCo(4, 5, 2)
    movements = random(1, 6, 4)
    noise = movements.clone()
    noise[:, 3:] = 1e6
    with torch.no_grad():
        assert torch.equal(motion(movements, [3]), motion(noise, [3]))
        assert not torch.equal(motion(movements, [4]), motion(noise, [4]))
