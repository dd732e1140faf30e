"""Decoding: which tokens each pass decides again, what is drawn, and that motions come again with their seed."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from lib.base.errors import ModelError
from lib.models.momask.generation import (
    GumbelStreams,
    all_codes,
    cosine_share,
    drawn_lengths,
    first_codes,
    no_noise,
    top_share,
)
from lib.models.momask.model import MoMask
from lib.models.momask.sizes import Sampling
from tests.unit.models.momask.conftest import SIZES


@pytest.fixture
def momask(public: Path) -> MoMask:
    found = MoMask.from_run_dir(public)
    torch.manual_seed(1)
    for weights in found.parameters():  # a text and a token matter more than at the beginning of a training
        weights.data.mul_(3)
    return found


class Recorded:
    """A masked transformer that gives random logits and remembers what it was asked."""

    mask_id, pad_id = 32, 33

    def __init__(self) -> None:
        self.asked: list[Tensor] = []
        self.given: list[Tensor] = []

    def logits(self, ids: Tensor, *_: object, guidance: float) -> Tensor:
        assert guidance == 4.0
        self.asked.append(ids.clone())
        self.given.append(
            torch.randn(len(ids), 32, ids.shape[1], generator=torch.Generator().manual_seed(len(self.asked)))
        )
        return self.given[-1]


def test_each_pass_decides_the_least_certain_tokens_of_the_last_one_again() -> None:
    masked, lengths = Recorded(), torch.tensor([20, 8])
    codes = first_codes(masked, torch.zeros(2, 512), lengths, Sampling(), no_noise)  # type: ignore[arg-type]
    for row, length in enumerate((20, 8)):
        counts = [int((ids[row] == 32).sum()) for ids in masked.asked]
        shares = [math.cos(math.pi / 2 * at / 9) for at in range(10)]
        assert counts == [max(round(share * length), 1) for share in shares]
        assert (codes[row, length:] == -1).all() and (codes[row, :length] >= 0).all()
        assert all((ids[row, length:] == 33).all() for ids in masked.asked)
        for at in range(1, 10):
            decided = (masked.asked[at - 1][row] == 32).nonzero().flatten()
            certain = masked.given[at - 1][row].softmax(0).max(0).values[decided]
            again = (masked.asked[at][row] == 32).nonzero().flatten()
            least = decided[certain.argsort()[: len(again)]]
            assert sorted(again.tolist()) == sorted(least.tolist())


def test_one_pass_takes_the_most_likely_codes() -> None:
    masked = Recorded()
    codes = first_codes(masked, torch.zeros(1, 512), torch.tensor([9]), Sampling(steps=1), no_noise)  # type: ignore[arg-type]
    assert (codes[0] == masked.given[0][0].argmax(0)).all()


def test_the_draw_is_the_softmax_of_the_likeliest_codes() -> None:
    logits = torch.randn(1, 1, 30, generator=torch.Generator().manual_seed(0)).expand(1, 20_000, 30)
    kept = top_share(logits, 0.9)
    assert (~kept[0, 0].isinf()).sum() == 3
    drawn = (kept + GumbelStreams(0, [0], [20_000])(kept)).argmax(-1)[0]
    top = logits[0, 0].argsort(descending=True)[:3]
    expected = torch.zeros(30).scatter(0, top, logits[0, 0, top].softmax(0))
    torch.testing.assert_close(torch.bincount(drawn, minlength=30) / 20_000, expected, atol=0.015, rtol=0)


def test_codes_of_the_other_quantizers_follow_one_another(momask: MoMask) -> None:
    lengths, condition = torch.tensor([8, 5]), torch.randn(2, 512)
    padding = torch.arange(8) >= lengths[:, None]
    first = torch.randint(32, (2, 8)).masked_fill(padding, -1)
    codes = all_codes(momask.residual, first, condition, lengths, Sampling(residual_guidance=1.0), no_noise)
    expected = [first]
    with torch.no_grad():
        for layer in (1, 2):
            logits = momask.residual.logits(torch.stack(expected, 2), layer, condition, padding)
            likeliest = logits.argmax(1)
            likeliest[likeliest == SIZES.codes] = -1
            expected.append(likeliest.masked_fill(padding, -1))
    assert (codes == torch.stack(expected, 2)).all()


def test_where_padding_wins_nothing_is_added(momask: MoMask) -> None:
    with torch.no_grad():
        momask.residual.output_proj_weight_[0, -1] = 0
        momask.residual.output_proj_weight_[0, :-1] = -momask.residual.output_process.poseFinal.bias
        momask.residual.output_process.poseFinal.weight.zero_()
        momask.residual.output_process.poseFinal.bias.fill_(1.0)
        momask.residual.output_proj_weight_[0, :-1] = -1.0
    first = torch.zeros(1, 6, dtype=torch.int64)
    codes = all_codes(momask.residual, first, torch.zeros(1, 512), torch.tensor([6]), Sampling(), no_noise)
    assert (codes[..., 2] == -1).all()
    decoded = momask.tokenizer.decode(codes)
    torch.testing.assert_close(decoded, momask.tokenizer.decode(codes[..., :2]))


def test_a_motion_does_not_depend_on_its_batch_and_comes_again_with_its_seed(momask: MoMask) -> None:
    condition, frames = torch.randn(3, 512), [40, 61, 40]
    made = momask.generate(condition, frames, seed=5)
    assert [one.shape for one in made] == [(40, 263), (61, 263), (40, 263)] and made[0].dtype == np.float32
    alone = momask.generate(condition[:1], frames[:1], seed=5)
    np.testing.assert_allclose(alone[0], made[0], atol=1e-5 * abs(made[0]).max())
    again, other = (momask.generate(condition, frames, seed=seed) for seed in (5, 6))
    np.testing.assert_array_equal(again[2], made[2])
    assert abs(other[0] - made[0]).max() > 1e-3
    first, second = (momask.generate(condition, frames, seed=None)[1] for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_motion_is_decoded_with_those_of_its_length_alone(momask: MoMask) -> None:
    condition = torch.randn(2, 512)
    long, short = momask.generate(condition, [80, 20], seed=0)
    codes = momask.codes(condition, [20, 5], seed=0)
    for one, made in zip(codes, (long, short), strict=True):
        decoded = momask.tokenizer.decode(one[None])[0] * momask.std + momask.mean
        np.testing.assert_allclose(made, decoded.numpy(), atol=1e-5)


@pytest.mark.parametrize("count", [0, -4, 5001])
def test_a_length_that_cannot_be_made_is_refused(momask: MoMask, count: int) -> None:
    with pytest.raises(ModelError, match=f"caption 1 asks for {count} frames; ask for 1 to 5000"):
        momask.generate(torch.zeros(2, 512), [40, count], seed=0)


def test_a_drawn_length_is_never_none(momask: MoMask) -> None:
    with torch.no_grad():
        for weights in momask.lengths.output[11].parameters():
            weights.zero_()
        momask.lengths.output[11].bias[0] = 50.0  # no tokens, were it allowed
        momask.lengths.output[11].bias[[3, 4]] = 20.0
    assert set(momask.drawn_frames(torch.randn(60, 512), seed=0)) == {12, 16}
    assert set(drawn_lengths(momask.lengths, torch.randn(5, 512), no_noise).tolist()) <= {3, 4}


def test_the_schedule_falls_from_all_to_none() -> None:
    shares = [float(cosine_share(place)) for place in torch.linspace(0, 1, 11)]
    assert shares == sorted(shares, reverse=True) and shares[0] == 1 and abs(shares[-1]) < 1e-6
